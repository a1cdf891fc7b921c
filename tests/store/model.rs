//! The store against a plain list of tasks that is driven by the status table alone.

use proptest::prelude::*;
use proptest::sample::Index;
use sparkq_core::{Refusal, Status, TaskId, Verb};
use sparkq_store::{
    CancelTask, Error, Finished, PurgeTasks, ReleaseTask, ReleasedBy, Store, TaskFilter, TaskQuery,
};

use crate::{TestStore, broken, done, task, worker};

#[derive(Debug, Clone)]
enum Act {
    Enqueue { stream: usize },
    Claim { stream: usize },
    Release { task: Index },
    Finish { task: Index, complete: bool },
    Cancel { task: Index },
    Requeue { task: Index, force: bool },
    Sweep { after: i64 },
    Purge,
}

struct Modelled {
    id: TaskId,
    stream: usize,
    status: Status,
    claimed_at: i64,
    expired: bool,
    cloned_from: Option<TaskId>,
}

const STREAMS: [&str; 2] = ["left", "right"];

/// Twice the timeout of every task here, in milliseconds.
const DUE: i64 = 60_000;

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let task = any::<Index>;
    let act = prop_oneof![
        6 => (0..2_usize).prop_map(|stream| Act::Enqueue { stream }),
        6 => (0..2_usize).prop_map(|stream| Act::Claim { stream }),
        1 => task().prop_map(|task| Act::Release { task }),
        6 => (task(), any::<bool>()).prop_map(|(task, complete)| Act::Finish { task, complete }),
        1 => task().prop_map(|task| Act::Cancel { task }),
        3 => (task(), any::<bool>()).prop_map(|(task, force)| Act::Requeue { task, force }),
        2 => (0..2 * DUE).prop_map(|after| Act::Sweep { after }),
        1 => Just(Act::Purge),
    ];
    prop::collection::vec(act, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_the_store_does_what_the_status_table_says(acts in acts()) {
        let mut test = TestStore::new();
        for name in STREAMS {
            test.stream(name);
        }
        let mut model: Vec<Modelled> = Vec::new();
        let mut changes = 0;
        let seq = crate::last_seq(&test.store);
        for act in acts {
            changes += play(&mut test, &mut model, act)?;
        }
        prop_assert_eq!(crate::last_seq(&test.store) - seq, changes, "one event for each change, none without");
        compare(&test, &model)?;
    }
}

/// Plays one act on both; tells how many events it is to leave.
fn play(test: &mut TestStore, model: &mut Vec<Modelled>, act: Act) -> Result<i64, TestCaseError> {
    match act {
        Act::Enqueue { stream } => {
            let now = test.tick();
            let queued = test
                .ask(task(STREAMS[stream], "t", now))
                .expect("an active stream");
            prop_assert!(model.iter().all(|known| known.id != queued.task.id));
            model.push(fresh(queued.task.id, stream, None));
            Ok(1)
        }
        Act::Claim { stream } => claim(test, model, stream),
        Act::Sweep { after } => {
            let expired = test.sleep_and_sweep(after);
            let now = test.now;
            let due = |task: &&mut Modelled| {
                task.status == Status::Running && now - task.claimed_at > DUE
            };
            let mut count = 0;
            for task in model.iter_mut().filter(due) {
                task.status = task.status.after(Verb::Expire).expect("a running task");
                task.expired = true;
                count += 1;
            }
            prop_assert_eq!(expired, count);
            Ok(count.into())
        }
        Act::Purge => {
            let now = test.tick();
            let request = PurgeTasks {
                filter: TaskFilter {
                    finished_by: Some(now),
                    ..TaskFilter::default()
                },
                after: 0,
                limit: 1000,
                request: None,
                actor: worker("test"),
                now,
            };
            let purged = test.ask(request).expect("no refusal").tasks;
            let before = model.len() as u64;
            let streams: std::collections::HashSet<_> = model
                .iter()
                .filter(|task| task.status.is_final())
                .map(|task| task.stream)
                .collect();
            model.retain(|task| !task.status.is_final());
            prop_assert_eq!(purged, before - model.len() as u64);
            Ok(i64::try_from(streams.len()).expect("a few"))
        }
        Act::Release { .. } | Act::Finish { .. } | Act::Cancel { .. } | Act::Requeue { .. }
            if model.is_empty() =>
        {
            Ok(0)
        }
        Act::Release { task } => release(test, task.get_mut(model)),
        Act::Finish { task, complete } => finish(test, task.get_mut(model), complete),
        Act::Cancel { task } => cancel(test, task.get_mut(model)),
        Act::Requeue { task, force } => {
            let at = task.index(model.len());
            requeue(test, model, at, force)
        }
    }
}

fn fresh(id: TaskId, stream: usize, cloned_from: Option<TaskId>) -> Modelled {
    Modelled {
        id,
        stream,
        status: Status::Queued,
        claimed_at: 0,
        expired: false,
        cloned_from,
    }
}

fn claim(
    test: &mut TestStore,
    model: &mut [Modelled],
    stream: usize,
) -> Result<i64, TestCaseError> {
    let got = test.claim(STREAMS[stream]);
    let now = test.now;
    let next = model
        .iter_mut()
        .find(|task| task.stream == stream && task.status == Status::Queued);
    prop_assert_eq!(
        got.as_ref().map(|task| &task.id),
        next.as_ref().map(|task| &task.id),
        "first in, first out"
    );
    if let Some(next) = next {
        next.status = next
            .status
            .after(Verb::Claim)
            .expect("the table allows a claim");
        next.claimed_at = now;
    }
    Ok(got.is_some().into())
}

