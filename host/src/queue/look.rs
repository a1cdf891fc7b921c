//! Looks at the queue that belong to no single act.

use sparkq_core::wire::{Event, List, Overview, Task, TaskDetail, Timing};
use sparkq_store::{Done, TaskQuery};

use super::{Answer, Queue, installed};

/// The most events read at once.
const EVENTS_AT_ONCE: u32 = 1000;

/// A part of the event log.
#[derive(Debug)]
pub(crate) struct Events {
    /// The oldest event that is kept; none when none is.
    pub(crate) oldest: Option<i64>,
    /// The events that were asked for, oldest first.
    pub(crate) events: Vec<Event>,
}

impl Queue {
    /// The whole queue in a few numbers.
    pub(crate) async fn overview(&self) -> Answer<Overview> {
        let now = self.now();
        let mut done = self
            .access
            .read(move |store| Ok(store.overview(now)?))
            .await?;
        let project = self.project();
        let find = move || {
            let mut warnings = project.warnings();
            let plugins = project.config.plugins.iter();
            warnings.extend(plugins.filter_map(|(name, table)| {
                Some(
                    installed::candidate(&project, name, table)
                        .err()?
                        .sentence(),
                )
            }));
            Ok(warnings)
        };
        let warnings = self.access.aside(find).await?;
        done.value.warnings.extend(warnings);
        Ok(done)
    }

    /// Tasks, newest first.
    pub(crate) async fn tasks(&self, query: TaskQuery) -> Answer<List<Task>> {
        let now = self.now();
        let mut done = self.access.read(move |store| store.tasks(&query)).await?;
        done.value.items = done
            .value
            .items
            .into_iter()
            .map(|task| task.seen_at(now))
            .collect();
        Ok(done)
    }

    /// One task with everything about it.
    pub(crate) async fn task(&self, given: String) -> Answer<TaskDetail> {
        let now = self.now();
        let done = self.access.read(move |store| store.task(&given)).await?;
        let record = done.value;
        let timing = Timing::of(&record.task, now);
        let detail = TaskDetail {
            task: record.task.seen_at(now),
            stdout: record.stdout,
            stderr: record.stderr,
            stream: record.stream,
            timing,
            history: record.history,
        };
        Ok(Done {
            value: detail,
            seq: done.seq,
        })
    }

    /// The events after `after`, oldest first, at most [`EVENTS_AT_ONCE`]; the answer's `seq` is the newest there is.
    pub(crate) async fn events(&self, after: i64) -> Answer<Events> {
        let now = self.now();
        let mut done = self
            .access
            .read(move |store| {
                Ok(Events {
                    oldest: store.first_seq()?,
                    events: store.events(after, EVENTS_AT_ONCE)?,
                })
            })
            .await?;
        for event in &mut done.value.events {
            event.task = event.task.take().map(|task| Box::new(task.seen_at(now)));
        }
        Ok(done)
    }

    /// The newest event there is; 0 before the first.
    pub(crate) async fn last_seq(&self) -> Result<i64, super::Error> {
        Ok(self.access.read(|_| Ok(())).await?.seq)
    }
}
