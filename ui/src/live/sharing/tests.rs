use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

fn message(seq: i64) -> Message {
    Message {
        kind: "task.enqueued".to_owned(),
        seq,
        data: "{}".to_owned(),
    }
}

fn leader(seq: i64) -> Sharing {
    let mut tab = Sharing::new(seq);
    tab.lead();
    tab
}

fn passed(after: i64, seq: i64) -> Word {
    Word::Passed(after, message(seq))
}

fn outage() -> Outage {
    Outage {
        since: sparkq_core::Time::from_millis(1),
        next: None,
    }
}

#[test]
fn the_leader_takes_in_what_the_server_says_and_passes_it_on_once() {
    let mut tab = leader(5);
    assert_eq!(
        tab.told(message(7)),
        [Effect::Say(passed(5, 7)), Effect::Take(message(7))]
    );
    assert_eq!(tab.told(message(7)), []);
    assert_eq!(tab.seq(), 7);
}

#[test]
fn a_follower_takes_in_what_follows_on_what_it_has_and_passes_over_what_it_had() {
    let mut tab = Sharing::new(5);
    assert_eq!(tab.heard(passed(5, 7)), [Effect::Take(message(7))]);
    assert_eq!(tab.heard(passed(5, 7)), []);
    // Events of one task that came as one, to a leader that began earlier.
    assert_eq!(tab.heard(passed(6, 9)), [Effect::Take(message(9))]);
}

#[test]
fn a_follower_that_lacks_something_asks_once_and_takes_the_rest_from_the_answer() {
    let mut ahead = leader(5);
    for seq in 6..=8 {
        ahead.told(message(seq));
    }
    let mut tab = Sharing::new(6);
    assert_eq!(tab.heard(passed(8, 9)), [Effect::Say(Word::Have(6))]);
    assert_eq!(tab.heard(passed(9, 10)), []);
    let answer = ahead.heard(Word::Have(6));
    assert_eq!(
        answer,
        [
            Effect::Say(passed(6, 7)),
            Effect::Say(passed(7, 8)),
            Effect::Say(Word::Stand(8, None))
        ]
    );
    assert_eq!(tab.heard(passed(6, 7)), [Effect::Take(message(7))]);
    assert_eq!(tab.heard(passed(7, 8)), [Effect::Take(message(8))]);
    // It lacks something again, and asks again.
    assert_eq!(tab.heard(passed(9, 10)), [Effect::Say(Word::Have(8))]);
}

#[test]
fn who_lacks_more_than_is_kept_fetches_and_nobody_else_does() {
    let mut ahead = leader(20);
    ahead.told(message(21));
    let answer = ahead.heard(Word::Have(10));
    let reset = Word::Reset { below: 20, seq: 21 };
    assert_eq!(answer[0], Effect::Say(reset.clone()));
    let (mut behind, mut near) = (Sharing::new(10), Sharing::new(20));
    assert_eq!(behind.heard(reset.clone()), [Effect::Fetch]);
    assert_eq!(behind.heard(passed(21, 22)), [Effect::Take(message(22))]);
    assert_eq!(near.heard(reset), []);
}

#[test]
fn a_reset_of_the_server_reaches_all_also_those_whose_log_was_longer() {
    let mut ahead = leader(50);
    let told = ahead.told(Message {
        kind: "reset".to_owned(),
        ..message(3)
    });
    let reset = Word::Reset {
        below: i64::MAX,
        seq: 3,
    };
    assert_eq!(told, [Effect::Say(reset.clone()), Effect::Fetch]);
    let mut tab = Sharing::new(60);
    assert_eq!(tab.heard(reset), [Effect::Fetch]);
    assert_eq!((ahead.seq(), tab.seq()), (3, 3));
}

#[test]
fn a_follower_shows_how_the_leader_stands_and_asks_when_it_is_behind() {
    let mut tab = Sharing::new(5);
    let lost = Word::Stand(5, Some(outage()));
    assert_eq!(tab.heard(lost), [Effect::Show(Some(outage()))]);
    assert_eq!(
        tab.heard(Word::Stand(6, None)),
        [Effect::Show(None), Effect::Say(Word::Have(5))]
    );
    assert_eq!(tab.heard(Word::Retry), []);
    tab.lead();
    assert_eq!(tab.heard(Word::Retry), [Effect::Retry]);
}

