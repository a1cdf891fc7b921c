//! The API as a command sees it.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::wire::{Claimed, ErrorBody};
use sparkq_core::{Code, Refusal, Worker};
use ureq::Agent;
use ureq::http::Response;

use super::ui::Problem;
use crate::daemon::Held;

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// The largest answer that is read, in bytes: a task with both its outputs, escaped.
const LARGEST: u64 = 256 << 20;

/// What may stand in an address, and in a header, as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A connection to a live server.
pub(super) struct Client {
    agent: Agent,
    address: String,
    actor: String,
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
            .timeout_global(Some(PATIENCE))
            .proxy(None)
            .build();
        let actor = utf8_percent_encode(actor.as_str(), PLAIN).to_string();
        Ok(Self {
            agent: agent.into(),
            address,
            actor,
        })
    }

    /// Sends `body`, and reads the answer.
    pub(super) fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<T, Problem> {
        let request = self
            .agent
            .post(self.url(path))
            .header("Sparkq-Actor", &self.actor);
        let answer = request.send_json(body).map_err(|error| self.lost(&error))?;
        self.read(answer)
    }

    /// Claims from `stream`; none when nothing is queued.
    pub(super) fn claim(&self, stream: &str, worker: &Worker) -> Result<Option<Claimed>, Problem> {
        let request = self
            .agent
            .post(self.url(&["streams", stream, "claim"]))
            .query("worker", worker.as_str());
        let answer = request.send_empty().map_err(|error| self.lost(&error))?;
        if answer.status() == 204 {
            return Ok(None);
        }
        self.read(answer).map(Some)
    }

    fn url(&self, path: &[&str]) -> String {
        let parts = path
            .iter()
            .map(|part| format!("/{}", utf8_percent_encode(part, PLAIN)));
        format!("{}/api{}", self.address, parts.collect::<String>())
    }

    fn read<T: DeserializeOwned>(&self, answer: Response<ureq::Body>) -> Result<T, Problem> {
        let status = answer.status();
        let mut body = answer.into_body();
        let reader = body.with_config().limit(LARGEST);
        if status.is_success() {
            return reader.read_json().map_err(|error| self.lost(&error).into());
        }
        let text = reader.read_to_string().map_err(|error| self.lost(&error))?;
        match serde_json::from_str::<ErrorBody>(&text) {
            Ok(body) => Err(body.into()),
            Err(_) => Err(unreachable(format!(
                "{} answered {status}, and not as a SparkQ server does",
                self.address
            ))
            .into()),
        }
    }

    fn lost(&self, error: &ureq::Error) -> Refusal {
        unreachable(format!(
            "the server at {} did not answer: {error}",
            self.address
        ))
    }
}

fn unreachable(message: String) -> Refusal {
    Refusal::Project {
        code: Code::ServerUnreachable,
        message,
        hint: String::new(),
    }
}
