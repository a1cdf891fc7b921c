//! The store against a plain list of tasks that is driven by the status table alone.

use proptest::prelude::*;
use sparkq_core::wire::Document;
use sparkq_core::{Refusal, Status, TaskId, Verb};
use sparkq_store::{ClaimTask, Error, FinishTask, Outcome, Store, TaskQuery};

use crate::{TestStore, task, worker};

#[derive(Debug, Clone)]
enum Act {
    Enqueue {
        stream: usize,
    },
    Claim {
        stream: usize,
    },
    Finish {
        task: prop::sample::Index,
        complete: bool,
    },
}

struct Modelled {
    id: TaskId,
    stream: usize,
    status: Status,
}

const STREAMS: [&str; 2] = ["left", "right"];

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        (0..2_usize).prop_map(|stream| Act::Enqueue { stream }),
        (0..2_usize).prop_map(|stream| Act::Claim { stream }),
        (any::<prop::sample::Index>(), any::<bool>())
            .prop_map(|(task, complete)| Act::Finish { task, complete }),
    ];
    prop::collection::vec(act, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

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
            changes += i64::from(play(&mut test, &mut model, act)?);
        }
        prop_assert_eq!(crate::last_seq(&test.store) - seq, changes, "one event for each change, none without");
        compare(&test, &model)?;
    }
}

/// Plays one act on both; says whether it changed anything.
fn play(test: &mut TestStore, model: &mut Vec<Modelled>, act: Act) -> Result<bool, TestCaseError> {
    let now = test.tick();
    match act {
        Act::Enqueue { stream } => {
            let queued = test
                .ask(task(STREAMS[stream], "t", now))
                .expect("an active stream");
            prop_assert!(model.iter().all(|known| known.id != queued.task.id));
            model.push(Modelled {
                id: queued.task.id,
                stream,
                status: Status::Queued,
            });
            Ok(true)
        }
        Act::Claim { stream } => {
            let got = test
                .ask(ClaimTask {
                    stream: STREAMS[stream].into(),
                    worker: worker("w"),
                    now,
                })
                .expect("no refusal");
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
            }
            Ok(got.is_some())
        }
        Act::Finish { task, complete } => {
            if model.is_empty() {
                return Ok(false);
            }
            let modelled = task.get(model);
            let result = Document::from_json_text(r#"{"summary":"done"}"#.into());
            let (verb, outcome) = if complete {
                (Verb::Complete, Outcome::Completed(result))
            } else {
                (Verb::Fail, Outcome::Failed("broken".into()))
            };
            let request = FinishTask {
                task: modelled.id.to_string(),
                outcome,
                stdout: Some("out".into()),
                stderr: None,
                actor: worker("w"),
                now,
            };
            let expected = modelled.status.after(verb);
            match test.ask(request) {
                Ok(task) => prop_assert_eq!(Some(task.status), expected),
                Err(Error::Refusal(Refusal::WrongState { status, .. })) => {
                    prop_assert_eq!((status, expected), (modelled.status, None));
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
            let id = modelled.id.clone();
            if let (Some(next), Some(task)) =
                (expected, model.iter_mut().find(|task| task.id == id))
            {
                task.status = next;
            }
            Ok(expected.is_some())
        }
    }
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
        }
    }
    Ok(())
}
