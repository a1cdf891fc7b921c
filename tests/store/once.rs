use sparkq_core::{Code, Refusal};
use sparkq_store::{ClaimTask, EnqueueTask, EnqueueTasks, ReleaseTask, RequestKey};

use crate::{TestStore, broken, last_seq, refusal, task, worker};

fn key(id: &str, digest: &str) -> RequestKey {
    RequestKey {
        id: id.into(),
        digest: digest.into(),
    }
}

#[test]
fn an_enqueue_sent_again_with_its_key_gets_the_first_answer() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let keyed = |digest| EnqueueTask {
        request: Some(key("k", digest)),
        ..task("a", "t", now)
    };
    let first = test.ask(keyed("same")).expect("queued");
    let seq = last_seq(&test.store);
    let again = test.ask(keyed("same")).expect("answered");
    assert_eq!(first, again);
    assert_eq!(last_seq(&test.store), seq, "nothing was done");
    match refusal(test.ask(keyed("other"))) {
        Refusal::Http { code, .. } => assert_eq!(code, Code::KeyReused),
        other => panic!("{other}"),
    }
}

#[test]
fn a_batch_sent_again_with_its_key_queues_nothing_more() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let batch = || EnqueueTasks {
        tasks: vec![task("a", "1", now), task("a", "2", now)],
        request: Some(key("k", "d")),
    };
    let first = test.ask(batch()).expect("queued").ids;
    assert_eq!(test.ask(batch()).expect("answered").ids, first);
    assert_eq!(first.len(), 2);
}

#[test]
fn a_claim_sent_again_with_its_key_gets_the_same_task_until_it_is_released() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    for label in ["1", "2"] {
        test.ask(task("a", label, now)).expect("queued");
    }
    let claim = || ClaimTask {
        stream: "a".into(),
        worker: worker("w"),
        request: Some(key("k", "d")),
        now,
    };
    let first = test.ask(claim()).expect("no refusal").expect("a task");
    assert_eq!(
        test.ask(claim()).expect("no refusal").as_ref(),
        Some(&first)
    );
    let release = ReleaseTask {
        task: first.id.clone(),
        worker: worker("w"),
        claimed_at: now,
        request: Some(key("k", "d")),
        now,
    };
    test.ask(release).expect("no refusal").expect("released");
    let next = test.ask(claim()).expect("no refusal").expect("a task");
    assert_eq!(
        (&next.id, next.attempts),
        (&first.id, 1),
        "its attempts began anew"
    );
    assert_eq!(
        test.kinds_of(&first.id),
        [
            "task.enqueued",
            "task.claimed",
            "task.released",
            "task.claimed"
        ]
    );
}

#[test]
fn a_claim_that_found_nothing_is_tried_again_by_the_same_key() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let claim = || ClaimTask {
        stream: "a".into(),
        worker: worker("w"),
        request: Some(key("k", "d")),
        now,
    };
    assert_eq!(test.ask(claim()).expect("no refusal"), None);
    test.ask(task("a", "t", now)).expect("queued");
    assert!(test.ask(claim()).expect("no refusal").is_some());
}

#[test]
fn a_release_that_comes_too_late_undoes_nothing() {
    let mut test = TestStore::new();
    test.stream("a");
    let id = test.finished("a", broken());
    let now = test.tick();
    let release = ReleaseTask {
        task: id.clone(),
        worker: worker("w"),
        claimed_at: now,
        request: None,
        now,
    };
    assert_eq!(test.ask(release).expect("no refusal"), None);
}
