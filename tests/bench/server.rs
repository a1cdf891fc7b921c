//! A server of a test's own, and the requests a test sends it.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::TestQueue;

/// A server that ends with the test.
pub(crate) struct Server {
    process: Child,
    /// Its address, as it printed it.
    pub(crate) address: String,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The header `Sparkq-Seq`.
    pub(crate) seq: Option<i64>,
    /// All headers, their names in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// The body; null when it is empty.
    pub(crate) body: Value,
}

impl Answer {
    /// One header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

impl Server {
    /// Starts the server of a project, and waits until it takes requests.
    pub(crate) fn start(queue: &TestQueue) -> Self {
        Self::start_with(queue, ["run", "--no-watch"])
    }

    /// Starts it by another command line.
    pub(crate) fn start_with<const N: usize>(queue: &TestQueue, args: [&str; N]) -> Self {
        Self::spawn(queue.command(), &args)
    }

    /// Starts it by a command that a test has prepared.
    pub(crate) fn spawn(mut command: Command, args: &[&str]) -> Self {
        let mut process = command
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut address = String::new();
        BufReader::new(process.stdout.take().expect("piped"))
            .read_line(&mut address)
            .expect("a line");
        assert!(
            address.starts_with("http://127.0.0.1:"),
            "the server did not start: {address:?}"
        );
        Self {
            process,
            address: address.trim_end().to_owned(),
        }
    }

    /// Asks for an address.
    pub(crate) fn get(&self, path: &str) -> Answer {
        read(agent().get(self.url(path)).call())
    }

    /// Asks for what is at an address to go.
    pub(crate) fn delete(&self, path: &str) -> Answer {
        read(agent().delete(self.url(path)).call())
    }

    /// Sends JSON.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        read(agent().post(self.url(path)).send_json(body))
    }

    /// Sends JSON that changes what is there.
    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        read(agent().put(self.url(path)).send_json(body))
    }

    /// A connection that has sent a request without a body and waits for the answer.
    pub(crate) fn ask_raw(&self, method: &str, path: &str) -> TcpStream {
        let address = self.address.trim_start_matches("http://");
        let mut connection = TcpStream::connect(address).expect("it listens");
        write!(
            connection,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\n\r\n"
        )
        .expect("sent");
        connection
    }

    /// The same with a body that comes in a packet of its own.
    pub(crate) fn ask_raw_with_body(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let address = self.address.trim_start_matches("http://");
        let mut connection = TcpStream::connect(address).expect("it listens");
        connection.set_nodelay(true).expect("set");
        let length = body.len();
        write!(
            connection,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n"
        )
        .expect("sent");
        std::thread::yield_now();
        write!(connection, "{body}").expect("sent");
        connection
    }

    /// Sends a body as it is, under a content type.
    pub(crate) fn post_text(&self, path: &str, content_type: &str, body: &str) -> Answer {
        read(
            agent()
                .post(self.url(path))
                .header("Content-Type", content_type)
                .send(body),
        )
    }

    /// Sends JSON with one more header.
    pub(crate) fn post_with(&self, path: &str, header: (&str, &str), body: &Value) -> Answer {
        read(
            agent()
                .post(self.url(path))
                .header(header.0, header.1)
                .send_json(body),
        )
    }

    /// Asks for an address with one more header.
    pub(crate) fn get_with(&self, path: &str, header: (&str, &str)) -> Answer {
        read(
            agent()
                .get(self.url(path))
                .header(header.0, header.1)
                .call(),
        )
    }

    /// Asks with any method and any headers, and without a body.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(agent().run(request.body(()).expect("a request")))
    }

    /// Sends any request, with a body and its content type or without.
    pub(crate) fn send(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(self.url(path));
        if let Some((kind, _)) = body {
            request = request.header("Content-Type", kind);
        }
        match body {
            Some((_, text)) => read(agent().run(request.body(text).expect("a request"))),
            None => read(agent().run(request.body(()).expect("a request"))),
        }
    }

    /// Sends a form, as a page of this server would with these headers.
    pub(crate) fn fill_in(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = agent().post(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let kind = "application/x-www-form-urlencoded";
        read(request.header("Content-Type", kind).send(form))
    }

    /// Follows an event stream, line by line.
    pub(crate) fn follow(&self, path: &str) -> impl Iterator<Item = String> + use<> {
        let answer = agent().get(self.url(path)).call().expect("an answer");
        BufReader::new(answer.into_body().into_reader())
            .lines()
            .map_while(Result::ok)
    }

    /// Queues a script in the stream `auth`, and gives the task's id.
    pub(crate) fn enqueue(&self, script: &str) -> String {
        let body = json!({"tool_name": "run-bash", "payload": {"script_path": script}, "stream_id": "auth"});
        let answer = self.post("/api/tasks", &body);
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["id"].as_str().expect("an id").to_owned()
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Waits for the process to end by itself, and gives what it ended with.
    pub(crate) fn ended(mut self) -> std::process::ExitStatus {
        self.process.wait().expect("it ends")
    }

    /// Sends the process a signal, and gives what it ended with.
    pub(crate) fn end(mut self, signal: &str) -> std::process::ExitStatus {
        let pid = self.process.id().to_string();
        let sent = Command::new("kill")
            .args([signal, &pid])
            .status()
            .expect("kill is there");
        assert!(sent.success());
        self.process.wait().expect("it ends")
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .build()
        .into()
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let answer = answer.expect("an answer");
    let status = answer.status().as_u16();
    let seq = answer
        .headers()
        .get("sparkq-seq")
        .and_then(|seq| seq.to_str().ok()?.parse().ok());
    let headers = answer.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.to_string(), value)
    });
    let headers = headers.collect();
    let text = answer.into_body().read_to_string().expect("a body");
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    Answer {
        status,
        seq,
        headers,
        body,
    }
}
