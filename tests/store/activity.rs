//! Ending and reopening sessions and streams.

use sparkq_core::wire::{Activity, Session, Stream};
use sparkq_core::{Kind, Refusal};
use sparkq_store::{CreateSession, CreateStream, EditSession, EditStream, Error, Store};

use crate::{TestStore, done, last_seq, refusal, task, worker};

impl TestStore {
    fn turn_session(&mut self, session: &str, status: Activity) -> Result<Session, Error> {
        let now = self.tick();
        self.ask(EditSession {
            session: session.into(),
            name: None,
            description: None,
            status: Some(status),
            request: None,
            actor: worker("test"),
            now,
        })
    }

    fn turn_stream(&mut self, stream: &str, status: Activity) -> Result<Stream, Error> {
        let now = self.tick();
        self.ask(EditStream {
            stream: stream.into(),
            name: None,
            instructions: None,
            status: Some(status),
            request: None,
            actor: worker("test"),
            now,
        })
    }

    fn status_of(&self, stream: &str) -> Activity {
        let look = self.store.read().expect("a look");
        look.stream(stream).expect("a stream").status
    }
}

#[test]
fn an_ended_stream_takes_and_hands_out_nothing_but_its_running_task_can_be_completed() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    for label in ["1", "2"] {
        test.ask(task("a", label, now)).expect("queued");
    }
    let running = test.claim("a").expect("a task").id;
    let stream = test.turn_stream("a", Activity::Ended).expect("ended");
    assert_eq!((stream.status, stream.counts.queued), (Activity::Ended, 1));

    let now = test.tick();
    let ended = |refusal: Refusal| {
        matches!(
            refusal,
            Refusal::Ended {
                kind: Kind::Stream,
                ..
            }
        )
    };
    assert!(ended(refusal(test.ask(task("a", "3", now)))));
    assert!(ended(refusal(test.store.read().expect("a look").peek("a"))));
    test.finish(&running, done()).expect("completed");

    test.turn_stream("a", Activity::Active).expect("reopened");
    assert!(
        test.claim("a").is_some(),
        "what was queued is handed out again"
    );
}

#[test]
fn ending_or_reopening_twice_changes_nothing() {
    let mut test = TestStore::new();
    test.stream("a");
    test.turn_stream("a", Activity::Ended).expect("ended");
    test.turn_session("s", Activity::Ended).expect("ended");
    let seq = last_seq(&test.store);
    test.turn_stream("a", Activity::Ended).expect("still ended");
    test.turn_session("s", Activity::Ended)
        .expect("still ended");
    assert_eq!(last_seq(&test.store), seq);
}

#[test]
fn a_session_ends_its_streams_and_reopens_those_alone() {
    let mut test = TestStore::new();
    test.stream("before");
    test.stream("with");
    test.turn_stream("before", Activity::Ended).expect("ended");
    let session = test.turn_session("s", Activity::Ended).expect("ended");
    assert!(session.ended_at.is_some());
    assert_eq!(test.status_of("with"), Activity::Ended);
    let told = refusal(test.turn_stream("with", Activity::Active));
    assert!(
        matches!(
            told,
            Refusal::Ended {
                kind: Kind::Session,
                ..
            }
        ),
        "{told}"
    );

    let session = test.turn_session("s", Activity::Active).expect("reopened");
    assert_eq!((session.ended_at, session.active_streams), (None, 1));
    assert_eq!(test.status_of("with"), Activity::Active);
    assert_eq!(test.status_of("before"), Activity::Ended);
}

#[test]
fn an_ended_name_may_be_taken_again_and_then_its_first_owner_stays_ended() {
    let mut test = TestStore::new();
    test.stream("a");
    test.turn_session("s", Activity::Ended).expect("ended");
    let now = test.tick();
    let name: sparkq_core::Name = "S".parse().expect("a name");
    test.ask(CreateSession {
        name: name.clone(),
        description: String::new(),
        request: None,
        actor: worker("test"),
        now,
    })
    .expect("the name is free");
    let request = CreateStream {
        session: "s".into(),
        name: "A".parse().expect("a name"),
        instructions: String::new(),
        request: None,
        actor: worker("test"),
        now,
    };
    let second = test
        .ask(request)
        .expect("the name is free, and `s` means the active session");
    let look = test.store.read().expect("a look");
    let sessions = look
        .sessions(sparkq_store::Page::WHOLE)
        .expect("sessions")
        .items;
    let first = sessions.last().expect("the first").id.to_string();
    drop(look);
    let told = refusal(test.turn_session(&first, Activity::Active));
    assert!(
        matches!(
            told,
            Refusal::NameTaken {
                kind: Kind::Session,
                ..
            }
        ),
        "{told}"
    );

    test.turn_session("S", Activity::Ended).expect("ended");
    test.turn_session(&first, Activity::Active)
        .expect("reopened");
    let told = refusal(test.turn_stream(second.id.as_str(), Activity::Active));
    assert!(
        matches!(
            told,
            Refusal::Ended {
                kind: Kind::Session,
                ..
            }
        ),
        "{told}"
    );
}
