//! The board store: what every page reads, with a signal for each part that changes on its own.
//!
//! The rules are the [`Ledger`]'s. Here its changes only wake those who show what changed.

mod ledger;
mod news;

use std::rc::Rc;

use leptos::prelude::*;
use sparkq_core::wire::{Activity, Counts, Event, List, Overview, PluginFaults, Stream, Task};
use sparkq_core::{Age, Name, SessionId, Status, TaskId, Time};

pub(crate) use self::ledger::{Effect, Missing, Snapshot, Step};
use self::ledger::{Ledger, Touched};
pub(crate) use self::news::News;
use self::news::Newsroom;
use crate::client::tasks::NEWEST;
use crate::client::{Answer, NoAnswer};
use crate::clock::Clock;

/// How the page stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// Not connected yet.
    Connecting,
    /// Changes arrive as they are made.
    Live,
    /// The connection was lost, and is being tried again.
    Lost,
}

/// The server cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outage {
    /// Since when.
    pub(crate) since: Time,
    /// When it is tried again; none while it is being tried.
    pub(crate) next: Option<Time>,
}

/// Which face a view shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Face {
    /// Nothing has arrived yet.
    Loading,
    /// There is something to show, maybe nothing but emptiness.
    Ready,
    /// Nothing could be fetched, for this reason.
    Broken(String),
}

/// One task, with a signal of its own.
#[derive(Clone, PartialEq)]
pub(crate) struct Row {
    /// Its id, which is its key.
    pub(crate) id: TaskId,
    /// The task as it stands.
    pub(crate) task: ArcRwSignal<Task>,
}

/// The board; a handle, free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Board {
    ledger: StoredValue<Ledger>,
    newsroom: StoredValue<Newsroom, LocalStorage>,
    clock: Clock,
    face: RwSignal<Face>,
    link: RwSignal<Link>,
    outage: RwSignal<Option<Outage>>,
    project: RwSignal<String>,
    counts: RwSignal<Counts>,
    streams: RwSignal<Vec<Stream>>,
    left_alone: RwSignal<Vec<PluginFaults>>,
    watched: RwSignal<Vec<Name>>,
    warnings: RwSignal<Vec<String>>,
    active_sessions: RwSignal<u64>,
    rows: RwSignal<Vec<Row>>,
}

impl Board {
    /// Makes an empty board and gives it to everything below. The clock ticks fast while something runs.
    pub(crate) fn provide(clock: Clock) -> Self {
        let board = Self {
            ledger: StoredValue::new(Ledger::default()),
            newsroom: StoredValue::new_local(Newsroom::default()),
            clock,
            face: RwSignal::new(Face::Loading),
            link: RwSignal::new(Link::Connecting),
            outage: RwSignal::new(None),
            project: RwSignal::new(String::new()),
            counts: RwSignal::new(Counts::default()),
            streams: RwSignal::new(Vec::new()),
            left_alone: RwSignal::new(Vec::new()),
            watched: RwSignal::new(Vec::new()),
            warnings: RwSignal::new(Vec::new()),
            active_sessions: RwSignal::new(0),
            rows: RwSignal::new(Vec::new()),
        };
        let busy =
            Memo::new(move |_| board.counts.get().running > 0 || board.outage.get().is_some());
        clock.run(busy.into());
        provide_context(board);
        board
    }

    /// The board that was provided above.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Which face to show.
    pub(crate) fn face(self) -> Signal<Face> {
        self.face.into()
    }

    /// How the page stands with the server.
    pub(crate) fn link(self) -> Signal<Link> {
        self.link.into()
    }

    /// Since when the connection has been gone, if it is.
    pub(crate) fn outage(self) -> Signal<Option<Outage>> {
        self.outage.into()
    }

    /// The project's name.
    pub(crate) fn project(self) -> Signal<String> {
        self.project.into()
    }

    /// Tasks by status.
    pub(crate) fn counts(self) -> Signal<Counts> {
        self.counts.into()
    }

    /// How many tasks are stale by now.
    pub(crate) fn stale(self) -> Memo<u64> {
        Memo::new(move |_| {
            if self.counts.get().running == 0 {
                return 0;
            }
            let now = self.clock.now();
            self.ledger.with_value(|ledger| ledger.stale_at(now))
        })
    }

    /// All streams, the active ones first.
    pub(crate) fn streams(self) -> Signal<Vec<Stream>> {
        self.streams.into()
    }

