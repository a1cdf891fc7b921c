//! A way to a server that counts who follows its events, and notes what it is asked for.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A proxy that ends with the test.
pub(crate) struct Proxy {
    /// Its address.
    pub(crate) address: String,
    followers: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
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
        let asked = Arc::new(Mutex::default());
        let noted = Arc::clone(&asked);
        let thread = thread::spawn(move || {
            for client in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let client = client.expect("a connection");
                // A server that is away closes the connection, as it would without a proxy.
                if let Ok(server) = TcpStream::connect(&server) {
                    carry(client, server, &counted, &noted);
                }
            }
        });
        Self {
            address,
            followers,
            asked,
            over,
            thread: Some(thread),
        }
    }

    /// How many connections follow the server's events at this moment.
    pub(crate) fn followers(&self) -> usize {
        self.followers.load(Ordering::Relaxed)
    }

    /// Everything that was asked for since this was last asked, such as `/api/tasks?limit=200`.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("unpoisoned"))
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
fn carry(
    client: TcpStream,
    server: TcpStream,
    followers: &Arc<AtomicUsize>,
    asked: &Arc<Mutex<Vec<String>>>,
) {
    let ways = [
        (
            client.try_clone().expect("copied"),
            server.try_clone().expect("copied"),
        ),
        (server, client),
    ];
    for (number, (mut from, mut to)) in ways.into_iter().enumerate() {
        let (followers, asked) = (Arc::clone(followers), Arc::clone(asked));
        thread::spawn(move || {
            let mut follows = false;
            let mut bytes = [0; 16 * 1024];
            while let Ok(length @ 1..) = from.read(&mut bytes) {
                if number == 0 && bytes[..length].starts_with(b"GET /api/events") && !follows {
                    follows = true;
                    followers.fetch_add(1, Ordering::Relaxed);
                }
                // A browser sends a request at once, and the next one when it has the answer.
                if number == 0
                    && let Some(path) = path_of(&bytes[..length])
                {
                    asked.lock().expect("unpoisoned").push(path);
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

/// What a request asks for.
fn path_of(request: &[u8]) -> Option<String> {
    let line = request.split(|byte| *byte == b'\r').next()?;
    let mut words = str::from_utf8(line).ok()?.split(' ');
    let is_method = |word: &&str| word.bytes().all(|byte| byte.is_ascii_uppercase());
    words.next().filter(is_method)?;
    words
        .next()
        .filter(|path| path.starts_with('/'))
        .map(str::to_owned)
}
