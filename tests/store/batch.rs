use sparkq_core::Refusal;
use sparkq_store::sqlite::{Asker, Writer};
use sparkq_store::{EnqueueTasks, Error, Fault, Store, TaskQuery, Verb, Write};
use std::sync::mpsc::{Sender, channel};

use crate::{TestStore, last_seq, task, worker};

#[test]
fn a_refused_request_costs_the_others_of_its_batch_nothing() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let mut batch = [
        task("a", "1", now).into_write(),
        task("nowhere", "2", now).into_write(),
        task("a", "3", now).into_write(),
    ];
    test.store.write(&mut batch).expect("committed");
    let answers = batch.map(|write| sparkq_store::EnqueueTask::answer(write).expect("an answer"));
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert!(
        matches!(&answers[1], Err(Error::Refusal(Refusal::NotFound { given, .. })) if given == "nowhere")
    );
}

#[test]
fn a_batch_with_one_bad_line_queues_nothing_and_names_the_line() {
    let mut test = TestStore::new();
    test.stream("a");
    let (now, seq) = (test.tick(), last_seq(&test.store));
    let refused = test.ask(EnqueueTasks {
        tasks: vec![task("a", "1", now), task("b", "2", now)],
        request: None,
    });
    assert!(matches!(
        refused,
        Err(Error::Refusal(Refusal::Batch { line: 2, .. }))
    ));
    let look = test.store.read().expect("a look");
    assert_eq!(look.tasks(&TaskQuery::default()).expect("tasks").total, 0);
    assert_eq!(
        look.last_seq().expect("a number"),
        seq,
        "and tells of nothing"
    );
}

#[test]
fn two_live_tasks_with_one_key_are_one_task() {
    let mut test = TestStore::new();
    test.stream("a");
    test.stream("b");
    let now = test.tick();
    let keyed = |stream| sparkq_store::EnqueueTask {
        dedupe_key: Some("k".into()),
        ..task(stream, "t", now)
    };
    let first = test.ask(keyed("a")).expect("queued");
    let again = test.ask(keyed("a")).expect("queued");
    assert_eq!((again.existed, &again.task.id), (true, &first.task.id));
    assert!(
        !test.ask(keyed("b")).expect("queued").existed,
        "another stream, another task"
    );
    test.claim("a").expect("the first");
    assert!(
        test.ask(keyed("a")).expect("queued").existed,
        "a running task still has its key"
    );
}

struct Gone;

impl Asker for Gone {
    fn is_waiting(&self) -> bool {
        false
    }

    fn answer(self: Box<Self>, _: Result<Write, Fault>) {
        panic!("nobody is there to be answered");
    }
}

struct Waiting(Sender<Result<Write, Fault>>);

impl Asker for Waiting {
    fn is_waiting(&self) -> bool {
        true
    }

    fn answer(self: Box<Self>, answered: Result<Write, Fault>) {
        self.0.send(answered).expect("the test waits");
    }
}

#[test]
fn the_writer_claims_nothing_for_a_worker_that_has_gone() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    test.ask(task("a", "t", now)).expect("queued");
    let claim = || sparkq_store::ClaimTask {
        stream: "a".into(),
        worker: worker("w"),
        request: None,
        now,
    };
    let (writer, thread) = Writer::start(Box::new(test.store), |_| true, || ()).expect("a thread");
    writer
        .send(claim().into_write(), Box::new(Gone))
        .expect("taken");
    let (answer, inbox) = channel();
    writer
        .send(claim().into_write(), Box::new(Waiting(answer)))
        .expect("taken");
    let claimed =
        sparkq_store::ClaimTask::answer(inbox.recv().expect("an answer").expect("committed"));
    assert!(
        claimed.expect("run").expect("no refusal").value.is_some(),
        "the task was still there"
    );
    drop(writer);
    thread.join().expect("the thread ends with the last handle");
}

#[test]
fn a_writer_that_ends_leaves_nothing_for_the_next_command_to_read_first() {
    let mut test = TestStore::new();
    test.stream("a");
    let wal = test.folder.path().join("q.db-wal");
    let length = || std::fs::metadata(&wal).map_or(0, |about| about.len());
    assert!(length() > 0, "what was committed is there");
    let (writer, thread) = Writer::start(Box::new(test.store), |_| true, || ()).expect("a thread");
    drop(writer);
    thread.join().expect("the thread ends with the last handle");
    assert_eq!(length(), 0, "it is in the database by now");
}

#[test]
fn what_was_written_into_a_file_that_is_gone_is_not_answered_as_if_it_were_kept() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let (writer, _thread) =
        Writer::start(Box::new(test.store), |_| false, || ()).expect("a thread");
    let (answer, inbox) = channel();
    writer
        .send(task("a", "t", now).into_write(), Box::new(Waiting(answer)))
        .expect("taken");
    let fault = inbox.recv().expect("an answer").expect_err("a fault");
    assert_eq!(fault.kind, sparkq_store::FaultKind::Missing);
}

#[test]
fn the_writer_rests_once_everybody_has_an_answer() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let (answer, inbox) = channel();
    let (rested, rests) = channel();
    let rest = move || {
        let answered = inbox.try_recv().is_ok();
        rested.send(answered).expect("the test waits for it");
    };
    let (writer, _thread) = Writer::start(Box::new(test.store), |_| true, rest).expect("a thread");
    writer
        .send(task("a", "t", now).into_write(), Box::new(Waiting(answer)))
        .expect("taken");
    assert!(rests.recv().expect("it rested"), "the answer was there");
}
