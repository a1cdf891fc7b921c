use sparkq_core::{Refusal, Status, TaskId};
use sparkq_store::Finished;

use crate::{TestStore, broken, done, task};

fn with_a_running_task() -> (TestStore, TaskId) {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    test.claim("a").expect("the task");
    (test, id)
}

#[test]
fn a_task_past_twice_its_timeout_is_failed_with_the_reason() {
    let (mut test, id) = with_a_running_task();
    assert_eq!(test.sleep_and_sweep(59_999), 0, "not a moment too early");
    assert_eq!(test.sleep_and_sweep(1), 1);
    let task = test.detail(&id).task;
    assert_eq!(task.status, Status::Failed);
    assert_eq!(
        task.error.as_deref(),
        Some(
            "Auto-failed: task exceeded 2x timeout (30s) with no complete/fail reported. \
             Likely worker crash or disconnect."
        )
    );
}

#[test]
fn a_late_answer_is_refused_told_the_clone_and_kept_with_its_outputs() {
    let (mut test, id) = with_a_running_task();
    test.sleep_and_sweep(61_000);
    let clone = test.requeue(&id, "a", false).expect("a clone").task.id;
    match test.finish(&id, done()).expect("noted") {
        Finished::Late(Refusal::WrongState { clone: told, .. }) => assert_eq!(told, Some(clone)),
        other => panic!("{other:?}"),
    }
    let detail = test.detail(&id);
    assert_eq!(detail.task.status, Status::Failed, "it stays as it was");
    assert_eq!(detail.stdout.as_deref(), Some("out"));
    let late = detail.history.events.last().expect("an event");
    assert_eq!(late.kind.as_str(), "task.late");
    let said = late.data.as_ref().expect("what was said").as_str();
    assert_eq!(said, r#"{"result":{"summary":"done"}}"#);
}

#[test]
fn a_worker_that_answers_late_again_and_again_does_not_fill_the_log() {
    let (mut test, id) = with_a_running_task();
    test.sleep_and_sweep(61_000);
    for _ in 0..20 {
        // Each is refused, whether it is noted or not.
        assert!(!matches!(
            test.finish(&id, broken()),
            Ok(Finished::Ended(_))
        ));
    }
    let late = test
        .kinds_of(&id)
        .iter()
        .filter(|kind| **kind == "task.late")
        .count();
    assert_eq!(late, 8);
}
