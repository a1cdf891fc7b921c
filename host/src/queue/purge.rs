use std::sync::Arc;

use sparkq_core::status::NotAStatus;
use sparkq_core::time::parse_duration;
use sparkq_core::wire::{BulkPurge, Filter, Purged};
use sparkq_core::{Refusal, Worker};
use sparkq_store::{Done, ForgetOld, PurgeRest, PurgeTasks, RequestKey, TaskFilter};

use super::requeue::agreed;
use super::{Answer, Error, Queue};

/// How many tasks one transaction removes, so that nobody waits long for a purge.
const AT_ONCE: u32 = 200;

/// How many old events and keys one transaction removes.
const FORGOTTEN_AT_ONCE: u32 = 1000;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Told how many tasks are gone, after each part.
pub(crate) type Progress = Arc<dyn Fn(u64) + Send + Sync>;

impl Queue {
    /// Removes the finished tasks that the filter means, or counts them, and with an age the ended streams and sessions
    /// that are left empty. The real call names the count that was agreed to. Asked again with its key it goes on where
    /// it was left.
    pub(crate) async fn purge(
        &self,
        bulk: BulkPurge,
        actor: Worker,
        request: Option<RequestKey>,
        progress: Progress,
    ) -> Answer<Purged> {
        let filter = self.filter(&bulk.filter)?;
        let counted = filter.clone();
        let found = self
            .access
            .read(move |store| store.count_finished(&counted))
            .await?;
        if bulk.dry_run {
            let leftovers = match filter.finished_by.filter(|_| filter.is_by_age_alone()) {
                Some(before) => {
                    let look = self
                        .access
                        .read(move |store| Ok(store.count_leftovers(before)?));
                    look.await?.value
                }
                None => Purged::default(),
            };
            return Ok(Done {
                value: Purged {
                    tasks: found.value,
                    ..leftovers
                },
                seq: found.seq,
            });
        }
        let earlier = match request.clone() {
            Some(key) => self.access.read(move |store| store.purged_by(&key)).await?,
            None => Done {
                value: None,
                seq: found.seq,
            },
        };
        let count = match earlier.value {
            None => {
                agreed(bulk.count, found.value)?;
                found.value
            }
            Some(state) if state.over => {
                return Ok(Done {
                    value: state.purged,
                    seq: earlier.seq,
                });
            }
            Some(_) => bulk.count.unwrap_or_default(),
        };
        self.carry_out(filter, count, actor, request, progress)
            .await
    }

    /// Removes what is older than the project keeps it.
    pub(crate) async fn purge_old(&self, actor: Worker) -> Answer<Purged> {
        let days = i64::from(self.project().config.purge.older_than_days);
        let filter = TaskFilter {
            finished_by: Some(self.now().back(days * DAY_MS)),
            ..TaskFilter::default()
        };
        self.carry_out(filter, u64::MAX, actor, None, Arc::new(|_| ()))
            .await
    }

    /// Removes at most `count` tasks, and then what is left over.
    async fn carry_out(
        &self,
        filter: TaskFilter,
        count: u64,
        actor: Worker,
        request: Option<RequestKey>,
        progress: Progress,
    ) -> Answer<Purged> {
        let now = self.now();
        let mut purged = Purged::default();
        let mut seq;
        let mut after = 0;
        loop {
            let left = u32::try_from(count - purged.tasks).unwrap_or(AT_ONCE);
            let limit = left.min(AT_ONCE);
            let done = self
                .access
                .write(PurgeTasks {
                    filter: filter.clone(),
                    after,
                    limit,
                    request: request.clone().map(|key| (key, count)),
                    actor: actor.clone(),
                    now,
                })
                .await?;
            seq = done.seq;
            // What earlier requests with the key have removed counts too.
            purged.tasks = match request {
                Some(_) => done.value.total,
                None => purged.tasks + done.value.tasks,
            };
            after = done.value.after;
            progress(purged.tasks);
            if done.value.tasks < u64::from(limit) || purged.tasks >= count {
                break;
            }
        }
        if let Some(ended_before) = filter.finished_by.filter(|_| filter.is_by_age_alone()) {
            self.forget().await?;
            let rest = PurgeRest {
                ended_before,
                request,
                actor,
                now,
            };
            let done = self.access.write(rest).await?;
            seq = done.seq;
            purged.streams = done.value.streams;
            purged.sessions = done.value.sessions;
        }
        Ok(Done { value: purged, seq })
    }

    /// Forgets all that is kept for a while only, part by part: a busy queue leaves more of it in a day than any one
    /// transaction should remove.
    async fn forget(&self) -> Result<(), Error> {
        let now = self.now();
        let days = i64::from(self.project().config.events.keep_days);
        let events_before = now.back(days * DAY_MS);
        loop {
            let part = ForgetOld {
                events_before,
                limit: FORGOTTEN_AT_ONCE,
                now,
            };
            if !self.access.write(part).await?.value {
                return Ok(());
            }
        }
    }

    /// The filter as the store understands it.
    pub(super) fn filter(&self, filter: &Filter) -> Result<TaskFilter, Refusal> {
        let now = self.now();
        let parse_status = |text: &String| {
            text.parse()
                .map_err(|error: NotAStatus| Refusal::invalid("status", text, error))
        };
        let parse_age = |text: &String| {
            parse_duration(text).map_err(|error| Refusal::invalid("older_than", text, error))
        };
        let age = filter.older_than.as_ref().map(parse_age).transpose()?;
        Ok(TaskFilter {
            status: filter.status.as_ref().map(parse_status).transpose()?,
            stream: filter.stream.clone(),
            tool: filter.tool.clone(),
            stale_at: filter.stale.unwrap_or_default().then_some(now),
            finished_by: age.map(|seconds| {
                now.back(
                    i64::try_from(seconds)
                        .unwrap_or(i64::MAX)
                        .saturating_mul(1000),
                )
            }),
            text: filter.q.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use sparkq_core::Time;
    use sparkq_store::sqlite::SqliteStore;
    use sparkq_store::{EditSession, Read, Store as _, Verb as _};

    use super::*;
    use crate::config::Project;
    use crate::queue::{Access, testing};

    #[test]
    fn a_purge_forgets_all_the_keys_of_a_busy_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store =
            SqliteStore::create(&folder.path().join("q.db"), crate::entropy()).expect("made");
        testing::queue_one(&mut store, Time::from_millis(0));
        let key = |number: u32| RequestKey {
            id: number.to_string(),
            digest: String::new(),
        };
        let count = 2 * FORGOTTEN_AT_ONCE + 1;
        let edit = |number| EditSession {
            session: "s".into(),
            name: None,
            description: None,
            status: None,
            request: Some(key(number)),
            actor: "w".parse().expect("a name"),
            now: Time::from_millis(0),
        };
        let mut batch: Vec<_> = (0..count).map(|number| edit(number).into_write()).collect();
        store.write(&mut batch).expect("committed");
        let project = Project::of("", &folder.path().join("sparkq.toml")).expect("a project");
        let queue = Queue::new(project, Access::File(Mutex::new(store)), || {
            Time::from_millis(DAY_MS + 1)
        });
        let known = || {
            let look = move |store: &dyn Read| {
                let known = (0..count).map(|number| store.answered(&key(number)));
                Ok(known.filter(|known| matches!(known, Ok(Some(_)))).count())
            };
            pollster::block_on(queue.access.read(look))
                .expect("a look")
                .value
        };
        assert_eq!(known(), count as usize);
        let purged = queue.purge_old("server".parse().expect("a name"));
        pollster::block_on(purged).expect("purged");
        assert_eq!(known(), 0);
    }
}
