//! A way to a server on which something is lost: the first answer to what is asked, which is done all the same, or the
//! request itself, or that a proxy answers instead.

use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is lost of every request the first time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loses {
    /// Its answer.
    Answers,
    /// It itself: the server never hears of it.
    Requests,
    /// Its answer, and a proxy says that it has too much to do.
    AnswersToAProxy,
}

/// What the proxy says.
const TOO_MUCH: &str = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/html\r\n\
                        Content-Length: 6\r\nConnection: close\r\n\r\n<html>";

/// A way on which everything is lost once.
pub(crate) struct Lossy {
    /// Its address.
    pub(crate) address: String,
    lost: Arc<Mutex<Vec<String>>>,
    over: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Lossy {
    /// A way to the server at an address. It leads there below the path `/sparkq` too.
    pub(crate) fn before(server: &str) -> Self {
        Self::losing(server, Loses::Answers, || ())
    }

    /// The same where what `loses` says is lost; `then` is done each time, before whoever asked can know.
    pub(crate) fn losing(
        server: &str,
        loses: Loses,
        mut then: impl FnMut() + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let own = listener.local_addr().expect("an address").to_string();
        let server = server.trim_start_matches("http://").to_owned();
        let lost = Arc::new(Mutex::new(Vec::new()));
        let over = Arc::new(AtomicBool::new(false));
        let (told, ended, host) = (Arc::clone(&lost), Arc::clone(&over), own.clone());
        let thread = thread::spawn(move || {
            let mut seen = HashSet::new();
            for client in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let mut client = client.expect("a connection");
                let Some(request) = message(&mut client) else {
                    continue;
                };
                let asked = String::from_utf8_lossy(&request).replace(&host, &server);
                let asked = asked.replacen(" /sparkq/api", " /api", 1);
                let is_first = seen.insert(request);
                let ask = || {
                    let mut away = TcpStream::connect(&server).expect("the server listens");
                    away.write_all(asked.as_bytes()).expect("sent");
                    message(&mut away).expect("an answer")
                };
                if is_first {
                    if loses != Loses::Requests {
                        ask();
                    }
                    if loses == Loses::AnswersToAProxy {
                        let _ = client.write_all(TOO_MUCH.as_bytes());
                    }
                    let line = asked.lines().next().unwrap_or_default();
                    told.lock().expect("no panic").push(line.to_owned());
                    then();
                    continue;
                }
                let answer = ask();
                let answer = String::from_utf8_lossy(&answer);
                let answer = answer.replacen("\r\n", "\r\nConnection: close\r\n", 1);
                // Whoever asked may have gone.
                let _ = client.write_all(answer.as_bytes());
            }
        });
        Self {
            address: format!("http://{own}"),
            lost,
            over,
            thread: Some(thread),
        }
    }

    /// The first lines of the requests that were lost, or whose answers were.
    pub(crate) fn lost(&self) -> Vec<String> {
        self.lost.lock().expect("no panic").clone()
    }
}

impl Drop for Lossy {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let address = self.address.trim_start_matches("http://");
        drop(TcpStream::connect(address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One request or answer, with its body; none when the other end has nothing to say.
fn message(from: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 8192];
    loop {
        let count = from.read(&mut part).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        let Some((head, _)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.trim().parse().expect("a number"));
        if bytes.len() >= head.len() + 4 + length {
            return Some(bytes);
        }
    }
}
