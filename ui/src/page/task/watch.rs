//! Fetches one task once, then follows its events. What no event carries is fetched when there is something new of it.

use std::sync::Arc;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::Status;
use sparkq_core::wire::TaskDetail;

use super::story::{Heard, Story};
use crate::board::{Board, News};
use crate::client::{self, Answer, NoAnswer};
use crate::pace::Pace;

/// Which face the page shows.
#[derive(Clone)]
pub(super) enum Face {
    /// Nothing has arrived yet.
    Loading,
    /// The task, as it stands.
    Here(ArcRwSignal<Story>),
    /// There is no such task, or no longer.
    Missing(NoAnswer),
    /// It could not be fetched.
    Broken(NoAnswer),
}

/// What the task printed.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Outputs {
    /// Where the task stood when they were fetched.
    pub(super) of: Option<Status>,
    /// On its standard output.
    pub(super) stdout: Option<Arc<str>>,
    /// On its error stream.
    pub(super) stderr: Option<Arc<str>>,
}

/// One task that is being watched; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    /// The id as the address has it.
    given: StoredValue<String>,
    board: Board,
    /// Which face to show.
    pub(super) face: RwSignal<Face>,
    /// What the task printed, as far as that was fetched.
    pub(super) outputs: RwSignal<Outputs>,
    fetching: StoredValue<bool>,
    pace: Pace,
    /// Whether there was no answer the last time.
    failed: StoredValue<bool>,
    /// The newest event that an answer has to include.
    wanted: StoredValue<i64>,
}

impl Watch {
    /// Begins to watch a task, until whoever asked is gone.
    pub(super) fn begin(given: String) -> Self {
        let watch = Self {
            given: StoredValue::new(given),
            board: Board::expect(),
            face: RwSignal::new(Face::Loading),
            outputs: RwSignal::new(Outputs::default()),
            fetching: StoredValue::new(false),
            pace: Pace::begin(),
            failed: StoredValue::new(false),
            wanted: StoredValue::new(0),
        };
        watch.board.listen(move |news| match news {
            News::Event(event) => watch.hear(|story| story.hear(event)),
            News::Anew => watch.start_over(),
            News::Back if watch.failed.try_get_value() == Some(true) => watch.fetch(),
            News::Back => {}
        });
        watch.fetch();
        watch
    }

    /// Fetches the task, one time after the other.
    pub(super) fn fetch(self) {
        if self.fetching.try_get_value() != Some(false) {
            return;
        }
        self.fetching.set_value(true);
        spawn_local(async move {
            let Some(given) = self.given.try_get_value() else {
                return;
            };
            let asked = client::tasks::detail(&given).await;
            let seq = asked.as_ref().map_or(i64::MAX, |answer| answer.seq);
            self.failed.try_set_value(asked.is_err());
            if let Some(outputs) = self.take(asked) {
                // Megabytes are read and drawn each in its turn, so that the page stays awake.
                TimeoutFuture::new(0).await;
                self.print(outputs);
            }
            self.fetching.try_set_value(false);
            if self.wanted.try_get_value() > Some(seq) {
                self.pace.soon(move || self.fetch());
            }
        });
    }

    /// Fetches soon, until an answer includes `seq`.
    fn fetch_with(self, seq: i64) {
        self.wanted.try_set_value(seq);
        self.pace.soon(move || self.fetch());
    }

    /// Takes in an answer, and returns what the task printed.
    fn take(self, asked: Result<Answer<TaskDetail>, NoAnswer>) -> Option<Outputs> {
        let here = match self.face.try_get_untracked()? {
            Face::Here(story) => Some(story),
            _ => None,
        };
        match asked {
            Ok(answer) => return Some(self.show(answer, here)),
            Err(reason) if reason.is_not_found() || reason.code == "TASK_AMBIGUOUS" => {
                self.face.set(Face::Missing(reason));
            }
            // What was fetched before stays to be seen; the banner says that it may be old.
            Err(_) if here.is_some() => {}
            Err(reason) => self.face.set(Face::Broken(reason)),
        }
        None
    }

    fn print(self, outputs: Outputs) {
        let differs = self.outputs.try_with_untracked(|shown| *shown != outputs);
        if differs == Some(true) {
            self.outputs.set(outputs);
        }
    }

    fn show(self, answer: Answer<TaskDetail>, here: Option<ArcRwSignal<Story>>) -> Outputs {
        let Answer { mut body, seq } = answer;
        let outputs = Outputs {
            of: Some(body.task.status),
            stdout: body.stdout.take().map(Arc::from),
            stderr: body.stderr.take().map(Arc::from),
        };
        match here {
            None => {
                let story = Story::of(body, seq);
                self.face.set(Face::Here(ArcRwSignal::new(story)));
            }
            Some(story) => story.set(Story::of(body, seq)),
        }
        match self.board.heard_since(seq) {
            Some(events) => {
                for event in events {
                    self.hear(|story| story.hear(&event));
                }
            }
            None => {
                self.wanted.try_set_value(self.board.seq());
            }
        }
        outputs
    }

    /// Takes in news.
    fn hear(self, take: impl FnOnce(&mut Story) -> Heard) {
        let Some(Face::Here(story)) = self.face.try_get_untracked() else {
            return;
        };
        let mut heard = Heard::Nothing;
        let mut seq = 0;
        story.maybe_update(|story| {
            heard = take(story);
            seq = story.seq;
            heard != Heard::Nothing
        });
        if heard == Heard::Fetch {
            self.fetch_with(seq);
        }
    }

    /// Fetches again, unless what is shown is what the board has just fetched.
    fn start_over(self) {
        let known = match self.face.try_get_untracked() {
            Some(Face::Here(story)) => story.with_untracked(|story| story.seq),
            _ => 0,
        };
        if known != self.board.seq() {
            self.fetch_with(self.board.seq());
        }
    }
}
