//! Carries out what [`Sharing`] and the [`Agenda`] say, with the browser's means.

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender};
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use sparkq_core::Time;
use sparkq_core::wire::Event;

use super::agenda::{Agenda, Duty, backoff};
use super::channel::Channel;
use super::lock::Lock;
use super::sharing::{Effect, Sharing};
use super::source::{Note, Source};
use super::word::{Message, Word};
use super::{Input, fetch, presence};
use crate::board::{Board, Missing, Outage};
use crate::{clock, json};

/// The least time between two fetches of the same, in milliseconds.
const BREATH: i64 = 1000;

/// How long nothing may have happened before the counts are fetched again to be exact, in milliseconds.
const QUIET: i64 = 300;

/// How long a tab that nobody sees goes on, in milliseconds: most who leave come back at once.
const GRACE: i64 = 5000;

/// How long a connection may say nothing before somebody looks whether it is still there, in milliseconds.
const SILENCE: i64 = 45_000;

/// How long a tab that comes into sight trusts the connection without having heard anything, in milliseconds.
const TRUST: i64 = 10_000;

/// How long a connection may take to be made, and a leader to answer, in milliseconds.
const PATIENCE: i64 = 5000;

/// How long the clock is not looked at, at most, in milliseconds: a machine that sleeps does not count its timers down.
const LOOK: i64 = 10_000;

/// Keeps one board up to date.
pub(super) struct Driver {
    board: Board,
    sender: UnboundedSender<Input>,
    inbox: UnboundedReceiver<Input>,
    agenda: Agenda,
    /// There from when everything has been fetched once.
    sharing: Option<Sharing>,
    /// What this tab shares with others, while it is in sight.
    company: Option<Company>,
    source: Option<Source>,
    /// The number of the newest connection or lock.
    number: u32,
    /// When the server, or the leader, was last heard.
    heard_at: i64,
    /// When everything was last fetched.
    fetched_at: i64,
    /// When counts and streams were last fetched alone.
    counted_at: i64,
    /// How often counts that were fetched were not exact.
    inexact: u32,
    failures: u32,
    lost_at: Option<Time>,
}

/// What makes a tab one of several: none of it where the browser has no locks.
struct Company {
    lock: Option<(u32, Lock)>,
    channel: Option<Channel>,
}

impl Driver {
    pub(super) fn new(
        board: Board,
        sender: UnboundedSender<Input>,
        inbox: UnboundedReceiver<Input>,
    ) -> Self {
        Self {
            board,
            sender,
            inbox,
            agenda: Agenda::default(),
            sharing: None,
            company: None,
            source: None,
            number: 0,
            heard_at: 0,
            fetched_at: 0,
            counted_at: 0,
            inexact: 0,
            failures: 0,
            lost_at: None,
        }
    }

    /// Goes on for as long as the page is there.
    pub(super) async fn run(mut self) {
        self.agenda.set(Duty::Fetch, 0);
        loop {
            if let Some(input) = self.next().await {
                self.take(input);
            } else if let Some(duty) = self.agenda.due(now()) {
                self.carry_out(duty).await;
            }
            self.look_what_is_missing();
        }
    }

    /// Waits for something to come, or for a duty to be due. What has come already goes first.
    async fn next(&mut self) -> Option<Input> {
        if let Ok(input) = self.inbox.try_recv() {
            return Some(input);
        }
        let sleeps = self.sharing.is_some() && self.company.is_none();
        let rest = if sleeps {
            None
        } else {
            self.agenda.rest(now())
        };
        let Some(rest) = rest else {
            return self.inbox.recv().await.ok();
        };
        if rest == 0 {
            return None;
        }
        let wait = u32::try_from(rest.min(LOOK)).unwrap_or_default();
        match select(self.inbox.recv(), TimeoutFuture::new(wait)).await {
            Either::Left((input, _)) => input.ok(),
            Either::Right(_) => None,
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Note(number, note) if number == self.number_of_source() => self.note(note),
            Input::Heard(text) => self.hear(&text),
            Input::Granted(number) if number == self.number_of_lock() => {
                self.agenda.clear(Duty::Steal);
                self.lead();
            }
            Input::Robbed(number) if number == self.number_of_lock() => self.robbed(),
            Input::Shown => self.wake(),
            Input::Hidden => self.agenda.set(Duty::Sleep, now() + GRACE),
            Input::Left => self.sleep(),
            Input::Retry => self.try_at_once(),
            // What an old connection or lock had to say.
            Input::Note(..) | Input::Granted(_) | Input::Robbed(_) => {}
        }
    }

    async fn carry_out(&mut self, duty: Duty) {
        match duty {
            Duty::Sleep => self.sleep(),
            Duty::Fetch => self.fetch().await,
            Duty::Counts => self.fetch_counts().await,
            Duty::Connect => self.connect().await,
            Duty::Check => self.check().await,
            Duty::Steal => self.steal(),
        }
    }
}

