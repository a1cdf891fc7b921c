//! The newest messages, for tabs that lack some of them.

use std::collections::VecDeque;

use super::super::word::Message;

/// How many messages are kept at most.
const MOST: usize = 500;

/// How many bytes they may have together.
const LARGEST: usize = 512 * 1024;

/// All messages after `floor`.
#[derive(Debug)]
pub(super) struct Ring {
    floor: i64,
    kept: VecDeque<Message>,
    size: usize,
}

impl Ring {
    /// Has nothing yet of what comes after `seq`.
    pub(super) fn new(seq: i64) -> Self {
        Self {
            floor: seq,
            kept: VecDeque::new(),
            size: 0,
        }
    }

    /// What is older than this, or is this, is not kept.
    pub(super) fn floor(&self) -> i64 {
        self.floor
    }

    /// The newest event.
    pub(super) fn seq(&self) -> i64 {
        self.kept.back().map_or(self.floor, |message| message.seq)
    }

    /// Adds the message that comes after all others.
    pub(super) fn push(&mut self, message: Message) {
        self.size += message.data.len();
        self.kept.push_back(message);
        while self.kept.len() > MOST || self.size > LARGEST {
            let Some(oldest) = self.kept.pop_front() else {
                return;
            };
            self.size -= oldest.data.len();
            self.floor = oldest.seq;
        }
    }

    /// The messages after `seq`, each with the event before it; none where some of them are no longer kept.
    pub(super) fn since(&self, seq: i64) -> Option<impl Iterator<Item = (i64, &Message)>> {
        let before = self.kept.iter().map(|message| message.seq);
        let before = std::iter::once(self.floor).chain(before);
        let all = before.zip(&self.kept);
        (self.floor <= seq).then(|| all.filter(move |(_, message)| message.seq > seq))
    }
}
