use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::bench::{Server, TestQueue};

/// What comes over the wire.
struct Sent {
    /// In lower case.
    head: String,
    /// As it was sent, compressed or not.
    body: Vec<u8>,
}

impl Sent {
    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

fn ask(server: &Server, method: &str, path: &str, headers: &str) -> Sent {
    let address = server.address.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address).expect("it listens");
    write!(
        connection,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n"
    )
    .expect("sent");
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).expect("an answer");
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a head");
    let body = answer.split_off(end + 4);
    Sent {
        head: String::from_utf8_lossy(&answer).to_ascii_lowercase(),
        body,
    }
}

#[test]
fn the_page_is_sent_in_the_form_that_the_client_unpacks_best() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let shell = ask(&server, "GET", "/", "");
    let html = String::from_utf8_lossy(&shell.body).into_owned();
    let program = html
        .split('"')
        .find(|part| part.contains(".wasm"))
        .expect("the shell names the program");

    let mut tags = Vec::new();
    let mut lengths = Vec::new();
    for (headers, form) in [
        ("", None),
        ("Accept-Encoding: gzip\r\n", Some("gzip")),
        ("Accept-Encoding: gzip, deflate, br, zstd\r\n", Some("br")),
    ] {
        let sent = ask(&server, "GET", program, headers);
        assert!(sent.head.starts_with("http/1.1 200"), "{}", sent.head);
        assert_eq!(sent.header("content-encoding"), form);
        assert_eq!(sent.header("content-type"), Some("application/wasm"));
        assert_eq!(sent.header("vary"), Some("accept-encoding"));
        assert_eq!(
            sent.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        let length = sent.body.len().to_string();
        assert_eq!(sent.header("content-length"), Some(length.as_str()));
        lengths.push(sent.body.len());

        let head = ask(&server, "HEAD", program, headers);
        assert!(head.body.is_empty());
        assert_eq!(head.header("content-length"), Some(length.as_str()));
        assert_eq!(head.header("etag"), sent.header("etag"));

        let tag = sent.header("etag").expect("an ETag").to_owned();
        let again = format!("{headers}If-None-Match: \"other\", {tag}\r\n");
        let again = ask(&server, "GET", program, &again);
        assert!(again.head.starts_with("http/1.1 304"), "{}", again.head);
        assert_eq!(again.header("vary"), Some("accept-encoding"));
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        assert!(again.body.is_empty());
        tags.push(tag);
    }
    assert!(lengths.is_sorted_by(|larger, smaller| larger > smaller));
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);

    // One form is not the other: what a client has plain is not what it would be sent.
    let other = format!("Accept-Encoding: br\r\nIf-None-Match: {}\r\n", tags[0]);
    let other = ask(&server, "GET", program, &other);
    assert!(other.head.starts_with("http/1.1 200"), "{}", other.head);
    for hidden in [format!("{program}.br"), format!("{program}.gz")] {
        let hidden = ask(&server, "GET", &hidden, "Accept-Encoding: br\r\n");
        assert!(hidden.head.starts_with("http/1.1 404"), "{}", hidden.head);
    }
}

#[test]
fn the_shell_is_asked_for_anew_each_time_at_any_address_of_the_page() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    for path in ["/", "/tasks?status=failed", "/streams/v1.2"] {
        let sent = ask(&server, "GET", path, "Accept-Encoding: br\r\n");
        assert!(sent.head.starts_with("http/1.1 200"), "{}", sent.head);
        assert_eq!(sent.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(sent.header("content-encoding"), Some("br"), "{path}");
        assert_eq!(
            sent.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
    let refused = ask(&server, "POST", "/", "Content-Length: 0\r\n");
    assert!(refused.head.starts_with("http/1.1 405"), "{}", refused.head);
    let nothing = ask(&server, "GET", "/favicon.ico", "");
    assert!(nothing.head.starts_with("http/1.1 404"), "{}", nothing.head);
}
