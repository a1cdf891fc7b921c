use sparkq_core::wire::Activity;
use sparkq_core::{Time, wire::Purged};
use sparkq_store::{
    EditSession, EditStream, ForgetOld, PurgeRest, PurgeTasks, RequestKey, Store, TaskFilter,
    TaskQuery,
};

use crate::{TestStore, broken, done, task, worker};

impl TestStore {
    fn purge(&mut self, finished_by: i64, limit: u32) -> u64 {
        let now = self.tick();
        self.ask(PurgeTasks {
            filter: TaskFilter {
                finished_by: Some(Time::from_millis(finished_by)),
                ..TaskFilter::default()
            },
            after: 0,
            limit,
            request: None,
            actor: worker("test"),
            now,
        })
        .expect("no refusal")
        .tasks
    }

    fn purge_rest(&mut self, before: i64) -> Purged {
        let now = self.tick();
        self.ask(PurgeRest {
            ended_before: Time::from_millis(before),
            request: None,
            actor: worker("test"),
            now,
        })
        .expect("no refusal")
    }

    fn rows(&self, table: &str) -> i64 {
        let conn =
            rusqlite::Connection::open(self.folder.path().join("q.db")).expect("a connection");
        conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get(0)
        })
        .expect("a count")
    }
}

#[test]
fn a_purge_takes_old_finished_tasks_with_outputs_and_events_and_nothing_else() {
    let mut test = TestStore::new();
    test.stream("a");
    let old = test.finished("a", done());
    let failed = test.finished("a", broken());
    let cut = test.now;
    let young = test.finished("a", done());
    let now = test.tick();
    let running = test.ask(task("a", "t", now)).expect("queued").task.id;
    test.claim("a").expect("the task");
    let now = test.tick();
    let queued = test.ask(task("a", "t", now)).expect("queued").task.id;

    assert_eq!(test.purge(cut, 1000), 2);
    let look = test.store.read().expect("a look");
    let kept = look.tasks(&TaskQuery::default()).expect("tasks").items;
    let kept: Vec<_> = kept.into_iter().map(|task| task.id).collect();
    assert_eq!(kept, [queued, running, young]);
    for gone in [&old, &failed] {
        assert!(look.task(gone.as_str()).is_err());
    }
    drop(look);
    assert_eq!(test.rows("outputs"), 1);
    assert_eq!(test.rows(&format!("events WHERE task_id = '{old}'")), 0);
    assert_eq!(
        test.rows(r#"events WHERE kind = 'task.purged' AND data = '{"tasks":2}' AND stream_id IS NOT NULL"#),
        1,
        "one event for all of them"
    );
}

#[test]
fn a_purge_of_an_original_leaves_its_clone_alone() {
    let mut test = TestStore::new();
    test.stream("a");
    let first = test.finished("a", broken());
    let cut = test.now;
    let clone = test.requeue(&first, "a", false).expect("a clone").task.id;
    assert_eq!(test.purge(cut, 1000), 1);
    let detail = test.detail(&clone);
    assert_eq!(
        detail.task.requeued_from,
        Some(first),
        "it still says where it came from"
    );
}

#[test]
fn a_purge_goes_in_parts() {
    let mut test = TestStore::new();
    test.stream("a");
    for _ in 0..5 {
        test.finished("a", done());
    }
    let cut = test.now;
    assert_eq!(
        (test.purge(cut, 3), test.purge(cut, 3), test.purge(cut, 3)),
        (3, 2, 0)
    );
}

#[test]
fn ended_streams_and_sessions_go_once_they_are_empty_and_old() {
    let mut test = TestStore::new();
    test.stream("busy");
    test.stream("empty");
    test.finished("busy", done());
    let now = test.tick();
    let end = |stream: &str| EditStream {
        stream: stream.into(),
        name: None,
        instructions: None,
        status: Some(Activity::Ended),
        request: None,
        actor: worker("test"),
        now,
    };
    test.ask(end("empty")).expect("ended");
    assert_eq!(
        test.purge_rest(now.as_millis() - 1).streams,
        0,
        "not yet old"
    );
    assert_eq!(
        test.purge_rest(now.as_millis()),
        Purged {
            tasks: 0,
            streams: 1,
            sessions: 0
        }
    );
    let request = EditSession {
        session: "s".into(),
        name: None,
        description: None,
        status: Some(Activity::Ended),
        request: None,
        actor: worker("test"),
        now,
    };
    test.ask(request).expect("ended");
    assert_eq!(
        test.purge_rest(now.as_millis()),
        Purged::default(),
        "it still has a task"
    );
    let cut = test.now;
    test.purge(cut, 10);
    assert_eq!(
        test.purge_rest(now.as_millis()),
        Purged {
            tasks: 0,
            streams: 1,
            sessions: 1
        }
    );
}

#[test]
fn old_events_of_no_task_and_old_keys_go_and_their_numbers_are_never_given_again() {
    let mut test = TestStore::new();
    test.stream("a");
    let seq = crate::last_seq(&test.store);
    for key in ["k", "l", "m"] {
        let now = test.tick();
        let request = Some(RequestKey {
            id: key.into(),
            digest: "d".into(),
        });
        test.ask(sparkq_store::EnqueueTask {
            request,
            ..task("a", "t", now)
        })
        .expect("queued");
    }
    test.now += 2 * 24 * 60 * 60 * 1000;
    let mut forget = || {
        let now = test.tick();
        let part = ForgetOld {
            events_before: now,
            limit: 2,
            now,
        };
        let more = test.ask(part).expect("no refusal");
        (more, test.rows("requests"))
    };
    assert_eq!(forget(), (true, 1), "a part at a time");
    assert_eq!(forget(), (false, 0));
    assert_eq!(test.rows("events WHERE task_id IS NULL"), 0);
    assert_eq!(test.rows("tasks"), 3);
    assert_eq!(crate::last_seq(&test.store), seq + 3);
}

#[test]
fn a_purge_by_anything_but_age_goes_through_the_tasks_once() {
    let mut test = TestStore::new();
    test.stream("a");
    test.stream("b");
    for stream in ["a", "b", "a", "b", "a"] {
        test.finished(stream, done());
    }
    let mut part = |after| {
        let now = test.tick();
        let request = PurgeTasks {
            filter: TaskFilter {
                stream: Some("a".into()),
                ..TaskFilter::default()
            },
            after,
            limit: 2,
            request: None,
            actor: worker("test"),
            now,
        };
        let part = test.ask(request).expect("no refusal");
        (part.tasks, part.after)
    };
    assert_eq!(part(0), (2, 3));
    assert_eq!(part(3), (1, 5));
    assert_eq!(part(5), (0, 5));
}
