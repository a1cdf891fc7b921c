//! One request, as a command makes it. Every one may be sent again: what would be done twice has a key.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::queue::Error;

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// How much of a body even a slow line carries in a second, in bytes: that much longer its answer may take.
const SLOW_LINE: usize = 64 << 10;

/// How long a server may take for what goes through the whole queue.
const LONG_WORK: Duration = Duration::from_hours(1);

/// What may stand in an address, and in a header, as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What is done with what stands at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// A request to the API.
pub(in crate::cli) struct Request<'a, B> {
    pub(super) method: Method,
    /// The parts of its address, behind `/api`.
    pub(in crate::cli) path: &'a [&'a str],
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) key: Option<&'a str>,
    /// What to do where nobody knows what became of it; nothing for what changes nothing.
    pub(super) afterwards: Option<Cow<'static, str>>,
    patience: Duration,
    wait: Option<Wait>,
    body: &'a B,
}

/// How long a request waits for work.
#[derive(Debug, Clone, Copy)]
struct Wait {
    end: Instant,
    longest: Duration,
}

impl<'a> Request<'a, ()> {
    /// A look.
    pub(in crate::cli) fn get(path: &'a [&'a str]) -> Self {
        Self::of(Method::Get, path, &())
    }

    /// Asks for what is there to go.
    pub(in crate::cli) fn delete(path: &'a [&'a str]) -> Self {
        Self::of(Method::Delete, path, &())
    }
}

impl<'a, B: Serialize> Request<'a, B> {
    fn of(method: Method, path: &'a [&'a str], body: &'a B) -> Self {
        Self {
            method,
            path,
            parameters: Vec::new(),
            key: None,
            afterwards: None,
            patience: PATIENCE,
            wait: None,
            body,
        }
    }

    /// A question with a body, which changes nothing.
    pub(in crate::cli) fn ask(path: &'a [&'a str], body: &'a B) -> Self {
        Self::of(Method::Post, path, body)
    }

    /// A request that does something, with a key: however often it is sent, it is done once.
    pub(in crate::cli) fn once(path: &'a [&'a str], body: &'a B, key: &'a str) -> Self {
        Self::act(Method::Post, path, body, key)
    }

    /// The same for one that changes something that is there.
    pub(in crate::cli) fn put(path: &'a [&'a str], body: &'a B, key: &'a str) -> Self {
        Self::act(Method::Put, path, body, key)
    }

    fn act(method: Method, path: &'a [&'a str], body: &'a B, key: &'a str) -> Self {
        Self {
            key: Some(key),
            ..Self::of(method, path, body)
        }
        .afterwards("give the command again: what is done already is refused, not done twice")
    }

    /// The request with what to do where nobody knows what became of it.
    pub(in crate::cli) fn afterwards(mut self, what: impl Into<Cow<'static, str>>) -> Self {
        self.afterwards = Some(what.into());
        self
    }

    /// The request that waits for work until `end`, though never longer than `longest`. However often it is sent, it
    /// asks for what is left.
    pub(in crate::cli) fn waiting(mut self, end: Instant, longest: Duration) -> Self {
        self.wait = Some(Wait { end, longest });
        self
    }

    /// The request whose answer may take as long as there is something to do.
    pub(in crate::cli) fn patient(mut self) -> Self {
        self.patience = LONG_WORK;
        self
    }

    /// The request whose answer nobody waits for longer than that.
    pub(in crate::cli) fn within(mut self, patience: Option<Duration>) -> Self {
        self.patience = patience.unwrap_or(self.patience);
        self
    }

    /// The request with a parameter behind its address.
    pub(in crate::cli) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    /// Until when it waits for work; none where it does not.
    pub(in crate::cli) fn waits_until(&self) -> Option<Instant> {
        self.wait.map(|wait| wait.end)
    }

    /// How long it waits where it is sent `now`: whole seconds, and a part of one counts as one, because none at all
    /// would have the rest of a second asked for again and again.
    pub(super) fn waits(&self, now: Instant) -> Option<Duration> {
        let wait = self.wait?;
        let left = wait.end.saturating_duration_since(now).min(wait.longest);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Some(Duration::from_secs(seconds))
    }

    /// How long its answer may take where it is sent `now` with a body of so many bytes.
    pub(super) fn patience(&self, now: Instant, bytes: usize) -> Duration {
        let sending = Duration::from_secs((bytes / SLOW_LINE) as u64);
        self.patience + sending + self.waits(now).unwrap_or_default()
    }

    /// The body as it is sent.
    pub(in crate::cli) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        if matches!(self.method, Method::Get | Method::Delete) {
            return Ok(Vec::new());
        }
        serde_json::to_vec(self.body)
            .map_err(|error| Error::Internal(format!("a request cannot be written: {error}")))
    }

    /// Where it goes, at a server with this address.
    pub(super) fn url(&self, address: &str) -> String {
        let parts = self.path.iter().map(|part| format!("/{}", plain(part)));
        format!("{address}/api{}", parts.collect::<String>())
    }
}

/// The text as an address or a header can carry it.
pub(super) fn plain(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_second_is_waited_for_as_a_whole_one() {
        let cases = [(0, 0), (1, 1), (999, 1), (1000, 1), (59_001, 60)];
        let now = Instant::now();
        for (millis, expected) in cases {
            let end = now + Duration::from_millis(millis);
            let request = Request::get(&[]).waiting(end, Duration::from_mins(2));
            assert_eq!(request.waits(now), Some(Duration::from_secs(expected)));
        }
    }

    #[test]
    fn a_wait_that_is_asked_for_again_is_what_is_left_of_it() {
        let (now, minute) = (Instant::now(), Duration::from_mins(1));
        let request = Request::get(&[]).waiting(now + 3 * minute, minute);
        let waits = |passed| request.waits(now + passed);
        assert_eq!(
            waits(Duration::ZERO),
            Some(minute),
            "one request of several"
        );
        assert_eq!(waits(minute * 5 / 2), Some(minute / 2));
        assert_eq!(waits(4 * minute), Some(Duration::ZERO));
    }

    #[test]
    fn a_large_body_has_the_time_that_a_slow_line_takes_for_it() {
        let (now, request) = (Instant::now(), Request::get(&[]));
        assert_eq!(request.patience(now, 1000), PATIENCE);
        let largest = request.patience(now, sparkq_core::limits::BODY);
        assert_eq!(largest, PATIENCE + Duration::from_secs(256));
    }
}
