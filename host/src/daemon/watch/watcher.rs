//! One watcher: it tells its rules what it sees, and does what they say.

use std::sync::Arc;
use std::time::Duration;

use sparkq_core::wire::{Activity, Stream, WatcherInfo};
use sparkq_core::{Kind, Name, Refusal, StreamId};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::files::Files;
use super::guard::Guard;
use super::rules::{Next, Polls, Seen, Work, decide};
use crate::daemon::RunFolder;
use crate::queue::{Commits, Error, Queue};

/// How long a pipe that is gone is still held: longer than opening it takes.
pub(super) const MOMENT: Duration = Duration::from_millis(20);

/// How long a watcher rests that could not do what it should.
const TROUBLE: Duration = Duration::from_secs(1);

/// What a person who looks on is told.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Told<'a> {
    /// A watcher has begun.
    Watching(&'a Stream),
    /// It has woken a worker.
    Woke(&'a Name),
    /// It has ended with its stream.
    Ended(&'a Name),
}

/// Why a watcher has nothing more to watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The stream has ended, or is gone.
    Ended,
    /// The stream has another name, and so other files.
    Renamed,
}

/// Who looks on.
pub(crate) type Onlooker = Arc<dyn Fn(Told<'_>) + Send + Sync>;

/// What every watcher of one process has.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub(super) queue: Arc<Queue>,
    pub(super) commits: Commits,
    pub(super) in_server: bool,
    pub(super) onlooker: Onlooker,
}

/// A watcher that has its stream's lock and pipe.
pub(super) struct Watcher {
    around: Surroundings,
    commits: watch::Receiver<()>,
    stream: StreamId,
    name: Name,
    files: Files,
    guard: Guard,
}

impl Watcher {
    /// Takes the lock of `stream`, which must be active and have no watcher yet, and makes its pipe in `folder`.
    pub(super) fn take(
        around: Surroundings,
        folder: &RunFolder,
        stream: &Stream,
    ) -> Result<Self, Error> {
        let name = stream.name.clone();
        if stream.status == Activity::Ended {
            return Err(Refusal::Ended {
                kind: Kind::Stream,
                id: stream.id.to_string(),
                name: name.into(),
            }
            .into());
        }
        let info = WatcherInfo {
            stream: name.clone(),
            pid: std::process::id(),
            since: crate::now(),
            in_server: around.in_server,
        };
        let guard = Guard::take(folder, &info)?;
        let files = Files::make(folder.path(), &name).map_err(|error| {
            Error::Internal(format!(
                "the pipe of stream `{name}` cannot be made in {}: {error}",
                folder.path().display()
            ))
        })?;
        (around.onlooker)(Told::Watching(stream));
        Ok(Self {
            commits: around.commits.watch_stream(&stream.id),
            around,
            stream: stream.id.clone(),
            name,
            files,
            guard,
        })
    }

    /// Goes without having watched, and removes pipe and flag.
    pub(super) fn leave(self) {
        self.files.remove();
    }

    /// Watches until `stop`, or until the stream has ended, and removes pipe and flag. Gives the lock, the last thing
    /// to let go of; none where the stream got another name and cannot be watched under it.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) -> Option<Guard> {
        loop {
            let renamed = tokio::select! {
                end = self.watch() => end == End::Renamed,
                // An error means that nobody can stop it any more, so it stops.
                _ = stop.wait_for(|stop| *stop) => false,
            };
            self.files.remove();
            sleep(MOMENT).await;
            if !renamed {
                return Some(self.guard);
            }
            self = self.under_its_new_name().await?;
        }
    }

    async fn under_its_new_name(self) -> Option<Self> {
        let folder = RunFolder::of(&self.around.queue.project());
        let given = self.stream.to_string();
        let stream = self.around.queue.stream(given).await;
        let taken =
            stream.and_then(|stream| Self::take(self.around.clone(), &folder, &stream.value));
        match taken {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                tracing::warn!(%error, stream = %self.name, "a renamed stream cannot be watched");
                None
            }
        }
    }

    /// Watches until the stream has ended, or got another name.
    async fn watch(&mut self) -> End {
        let mut seen = Seen::default();
        let mut looked: Option<Instant> = None;
        loop {
            seen.flag = self.files.flag();
            seen.age = looked.map(|at| at.elapsed());
            // As they are now: the server may have read them anew.
            let polls = Polls::from(&self.around.queue.project().config.watch);
            let rest = match decide(&seen, polls) {
                Next::Look => {
                    self.commits.mark_unchanged();
                    let work = match self.look().await {
                        Ok(work) => work,
                        Err(end) => return end,
                    };
                    looked = Some(Instant::now());
                    seen = Seen {
                        work,
                        ..Seen::default()
                    };
                    continue;
                }
                Next::Wake(effects) => {
                    let done: Result<(), _> = effects
                        .into_iter()
                        .try_for_each(|effect| self.files.apply(effect));
                    match done {
                        Ok(()) => {
                            (self.around.onlooker)(Told::Woke(&self.name));
                            seen.work = Work::Some;
                            continue;
                        }
                        Err(error) => {
                            tracing::warn!(%error, stream = %self.name, "a worker cannot be woken");
                            TROUBLE
                        }
                    }
                }
                Next::Rest(rest) => rest,
            };
            if seen.work == Work::Sure {
                seen.work = Work::Some;
            }
            tokio::select! {
                changed = self.commits.changed() => match changed {
                    Ok(()) => seen.committed = true,
                    Err(_) => return End::Ended,
                },
                () = sleep(rest) => {}
            }
        }
    }

    /// Looks whether a task is queued, and whether the stream is what it was.
    async fn look(&mut self) -> Result<Work, End> {
        if let Err(error) = self.files.mend() {
            tracing::warn!(%error, stream = %self.name, "the pipe cannot be made again");
        }
        match self.around.queue.lane(self.stream.clone()).await {
            Ok(done) => match done.value {
                None => {
                    (self.around.onlooker)(Told::Ended(&self.name));
                    Err(End::Ended)
                }
                // Files have names that differ in case alone.
                Some(lane) if lane.name.as_str() != self.name.as_str() => Err(End::Renamed),
                Some(lane) if lane.queued => Ok(Work::Sure),
                Some(_) => Ok(Work::Nothing),
            },
            Err(error) => {
                tracing::warn!(%error, stream = %self.name, "the queue cannot be looked at");
                sleep(TROUBLE).await;
                Ok(Work::Nothing)
            }
        }
    }
}
