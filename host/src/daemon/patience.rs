//! How long a client may take. One that has begun a request has to get on with it; one that rests between two requests,
//! or waits for an answer, may take all the time it wants.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::extract::connect_info::{ConnectInfo, Connected, IntoMakeServiceWithConnectInfo};
use axum::middleware::{Next, from_fn};
use axum::serve::{IncomingStream, Listener};
use futures_util::StreamExt as _;
use futures_util::stream::unfold;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::api::Line;

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// From the first byte of a request, or from connecting, to the end of its header.
    header: Duration,
    /// From one piece of a body to the next.
    body: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            body: Duration::from_secs(30),
        }
    }
}

/// Accepts connections that end when their client takes too long over a header.
pub(super) struct Listening {
    listener: TcpListener,
    limits: Limits,
}

impl Listening {
    pub(super) fn new(listener: TcpListener, limits: Limits) -> Self {
        Self { listener, limits }
    }
}

impl Listener for Listening {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let connection = Connection {
            phase: Phase {
                at: Arc::default(),
                line: Line::of(&stream),
            },
            stream,
            limit: self.limits.header,
            late: Box::pin(sleep(self.limits.header)),
            armed: true,
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// What a connection is at.
#[derive(Debug, Clone)]
pub(super) struct Phase {
    at: Arc<AtomicU8>,
    line: Line,
}

/// A header is on its way.
const HEADER: u8 = 0;
/// A request is being answered.
const REQUEST: u8 = 1;
/// The client rests.
const IDLE: u8 = 2;

impl Phase {
    fn is(&self, phase: u8) -> bool {
        self.at.load(Ordering::Relaxed) == phase
    }

    fn set(&self, phase: u8) {
        self.at.store(phase, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, Listening>> for Phase {
    fn connect_info(stream: IncomingStream<'_, Listening>) -> Self {
        stream.io().phase.clone()
    }
}

/// The service of `app` for connections of [`Listening`].
pub(super) fn patient(
    app: Router,
    limits: Limits,
) -> IntoMakeServiceWithConnectInfo<Router, Phase> {
    let follow = move |ConnectInfo(phase): ConnectInfo<Phase>, mut request: Request, next: Next| async move {
        phase.set(REQUEST);
        request.extensions_mut().insert(phase.line.clone());
        let response = next
            .run(request.map(|body| in_time(body, limits.body)))
            .await;
        // What the client sends from now on belongs to its next request.
        phase.set(IDLE);
        response
    };
    app.layer(from_fn(follow))
        .into_make_service_with_connect_info::<Phase>()
}

/// The body, which ends with an error when its next piece takes longer than `limit`.
fn in_time(body: Body, limit: Duration) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let pieces = unfold(body.into_data_stream(), move |mut pieces| async move {
        let piece = match timeout(limit, pieces.next()).await {
            Ok(piece) => piece?,
            Err(_) => Err(axum::Error::new(late("the body"))),
        };
        Some((piece, pieces))
    });
    Body::from_stream(pieces)
}

fn late(what: &str) -> io::Error {
    io::Error::new(ErrorKind::TimedOut, format!("{what} did not come in time"))
}

/// A connection that is watched over while a header is on its way.
pub(super) struct Connection {
    stream: TcpStream,
    phase: Phase,
    limit: Duration,
    late: Pin<Box<Sleep>>,
    /// `late` belongs to the header that is on its way now.
    armed: bool,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if read.is_ready() {
            if this.phase.is(IDLE) {
                this.phase.set(HEADER);
                this.armed = false;
            }
            return read;
        }
        if !this.phase.is(HEADER) {
            return Poll::Pending;
        }
        if !this.armed {
            this.armed = true;
            this.late.as_mut().reset(Instant::now() + this.limit);
        }
        this.late
            .as_mut()
            .poll(cx)
            .map(|()| Err(late("the header")))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    use axum::routing::post;

    use super::*;

    const BRIEF: Limits = Limits {
        header: Duration::from_millis(100),
        body: Duration::from_millis(100),
    };

    /// Serves an address that answers with the body it gets, and has `client` talk to it.
    fn serve(client: impl FnOnce(SocketAddr) + Send + 'static) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            let app = Router::new().route("/", post(|body: String| async { body }));
            let served = axum::serve(Listening::new(listener, BRIEF), patient(app, BRIEF));
            let client = tokio::task::spawn_blocking(move || client(address));
            tokio::select! {
                _ = async { served.await } => panic!("the server ended"),
                done = client => done.expect("no panic"),
            }
        });
    }

    fn connect(address: SocketAddr, sent: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).expect("connected");
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience).expect("set");
        stream.write_all(sent.as_bytes()).expect("sent");
        stream
    }

    fn ask(stream: &mut TcpStream) {
        let request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";
        stream.write_all(request).expect("sent");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200");
        let mut rest = [0; 1024];
        let length = stream.read(&mut rest).expect("the rest");
        assert!(rest[..length].ends_with(b"hi"));
    }

    #[test]
    fn a_header_that_does_not_come_ends_the_connection_and_a_client_that_rests_keeps_it() {
        serve(|address| {
            let mut resting = connect(address, "");
            ask(&mut resting);
            for half in ["", "POST / HTTP/1.1\r\nHo"] {
                let mut answer = Vec::new();
                // A connection that is cut off may say so instead of ending.
                let _ = connect(address, half).read_to_end(&mut answer);
                assert!(answer.is_empty(), "{answer:?}");
            }
            ask(&mut resting);
            resting.write_all(b"POST / HT").expect("sent");
            let mut answer = Vec::new();
            let _ = resting.read_to_end(&mut answer);
            assert!(answer.is_empty(), "its next header has to come too");
        });
    }

    #[test]
    fn a_body_that_stops_coming_ends_the_request() {
        serve(|address| {
            let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n";
            let mut answer = Vec::new();
            let _ = connect(address, &format!("{head}abc")).read_to_end(&mut answer);
            assert!(answer.starts_with(b"HTTP/1.1 400"), "{answer:?}");
        });
    }
}
