//! The store by itself, in this process: what a claim costs once many tasks are done.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use sparkq_core::wire::Document;
use sparkq_core::{TaskClass, Time, Timeout, Worker};
use sparkq_store::sqlite::SqliteStore;
use sparkq_store::{
    ClaimTask, CreateSession, CreateStream, EnqueueTask, FinishTask, Outcome, SaveProject, Store,
    Verb, Write, write_one,
};

/// How many requests share a commit: as many as the server's clients.
const BATCH: usize = 32;

/// A queue with one stream, `auth`.
pub(crate) fn open(path: &Path) -> Result<SqliteStore> {
    let mut last = 0_u64;
    let letters = Box::new(move || {
        last += 1;
        last.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
    let mut store = SqliteStore::create(path, letters)?;
    let (now, actor) = (Time::from_millis(1), worker()?);
    let project = SaveProject {
        name: "p".into(),
        repo_path: ".".into(),
        prd_path: String::new(),
        now,
    };
    ask(&mut store, project)?;
    let session = CreateSession {
        name: name("s")?,
        description: String::new(),
        request: None,
        actor: actor.clone(),
        now,
    };
    ask(&mut store, session)?;
    let stream = CreateStream {
        session: "s".into(),
        name: name("auth")?,
        instructions: String::new(),
        request: None,
        actor,
        now,
    };
    ask(&mut store, stream)?;
    Ok(store)
}

fn ask<V: Verb>(store: &mut SqliteStore, request: V) -> Result<V::Answer> {
    write_one(store, request)
        .map(|done| done.value)
        .map_err(|error| anyhow!("{error:?}"))
}

fn worker() -> Result<Worker> {
    "w".parse().map_err(|error| anyhow!("{error}"))
}

fn name(text: &str) -> Result<sparkq_core::Name> {
    text.parse().map_err(|error| anyhow!("{error}"))
}

/// A task as its plugin leaves it.
pub(crate) fn new_task() -> Result<EnqueueTask> {
    Ok(EnqueueTask {
        stream: "auth".into(),
        tool: "run-bash".into(),
        plugin: "scripts@0.1.0#000000000000".into(),
        class: TaskClass::try_from("FAST_SCRIPT".to_owned()).map_err(|error| anyhow!("{error}"))?,
        timeout: Timeout::from_seconds(30).map_err(|error| anyhow!("{error}"))?,
        payload: Document::from_json_text(r#"{"script_path":"scripts/a.sh"}"#.into()),
        label: "scripts/a.sh".into(),
        dedupe_key: None,
        request: None,
        actor: worker()?,
        now: Time::from_millis(2),
    })
}

/// What each verb of a cycle took, over all cycles.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    /// Putting tasks in.
    pub(crate) enqueue: Duration,
    /// Handing them out.
    pub(crate) claim: Duration,
    /// Completing them.
    pub(crate) complete: Duration,
}

/// Takes `tasks` through the store, so many to a commit.
pub(crate) fn cycles(store: &mut SqliteStore, tasks: usize) -> Result<Spent> {
    let mut spent = Spent::default();
    let (new, worker) = (new_task()?, worker()?);
    for _ in 0..tasks.div_ceil(BATCH) {
        let enqueues = vec![new.clone(); BATCH];
        spent.enqueue += timed(store, enqueues)?.1;
        let claim = ClaimTask {
            stream: "auth".into(),
            worker: worker.clone(),
            request: None,
            now: Time::from_millis(3),
        };
        let (claims, took) = timed(store, vec![claim; BATCH])?;
        spent.claim += took;
        let finishes = claims.into_iter().map(|claimed| {
            let claimed = claimed.context("what was queued is there")?;
            Ok(FinishTask {
                unchecked: None,
                task: claimed.id.to_string(),
                outcome: Outcome::Completed(Document::from_json_text(
                    r#"{"summary":"12 files, 3 warnings"}"#.into(),
                )),
                stdout: None,
                stderr: None,
                request: None,
                actor: worker.clone(),
                now: Time::from_millis(4),
            })
        });
        spent.complete += timed(store, finishes.collect::<Result<_>>()?)?.1;
    }
    Ok(spent)
}

fn timed<V: Verb>(store: &mut SqliteStore, requests: Vec<V>) -> Result<(Vec<V::Answer>, Duration)> {
    let mut batch: Vec<Write> = requests.into_iter().map(Verb::into_write).collect();
    let started = Instant::now();
    store.write(&mut batch)?;
    let took = started.elapsed();
    let answers = batch.into_iter().map(|write| match V::answer(write) {
        Some(Ok(done)) => Ok(done.value),
        other => Err(anyhow!("{:?}", other.map(|answer| answer.map(|_| ())))),
    });
    Ok((answers.collect::<Result<_>>()?, took))
}
