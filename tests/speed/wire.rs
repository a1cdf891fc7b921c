//! Connections that ask one thing after the other, as cheaply as can be: the load shares the machine with what it loads.

use std::fmt::Write as _;
use std::io;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A kept-alive HTTP connection.
pub(crate) struct Http {
    stream: BufReader<TcpStream>,
    host: String,
    request: String,
    line: Vec<u8>,
    /// The body of the last answer.
    pub(crate) body: Vec<u8>,
}

impl Http {
    /// Connects to `http://host:port`.
    pub(crate) async fn connect(address: &str) -> Result<Self> {
        let host = address.trim_start_matches("http://").to_owned();
        let stream = connect(&host).await?;
        Ok(Self {
            stream,
            host,
            request: String::new(),
            line: Vec::new(),
            body: Vec::new(),
        })
    }

    /// Sends a request with a JSON body, and gives the status; the answer's body is kept.
    pub(crate) async fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<u16> {
        self.send(method, path, "application/json", body).await?;
        self.receive().await
    }

    /// The same with a body of one JSON document a line.
    pub(crate) async fn ask_lines(&mut self, path: &str, body: &str) -> Result<u16> {
        self.send("POST", path, "application/x-ndjson", body)
            .await?;
        self.receive().await
    }

    /// Sends a request and leaves the answer for [`Self::receive`].
    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        body: &str,
    ) -> Result<()> {
        self.head(method, path)?;
        write!(self.request, "Content-Type: {kind}\r\n")?;
        self.finish(body).await
    }

    /// Posts JSON under an `Idempotency-Key`, and gives the status; the answer's body is kept.
    pub(crate) async fn ask_once(&mut self, path: &str, key: &str, body: &str) -> Result<u16> {
        self.head("POST", path)?;
        write!(
            self.request,
            "Content-Type: application/json\r\nIdempotency-Key: {key}\r\n"
        )?;
        self.finish(body).await?;
        self.receive().await
    }

    fn head(&mut self, method: &str, path: &str) -> Result<()> {
        self.request.clear();
        write!(
            self.request,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n",
            self.host
        )?;
        Ok(())
    }

    async fn finish(&mut self, body: &str) -> Result<()> {
        write!(self.request, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        self.stream
            .get_mut()
            .write_all(self.request.as_bytes())
            .await?;
        Ok(())
    }

    /// Reads one answer, and gives its status.
    pub(crate) async fn receive(&mut self) -> Result<u16> {
        let mut status = None;
        let mut length = 0;
        loop {
            self.line.clear();
            if self.stream.read_until(b'\n', &mut self.line).await? == 0 {
                bail!("the server closed the connection");
            }
            let line = self.line.trim_ascii_end();
            if line.is_empty() {
                break;
            }
            let text = str::from_utf8(line)?;
            match status {
                None => status = text.split(' ').nth(1).and_then(|code| code.parse().ok()),
                Some(_) => {
                    if let Some((name, value)) = text.split_once(':')
                        && name.eq_ignore_ascii_case("content-length")
                    {
                        length = value.trim().parse()?;
                    }
                }
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body).await?;
        status.context("no HTTP answer")
    }

    /// The text that the last answer's member `name` begins with, up to the next quote: enough for ids.
    pub(crate) fn member(&self, name: &str) -> Result<&str> {
        self.text_after(&format!("\"{name}\":\""))
    }

    /// The text of the last answer that follows `start`, up to the next quote.
    pub(crate) fn text_after(&self, start: &str) -> Result<&str> {
        let body = str::from_utf8(&self.body)?;
        let at = body
            .find(start)
            .with_context(|| format!("no {start} in {body}"))?;
        let rest = &body[at + start.len()..];
        Ok(&rest[..rest.find('"').unwrap_or(rest.len())])
    }
}

/// A connection that speaks lines, as beanstalkd does.
pub(crate) struct Lines {
    stream: BufReader<TcpStream>,
    line: String,
}

impl Lines {
    /// Connects to `host:port`.
    pub(crate) async fn connect(address: &str) -> Result<Self> {
        Ok(Self {
            stream: connect(address).await?,
            line: String::new(),
        })
    }

    /// Sends a text, and gives the line that answers it.
    pub(crate) async fn ask(&mut self, text: &str) -> Result<&str> {
        self.stream.get_mut().write_all(text.as_bytes()).await?;
        self.line.clear();
        if self.stream.read_line(&mut self.line).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(self.line.trim_end())
    }

    /// Reads what follows a line.
    pub(crate) async fn skip(&mut self, bytes: usize) -> Result<()> {
        let mut rest = vec![0; bytes];
        self.stream.read_exact(&mut rest).await?;
        Ok(())
    }
}

async fn connect(address: &str) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}
