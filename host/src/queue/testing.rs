//! A queue for unit tests, filled without a plugin.

use sparkq_core::wire::Document;
use sparkq_core::{TaskClass, TaskId, Time, Timeout, Worker};
use sparkq_store::sqlite::SqliteStore;
use sparkq_store::{
    ClaimTask, CreateSession, CreateStream, EnqueueTask, FinishTask, Outcome, SaveProject,
    write_one,
};

fn actor() -> Worker {
    "test".parse().expect("a name")
}

/// Makes a project with the session `s` and the stream `a`, and queues one task in it.
pub(crate) fn queue_one(store: &mut SqliteStore, now: Time) -> TaskId {
    let project = SaveProject {
        name: "p".into(),
        repo_path: ".".into(),
        prd_path: String::new(),
        now,
    };
    write_one(store, project).expect("a project");
    let session = CreateSession {
        name: "s".parse().expect("a name"),
        description: String::new(),
        request: None,
        actor: actor(),
        now,
    };
    write_one(store, session).expect("a session");
    let stream = CreateStream {
        session: "s".into(),
        name: "a".parse().expect("a name"),
        instructions: String::new(),
        request: None,
        actor: actor(),
        now,
    };
    write_one(store, stream).expect("a stream");
    write_one(store, task(now)).expect("queued").value.task.id
}

/// A task for the stream `a`.
pub(crate) fn task(now: Time) -> EnqueueTask {
    EnqueueTask {
        stream: "a".into(),
        tool: "run-bash".into(),
        plugin: "scripts@0.1.0#000000000000".into(),
        class: TaskClass::try_from("FAST_SCRIPT".to_owned()).expect("a class"),
        timeout: Timeout::from_seconds(30).expect("a timeout"),
        payload: Document::from_json_text("{}".into()),
        label: "t".into(),
        dedupe_key: None,
        request: None,
        actor: actor(),
        now,
    }
}

/// Claims the one task, and completes it.
pub(crate) fn complete_one(store: &mut SqliteStore, id: &TaskId, now: Time) {
    claim_one(store, now);
    let finish = FinishTask {
        unchecked: None,
        task: id.to_string(),
        outcome: Outcome::Completed(Document::from_json_text(r#"{"summary":"done"}"#.into())),
        stdout: None,
        stderr: None,
        request: None,
        actor: actor(),
        now,
    };
    write_one(store, finish).expect("completed");
}

/// Claims the one task.
pub(crate) fn claim_one(store: &mut SqliteStore, now: Time) {
    let claim = ClaimTask {
        stream: "a".into(),
        worker: actor(),
        request: None,
        now,
    };
    write_one(store, claim)
        .expect("no refusal")
        .value
        .expect("a task");
}
