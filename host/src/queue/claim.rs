use std::thread;
use std::time::{Duration, Instant};

use sparkq_core::wire::Claimed;
use sparkq_core::{Code, Refusal, Worker};
use sparkq_store::{ClaimTask, Done, Read, RequestKey};
use tokio::sync::watch;

use super::{Access, Answer, Queue};

/// How often a command that waits looks whether another process has committed.
const LOOK: Duration = Duration::from_millis(25);

/// Who asks for a task.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// The stream: id or name.
    pub(crate) stream: String,
    /// Who will do it.
    pub(crate) worker: Worker,
    /// The key of the request; none for one that may be done again.
    pub(crate) request: Option<RequestKey>,
}

impl Queue {
    /// Hands the oldest queued task of a stream to a worker; none when nothing is queued.
    pub(crate) async fn claim(&self, claim: Claim) -> Answer<Option<Claimed>> {
        if self.access.is_file() {
            // A look costs no lock; a claim that finds nothing would take the one write lock there is.
            let next = self.has_work(&claim).await?;
            if !next.value {
                return Ok(Done {
                    value: None,
                    seq: next.seq,
                });
            }
        }
        let request = ClaimTask {
            stream: claim.stream,
            worker: claim.worker,
            request: claim.request,
            now: self.now(),
        };
        let done = self.access.write(request).await?;
        Ok(self.guided(done).await)
    }

    /// Whether a claim would be handed something: what is queued, or what its key has been handed before.
    async fn has_work(&self, claim: &Claim) -> Answer<bool> {
        let (stream, key) = (claim.stream.clone(), claim.request.clone());
        let look = move |store: &dyn Read| {
            let known = key.map(|key| store.answered(&key)).transpose()?.flatten();
            Ok(known.is_some() || store.peek(&stream)?.is_some())
        };
        self.access.read(look).await
    }

    /// Claims as soon as there is something to claim; none when there was nothing for all of `wait`. Ends with a refusal
    /// when the stream ends, and when `stopping` says that the server does. What was claimed for somebody who by then is
    /// no longer `there` is released.
    pub(crate) async fn claim_within(
        &self,
        claim: Claim,
        wait: Duration,
        mut stopping: watch::Receiver<bool>,
        there: impl Fn() -> bool,
    ) -> Answer<Option<Claimed>> {
        let Access::Server { commits, .. } = &self.access else {
            return self.claim_here_within(claim, wait).await;
        };
        if !self.project().config.tools.is_empty() {
            // So that nothing is waited for between a claim and its answer. A claim needs no catalogue.
            let _ = self.tools().await;
        }
        if wait.is_zero() {
            return self.claim_at_once(claim, there).await;
        }
        let given = claim.stream.clone();
        let find = move |store: &dyn Read| store.stream_id(&given);
        let stream = self.access.read(find).await?.value;
        let mut lane = commits.watch_stream(&stream);
        let over = tokio::time::sleep(wait);
        tokio::pin!(over);
        let mut woken = false;
        loop {
            // Seen before the look, so that what is committed after it wakes.
            lane.mark_unchanged();
            // Whoever was woken looks first: others were too, and an empty claim keeps the writer busy.
            let work = !woken || self.has_work(&claim).await?.value;
            let done = if work {
                self.claim(claim.clone()).await?
            } else {
                self.peek_nothing().await?
            };
            woken = true;
            if let Some(claimed) = &done.value
                && !there()
            {
                return self.take_back(&claim, claimed).await;
            }
            if done.value.is_some() {
                return Ok(done);
            }
            tokio::select! {
                changed = lane.changed() => if changed.is_err() { return Ok(done) },
                () = &mut over => return Ok(done),
                _ = stopping.wait_for(|stopping| *stopping) => {
                    let message = "the server is shutting down, and nothing was claimed".to_owned();
                    return Err(Refusal::Http { code: Code::ShuttingDown, message }.into());
                }
            }
        }
    }

    /// Claims what is there now.
    async fn claim_at_once(
        &self,
        claim: Claim,
        there: impl Fn() -> bool,
    ) -> Answer<Option<Claimed>> {
        let done = self.claim(claim.clone()).await?;
        match &done.value {
            Some(claimed) if !there() => self.take_back(&claim, claimed).await,
            _ => Ok(done),
        }
    }

    /// Releases what was claimed for somebody who has gone; nobody reads the answer.
    async fn take_back(&self, claim: &Claim, claimed: &Claimed) -> Answer<Option<Claimed>> {
        let release = self.release_of(claimed, claim.worker.clone(), claim.request.clone());
        tracing::debug!(task.id = %claimed.id, "a claim is undone, because its client has hung up");
        self.access.leave(release)?;
        self.peek_nothing().await
    }

    /// Waits with the file alone: what another process commits shows in the database's version.
    async fn claim_here_within(&self, claim: Claim, wait: Duration) -> Answer<Option<Claimed>> {
        let end = Instant::now() + wait;
        let mut seen = None;
        loop {
            let version = self.access.version()?;
            if seen.replace(version) != Some(version) {
                let done = self.claim(claim.clone()).await?;
                if done.value.is_some() {
                    return Ok(done);
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return self.peek_nothing().await;
            }
            thread::sleep(LOOK.min(left));
        }
    }

    /// The answer of a claim that found nothing.
    async fn peek_nothing(&self) -> Answer<Option<Claimed>> {
        self.access.read(|_| Ok(None)).await
    }

    /// The task that a claim would hand out.
    pub(crate) async fn peek(&self, stream: String) -> Answer<Option<Claimed>> {
        let done = self.access.read(move |store| store.peek(&stream)).await?;
        Ok(self.guided(done).await)
    }

    /// The store knows the guides of the plugins' tools; a tool that `sparkq.toml` names has that of the one it uses.
    /// A catalogue that cannot be had costs no claim.
    async fn guided(&self, mut done: Done<Option<Claimed>>) -> Done<Option<Claimed>> {
        if let Some(claimed) = &mut done.value
            && self.project().names_tool(&claimed.tool_name)
            && let Ok(tool) = self.tool(&claimed.tool_name).await
        {
            claimed.guide = tool.definition.guide;
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use sparkq_core::Time;
    use sparkq_store::sqlite::SqliteStore;
    use sparkq_store::write_one;

    use super::*;
    use crate::config::Project;
    use crate::queue::testing;

    #[test]
    fn a_claim_whose_server_died_before_it_answered_gets_its_task_from_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("q.db");
        let mut store = SqliteStore::create(&path, crate::entropy()).expect("a database");
        let id = testing::queue_one(&mut store, Time::from_millis(1));
        let request = Some(RequestKey {
            id: "k".to_owned(),
            digest: "d".to_owned(),
        });
        let by_server = ClaimTask {
            stream: "a".to_owned(),
            worker: "w".parse().expect("a name"),
            request: request.clone(),
            now: Time::from_millis(2),
        };
        write_one(&mut store, by_server).expect("claimed");
        let project = Project::of("", &folder.path().join("sparkq.toml")).expect("a project");
        let queue = Queue::new(project, Access::File(Mutex::new(store)), crate::now);
        let claim = Claim {
            stream: "a".to_owned(),
            worker: "w".parse().expect("a name"),
            request,
        };
        let again = pollster::block_on(queue.claim(claim))
            .expect("no refusal")
            .value;
        assert_eq!(again.map(|claimed| claimed.id), Some(id));
    }
}
