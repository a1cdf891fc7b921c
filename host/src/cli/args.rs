//! What people and agents type: texts that may lie in a file, spans of time, numbers, and who they are.
//!
//! `@FILE` and `-` mean what lies there; a text that begins with `@` itself is typed with `@@`.

use std::cell::Cell;
use std::env;
use std::fs;
use std::io::{self, Read as _};
use std::time::Duration;

use sparkq_core::wire::Document;
use sparkq_core::{Refusal, Timeout, Worker, json, time};

use super::ui::Ui;

/// The longest text that is read from a file or standard input, in bytes: 256 MiB.
const LONGEST_TEXT: usize = 256 << 20;

/// The longest span of time that is taken, in seconds: no clock is added up beyond it.
const LONGEST_SPAN: u64 = 100 * 366 * 24 * 60 * 60;

/// Reads text arguments: as typed, from `@file`, or from standard input as `-`, which only one of them can have.
pub(super) struct Texts<'a> {
    ui: &'a Ui,
    stdin_taken: Cell<bool>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(ui: &'a Ui) -> Self {
        Self {
            ui,
            stdin_taken: Cell::new(false),
        }
    }

    /// The text that the argument `name` means by `given`.
    pub(super) fn read(&self, name: &str, given: String) -> Result<String, Refusal> {
        let bytes = self.bytes(name, given)?;
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| {
            self.ui.warn(format_args!(
                "{name} is not valid UTF-8; what is not was replaced"
            ));
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }))
    }

    /// The text that an optional argument means.
    pub(super) fn read_if_given(
        &self,
        name: &str,
        given: Option<String>,
    ) -> Result<Option<String>, Refusal> {
        given.map(|given| self.read(name, given)).transpose()
    }

    /// The JSON object that the argument `name` means. Nothing in it is replaced.
    pub(super) fn object(&self, name: &str, given: String) -> Result<Document, Refusal> {
        let invalid = |why: String| Refusal::InvalidJson {
            argument: name.to_owned(),
            why,
        };
        let text = String::from_utf8(self.bytes(name, given)?)
            .map_err(|error| invalid(error.utf8_error().to_string()))?;
        let object = json::parse_object(&text).map_err(|error| invalid(error.to_string()))?;
        Ok(object.into())
    }

    fn bytes(&self, name: &str, given: String) -> Result<Vec<u8>, Refusal> {
        let unreadable = |path: &str, error: &io::Error| Refusal::Unreadable {
            argument: name.to_owned(),
            path: path.to_owned(),
            why: error.to_string(),
        };
        let from: Box<dyn io::Read> = if given == "-" {
            if self.stdin_taken.replace(true) {
                let why =
                    "cannot be -, because another argument reads standard input already".to_owned();
                return Err(Refusal::InvalidRequest {
                    argument: name.to_owned(),
                    why,
                });
            }
            Box::new(io::stdin())
        } else if let Some(path) = given.strip_prefix('@') {
            if path.starts_with('@') {
                return Ok(path.into());
            }
            Box::new(fs::File::open(path).map_err(|error| unreadable(path, &error))?)
        } else {
            return Ok(given.into_bytes());
        };
        let mut bytes = Vec::new();
        let path = given.strip_prefix('@').unwrap_or("standard input");
        from.take(LONGEST_TEXT as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(path, &error))?;
        if bytes.len() > LONGEST_TEXT {
            let why = format!("is longer than {LONGEST_TEXT} bytes, and so was not read");
            return Err(Refusal::InvalidRequest {
                argument: name.to_owned(),
                why,
            });
        }
        Ok(bytes)
    }
}

/// Reads a span of time.
pub(super) fn duration(name: &str, text: &str) -> Result<Duration, Refusal> {
    let seconds =
        time::parse_duration(text).map_err(|error| Refusal::invalid(name, text, error))?;
    if seconds > LONGEST_SPAN {
        return Err(Refusal::invalid(name, text, "too long: at most 100 years"));
    }
    Ok(Duration::from_secs(seconds))
}

/// Reads a timeout, in seconds.
pub(super) fn timeout(name: &str, text: &str) -> Result<u64, Refusal> {
    let seconds =
        time::parse_duration(text).map_err(|error| Refusal::invalid(name, text, error))?;
    Timeout::from_seconds(seconds)
        .map_err(|error| Refusal::invalid(name, text, error))
        .map(Timeout::seconds)
}

/// Who acts: `given` with `--worker`, else `SPARKQ_WORKER`, else `user@host:PID` of the calling shell.
pub(super) fn worker(given: Option<String>) -> Result<Worker, Refusal> {
    if let Some(name) = given {
        let parsed = name.parse();
        return parsed.map_err(|error| Refusal::invalid("--worker", name, error));
    }
    if let Some(name) = env::var_os("SPARKQ_WORKER").filter(|name| !name.is_empty()) {
        let name = name.to_string_lossy();
        let parsed = name.parse();
        return parsed.map_err(|error| Refusal::invalid("SPARKQ_WORKER", name, error));
    }
    let user = env::var("USER").or_else(|_| env::var("LOGNAME"));
    let user = user.unwrap_or_else(|_| rustix::process::getuid().as_raw().to_string());
    let system = rustix::system::uname();
    let host = system.nodename().to_string_lossy();
    let shell = rustix::process::getppid().map_or(0, |pid| pid.as_raw_nonzero().get());
    let name = format!("{user}@{host}:{shell}");
    let parsed = name.parse();
    parsed.map_err(|error| Refusal::invalid("worker", name, error))
}