/// Fetching.
impl Driver {
    async fn fetch(&mut self) {
        match fetch::snapshot().await {
            Ok(snapshot) => {
                self.fetched_at = now();
                self.failures = 0;
                let seq = snapshot.tasks.seq;
                self.board.load(snapshot);
                if self.sharing.is_none() {
                    self.sharing = Some(Sharing::new(seq));
                    if !presence::is_hidden() {
                        self.enter();
                    }
                }
                let outage = self.sharing.as_ref().and_then(Sharing::outage);
                if self.lost_at.is_some() && self.source.is_some() == self.leads() {
                    self.show(outage);
                }
            }
            Err(reason) => {
                self.board.no_answer(&reason);
                let outage = self.fail(Duty::Fetch);
                self.board.stand(Some(outage));
            }
        }
    }

    async fn fetch_counts(&mut self) {
        self.counted_at = now();
        match fetch::counts_in_time().await {
            Some((overview, streams)) => self.board.load_counts(overview, streams),
            None => self.agenda.by(Duty::Fetch, now() + BREATH),
        }
        self.inexact = (self.inexact + 1).min(8);
    }

    fn look_what_is_missing(&mut self) {
        if self.agenda.has(Duty::Fetch) {
            self.agenda.clear(Duty::Counts);
            return;
        }
        match self.board.missing() {
            Missing::Nothing => {
                self.inexact = 0;
                self.agenda.clear(Duty::Counts);
            }
            Missing::Rest => {
                let rested = self.heard_at.max(self.fetched_at) + (QUIET << self.inexact);
                let at = rested.max(self.counted_at + BREATH);
                self.agenda.set(Duty::Counts, at);
            }
            Missing::Streams => self.agenda.set(Duty::Counts, self.counted_at + BREATH),
            Missing::Everything => self.fetch_soon(),
        }
    }

    fn fetch_soon(&mut self) {
        self.agenda.by(Duty::Fetch, self.fetched_at + BREATH);
    }

    fn show(&mut self, outage: Option<Outage>) {
        self.lost_at = outage.map(|outage| outage.since);
        self.board.stand(outage);
    }

    /// Notes a failure, has `duty` done again later, and returns what to tell of it.
    fn fail(&mut self, duty: Duty) -> Outage {
        let now = clock::read();
        let next = now.as_millis() + backoff(self.failures);
        self.failures = self.failures.saturating_add(1);
        self.agenda.set(duty, next);
        Outage {
            since: *self.lost_at.get_or_insert(now),
            next: Some(Time::from_millis(next)),
        }
    }
}

/// The connection to the server, which only the leader has.
impl Driver {
    fn open(&mut self) {
        self.number += 1;
        let number = self.number;
        let after = self.seq();
        self.source = Source::open(number, after, &self.sender);
        self.agenda.clear(Duty::Connect);
        if self.source.is_some() {
            self.heard_at = now();
            self.agenda.set(Duty::Check, self.heard_at + PATIENCE);
        } else {
            self.lose();
        }
    }

    fn note(&mut self, note: Note) {
        self.heard_at = now();
        self.agenda.set(Duty::Check, self.heard_at + SILENCE);
        match note {
            Note::Open => {
                self.failures = 0;
                self.share(|sharing| sharing.stand(None));
            }
            Note::Message { kind, seq, data } => {
                let seq = seq.unwrap_or_else(|| self.seq());
                let kind = kind.to_owned();
                self.share(|sharing| sharing.told(Message { kind, seq, data }));
            }
            Note::Broken => self.lose(),
        }
    }

    fn lose(&mut self) {
        self.source = None;
        self.agenda.clear(Duty::Check);
        let outage = self.fail(Duty::Connect);
        self.share(|sharing| sharing.stand(Some(outage)));
    }

    /// Connects after a failure. Asking first tells a server that is still away from one that has another database by now.
    async fn connect(&mut self) {
        if let Some(since) = self.lost_at {
            let outage = Some(Outage { since, next: None });
            self.share(|sharing| sharing.stand(outage));
        }
        match fetch::sign_of_life().await {
            Some(seq) => {
                if seq < self.seq() {
                    self.share(|sharing| sharing.reset(seq));
                }
                self.open();
            }
            None => self.lose(),
        }
    }

    /// Looks whether there is anything that should have come.
    async fn check(&mut self) {
        if !self.leads() {
            self.ask_the_leader();
        } else if self.source.is_some() {
            match fetch::sign_of_life().await {
                Some(seq) if seq == self.seq() => {
                    self.agenda.set(Duty::Check, now() + SILENCE);
                }
                Some(_) => self.open(),
                None => self.lose(),
            }
        }
    }
}

/// The other tabs.
impl Driver {
    /// Takes part: the tab is in sight.
    fn enter(&mut self) {
        self.company = Some(Company {
            lock: None,
            channel: Channel::join(&self.sender),
        });
        self.stand_in_line();
    }