    /// The plugins that keep failing, and are left alone by now.
    pub(crate) fn left_alone(self) -> Memo<Vec<PluginFaults>> {
        Memo::new(move |_| {
            let faults = self.left_alone.get();
            if faults.is_empty() {
                return faults;
            }
            let now = self.clock.now();
            let left_alone = |faults: &PluginFaults| faults.is_quarantined(now);
            faults.into_iter().filter(left_alone).collect()
        })
    }

    /// The names of the streams that have a watcher, as of the last look.
    pub(crate) fn watched(self) -> Signal<Vec<Name>> {
        self.watched.into()
    }

    /// What a person should look into, as the server says.
    pub(crate) fn warnings(self) -> Signal<Vec<String>> {
        self.warnings.into()
    }

    /// How many active sessions have no active stream.
    pub(crate) fn bare_sessions(self) -> Memo<u64> {
        Memo::new(move |_| {
            let streams = self.streams.read();
            let mut with_streams: Vec<&SessionId> = Vec::new();
            for stream in streams.iter() {
                let is_active = stream.status == Activity::Active;
                if is_active && !with_streams.contains(&&stream.session_id) {
                    with_streams.push(&stream.session_id);
                }
            }
            let active = self.active_sessions.get();
            active.saturating_sub(with_streams.len() as u64)
        })
    }

    /// The newest tasks, newest first.
    pub(crate) fn rows(self) -> Signal<Vec<Row>> {
        self.rows.into()
    }

    /// The newest tasks, of one stream or of all, newest first.
    pub(crate) fn tasks_of(self, stream: Memo<Option<String>>) -> Memo<Vec<Row>> {
        Memo::new(move |_| {
            let wanted = stream.get();
            let is_wanted = |row: &Row| {
                let of = |name: &str| {
                    row.task
                        .with_untracked(|task| task.stream_name.as_str().eq_ignore_ascii_case(name))
                };
                wanted.as_deref().is_none_or(of)
            };
            self.rows
                .with(|rows| rows.iter().filter(|row| is_wanted(row)).cloned().collect())
        })
    }

    /// How many tasks there are, of one stream or of all.
    pub(crate) fn total_of(self, stream: Memo<Option<String>>) -> Memo<u64> {
        Memo::new(move |_| match stream.get() {
            None => sum(&self.counts.get()),
            Some(name) => self.streams.with(|streams| {
                let named = streams
                    .iter()
                    .filter(|stream| stream.name.as_str().eq_ignore_ascii_case(&name));
                named.map(|stream| sum(&stream.counts)).sum()
            }),
        })
    }

    /// Seq of the newest event that was taken in.
    pub(crate) fn seq(self) -> i64 {
        self.ledger.with_value(Ledger::seq)
    }

    /// Starts over from what was fetched.
    pub(crate) fn load(self, snapshot: Snapshot) {
        self.clock.catch_up();
        let seq = snapshot.tasks.seq;
        self.newsroom.update_value(|room| room.start_over(seq));
        self.project.set(snapshot.overview.body.project.clone());
        self.note(&snapshot.overview.body);
        self.ledger.set_value(Ledger::start(snapshot, NEWEST));
        self.wake(&Touched {
            counts: true,
            streams: true,
            rows: true,
            ..Touched::default()
        });
        // Tasks that were rows before may have changed meanwhile.
        self.refresh_rows();
        if self.face.with_untracked(|face| *face != Face::Ready) {
            self.face.set(Face::Ready);
        }
        self.tell(&News::Anew);
    }

    /// Takes over counts and streams that were fetched again.
    pub(crate) fn load_counts(self, overview: Answer<Overview>, streams: Answer<List<Stream>>) {
        self.note(&overview.body);
        self.ledger
            .update_value(|ledger| ledger.load_counts(overview, streams));
        self.wake(&Touched {
            counts: true,
            streams: true,
            ..Touched::default()
        });
    }

    /// Takes over what no event tells, from a look at the whole queue.
    pub(crate) fn note(self, overview: &Overview) {
        set_if_other(self.left_alone, &overview.quarantined);
        set_if_other(self.warnings, &overview.warnings);
        set_if_other(self.active_sessions, &overview.active_sessions);
        let watched = overview.watchers.iter();
        let watched: Vec<Name> = watched.map(|watcher| watcher.stream.clone()).collect();
        set_if_other(self.watched, &watched);
    }

    /// Takes in one event.
    pub(crate) fn apply(self, event: &Event) {
        let is_news = event.seq > self.seq();
        let touched = self
            .ledger
            .try_update_value(|ledger| ledger.apply(event))
            .unwrap_or_default();
        if touched != Touched::default() {
            self.clock.catch_up();
            self.wake(&touched);
        }
        if is_news {
            self.newsroom.update_value(|room| room.keep(event.clone()));
            self.tell(&News::Event(event));
        }
    }

