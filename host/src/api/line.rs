use std::convert::Infallible;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// The connection a request came on, to be asked whether anybody is still at its other end. The runtime learns of a
/// hang-up some time later than the system does, and a claim cannot wait for that.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line(Option<Arc<TcpStream>>);

impl Line {
    /// The line of a connection.
    pub(crate) fn of(connection: &impl AsFd) -> Self {
        // Without it a hang-up is noticed all the same, only later.
        let copy = connection.as_fd().try_clone_to_owned().ok();
        Self(copy.map(|copy| Arc::new(TcpStream::from(copy))))
    }

    /// The address of the client.
    pub(super) fn peer(&self) -> Option<SocketAddr> {
        self.0.as_ref()?.peer_addr().ok()
    }

    /// Whether the client has hung up, as far as the system knows at this moment.
    pub(super) fn is_dead(&self) -> bool {
        let peeked = self.0.as_ref().map(|line| line.peek(&mut [0]));
        match peeked {
            Some(Ok(read)) => read == 0,
            Some(Err(error)) => error.kind() != std::io::ErrorKind::WouldBlock,
            None => false,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Line {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_line_is_dead_once_the_other_end_has_hung_up_and_not_while_it_rests_or_sends() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut client = TcpStream::connect(listener.local_addr().expect("it")).expect("connected");
        let (connection, _) = listener.accept().expect("accepted");
        connection.set_nonblocking(true).expect("set");
        let line = Line::of(&connection);
        assert!(!line.is_dead());
        client.write_all(b"x").expect("sent");
        assert!(!line.is_dead());
        drop(client);
        let mut read = [0; 1];
        connection.set_nonblocking(false).expect("set");
        connection.peek(&mut read).expect("what was sent");
        std::io::Read::read_exact(&mut &connection, &mut read).expect("what was sent");
        assert!(line.is_dead());
    }
}