#[test]
fn what_is_kept_is_bounded_by_number_and_by_size() {
    let mut tab = leader(0);
    (1..=510).for_each(|seq| drop(tab.told(message(seq))));
    assert_eq!(tab.ring.floor(), 10);
    tab.told(Message {
        data: "x".repeat(600 * 1024),
        ..message(511)
    });
    assert_eq!((tab.ring.floor(), tab.seq()), (511, 511));
}

/// A browser with some tabs, and a channel that delivers what each says in its order.
struct Browser {
    tabs: Vec<Sharing>,
    /// What each has taken in.
    taken: Vec<Vec<i64>>,
    /// Said, and not heard yet, by listener.
    on_its_way: Vec<VecDeque<Word>>,
    log: i64,
}

impl Browser {
    fn new(tabs: usize) -> Self {
        Self {
            tabs: (0..tabs).map(|_| Sharing::new(0)).collect(),
            taken: vec![Vec::new(); tabs],
            on_its_way: vec![VecDeque::new(); tabs],
            log: 0,
        }
    }

    fn carry_out(&mut self, tab: usize, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Say(word) => {
                    for (listener, inbox) in self.on_its_way.iter_mut().enumerate() {
                        if listener != tab {
                            inbox.push_back(word.clone());
                        }
                    }
                }
                Effect::Take(message) => self.taken[tab].push(message.seq),
                // What is fetched includes all that has happened.
                Effect::Fetch => self.taken[tab] = (1..=self.log).collect(),
                Effect::Show(_) | Effect::Retry => {}
            }
        }
    }

    fn hear(&mut self, tab: usize) {
        if let Some(word) = self.on_its_way[tab].pop_front() {
            let effects = self.tabs[tab].heard(word);
            self.carry_out(tab, effects);
        }
    }

    /// Makes a tab the leader, which has the server say what it lacks.
    fn lead(&mut self, tab: usize) {
        for other in 0..self.tabs.len() {
            if other != tab && self.tabs[other].leads() {
                self.tabs[other].follow();
                let effect = self.tabs[other].ask();
                self.carry_out(other, vec![effect]);
            }
        }
        self.tabs[tab].lead();
        let effects = self.tabs[tab].stand(None);
        self.carry_out(tab, effects);
        self.tell(tab);
    }

    fn tell(&mut self, tab: usize) {
        for seq in self.tabs[tab].seq() + 1..=self.log {
            let effects = self.tabs[tab].told(message(seq));
            self.carry_out(tab, effects);
        }
    }
}

proptest! {
    #[test]
    fn whoever_leads_and_whenever_words_arrive_every_tab_takes_in_every_event_once(
        steps in prop::collection::vec((0..4_usize, 0..3_usize), 1..200)
    ) {
        let mut browser = Browser::new(3);
        browser.lead(0);
        for (what, tab) in steps {
            match what {
                0 => browser.lead(tab),
                1 => {
                    browser.log += 1;
                    if let Some(leader) = browser.tabs.iter().position(Sharing::leads) {
                        browser.tell(leader);
                    }
                }
                _ => browser.hear(tab),
            }
        }
        let leader = browser.tabs.iter().position(Sharing::leads).expect("one");
        let effects = browser.tabs[leader].stand(None);
        browser.carry_out(leader, effects);
        while browser.on_its_way.iter().any(|inbox| !inbox.is_empty()) {
            (0..3).for_each(|tab| browser.hear(tab));
        }
        let all: Vec<i64> = (1..=browser.log).collect();
        for taken in browser.taken {
            // After a fetch, events it included are not news to the ledger.
            let mut seen = Vec::new();
            for seq in taken {
                if seen.last().is_none_or(|last| *last < seq) {
                    seen.push(seq);
                }
            }
            prop_assert_eq!(&seen, &all);
        }
    }
}