    /// Calls `listener` with every change that arrives, until whoever asked is gone.
    pub(crate) fn listen(self, listener: impl Fn(&News) + 'static) {
        let mut number = 0;
        self.newsroom
            .update_value(|room| number = room.enter(Rc::new(listener)));
        on_cleanup(move || {
            self.newsroom.try_update_value(|room| room.leave(number));
        });
    }

    /// The events that arrived after `seq`, oldest first, for who fetched something that includes `seq`; none when they
    /// are not all held any more, so that it has to be fetched again.
    pub(crate) fn heard_since(self, seq: i64) -> Option<Vec<Event>> {
        self.newsroom.with_value(|room| room.since(seq))
    }

    fn tell(self, news: &News) {
        // Whoever hears it may come and go meanwhile.
        let listeners = self.newsroom.with_value(Newsroom::listeners);
        for listener in listeners {
            listener(news);
        }
    }

    /// Passes over an event that cannot be read, and notes what is missing because of it.
    pub(crate) fn skip(self, seq: Option<i64>, missing: Missing) {
        self.ledger.update_value(|ledger| ledger.skip(seq, missing));
    }

    /// What has to be fetched.
    pub(crate) fn missing(self) -> Missing {
        self.ledger.with_value(Ledger::missing)
    }

    /// Notes how the page stands with the server: changes arrive, or it cannot be reached.
    pub(crate) fn stand(self, outage: Option<Outage>) {
        self.clock.catch_up();
        if self.outage.get_untracked() != outage {
            self.outage.set(outage);
        }
        let was_lost = self.link.get_untracked() == Link::Lost;
        self.link.set(match outage {
            None => Link::Live,
            Some(_) => Link::Lost,
        });
        if was_lost && outage.is_none() {
            self.tell(&News::Back);
        }
    }

    /// Notes that nothing could be fetched. What was fetched before stays to be seen.
    pub(crate) fn no_answer(self, reason: &NoAnswer) {
        if self.face.with_untracked(|face| *face != Face::Ready) {
            self.face.set(Face::Broken(reason.to_string()));
        }
    }

    fn wake(self, touched: &Touched) {
        self.ledger.with_value(|ledger| {
            if touched.counts {
                self.counts.set(ledger.counts());
            }
            if touched.streams {
                self.streams.set(active_first(ledger.streams()));
            }
            if let Some(task) = touched.row.as_ref().and_then(|id| ledger.row(id)) {
                let row = self
                    .rows
                    .with_untracked(|rows| rows.iter().find(|row| row.id == task.id).cloned());
                if let Some(row) = row {
                    row.task.set(task.clone());
                }
            }
            if touched.rows {
                self.rows
                    .update(|rows| *rows = keyed(std::mem::take(rows), ledger.rows()));
            }
        });
    }

    fn refresh_rows(self) {
        self.ledger.with_value(|ledger| {
            self.rows.with_untracked(|rows| {
                for (row, task) in rows.iter().zip(ledger.rows()) {
                    if row.task.with_untracked(|shown| shown != task) {
                        row.task.set(task.clone());
                    }
                }
            });
        });
    }
}

/// Whether `task` has been running for longer than its timeout. Follows the clock only while it runs.
pub(crate) fn is_stale(task: &Task, clock: Clock) -> bool {
    let Some(started) = task.started_at.filter(|_| task.status == Status::Running) else {
        return false;
    };
    Age::of(started, task.timeout, clock.now()) != Age::Fresh
}

/// Gives each task its row: the one it had, or a new one.
fn keyed(mut rows: Vec<Row>, tasks: &[Task]) -> Vec<Row> {
    let row_of = |task: &Task| {
        // The order is nearly the same, so that what is looked for is among the first.
        match rows.iter().position(|row| row.id == task.id) {
            Some(at) => rows.remove(at),
            None => Row {
                id: task.id.clone(),
                task: ArcRwSignal::new(task.clone()),
            },
        }
    };
    tasks.iter().map(row_of).collect()
}

/// Wakes nobody when nothing changed.
fn set_if_other<T: Clone + PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: &T) {
    if signal.with_untracked(|held| held != value) {
        signal.set(value.clone());
    }
}

fn sum(counts: &Counts) -> u64 {
    Status::ALL
        .into_iter()
        .map(|status| counts.of(status))
        .sum()
}

fn active_first(streams: &[Stream]) -> Vec<Stream> {
    let is_active = |stream: &Stream| stream.status == Activity::Active;
    let (mut active, ended): (Vec<_>, Vec<_>) = streams.iter().cloned().partition(is_active);
    active.extend(ended);
    active
}
