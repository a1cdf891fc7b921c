//! What every engine of the store must do, shown on SQLite.

mod activity;
mod batch;
mod durable;
mod late;
mod model;
mod once;
mod plans;
mod plugins;
mod purge;
mod requeue;
mod search;
mod stats;

use sparkq_core::wire::{Claimed, Document, Stream};
use sparkq_core::{Refusal, TaskClass, TaskId, Time, Timeout, Worker};
use sparkq_store::sqlite::SqliteStore;
use sparkq_store::{
    ClaimTask, CreateSession, CreateStream, EnqueueTask, Error, ExpireTasks, FinishTask, Finished,
    Outcome, Queued, RequeueTask, SaveProject, Store, TaskRecord, Verb, write_one,
};

/// A store in a folder of its own, whose clock is moved by hand.
struct TestStore {
    store: SqliteStore,
    now: i64,
    folder: tempfile::TempDir,
}

impl TestStore {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store =
            SqliteStore::create(&folder.path().join("q.db"), counting()).expect("a database");
        let mut test = Self {
            store,
            now: 1_000_000,
            folder,
        };
        let now = test.tick();
        test.ask(SaveProject {
            name: "p".into(),
            repo_path: ".".into(),
            prd_path: String::new(),
            now,
        })
        .expect("a project");
        let name = "s".parse().expect("a name");
        test.ask(CreateSession {
            name,
            description: String::new(),
            request: None,
            actor: worker("test"),
            now,
        })
        .expect("a session");
        test
    }

    fn tick(&mut self) -> Time {
        self.now += 1;
        Time::from_millis(self.now)
    }

    fn ask<V: Verb>(&mut self, request: V) -> Result<V::Answer, Error> {
        write_one(&mut self.store, request).map(|done| done.value)
    }

    fn stream(&mut self, name: &str) -> Stream {
        let (name, now) = (name.parse().expect("a name"), self.tick());
        let request = CreateStream {
            session: "s".into(),
            name,
            instructions: "be kind".into(),
            request: None,
            actor: worker("test"),
            now,
        };
        self.ask(request).expect("a stream")
    }

    fn claim(&mut self, stream: &str) -> Option<Claimed> {
        let now = self.tick();
        self.ask(ClaimTask {
            stream: stream.into(),
            worker: worker("w"),
            request: None,
            now,
        })
        .expect("no refusal")
    }
}

/// Ids that differ, and are the same in every run.
fn counting() -> sparkq_store::sqlite::Entropy {
    let mut next = 0_u64;
    Box::new(move || {
        next += 1;
        next.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
    })
}

impl TestStore {
    /// Moves the clock on and fails what is overdue; tells how many tasks that were.
    fn sleep_and_sweep(&mut self, millis: i64) -> u32 {
        self.now += millis;
        let now = self.tick();
        self.ask(ExpireTasks { limit: 100, now })
            .expect("no refusal")
    }

    fn finish(&mut self, id: &TaskId, outcome: Outcome) -> Result<Finished, Error> {
        let now = self.tick();
        self.ask(FinishTask {
            unchecked: None,
            task: id.to_string(),
            outcome,
            stdout: Some("out".into()),
            stderr: None,
            request: None,
            actor: worker("w"),
            now,
        })
    }

    /// Queues a task, claims it and ends it.
    fn finished(&mut self, stream: &str, outcome: Outcome) -> TaskId {
        let now = self.tick();
        let id = self.ask(task(stream, "t", now)).expect("queued").task.id;
        let claimed = self.claim(stream).expect("a task");
        assert_eq!(claimed.id, id, "the only queued one");
        self.finish(&id, outcome).expect("ended");
        id
    }

    fn requeue(&mut self, id: &TaskId, stream: &str, force: bool) -> Result<Queued, Error> {
        let now = self.tick();
        self.ask(RequeueTask {
            task: id.to_string(),
            force,
            clone: task(stream, "t", now),
        })
    }

    fn detail(&self, id: &TaskId) -> TaskRecord {
        let look = self.store.read().expect("a look");
        look.task(id.as_str()).expect("the task")
    }

    fn kinds_of(&self, id: &TaskId) -> Vec<&'static str> {
        let events = self.detail(id).history.events;
        events.iter().map(|event| event.kind.as_str()).collect()
    }
}

fn done() -> Outcome {
    Outcome::Completed(Document::from_json_text(r#"{"summary":"done"}"#.into()))
}

fn broken() -> Outcome {
    Outcome::Failed("broken".into())
}

fn refusal<T>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refusal(refusal)) => refusal,
        Err(Error::Fault(fault)) => panic!("{fault}"),
        Ok(_) => panic!("not refused"),
    }
}

fn task(stream: &str, label: &str, now: Time) -> EnqueueTask {
    EnqueueTask {
        stream: stream.into(),
        tool: "run-bash".into(),
        plugin: "scripts@0.1.0#000000000000".into(),
        class: TaskClass::try_from("FAST_SCRIPT".to_owned()).expect("a class"),
        timeout: Timeout::from_seconds(30).expect("a timeout"),
        payload: Document::from_json_text("{}".into()),
        label: label.into(),
        dedupe_key: None,
        request: None,
        actor: worker("test"),
        now,
    }
}

fn last_seq(store: &dyn Store) -> i64 {
    store.read().expect("a look").last_seq().expect("a number")
}

fn worker(name: &str) -> Worker {
    name.parse().expect("a name")
}
