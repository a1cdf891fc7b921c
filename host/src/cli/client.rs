//! The API as a command sees it.

use std::io::ErrorKind;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::wire::ErrorBody;
use sparkq_core::{Code, Refusal, Worker};
use ureq::http::Response;
use ureq::{Agent, Body, RequestBuilder};

use super::ui::Problem;
use crate::config::Token;
use crate::daemon::Held;
use crate::queue::Error;

/// How long a server may take to accept a connection.
const CONNECTING: Duration = Duration::from_secs(5);

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long a server may take for what goes through the whole queue.
const LONG_WORK: Duration = Duration::from_hours(1);

/// The largest answer that is read, in bytes: a task with both its outputs, escaped.
const LARGEST: u64 = 256 << 20;

/// What may stand in an address, and in a header, as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A request that changes something.
pub(super) struct Request<'a, B> {
    /// The parts of its address, behind `/api`.
    pub(super) path: &'a [&'a str],
    changes: bool,
    parameters: Vec<(&'static str, String)>,
    key: Option<&'a str>,
    patience: Duration,
    body: &'a B,
}

impl<'a, B: Serialize> Request<'a, B> {
    pub(super) fn new(path: &'a [&'a str], body: &'a B) -> Self {
        Self {
            path,
            changes: false,
            parameters: Vec::new(),
            key: None,
            patience: PATIENCE,
            body,
        }
    }

    /// A request that changes something that is there: `PUT`, else it is `POST`.
    pub(super) fn put(path: &'a [&'a str], body: &'a B) -> Self {
        Self {
            changes: true,
            ..Self::new(path, body)
        }
    }

    /// The request with a key: however often it is sent, it is done once.
    pub(super) fn once(mut self, key: &'a str) -> Self {
        self.key = Some(key);
        self
    }

    /// The request whose answer may take `wait` longer than usual. It goes in whole seconds, so a part of one counts as
    /// one: none at all would have the rest of a second asked for again and again.
    pub(super) fn waiting(mut self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.patience += Duration::from_secs(seconds);
        self.with("wait", format!("{seconds}s"))
    }

    /// The request whose answer may take as long as there is something to do.
    pub(super) fn patient(mut self) -> Self {
        self.patience = LONG_WORK;
        self
    }

    /// Whether it may be sent again when nobody knows what became of it.
    pub(super) fn is_repeatable(&self) -> bool {
        self.key.is_some()
    }

    /// The request with a parameter behind its address.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    /// The body as it is sent.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self.body)
            .map_err(|error| Error::Internal(format!("a request cannot be written: {error}")))
    }
}

/// Why there is no answer.
pub(super) enum Lost {
    /// Nobody listens, so nothing was done.
    NobodyListens,
    /// The connection was lost on the way; what was asked may have been done.
    Midway(Problem),
    /// Anything else.
    Problem(Problem),
}

impl From<ErrorBody> for Lost {
    fn from(body: ErrorBody) -> Self {
        Self::Problem(body.into())
    }
}

/// A connection to a live server.
pub(super) struct Client {
    agent: Agent,
    address: String,
    actor: String,
    token: Option<Token>,
}

impl Client {
    /// A client of the server that holds the project's lock, in the name of `actor`.
    pub(super) fn new(server: Held, actor: &Worker) -> Result<Self, Refusal> {
        let pid = server
            .pid
            .map_or_else(String::new, |pid| format!(" (process {pid})"));
        let address = server.address.ok_or_else(|| {
            unreachable(format!(
                "the server{pid} holds the project's lock, but has not said where it listens"
            ))
        })?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECTING))
            .proxy(None)
            .build();
        let actor = utf8_percent_encode(actor.as_str(), PLAIN).to_string();
        Ok(Self {
            agent: agent.into(),
            address,
            actor,
            token: server.token,
        })
    }

    /// Sends `request`, whose body is `bytes`, and reads the answer; 204 reads as null.
    pub(super) fn send<T: DeserializeOwned>(
        &self,
        request: &Request<'_, impl Serialize>,
        bytes: &[u8],
    ) -> Result<T, Lost> {
        let url = self.url(request.path);
        let mut asked = if request.changes {
            self.agent.put(url)
        } else {
            self.agent.post(url)
        }
        .header("Content-Type", "application/json");
        if let Some(key) = request.key {
            asked = asked.header("Idempotency-Key", key);
        }
        for (name, value) in &request.parameters {
            asked = asked.query(*name, value);
        }
        self.read(self.signed(asked, request.patience).send(bytes))
    }

    /// Asks for what is at `path` to go, and reads the answer.
    pub(super) fn delete<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Lost> {
        let delete = self.agent.delete(self.url(path));
        self.read(self.signed(delete, PATIENCE).call())
    }

    /// `asked` in the name of whoever asks, with what opens the server's door, and with `patience` for all of it.
    fn signed<B>(&self, asked: RequestBuilder<B>, patience: Duration) -> RequestBuilder<B> {
        let mut asked = asked.header("Sparkq-Actor", &self.actor);
        if let Some(token) = &self.token {
            asked = asked.header("Authorization", format!("Bearer {}", token.as_str()));
        }
        asked.config().timeout_global(Some(patience)).build()
    }

    fn read<T: DeserializeOwned>(
        &self,
        answer: Result<Response<Body>, ureq::Error>,
    ) -> Result<T, Lost> {
        let answer = answer.map_err(|error| self.lost(&error))?;
        let status = answer.status();
        let mut body = answer.into_body();
        let reader = body.with_config().limit(LARGEST);
        let text = reader.read_to_string().map_err(|error| self.lost(&error))?;
        if status.is_success() {
            let text = if text.is_empty() { "null" } else { &text };
            return serde_json::from_str(text).map_err(|_| self.odd(status.as_u16()));
        }
        match serde_json::from_str::<ErrorBody>(&text) {
            Ok(body) => Err(body.into()),
            Err(_) => Err(self.odd(status.as_u16())),
        }
    }

    fn url(&self, path: &[&str]) -> String {
        let parts = path
            .iter()
            .map(|part| format!("/{}", utf8_percent_encode(part, PLAIN)));
        format!("{}/api{}", self.address, parts.collect::<String>())
    }

    fn lost(&self, error: &ureq::Error) -> Lost {
        match error {
            ureq::Error::ConnectionFailed => Lost::NobodyListens,
            ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
                Lost::NobodyListens
            }
            _ => Lost::Midway(
                unreachable(format!(
                    "the server at {} did not answer: {error}; what was asked may have been done",
                    self.address
                ))
                .into(),
            ),
        }
    }

    fn odd(&self, status: u16) -> Lost {
        let message = format!(
            "{} answered {status}, and not as a SparkQ server does",
            self.address
        );
        Lost::Problem(unreachable(message).into())
    }
}

fn unreachable(message: String) -> Refusal {
    Refusal::Project {
        code: Code::ServerUnreachable,
        message,
        hint: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_second_is_waited_for_as_a_whole_one() {
        let cases = [
            (0, "0s"),
            (1, "1s"),
            (999, "1s"),
            (1000, "1s"),
            (59_001, "60s"),
        ];
        for (millis, expected) in cases {
            let request = Request::new(&[], &()).waiting(Duration::from_millis(millis));
            assert_eq!(request.parameters, [("wait", expected.to_owned())]);
        }
    }
}
