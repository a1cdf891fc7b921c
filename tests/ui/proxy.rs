//! A way to a server that counts who follows its events.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// A proxy that ends with the test.
pub(crate) struct Proxy {
    /// Its address.
    pub(crate) address: String,
    followers: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Proxy {
    /// A way to the server at an address.
    pub(crate) fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let server = server.trim_start_matches("http://").to_owned();
        let followers = Arc::new(AtomicUsize::new(0));
        let over = Arc::new(AtomicBool::new(false));
        let (counted, ended) = (Arc::clone(&followers), Arc::clone(&over));
        let thread = thread::spawn(move || {
            for client in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let client = client.expect("a connection");
                // A server that is away closes the connection, as it would without a proxy.
                if let Ok(server) = TcpStream::connect(&server) {
                    carry(client, server, Arc::clone(&counted));
                }
            }
        });
        Self {
            address,
            followers,
            over,
            thread: Some(thread),
        }
    }

    /// How many connections follow the server's events at this moment.
    pub(crate) fn followers(&self) -> usize {
        self.followers.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // So that it looks.
        let _ = TcpStream::connect(self.address.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Carries what either side says to the other until one of them has gone.
fn carry(client: TcpStream, server: TcpStream, followers: Arc<AtomicUsize>) {
    let ways = [
        (
            client.try_clone().expect("copied"),
            server.try_clone().expect("copied"),
        ),
        (server, client),
    ];
    for (number, (mut from, mut to)) in ways.into_iter().enumerate() {
        let followers = Arc::clone(&followers);
        thread::spawn(move || {
            let mut follows = false;
            let mut bytes = [0; 16 * 1024];
            while let Ok(length @ 1..) = from.read(&mut bytes) {
                if number == 0 && bytes[..length].starts_with(b"GET /api/events") && !follows {
                    follows = true;
                    followers.fetch_add(1, Ordering::Relaxed);
                }
                if to.write_all(&bytes[..length]).is_err() {
                    break;
                }
            }
            let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
            if follows {
                followers.fetch_sub(1, Ordering::Relaxed);
            }
        });
    }
}
