//! How long a task may run, and how old a running one is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// How long a task may run before it is stale, in whole seconds from 1 to 7 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Timeout(u32);

/// A number of seconds that no timeout can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a timeout: from 1 second to 7 days (604800 seconds)")]
pub struct NotATimeout;

impl Timeout {
    /// The longest there is: 7 days.
    pub const LONGEST: Self = Self(7 * 24 * 60 * 60);

    /// A timeout of `seconds`.
    pub const fn from_seconds(seconds: u64) -> Result<Self, NotATimeout> {
        if seconds == 0 || seconds > Self::LONGEST.seconds() {
            return Err(NotATimeout);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "at most 604800, as checked above"
        )]
        Ok(Self(seconds as u32))
    }

    /// The timeout in seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0 as u64
    }

    const fn millis(self) -> i64 {
        self.0 as i64 * 1000
    }
}

impl TryFrom<u64> for Timeout {
    type Error = NotATimeout;

    fn try_from(seconds: u64) -> Result<Self, NotATimeout> {
        Self::from_seconds(seconds)
    }
}

impl From<Timeout> for u64 {
    fn from(timeout: Timeout) -> Self {
        timeout.seconds()
    }
}

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

/// What a running task's age says about its worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Within its timeout.
    Fresh,
    /// Past its timeout: shown with a warning.
    Stale,
    /// Past twice its timeout: to be auto-failed.
    Overdue,
}

impl Age {
    /// The age at `now` of a task that was claimed at `started_at`.
    #[must_use]
    pub fn of(started_at: Time, timeout: Timeout, now: Time) -> Self {
        let elapsed = now.since(started_at);
        if elapsed > 2 * timeout.millis() {
            Self::Overdue
        } else if elapsed > timeout.millis() {
            Self::Stale
        } else {
            Self::Fresh
        }
    }
}

/// A task class: a word that stands for a default timeout, in capitals, digits and underscores.
/// The list is open, because plugins may bring words of their own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskClass(Box<str>);

/// A text that is no task class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a task class: FAST_SCRIPT, MEDIUM_SCRIPT, LLM_LITE, LLM_HEAVY or another word of capitals, digits and `_`"
)]
pub struct NotATaskClass;

impl TaskClass {
    /// The classes every project has, and their timeouts in seconds.
    pub const BUILT_IN: [(&'static str, u64); 4] = [
        ("FAST_SCRIPT", 30),
        ("MEDIUM_SCRIPT", 300),
        ("LLM_LITE", 300),
        ("LLM_HEAVY", 900),
    ];

    /// The timeout of a class that nobody gave one.
    pub const DEFAULT_TIMEOUT: Timeout = Timeout(300);

    /// The class as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TaskClass {
    type Error = NotATaskClass;

    fn try_from(text: String) -> Result<Self, NotATaskClass> {
        let capitals = text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        let named = text
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_uppercase());
        if capitals && named && text.len() <= 64 {
            Ok(Self(text.into()))
        } else {
            Err(NotATaskClass)
        }
    }
}

impl From<TaskClass> for String {
    fn from(class: TaskClass) -> Self {
        class.0.into()
    }
}

impl fmt::Display for TaskClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What one layer says about class and timeout; what it leaves out, the layer before it decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// The layer's task class.
    pub class: Option<TaskClass>,
    /// The layer's timeout.
    pub timeout: Option<Timeout>,
}

/// Settles class and timeout from `layers`, the first weakest: the tool's own, the project's, the payload's, the enqueuer's.
/// Below them all lies the timeout of the class that won, which `default_of` gives.
#[must_use]
pub fn resolve(
    layers: &[Limits],
    default_of: impl Fn(&TaskClass) -> Option<Timeout>,
) -> (TaskClass, Timeout) {
    let last = |pick: fn(&Limits) -> bool| layers.iter().rev().find(|layer| pick(layer));
    let class = last(|layer| layer.class.is_some()).and_then(|layer| layer.class.clone());
    let class = class.unwrap_or_else(|| TaskClass("MEDIUM_SCRIPT".into()));
    let timeout = last(|layer| layer.timeout.is_some()).and_then(|layer| layer.timeout);
    let timeout = timeout
        .or_else(|| default_of(&class))
        .unwrap_or(TaskClass::DEFAULT_TIMEOUT);
    (class, timeout)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn class(text: &str) -> TaskClass {
        TaskClass::try_from(text.to_owned()).expect("a class")
    }

    fn seconds(seconds: u64) -> Timeout {
        Timeout::from_seconds(seconds).expect("a timeout")
    }

    #[test]
    fn a_timeout_is_from_one_second_to_seven_days() {
        for (given, ok) in [
            (0, false),
            (1, true),
            (604_800, true),
            (604_801, false),
            (u64::MAX, false),
        ] {
            assert_eq!(Timeout::from_seconds(given).is_ok(), ok, "{given}");
        }
    }

    #[test]
    fn a_task_is_stale_after_its_timeout_and_overdue_after_twice_that() {
        let start = Time::from_millis(1_000_000);
        let after =
            |millis: i64| Age::of(start, seconds(30), Time::from_millis(1_000_000 + millis));
        assert_eq!(after(30_000), Age::Fresh);
        assert_eq!(after(30_001), Age::Stale);
        assert_eq!(after(60_000), Age::Stale);
        assert_eq!(after(60_001), Age::Overdue);
        assert_eq!(
            after(-5_000),
            Age::Fresh,
            "a clock set back never ages a task"
        );
    }

    #[test]
    fn the_last_layer_that_speaks_wins_for_class_and_timeout_alike() {
        let tool = Limits {
            class: Some(class("MEDIUM_SCRIPT")),
            timeout: Some(seconds(60)),
        };
        let header = Limits {
            class: Some(class("FAST_SCRIPT")),
            timeout: None,
        };
        let flag = Limits {
            class: None,
            timeout: Some(seconds(5)),
        };
        let settled = resolve(&[tool, header, flag], |_| None);
        assert_eq!(settled, (class("FAST_SCRIPT"), seconds(5)));
    }

    #[test]
    fn a_class_gives_its_timeout_when_no_layer_names_one() {
        let header = Limits {
            class: Some(class("LLM_HEAVY")),
            timeout: None,
        };
        let settled = resolve(&[header], |class| {
            (class.as_str() == "LLM_HEAVY").then(|| seconds(900))
        });
        assert_eq!(settled.1, seconds(900));
        assert_eq!(resolve(&[], |_| None).1, TaskClass::DEFAULT_TIMEOUT);
    }

    proptest! {
        #[test]
        fn a_task_never_grows_younger(start in 0..1i64 << 40, timeout in 1u64..604_800, a in 0..1i64 << 32, b in 0..1i64 << 32) {
            let (first, then) = (a.min(b), a.max(b));
            let at = |millis| Age::of(Time::from_millis(start), seconds(timeout), Time::from_millis(start + millis)) as u8;
            prop_assert!(at(first) <= at(then));
        }
    }
}
