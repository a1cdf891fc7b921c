use sparkq_core::wire::Activity;
use sparkq_core::{Refusal, Status};
use sparkq_store::EditStream;

use crate::{TestStore, broken, done, refusal, task, worker};

#[test]
fn a_clone_starts_afresh_and_both_ends_of_the_chain_know_each_other() {
    let mut test = TestStore::new();
    test.stream("a");
    let first = test.finished("a", broken());
    let clone = test.requeue(&first, "a", false).expect("a clone").task;
    assert_eq!((clone.status, clone.attempts), (Status::Queued, 0));
    assert_eq!(clone.requeued_from.as_ref(), Some(&first));
    assert_eq!(
        test.detail(&first).task.status,
        Status::Failed,
        "it stays as history"
    );
    assert_eq!(
        test.detail(&first).history.requeued_as,
        std::slice::from_ref(&clone.id)
    );
    assert_eq!(
        test.detail(&clone.id).history.requeued_from,
        std::slice::from_ref(&first)
    );
    let kin = |id| {
        let kin = test.detail(id).history.kin.into_iter();
        kin.map(|kin| (kin.id, kin.status)).collect::<Vec<_>>()
    };
    assert_eq!(kin(&first), [(clone.id.clone(), Status::Queued)]);
    assert_eq!(kin(&clone.id), [(first.clone(), Status::Failed)]);
    assert_eq!(
        test.kinds_of(&first),
        [
            "task.enqueued",
            "task.claimed",
            "task.failed",
            "task.requeued"
        ]
    );
}

#[test]
fn a_task_with_a_live_clone_is_not_cloned_again_and_the_clone_is_told() {
    let mut test = TestStore::new();
    test.stream("a");
    let first = test.finished("a", broken());
    let clone = test.requeue(&first, "a", false).expect("a clone").task.id;
    for claimed in [false, true] {
        if claimed {
            test.claim("a").expect("the clone");
        }
        match refusal(test.requeue(&first, "a", true)) {
            Refusal::RequeuedAlready { clone: told, .. } => assert_eq!(told, clone),
            other => panic!("{other}"),
        }
    }
    test.finish(&clone, broken()).expect("ended");
    let told = refusal(test.requeue(&first, "a", false));
    assert_eq!(
        told.hint(),
        Some(format!("requeue that one: sparkq requeue {clone}"))
    );
    let second = test
        .requeue(&clone, "a", false)
        .expect("the newest may be")
        .task
        .id;
    assert!(
        test.requeue(&first, "a", true).is_err(),
        "a clone's clone lives"
    );
    test.claim("a").expect("the second clone");
    test.finish(&second, done()).expect("ended");
    assert!(
        test.requeue(&first, "a", false).is_err(),
        "it was done in the end"
    );
    test.requeue(&first, "a", true)
        .expect("unless it is asked for");
    assert!(
        test.requeue(&second, "a", true).is_err(),
        "the same work is queued by now"
    );
}

#[test]
fn a_success_is_only_cloned_by_force() {
    let mut test = TestStore::new();
    test.stream("a");
    let id = test.finished("a", done());
    let told = refusal(test.requeue(&id, "a", false));
    assert_eq!(
        told.hint(),
        Some(format!(
            "do it once more all the same: sparkq requeue {id} --force"
        ))
    );
    test.requeue(&id, "a", true).expect("a clone");
}

#[test]
fn a_queued_task_of_an_ended_stream_moves_into_another() {
    let mut test = TestStore::new();
    test.stream("old");
    test.stream("new");
    let now = test.tick();
    let id = test.ask(task("old", "t", now)).expect("queued").task.id;
    assert!(
        test.requeue(&id, "new", true).is_err(),
        "its stream hands it out"
    );
    let now = test.tick();
    test.ask(EditStream {
        stream: "old".into(),
        name: None,
        instructions: None,
        status: Some(Activity::Ended),
        request: None,
        actor: worker("test"),
        now,
    })
    .expect("ended");
    assert!(
        test.requeue(&id, "old", false).is_err(),
        "its stream takes nothing"
    );
    let clone = test.requeue(&id, "new", false).expect("moved").task;
    let original = test.detail(&id).task;
    assert_eq!(original.status, Status::Failed);
    assert_eq!(
        original.error,
        Some(format!("Cancelled: requeued as {}", clone.id))
    );
    assert_eq!(test.claim("new").expect("the clone").id, clone.id);
}