fn release(test: &mut TestStore, task: &mut Modelled) -> Result<i64, TestCaseError> {
    let now = test.tick();
    let released = test
        .ask(ReleaseTask {
            task: task.id.clone(),
            worker: worker("w"),
            claimed_at: sparkq_core::Time::from_millis(task.claimed_at),
            request: None,
            by: ReleasedBy::Server,
            now,
        })
        .expect("no refusal");
    let expected = task.status.after(Verb::Release);
    prop_assert_eq!(released.is_some(), expected.is_some());
    task.status = expected.unwrap_or(task.status);
    Ok(expected.is_some().into())
}

fn finish(test: &mut TestStore, task: &mut Modelled, complete: bool) -> Result<i64, TestCaseError> {
    let (verb, outcome) = if complete {
        (Verb::Complete, done())
    } else {
        (Verb::Fail, broken())
    };
    let expected = task.status.after(verb);
    match test.finish(&task.id, outcome) {
        Ok(Finished::Ended(ended)) => prop_assert_eq!(Some(ended.status), expected),
        Ok(Finished::Late(_)) => {
            prop_assert!(task.expired && expected.is_none());
            return Ok(1);
        }
        Err(Error::Refusal(Refusal::WrongState { status, .. })) => {
            prop_assert_eq!((status, expected), (task.status, None));
        }
        Err(other) => prop_assert!(false, "{other}"),
    }
    task.status = expected.unwrap_or(task.status);
    Ok(expected.is_some().into())
}

fn cancel(test: &mut TestStore, task: &mut Modelled) -> Result<i64, TestCaseError> {
    let now = test.tick();
    let answer = test.ask(CancelTask {
        task: task.id.to_string(),
        reason: String::new(),
        request: None,
        actor: worker("test"),
        now,
    });
    let expected = task.status.after(Verb::Cancel);
    prop_assert_eq!(answer.ok().map(|task| task.status), expected);
    task.status = expected.unwrap_or(task.status);
    Ok(expected.is_some().into())
}

fn requeue(
    test: &mut TestStore,
    model: &mut Vec<Modelled>,
    at: usize,
    force: bool,
) -> Result<i64, TestCaseError> {
    let (id, stream, status) = (model[at].id.clone(), model[at].stream, model[at].status);
    // The family: all that stem from what this one stems from. A clone comes after what it is a clone of.
    let stems = |task: &Modelled, family: &[TaskId]| {
        task.cloned_from
            .as_ref()
            .is_some_and(|from| family.contains(from))
    };
    let mut root = id.clone();
    while let Some(from) = model
        .iter()
        .find(|task| task.id == root)
        .and_then(|task| task.cloned_from.clone())
    {
        if !model.iter().any(|task| task.id == from) {
            break;
        }
        root = from;
    }
    let (mut family, mut own) = (vec![root], vec![id.clone()]);
    let mut lives = false;
    for task in model.iter() {
        if stems(task, &family) {
            family.push(task.id.clone());
        }
        if stems(task, &own) {
            own.push(task.id.clone());
        }
        lives |= family.contains(&task.id) && task.id != id && !task.status.is_final();
    }
    let cloned = own.len() > 1;
    let may = match status {
        Status::Failed => true,
        Status::Succeeded => force,
        Status::Queued | Status::Running => false,
    };
    let expected = may && !lives && (force || !cloned);
    let answer = test.requeue(&id, STREAMS[stream], force);
    prop_assert_eq!(answer.is_ok(), expected);
    if let Ok(queued) = answer {
        prop_assert_eq!(queued.task.requeued_from.as_ref(), Some(&id));
        model.push(fresh(queued.task.id, stream, Some(id)));
    }
    // The clone was enqueued, and the original tells that it was requeued.
    Ok(if expected { 2 } else { 0 })
}

fn compare(test: &TestStore, model: &[Modelled]) -> Result<(), TestCaseError> {
    let look = test.store.read().expect("a look");
    let kept = look.tasks(&TaskQuery::default()).expect("tasks");
    let kept: Vec<_> = kept
        .items
        .iter()
        .rev()
        .map(|task| (&task.id, task.status))
        .collect();
    let modelled: Vec<_> = model.iter().map(|task| (&task.id, task.status)).collect();
    prop_assert_eq!(kept, modelled, "in the order of insertion");
    for (at, name) in STREAMS.iter().enumerate() {
        let counts = look.stream(name).expect("a stream").counts;
        for status in Status::ALL {
            let expected = model
                .iter()
                .filter(|task| task.stream == at && task.status == status)
                .count();
            prop_assert_eq!(counts.of(status), expected as u64);
            let filter = TaskFilter {
                stream: Some((*name).to_owned()),
                status: Some(status),
                ..TaskFilter::default()
            };
            let query = TaskQuery {
                filter,
                ..TaskQuery::default()
            };
            let list = look.tasks(&query).expect("tasks");
            prop_assert_eq!((list.total, list.items.len()), (expected as u64, expected));
        }
    }
    Ok(())
}
