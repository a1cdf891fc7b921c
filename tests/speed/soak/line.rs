//! A way to the server that outlives it: what it did not answer is asked again, of the next one, under the same key.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::wire::Http;

/// How long an answer, or the next server, is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the server is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// How many were killed before it.
    pub(crate) killed: usize,
    /// Its address.
    pub(crate) address: String,
}

/// One connection at a time.
pub(crate) struct Line {
    places: watch::Receiver<Place>,
    place: Place,
    http: Option<Http>,
    again: Arc<AtomicUsize>,
}

impl Line {
    /// A way that nobody has gone yet. What is asked again is counted in `again`.
    pub(crate) fn new(places: watch::Receiver<Place>, again: Arc<AtomicUsize>) -> Self {
        let place = places.borrow().clone();
        Self {
            places,
            place,
            http: None,
            again,
        }
    }

    /// Posts something that is done once, however often it is asked; the answer must have the status `expected`.
    pub(crate) async fn ask(
        &mut self,
        path: &str,
        key: &str,
        body: &str,
        expected: u16,
    ) -> Result<&Http> {
        let status = loop {
            let lost = match timeout(PATIENCE, self.try_once(path, key, body)).await {
                Ok(Ok(status)) => break status,
                Ok(Err(error)) => error,
                Err(_) => bail!("lost: no answer to POST {path} within a minute"),
            };
            self.http = None;
            self.again.fetch_add(1, Ordering::Relaxed);
            self.place = self.next_place().await.context(lost)?;
        };
        let http = self.http.as_ref().context("a connection")?;
        if status != expected {
            let answer = String::from_utf8_lossy(&http.body);
            bail!("POST {path}, key {key}: {status} instead of {expected}: {answer}");
        }
        Ok(http)
    }

    async fn try_once(&mut self, path: &str, key: &str, body: &str) -> Result<u16> {
        let mut http = match self.http.take() {
            Some(http) => http,
            None => Http::connect(&self.place.address).await?,
        };
        let status = http.ask_once(path, key, body).await?;
        self.http = Some(http);
        Ok(status)
    }

    /// A connection ends with its server and for no other reason, so there will be another server.
    async fn next_place(&mut self) -> Result<Place> {
        let killed = self.place.killed;
        let next = self.places.wait_for(|place| place.killed > killed);
        let next = timeout(PATIENCE, next).await;
        let next = next.context("a connection was lost, and no server was killed")?;
        Ok(next.context("no more servers")?.clone())
    }
}