    /// Asks for the lock, and follows whoever has it. Without locks every tab leads itself.
    fn stand_in_line(&mut self) {
        self.source = None;
        self.agenda.clear(Duty::Connect);
        self.ask_for_lock(false);
        if self.number_of_lock() == 0 {
            self.go_alone();
        } else {
            if let Some(sharing) = &mut self.sharing {
                sharing.follow();
            }
            self.ask_the_leader();
        }
    }

    fn ask_for_lock(&mut self, steal: bool) {
        self.number += 1;
        let (number, sender) = (self.number, &self.sender);
        if let Some(company) = &mut self.company {
            // The place in the line is given up first.
            company.lock = None;
            company.lock = Lock::ask(number, steal, sender).map(|lock| (number, lock));
        }
    }

    /// Asks for what came since. A leader that does not answer is none.
    fn ask_the_leader(&mut self) {
        self.share(|sharing| vec![sharing.ask()]);
        self.agenda.set(Duty::Steal, now() + PATIENCE);
    }

    fn robbed(&mut self) {
        if self.leads() {
            self.stand_in_line();
        } else {
            // It never had the lock: there is none to be had here.
            self.go_alone();
        }
    }

    fn go_alone(&mut self) {
        self.company = Some(Company {
            lock: None,
            channel: None,
        });
        self.agenda.clear(Duty::Steal);
        self.lead();
    }

    fn steal(&mut self) {
        if !self.leads() {
            self.ask_for_lock(true);
        }
    }

    fn lead(&mut self) {
        if let Some(sharing) = &mut self.sharing {
            sharing.lead();
        }
        self.open();
    }

    fn hear(&mut self, text: &str) {
        let Some(word) = Word::read(text) else { return };
        let from_the_leader = !matches!(word, Word::Have(_) | Word::Retry);
        if from_the_leader && !self.leads() {
            self.heard_at = now();
            self.agenda.clear(Duty::Steal);
            self.agenda.set(Duty::Check, self.heard_at + SILENCE);
        }
        self.share(|sharing| sharing.heard(word));
    }

    /// Does what the rules say.
    fn share(&mut self, rule: impl FnOnce(&mut Sharing) -> Vec<Effect>) {
        let effects = self.sharing.as_mut().map(rule).unwrap_or_default();
        for effect in effects {
            match effect {
                Effect::Say(word) => self.say(&word),
                Effect::Take(message) => self.take_in(&message),
                Effect::Fetch => self.fetch_soon(),
                Effect::Show(outage) => self.show(outage),
                Effect::Retry => self.try_at_once(),
            }
        }
    }

    fn say(&self, word: &Word) {
        let company = self.company.as_ref();
        if let Some(channel) = company.and_then(|company| company.channel.as_ref()) {
            channel.say(word);
        }
    }

    /// Takes in one message. What this page cannot read, as a newer server may send it, makes it fetch instead.
    fn take_in(&mut self, message: &Message) {
        match json::read::<Event>(&message.data) {
            // What is about to be fetched includes it.
            _ if self.agenda.has(Duty::Fetch) => {}
            Ok(event) => self.board.apply(&event),
            Err(_) => self
                .board
                .skip(Some(message.seq), Missing::after(&message.kind)),
        }
    }

    fn leads(&self) -> bool {
        self.sharing.as_ref().is_some_and(Sharing::leads)
    }

    fn seq(&self) -> i64 {
        self.sharing.as_ref().map_or(0, Sharing::seq)
    }

    fn number_of_source(&self) -> u32 {
        self.source.as_ref().map_or(0, Source::number)
    }

    fn number_of_lock(&self) -> u32 {
        let company = self.company.as_ref();
        let lock = company.and_then(|company| company.lock.as_ref());
        lock.map_or(0, |(number, _)| *number)
    }
}

/// Coming and going.
impl Driver {
    fn wake(&mut self) {
        self.agenda.clear(Duty::Sleep);
        let is_old = self.heard_at + TRUST < now();
        if self.company.is_none() && self.sharing.is_some() {
            self.enter();
        } else if self.lost_at.is_some() {
            self.try_at_once();
        } else if is_old && self.company.is_some() {
            self.agenda.set(Duty::Check, 0);
        }
    }

    /// Lets go of all that is shared, so that a tab in sight has it. What this tab knows stays.
    fn sleep(&mut self) {
        self.source = None;
        self.company = None;
        if let Some(sharing) = &mut self.sharing {
            sharing.follow();
        }
        for duty in [Duty::Sleep, Duty::Connect, Duty::Check, Duty::Steal] {
            self.agenda.clear(duty);
        }
    }

    fn try_at_once(&mut self) {
        self.failures = 0;
        if self.agenda.has(Duty::Fetch) {
            self.agenda.set(Duty::Fetch, 0);
        }
        if self.agenda.has(Duty::Connect) {
            self.agenda.set(Duty::Connect, 0);
        }
        if !self.leads() {
            self.say(&Word::Retry);
        }
    }
}

/// What time it is, in milliseconds since 1970.
fn now() -> i64 {
    clock::read().as_millis()
}
