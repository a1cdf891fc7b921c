//! Who hears of changes beside the board: the pages that fetched something of their own, and keep it up to date.

use std::collections::VecDeque;
use std::rc::Rc;

use sparkq_core::wire::Event;

/// How many events are kept for those who are fetching meanwhile.
const KEPT: usize = 300;

/// What a page hears.
pub(crate) enum News<'a> {
    /// Something changed. Each event comes once, in the order of the log.
    Event(&'a Event),
    /// Changes may have been missed: what was fetched has to be fetched again.
    Anew,
    /// The server is reached again: what could not be fetched can be.
    Back,
}

/// Somebody who hears of changes.
pub(super) type Listener = Rc<dyn Fn(&News)>;

/// The listeners, and the newest events.
#[derive(Default)]
pub(super) struct Newsroom {
    listeners: Vec<(u32, Listener)>,
    last: u32,
    events: VecDeque<Event>,
    /// The newest event that is no longer kept.
    forgotten: i64,
}

impl Newsroom {
    /// Adds a listener, and returns the number by which it leaves.
    pub(super) fn enter(&mut self, listener: Listener) -> u32 {
        self.last += 1;
        self.listeners.push((self.last, listener));
        self.last
    }

    /// Removes a listener.
    pub(super) fn leave(&mut self, number: u32) {
        self.listeners.retain(|(taken, _)| *taken != number);
    }

    /// Those who listen at this moment.
    pub(super) fn listeners(&self) -> Vec<Listener> {
        let listeners = self.listeners.iter();
        listeners.map(|(_, listener)| listener.clone()).collect()
    }

    /// Keeps an event for a while.
    pub(super) fn keep(&mut self, event: Event) {
        self.events.push_back(event);
        if self.events.len() > KEPT {
            self.forgotten = self.events.pop_front().map_or(0, |event| event.seq);
        }
    }

    /// Starts over at `seq`: what came before may have holes.
    pub(super) fn start_over(&mut self, seq: i64) {
        self.events.clear();
        self.forgotten = seq;
    }

    /// The events after `seq`, oldest first; none when some of them are no longer kept.
    pub(super) fn since(&self, seq: i64) -> Option<Vec<Event>> {
        let newer = self.events.iter().filter(|event| event.seq > seq);
        (self.forgotten <= seq).then(|| newer.cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: i64) -> Event {
        let event = format!(
            r#"{{"seq":{seq},"at":"2026-01-01T00:00:00.000Z","kind":"task.claimed","actor":"a"}}"#
        );
        serde_json::from_str(&event).expect("an event")
    }

    #[test]
    fn who_fetched_meanwhile_gets_what_came_after_or_hears_that_it_is_gone() {
        let mut room = Newsroom::default();
        (1..=310).for_each(|seq| room.keep(event(seq)));
        let seqs = |since| {
            let events = room.since(since)?;
            Some(events.iter().map(|event| event.seq).collect::<Vec<_>>())
        };
        assert_eq!(seqs(308), Some(vec![309, 310]));
        assert_eq!(seqs(10).map(|seqs| seqs.len()), Some(300));
        assert_eq!(seqs(9), None);
    }

    #[test]
    fn nobody_follows_from_before_a_new_start() {
        let mut room = Newsroom::default();
        (1..=9).for_each(|seq| room.keep(event(seq)));
        room.start_over(20);
        room.keep(event(21));
        assert_eq!(room.since(5), None);
        assert_eq!(room.since(20).map(|events| events.len()), Some(1));
    }

    #[test]
    fn who_leaves_hears_no_more() {
        let mut room = Newsroom::default();
        let first = room.enter(Rc::new(|_| {}));
        room.enter(Rc::new(|_| {}));
        room.leave(first);
        assert_eq!(room.listeners().len(), 1);
    }
}
