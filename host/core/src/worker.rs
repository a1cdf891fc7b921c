//! Who claims, completes, fails or queues.

use std::fmt;
use std::str::FromStr;

use crate::limits;

/// The name someone acts under: any text that is not blank, at most [`limits::WORKER`] bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Worker(Box<str>);

/// A text that nobody can act under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAWorker {
    /// It has nothing but white space.
    #[error("blank; name who does the work")]
    Blank,
    /// It is too long.
    #[error("too long for a worker's name: at most {} bytes", limits::WORKER)]
    TooLong,
}

impl Worker {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Worker {
    type Err = NotAWorker;

    fn from_str(text: &str) -> Result<Self, NotAWorker> {
        if text.trim().is_empty() {
            return Err(NotAWorker::Blank);
        }
        if text.len() > limits::WORKER {
            return Err(NotAWorker::TooLong);
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anyone_with_a_name_of_some_length_can_work() {
        assert!("claude-1".parse::<Worker>().is_ok());
        assert!("Zoë ✨".parse::<Worker>().is_ok());
        assert_eq!(" \n".parse::<Worker>(), Err(NotAWorker::Blank));
        assert!("w".repeat(256).parse::<Worker>().is_ok());
        assert_eq!("w".repeat(257).parse::<Worker>(), Err(NotAWorker::TooLong));
    }
}
