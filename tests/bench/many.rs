//! A queue with a long history, written by the store itself: as many requests would take far longer.

use std::time::{SystemTime, UNIX_EPOCH};

use sparkq_core::wire::Document;
use sparkq_core::{TaskClass, Time, Timeout, Worker};
use sparkq_store::sqlite::SqliteStore;
use sparkq_store::{
    ClaimTask, EnqueueTask, EnqueueTasks, FinishTask, IndexTasks, Outcome, Store, Verb, Write,
    write_one,
};

use super::TestQueue;

/// How many tasks, or events, one transaction takes.
const PART: usize = 5_000;

impl TestQueue {
    /// Queues `tasks` in the streams `auth` and `docs`, three to one, every other one for `run-bash-fast`, and takes
    /// `finished` of `auth` to their end, one in ten of them to failure. Task `n`, from 0, says `number n`. All can be
    /// searched for.
    pub(crate) fn fill(&self, tasks: usize, finished: usize) {
        self.ok(["stream", "create", "docs", "--session", "s"]);
        let mut last = 0_u64;
        let letters = Box::new(move || {
            last += 1;
            last.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        });
        let mut store = SqliteStore::open(&self.path("sparkq.db"), letters).expect("a database");
        let numbers: Vec<usize> = (0..tasks).collect();
        for part in numbers.chunks(PART) {
            let tasks = part.iter().map(|number| task(*number)).collect();
            ask(
                &mut store,
                EnqueueTasks {
                    tasks,
                    request: None,
                },
            );
        }
        for part in numbers[..finished].chunks(PART) {
            finish(&mut store, part);
        }
        let limit = u32::try_from(PART).expect("a few thousand");
        while ask(&mut store, IndexTasks { limit }) > 0 {}
    }
}

fn ask<V: Verb>(store: &mut SqliteStore, request: V) -> V::Answer {
    let done = write_one(store, request);
    done.unwrap_or_else(|error| panic!("{error:?}")).value
}

fn task(number: usize) -> EnqueueTask {
    let args = format!(r#"{{"script_path":"scripts/a.sh","args":["number {number}"]}}"#);
    let stream = if number % 4 == 3 { "docs" } else { "auth" };
    let tool = if number.is_multiple_of(2) {
        "run-bash"
    } else {
        "run-bash-fast"
    };
    EnqueueTask {
        stream: stream.into(),
        tool: tool.into(),
        plugin: "scripts@0.1.0#000000000000".into(),
        class: TaskClass::try_from("FAST_SCRIPT".to_owned()).expect("a class"),
        timeout: Timeout::from_seconds(30).expect("a timeout"),
        payload: Document::from_json_text(args),
        label: format!("scripts/a.sh number {number}"),
        dedupe_key: None,
        request: None,
        actor: worker(),
        now: now(),
    }
}

/// Takes the next tasks of `auth` to their end.
fn finish(store: &mut SqliteStore, numbers: &[usize]) {
    let claim = ClaimTask {
        stream: "auth".into(),
        worker: worker(),
        request: None,
        now: now(),
    };
    let claimed = all(store, vec![claim; numbers.len()]);
    let finishes = claimed.into_iter().zip(numbers).map(|(claimed, number)| {
        let outcome = if number.is_multiple_of(10) {
            Outcome::Failed(format!("it broke in place {number}"))
        } else {
            let result = format!(r#"{{"summary":"{number} files, 3 warnings"}}"#);
            Outcome::Completed(Document::from_json_text(result))
        };
        FinishTask {
            unchecked: None,
            task: claimed.expect("there are enough").id.to_string(),
            outcome,
            stdout: None,
            stderr: None,
            request: None,
            actor: worker(),
            now: now(),
        }
    });
    let finishes = finishes.collect();
    all(store, finishes);
}

/// Does all of it in one transaction.
fn all<V: Verb>(store: &mut SqliteStore, requests: Vec<V>) -> Vec<V::Answer> {
    let mut batch: Vec<Write> = requests.into_iter().map(Verb::into_write).collect();
    store.write(&mut batch).expect("written");
    let answers = batch.into_iter().map(|write| match V::answer(write) {
        Some(Ok(done)) => done.value,
        _ => panic!("what is asked for can be done"),
    });
    answers.collect()
}

fn worker() -> Worker {
    "w".parse().expect("a name")
}

fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.map_or(0, |since| since.as_millis());
    Time::from_millis(i64::try_from(millis).unwrap_or_default())
}
