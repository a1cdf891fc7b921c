//! The status table: which act leads a task from which status to which.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits for a worker.
    Queued,
    /// A worker has claimed it.
    Running,
    /// Done, with a result.
    Succeeded,
    /// Ended without a result: failed, auto-failed or cancelled.
    Failed,
}

/// What can happen to a task once it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// A worker takes it.
    Claim,
    /// The server undoes a claim whose answer it could not hand over.
    Release,
    /// Its worker hands in a result.
    Complete,
    /// Its worker gives up on it.
    Fail,
    /// It ran for more than twice its timeout.
    Expire,
    /// A person takes it out of the queue.
    Cancel,
    /// A clone of it is queued; the task itself stays as it is.
    Requeue,
}

impl Status {
    /// Every status, in the order a task passes through them.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed];

    /// Returns the status that `verb` leads to, or `None` where it does not apply.
    #[must_use]
    pub const fn after(self, verb: Verb) -> Option<Self> {
        match (self, verb) {
            (Self::Queued, Verb::Claim) => Some(Self::Running),
            (Self::Running, Verb::Complete) => Some(Self::Succeeded),
            (Self::Running, Verb::Fail | Verb::Expire) | (Self::Queued, Verb::Cancel) => {
                Some(Self::Failed)
            }
            (Self::Running, Verb::Release) => Some(Self::Queued),
            _ => None,
        }
    }

    /// Whether nothing can happen to the task any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }

    /// The word that stands in the database, on the wire and on the screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 7] = [
        Self::Claim,
        Self::Release,
        Self::Complete,
        Self::Fail,
        Self::Expire,
        Self::Cancel,
        Self::Requeue,
    ];

    /// The verb's past participle, as it stands in "cannot be completed".
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self {
            Self::Claim => "claimed",
            Self::Release => "released",
            Self::Complete => "completed",
            Self::Fail => "failed",
            Self::Expire => "expired",
            Self::Cancel => "cancelled",
            Self::Requeue => "requeued",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that is no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a status: one of queued, running, succeeded, failed")]
pub struct NotAStatus;

impl FromStr for Status {
    type Err = NotAStatus;

    fn from_str(text: &str) -> Result<Self, NotAStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(NotAStatus)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn the_status_table_is_exactly_this() {
        let row = |status: Status, verb: Verb| {
            let next = status.after(verb)?;
            Some(format!("{status} --{verb:?}--> {next}"))
        };
        let rows = Status::ALL.into_iter().flat_map(|status| {
            Verb::ALL
                .into_iter()
                .filter_map(move |verb| row(status, verb))
        });
        let table = rows.collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(table, @r"
        queued --Claim--> running
        queued --Cancel--> failed
        running --Release--> queued
        running --Complete--> succeeded
        running --Fail--> failed
        running --Expire--> failed
        ");
    }

    proptest! {
        /// However a task is treated, it is finished at most once, only from `running` or by a cancel, and
        /// every claim but the last was released.
        #[test]
        fn any_history_of_verbs_keeps_the_rules(verbs in proptest::collection::vec(select(Verb::ALL.as_slice()), 0..60)) {
            let mut status = Status::Queued;
            let (mut claims, mut releases, mut ends) = (0, 0, 0);
            for verb in verbs {
                let Some(next) = status.after(verb) else { continue };
                prop_assert!(!status.is_final(), "{status} is final, yet {verb:?} led on");
                claims += i32::from(verb == Verb::Claim);
                releases += i32::from(verb == Verb::Release);
                ends += i32::from(next.is_final());
                status = next;
            }
            prop_assert!(ends <= 1);
            prop_assert_eq!(ends == 1, status.is_final());
            let held = claims - releases;
            prop_assert!((0..=1).contains(&held));
            prop_assert_eq!(status == Status::Queued, held == 0 && ends == 0);
            if status == Status::Succeeded { prop_assert_eq!(held, 1); }
        }

        #[test]
        fn only_the_four_words_are_statuses(text in "\\PC{0,12}") {
            let known = Status::ALL.iter().any(|status| status.as_str() == text);
            prop_assert_eq!(text.parse::<Status>().is_ok(), known);
        }
    }
}
