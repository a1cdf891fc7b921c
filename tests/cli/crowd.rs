use std::collections::HashSet;
use std::thread;

use crate::bench::TestQueue;

const TASKS: usize = 2_000;
const WORKERS: usize = 8;

#[test]
fn eight_processes_claim_two_thousand_tasks_each_once_and_in_order() {
    let queue = TestQueue::new();
    let line =
        r#"{"tool_name":"run-bash","payload":{"script_path":"scripts/a.sh"},"stream_id":"auth"}"#;
    queue.write("tasks.ndjson", &vec![line; TASKS].join("\n"));
    let queued = queue.ok(["enqueue", "--batch", "tasks.ndjson"]);
    let queued: Vec<_> = queued.lines().map(str::to_owned).collect();
    assert_eq!(queued.len(), TASKS);

    let claimed: Vec<Vec<String>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| scope.spawn(|| claim_until_empty(&queue)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("no refusal"))
            .collect()
    });

    let all: Vec<_> = claimed.iter().flatten().collect();
    assert_eq!(all.len(), TASKS);
    assert_eq!(
        all.iter().collect::<HashSet<_>>().len(),
        TASKS,
        "each task was claimed once"
    );
    assert!(
        claimed.iter().filter(|tasks| !tasks.is_empty()).count() > 1,
        "the work was shared"
    );
    let db = queue.database();
    let mut told = db
        .prepare("SELECT task_id FROM events WHERE kind = 'task.claimed' ORDER BY seq")
        .expect("valid SQL");
    let told: Vec<String> = told
        .query_map([], |row| row.get(0))
        .expect("rows")
        .map(|id| id.expect("an id"))
        .collect();
    assert_eq!(told, queued, "in the order they were queued");
}

fn claim_until_empty(queue: &TestQueue) -> Vec<String> {
    let mut claimed = Vec::new();
    loop {
        let text = queue.ok(["claim", "--stream", "auth"]);
        if text.is_empty() {
            return claimed;
        }
        let task: serde_json::Value = serde_json::from_str(&text).expect("one JSON object");
        claimed.push(task["id"].as_str().expect("an id").to_owned());
    }
}
