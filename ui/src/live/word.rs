//! What the tabs of one browser say to each other, as one line of text each.

use sparkq_core::Time;

use crate::board::Outage;

/// One message of the server's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// Its kind, as the server spells it.
    pub(super) kind: String,
    /// Its seq.
    pub(super) seq: i64,
    /// The event itself, JSON.
    pub(super) data: String,
}

/// What one tab says and all others hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// A follower: "this is the newest event that I have; what came after?"
    Have(i64),
    /// The leader: "after this event came that message".
    Passed(i64, Message),
    /// The leader: "this is the newest event that I have, and so I stand with the server".
    Stand(i64, Option<Outage>),
    /// The leader: "who has none newer than `below` has to fetch, and goes on after `seq`".
    Reset {
        /// Everybody whose newest event is older than this.
        below: i64,
        /// What they include at least, once they have fetched.
        seq: i64,
    },
    /// A follower: "somebody wants another try at once".
    Retry,
}

impl Word {
    /// Spells it.
    pub(super) fn spell(&self) -> String {
        match self {
            Self::Have(seq) => format!("have {seq}"),
            Self::Passed(after, Message { kind, seq, data }) => {
                format!("passed {after} {seq} {kind} {data}")
            }
            Self::Stand(seq, None) => format!("stand {seq}"),
            Self::Stand(seq, Some(outage)) => {
                let next = outage.next.map_or(0, Time::as_millis);
                format!("stand {seq} {} {next}", outage.since.as_millis())
            }
            Self::Reset { below, seq } => format!("reset {below} {seq}"),
            Self::Retry => "retry".to_owned(),
        }
    }

    /// Reads it; none where it is nothing that this page says.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        let mut parts = rest.splitn(4, ' ');
        let mut number = || parts.next()?.parse::<i64>().ok();
        Some(match word {
            "have" => Self::Have(number()?),
            "passed" => {
                let (after, seq) = (number()?, number()?);
                let (kind, data) = (parts.next()?.to_owned(), parts.next()?.to_owned());
                Self::Passed(after, Message { kind, seq, data })
            }
            "stand" => {
                let seq = number()?;
                let outage = number().map(|since| Outage {
                    since: Time::from_millis(since),
                    next: number().filter(|next| *next > 0).map(Time::from_millis),
                });
                Self::Stand(seq, outage)
            }
            "reset" => Self::Reset {
                below: number()?,
                seq: number()?,
            },
            "retry" => Self::Retry,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_it_was_said() {
        let message = Message {
            kind: "task.enqueued".to_owned(),
            seq: 8,
            data: r#"{"label": "two  words"}"#.to_owned(),
        };
        let outage = |next| Outage {
            since: Time::from_millis(1),
            next,
        };
        let words = [
            Word::Have(7),
            Word::Passed(7, message),
            Word::Stand(8, None),
            Word::Stand(8, Some(outage(None))),
            Word::Stand(8, Some(outage(Some(Time::from_millis(2))))),
            Word::Reset {
                below: i64::MAX,
                seq: 8,
            },
            Word::Retry,
        ];
        for word in words {
            assert_eq!(Word::read(&word.spell()), Some(word));
        }
    }

    #[test]
    fn what_another_version_says_is_passed_over() {
        for text in ["", "have", "have it", "passed 1 2 kind", "sing 3"] {
            assert_eq!(Word::read(text), None, "{text}");
        }
    }
}
