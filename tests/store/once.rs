use sparkq_core::{Code, Refusal, TaskId, Time};
use sparkq_store::{
    CancelTask, ClaimTask, CreateSession, EditStream, EnqueueTask, EnqueueTasks, ExpireTasks,
    FinishTask, Finished, PurgeRest, PurgeTasks, ReleaseTask, ReleasedBy, RequestKey, Store as _,
    TaskFilter, Verb as _,
};

use crate::{TestStore, broken, done, last_seq, refusal, task, worker};

fn key(id: &str, digest: &str) -> RequestKey {
    RequestKey {
        id: id.into(),
        digest: digest.into(),
    }
}

fn keyed_claim(now: Time) -> ClaimTask {
    ClaimTask {
        stream: "a".into(),
        worker: worker("w"),
        request: Some(key("k", "d")),
        now,
    }
}

fn keyed_release(task: &TaskId, now: Time) -> ReleaseTask {
    ReleaseTask {
        task: task.clone(),
        worker: worker("w"),
        claimed_at: now,
        request: Some(key("k", "d")),
        by: ReleasedBy::Server,
        now,
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
    let claim = || keyed_claim(now);
    let first = test.ask(claim()).expect("no refusal").expect("a task");
    assert_eq!(
        test.ask(claim()).expect("no refusal").as_ref(),
        Some(&first)
    );
    let mut release = || test.ask(keyed_release(&first.id, now)).expect("no refusal");
    assert_eq!(release(), None, "it was handed out twice");
    assert!(release().is_some());
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
    let claim = || keyed_claim(now);
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
        by: ReleasedBy::Server,
        now,
    };
    assert_eq!(test.ask(release).expect("no refusal"), None);
}

#[test]
fn a_claim_that_reached_its_worker_on_a_second_way_is_not_undone_by_the_first() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    let claim = || keyed_claim(now);
    let release = || keyed_release(&id, now);
    for _ in 0..2 {
        test.ask(claim()).expect("no refusal").expect("the task");
    }
    assert_eq!(
        test.ask(release()).expect("no refusal"),
        None,
        "the other one has it"
    );
    assert_eq!(test.claim("a"), None);
    assert!(
        test.ask(release()).expect("no refusal").is_some(),
        "now nobody has"
    );
    assert!(test.claim("a").is_some());
}

#[test]
fn whoever_made_a_claim_gives_it_back_however_often_it_was_handed_out_and_gets_it_no_more() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    for _ in 0..2 {
        test.ask(keyed_claim(now)).expect("no refusal").expect("it");
    }
    let given_back = test.ask(ReleaseTask {
        by: ReleasedBy::Worker,
        ..keyed_release(&id, now)
    });
    assert!(given_back.expect("no refusal").is_some());
    let stray = test.ask(keyed_claim(now)).expect("no refusal");
    assert_eq!(stray, None, "a request that arrives late takes nothing");
    assert_eq!(test.claim("a").map(|task| task.id), Some(id));
}

#[test]
fn a_task_that_another_has_by_now_is_not_handed_out_by_the_key_of_an_earlier_claim() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    test.ask(keyed_claim(now)).expect("no refusal").expect("it");
    let keyless = ReleaseTask {
        request: None,
        ..keyed_release(&id, now)
    };
    test.ask(keyless)
        .expect("no refusal")
        .expect("queued again");
    for other in ["x", "w"] {
        let later = test.tick();
        let claim = ClaimTask {
            worker: worker(other),
            request: None,
            ..keyed_claim(later)
        };
        test.ask(claim).expect("no refusal").expect("the task");
        match refusal(test.ask(keyed_claim(now))) {
            Refusal::WrongState { task, .. } => assert_eq!(task, id),
            refused => panic!("{refused}"),
        }
        let undone = ReleaseTask {
            worker: worker(other),
            request: None,
            ..keyed_release(&id, later)
        };
        test.ask(undone).expect("no refusal").expect("queued again");
    }
}

#[test]
fn a_claim_sent_again_when_its_task_is_over_is_told_so() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    let claim = || keyed_claim(now);
    test.ask(claim()).expect("no refusal").expect("the task");
    test.finish(&id, broken()).expect("ended");
    let told = refusal(test.ask(claim())).to_string();
    assert!(
        told.ends_with("is failed, so it cannot be claimed (broken)"),
        "{told}"
    );
}

#[test]
fn an_enqueue_that_came_to_a_live_twin_comes_to_it_again_when_that_is_over() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let keyed = |request| EnqueueTask {
        dedupe_key: Some("twin".into()),
        request,
        ..task("a", "t", now)
    };
    let twin = test.ask(keyed(None)).expect("queued").task.id;
    let first = test.ask(keyed(Some(key("k", "d")))).expect("queued");
    assert_eq!((&first.task.id, first.existed), (&twin, true));
    test.claim("a").expect("the twin");
    test.finish(&twin, broken()).expect("ended");
    let again = test.ask(keyed(Some(key("k", "d")))).expect("answered");
    assert_eq!((&again.task.id, again.existed), (&twin, true));
}

