use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};

/// Clients that work at the same time, and how many answers they get before the server dies.
const CLIENTS: usize = 32;
const ANSWERS: [usize; 4] = [1, 90, 333, 700];

/// What the server has acknowledged.
#[derive(Default)]
struct Acknowledged {
    queued: Vec<String>,
    completed: Vec<String>,
}

#[test]
fn after_kills_under_load_nothing_acknowledged_is_lost_and_the_next_start_needs_no_repair() {
    let queue = TestQueue::new();
    let acknowledged = Mutex::new(Acknowledged::default());
    for count in ANSWERS {
        // Each start finds what the kill before it has left.
        let server = Server::start(&queue);
        let (answers, answered) = channel();
        let address = server.address.clone();
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                let (answers, address, acknowledged) =
                    (answers.clone(), address.as_str(), &acknowledged);
                scope.spawn(move || work_until_it_dies(address, acknowledged, &answers));
            }
            assert_eq!(answered.iter().take(count).count(), count);
            assert_eq!(server.end("-KILL").code(), None, "a signal ended it");
        });
    }

    let acknowledged = acknowledged.into_inner().expect("no panic");
    assert!(acknowledged.queued.len() + acknowledged.completed.len() > 300);
    let again = Server::start(&queue);
    for id in &acknowledged.queued {
        assert_eq!(
            again.get(&format!("/api/tasks/{id}")).status,
            200,
            "{id} was acknowledged"
        );
    }
    for id in &acknowledged.completed {
        assert_eq!(
            again.get(&format!("/api/tasks/{id}")).body["status"],
            "succeeded",
            "{id} was acknowledged"
        );
    }
    again.enqueue("scripts/a.sh");
    let db = queue.database();
    let sound: String = db
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("an answer");
    assert_eq!(sound, "ok");
    let untold =
        "SELECT count(*) FROM tasks t WHERE (SELECT count(*) FROM events e WHERE e.task_id = t.id)
                  != CASE t.status WHEN 'queued' THEN 1 WHEN 'running' THEN 2 ELSE 3 END";
    assert_eq!(
        db.query_row(untold, [], |row| row.get(0)),
        Ok(0),
        "each change has its one event"
    );
}

fn work_until_it_dies(address: &str, acknowledged: &Mutex<Acknowledged>, answers: &Sender<()>) {
    let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    let post = |path: String, body: Value| -> Option<Value> {
        let answer = agent
            .post(format!("{address}{path}"))
            .send_json(body)
            .ok()?;
        // The test may have stopped counting.
        let _ = answers.send(());
        answer.into_body().read_json().ok()
    };
    let id = |task: &Value| task["id"].as_str().map(str::to_owned);
    loop {
        let new = json!({"tool_name": "run-bash", "payload": {"script_path": "scripts/a.sh"}, "stream_id": "auth"});
        let Some(queued) = post("/api/tasks".to_owned(), new).as_ref().and_then(id) else {
            return;
        };
        acknowledged.lock().expect("no panic").queued.push(queued);
        let Some(claimed) = post("/api/streams/auth/claim".to_owned(), Value::Null)
            .as_ref()
            .and_then(id)
        else {
            return;
        };
        let done = json!({"result": {"summary": "done"}});
        let Some(completed) = post(format!("/api/tasks/{claimed}/complete"), done)
            .as_ref()
            .and_then(id)
        else {
            return;
        };
        acknowledged
            .lock()
            .expect("no panic")
            .completed
            .push(completed);
    }
}
