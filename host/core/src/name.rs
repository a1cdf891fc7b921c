//! Names of sessions and streams.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{SessionId, StreamId, TaskId};

/// The most characters a name has.
pub const LONGEST: usize = 64;

/// A name of a session or stream: a letter or digit, then up to 63 letters, digits, `.`, `_` or `-`.
/// Compared without regard to case, and kept as it was written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(Box<str>);

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// It is empty, too long, or has a character that names do not have.
    #[error("not a name: a letter or digit, then up to 63 letters, digits, `.`, `_` or `-`")]
    Spelling,
    /// It starts like an id, so it could be mistaken for one.
    #[error("not a name: it starts with `ses_`, `str_` or `tsk_`, as ids do")]
    LikeAnId,
}

impl Name {
    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let mut bytes = text.bytes();
        let first_ok = bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric());
        let rest_ok = bytes.all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if !first_ok || !rest_ok || text.len() > LONGEST {
            return Err(NotAName::Spelling);
        }
        let lower = text.to_ascii_lowercase();
        if [SessionId::PREFIX, StreamId::PREFIX, TaskId::PREFIX]
            .iter()
            .any(|prefix| lower.starts_with(prefix))
        {
            return Err(NotAName::LikeAnId);
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for Name {
    type Error = NotAName;

    fn try_from(text: String) -> Result<Self, NotAName> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0.into()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_dots_underscores_and_dashes_make_a_name() {
        for text in ["auth", "v1.2_final-cut", "0", "STR"] {
            assert_eq!(text.parse::<Name>().map(String::from), Ok(text.to_owned()));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let refused = |text: &str| text.parse::<Name>().expect_err(text);
        for text in ["", "-rf", "../up", "a b", "naïve"] {
            assert_eq!(refused(text), NotAName::Spelling, "{text}");
        }
        for text in ["str_auth", "TSK_1"] {
            assert_eq!(refused(text), NotAName::LikeAnId, "{text}");
        }
    }

    #[test]
    fn a_name_has_at_most_64_characters() {
        assert!("a".repeat(64).parse::<Name>().is_ok());
        assert!("a".repeat(65).parse::<Name>().is_err());
    }

    #[test]
    fn names_that_differ_in_case_alone_are_the_same_name() {
        assert_eq!("Auth".parse::<Name>(), "aUTH".parse::<Name>());
    }
}
