//! Ids: a prefix that says what the thing is, and eight characters that can be read aloud.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The characters after an id's prefix: digits and lower-case letters without `i`, `l`, `o` and `u`.
pub const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many characters follow an id's prefix.
pub const LENGTH: usize = 8;

/// The fewest characters after `tsk_` that may stand for a whole task id.
pub const SHORTEST_PREFIX: usize = 4;

/// A text that is not an id of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: `{prefix}` and {LENGTH} characters of 0-9 a-z without i l o u")]
pub struct NotAnId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// Makes an id from the lowest 40 bits of `entropy`.
            #[must_use]
            pub fn from_entropy(entropy: u64) -> Self {
                Self(spell(Self::PREFIX, entropy).into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let rest = text.strip_prefix(Self::PREFIX).filter(|rest| rest.len() == LENGTH && spelled(rest));
                rest.map(|_| Self(text.into())).ok_or(NotAnId { prefix: Self::PREFIX })
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// Names one session: `ses_` and eight characters.
    SessionId, "ses_"
}
id! {
    /// Names one stream: `str_` and eight characters.
    StreamId, "str_"
}
id! {
    /// Names one task: `tsk_` and eight characters. A task is run once, so its id also fences a worker.
    TaskId, "tsk_"
}

/// Whether `text` is a task id or enough of one to look for: `tsk_` and 4 to 8 characters.
#[must_use]
pub fn is_task_prefix(text: &str) -> bool {
    text.strip_prefix(TaskId::PREFIX)
        .is_some_and(|rest| (SHORTEST_PREFIX..=LENGTH).contains(&rest.len()) && spelled(rest))
}

fn spelled(text: &str) -> bool {
    text.bytes().all(|byte| ALPHABET.contains(&byte))
}

fn spell(prefix: &str, entropy: u64) -> String {
    let letters = (0..LENGTH).map(|place| {
        let five_bits = entropy >> (5 * place) & 31;
        char::from(ALPHABET[usize::try_from(five_bits).unwrap_or(0)])
    });
    prefix.chars().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_made_from_any_entropy_parses_back_to_itself(entropy: u64) {
            let id = TaskId::from_entropy(entropy);
            prop_assert_eq!(id.as_str().parse::<TaskId>(), Ok(id.clone()));
        }

        #[test]
        fn different_low_40_bits_make_different_ids(a in 0..1u64 << 40, b in 0..1u64 << 40) {
            prop_assert_eq!(a == b, TaskId::from_entropy(a) == TaskId::from_entropy(b));
        }
    }

    #[test]
    fn a_stream_id_is_not_a_task_id() {
        let stream = StreamId::from_entropy(7);
        assert!(stream.as_str().parse::<TaskId>().is_err());
    }

    #[test]
    fn letters_that_look_like_digits_are_not_part_of_an_id() {
        for text in [
            "tsk_0000000i",
            "tsk_0000000L",
            "tsk_0000000",
            "tsk_000000000",
            "tsk_",
            "",
        ] {
            assert!(text.parse::<TaskId>().is_err(), "{text}");
        }
    }
}