#[test]
fn a_claim_that_had_waited_longer_than_its_task_begins_with_it_and_can_be_undone() {
    let mut test = TestStore::new();
    test.stream("a");
    let early = test.tick();
    let queued = test.tick();
    test.ask(task("a", "t", queued)).expect("queued");
    let mut batch = [ClaimTask {
        stream: "a".into(),
        worker: worker("w"),
        request: None,
        now: early,
    }
    .into_write()];
    test.store.write(&mut batch).expect("committed");
    let [claim] = batch;
    let undo = claim.undo().expect("a claim can be undone");
    test.store.write(&mut [undo]).expect("committed");
    let claimed = test.claim("a").expect("it is queued again");
    assert!(claimed.started_at >= Some(claimed.created_at));
}

#[test]
fn a_result_sent_again_with_its_key_is_answered_with_the_task_as_it_is() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    test.claim("a").expect("the task");
    let finish = |request| FinishTask {
        unchecked: None,
        task: id.to_string(),
        outcome: done(),
        stdout: Some("out".into()),
        stderr: None,
        request,
        actor: worker("w"),
        now,
    };
    let first = test.ask(finish(Some(key("k", "d")))).expect("ended");
    let seq = last_seq(&test.store);
    let again = test.ask(finish(Some(key("k", "d")))).expect("answered");
    assert_eq!(first, again);
    assert_eq!(last_seq(&test.store), seq, "nothing was done");
    for request in [None, Some(key("other", "d"))] {
        let told = refusal(test.ask(finish(request))).to_string();
        assert!(told.contains("is succeeded, so it cannot be"), "{told}");
    }
}

#[test]
fn a_late_result_sent_again_with_its_key_is_refused_again_and_noted_once() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    test.claim("a").expect("the task");
    let later = Time::from_millis(now.as_millis() + 10_000_000);
    let expire = ExpireTasks {
        limit: 10,
        now: later,
    };
    assert_eq!(test.ask(expire).expect("no refusal"), 1);
    let finish = || FinishTask {
        unchecked: None,
        task: id.to_string(),
        outcome: done(),
        stdout: None,
        stderr: None,
        request: Some(key("k", "d")),
        actor: worker("w"),
        now: later,
    };
    for _ in 0..2 {
        let Finished::Late(told) = test.ask(finish()).expect("noted") else {
            panic!("it is over")
        };
        assert!(told.to_string().contains("Auto-failed"), "{told}");
    }
    let late = test.kinds_of(&id).into_iter();
    assert_eq!(late.filter(|kind| *kind == "task.late").count(), 1);
}

#[test]
fn a_cancel_a_new_name_and_what_was_made_are_done_once_by_their_keys() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    let cancel = || CancelTask {
        task: id.to_string(),
        reason: String::new(),
        request: Some(key("cancel", "d")),
        actor: worker("w"),
        now,
    };
    let rename = || EditStream {
        stream: "a".into(),
        name: Some("b".parse().expect("a name")),
        instructions: None,
        status: None,
        request: Some(key("rename", "d")),
        actor: worker("w"),
        now,
    };
    let create = || CreateSession {
        name: "new".parse().expect("a name"),
        description: String::new(),
        request: Some(key("create", "d")),
        actor: worker("w"),
        now,
    };
    let first = (
        test.ask(cancel()).expect("cancelled").error,
        test.ask(rename()).expect("renamed").id,
        test.ask(create()).expect("made"),
    );
    let seq = last_seq(&test.store);
    let again = (
        test.ask(cancel()).expect("answered").error,
        test.ask(rename()).expect("answered").id,
        test.ask(create()).expect("answered"),
    );
    assert_eq!(first, again);
    assert_eq!(last_seq(&test.store), seq, "nothing was done");
}

#[test]
fn a_purge_that_was_cut_off_goes_on_by_its_key_and_counts_all_of_it() {
    let mut test = TestStore::new();
    test.stream("a");
    for _ in 0..5 {
        test.finished("a", done());
    }
    let now = test.tick();
    let part = |agreed, limit| PurgeTasks {
        filter: TaskFilter {
            finished_by: Some(now),
            ..TaskFilter::default()
        },
        after: 0,
        limit,
        request: Some((key("k", "d"), agreed)),
        actor: worker("w"),
        now,
    };
    let rest = || PurgeRest {
        ended_before: now,
        request: Some(key("k", "d")),
        actor: worker("w"),
        now,
    };
    assert_eq!(test.ask(part(4, 2)).expect("removed").total, 2);
    let last = test.ask(part(4, 200)).expect("removed");
    assert_eq!((last.tasks, last.total), (2, 4), "no more than agreed to");
    let purged = test.ask(rest()).expect("no refusal");
    assert_eq!(purged.tasks, 4);
    let state = test.store.read().expect("a look").purged_by(&key("k", "d"));
    let state = state.expect("no refusal").expect("known");
    assert_eq!((state.purged, state.over), (purged, true));
    assert_eq!(test.ask(rest()).expect("answered"), purged);
}
