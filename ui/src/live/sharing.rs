//! How the tabs of one browser share one connection; plain data, no browser.
//!
//! One tab, the leader, follows the server and passes each message on, together with the event that came before it: so a
//! tab that lacks one knows, and asks for it. Every tab keeps the newest messages, because it may lead next.

mod ring;

use self::ring::Ring;
use super::word::{Message, Word};
use crate::board::Outage;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    /// Tell the other tabs.
    Say(Word),
    /// Take in a message. Each comes once, in the order of the log.
    Take(Message),
    /// Fetch everything anew.
    Fetch,
    /// Show how the leader stands with the server.
    Show(Option<Outage>),
    /// Try to connect at once.
    Retry,
}

/// What one tab knows of the log, and of its part.
#[derive(Debug)]
pub(super) struct Sharing {
    leads: bool,
    ring: Ring,
    /// How the leader stands with the server.
    outage: Option<Outage>,
    /// The newest event when this tab asked for what it lacks.
    asked_at: Option<i64>,
}

impl Sharing {
    /// A follower that has fetched what includes `seq`.
    pub(super) fn new(seq: i64) -> Self {
        Self {
            leads: false,
            ring: Ring::new(seq),
            outage: None,
            asked_at: None,
        }
    }

    /// The newest event that this tab has.
    pub(super) fn seq(&self) -> i64 {
        self.ring.seq()
    }

    /// How the leader stands with the server, as far as this tab knows.
    pub(super) fn outage(&self) -> Option<Outage> {
        self.outage
    }

    /// Whether this tab is the one that follows the server.
    pub(super) fn leads(&self) -> bool {
        self.leads
    }

    /// Makes this tab the leader.
    pub(super) fn lead(&mut self) {
        self.leads = true;
    }

    /// Makes this tab a follower.
    pub(super) fn follow(&mut self) {
        self.leads = false;
    }

    /// Asks for what came since.
    pub(super) fn ask(&mut self) -> Effect {
        self.asked_at = Some(self.seq());
        Effect::Say(Word::Have(self.seq()))
    }

    /// Takes note of how the leader, this tab, stands with the server.
    pub(super) fn stand(&mut self, outage: Option<Outage>) -> Vec<Effect> {
        self.outage = outage;
        let word = Word::Stand(self.seq(), outage);
        vec![Effect::Show(outage), Effect::Say(word)]
    }

    /// Starts over after `seq`, and has all tabs do so: the log is another one, or has gone on too far.
    pub(super) fn reset(&mut self, seq: i64) -> Vec<Effect> {
        self.ring = Ring::new(seq);
        let below = i64::MAX;
        vec![Effect::Say(Word::Reset { below, seq }), Effect::Fetch]
    }

    /// Takes in what the server says.
    pub(super) fn told(&mut self, message: Message) -> Vec<Effect> {
        if message.kind == "reset" {
            return self.reset(message.seq);
        }
        let after = self.seq();
        if message.seq <= after {
            return Vec::new();
        }
        self.ring.push(message.clone());
        let passed = Word::Passed(after, message.clone());
        vec![Effect::Say(passed), Effect::Take(message)]
    }

    /// Takes in what another tab says.
    pub(super) fn heard(&mut self, word: Word) -> Vec<Effect> {
        match word {
            Word::Have(seq) if self.leads => self.answer(seq),
            Word::Retry if self.leads => vec![Effect::Retry],
            Word::Passed(after, message) => self.passed(after, message),
            Word::Reset { below, seq } if self.seq() < below => {
                self.ring = Ring::new(seq);
                vec![Effect::Fetch]
            }
            // Two that lead at once, for a moment, say each how they stand themselves.
            Word::Stand(seq, outage) if !self.leads => {
                self.outage = outage;
                let mut effects = vec![Effect::Show(outage)];
                if seq > self.seq() {
                    effects.push(self.ask());
                }
                effects
            }
            Word::Have(_) | Word::Retry | Word::Stand(..) | Word::Reset { .. } => Vec::new(),
        }
    }

    /// Says what a tab lacks whose newest event is `seq`.
    fn answer(&self, seq: i64) -> Vec<Effect> {
        let mut effects: Vec<_> = match self.ring.since(seq) {
            Some(newer) => newer
                .map(|(after, message)| Effect::Say(Word::Passed(after, message.clone())))
                .collect(),
            None => vec![Effect::Say(Word::Reset {
                below: self.ring.floor(),
                seq: self.seq(),
            })],
        };
        effects.push(Effect::Say(Word::Stand(self.seq(), self.outage)));
        effects
    }

    fn passed(&mut self, after: i64, message: Message) -> Vec<Effect> {
        let seq = self.seq();
        if message.seq <= seq {
            return Vec::new();
        }
        if after > seq {
            // Asked once, the answer is on its way.
            let asked = self.leads || self.asked_at == Some(seq);
            return if asked { Vec::new() } else { vec![self.ask()] };
        }
        self.ring.push(message.clone());
        vec![Effect::Take(message)]
    }
}

#[cfg(test)]
mod tests;
