use serde_json::{Value, json};

use super::*;

fn task(id: &str, status: &str) -> Value {
    json!({
        "seq": 1, "id": id, "stream_id": "str_00000000", "stream_name": "auth", "tool_name": "run-bash",
        "plugin": "scripts@0.1.0#0a1b2c3d4e5f", "task_class": "MEDIUM_SCRIPT", "payload": {"a": 1}, "label": "a",
        "status": status, "timeout": 300, "attempts": 0,
        "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
    })
}

fn story(status: &str) -> Story {
    let mut detail = task("tsk_11111111", status);
    detail["stream"] = json!({"id": "str_00000000", "name": "auth", "instructions": ""});
    detail["timing"] = json!({"waited_ms": 0});
    detail["history"] = json!({
        "requeued_from": ["tsk_00000000"], "requeued_as": [], "events": [],
        "kin": [{"id": "tsk_00000000", "status": "failed"}],
    });
    let detail = serde_json::from_value(detail).expect("a detail");
    Story::of(detail, 5)
}

fn event(seq: i64, kind: &str, task: &Value) -> Event {
    let event = json!({
        "seq": seq, "at": "2026-01-01T00:00:00.000Z", "kind": kind, "actor": "a",
        "task_id": task["id"], "task": task,
    });
    serde_json::from_value(event).expect("an event")
}

#[test]
fn an_event_of_the_task_moves_it_and_joins_its_history_once() {
    let mut story = story("queued");
    let claimed = event(6, "task.claimed", &task("tsk_11111111", "running"));
    assert_eq!(story.hear(&claimed), Heard::Changed);
    assert_eq!(story.task.status, Status::Running);
    assert_eq!(story.hear(&claimed), Heard::Nothing);
    assert_eq!(story.events.len(), 1);
    assert_eq!(story.events[0].task, None);
}

#[test]
fn what_was_printed_has_to_be_fetched_when_the_task_ends_or_is_answered_late() {
    let mut story = story("running");
    let done = task("tsk_11111111", "succeeded");
    assert_eq!(story.hear(&event(6, "task.completed", &done)), Heard::Fetch);
    assert_eq!(story.hear(&event(7, "task.late", &done)), Heard::Fetch);
    assert_eq!(
        story.hear(&event(8, "task.requeued", &done)),
        Heard::Changed
    );
}

#[test]
fn a_purge_of_its_stream_may_have_taken_the_task() {
    let purge = |seq: i64, stream: &str| {
        let event = json!({
            "seq": seq, "at": "2026-01-01T00:00:00.000Z", "kind": "task.purged", "actor": "a",
            "stream_id": stream, "data": {"tasks": 1},
        });
        serde_json::from_value(event).expect("an event")
    };
    let mut story = story("failed");
    assert_eq!(story.hear(&purge(6, "str_99999999")), Heard::Nothing);
    assert_eq!(story.hear(&purge(7, "str_00000000")), Heard::Fetch);
}

#[test]
fn clones_and_their_clones_join_the_chain() {
    let mut story = story("failed");
    let mut clone = task("tsk_22222222", "queued");
    clone["requeued_from"] = "tsk_11111111".into();
    assert_eq!(
        story.hear(&event(6, "task.enqueued", &clone)),
        Heard::Changed
    );
    let mut second = task("tsk_33333333", "queued");
    second["requeued_from"] = "tsk_22222222".into();
    assert_eq!(
        story.hear(&event(7, "task.enqueued", &second)),
        Heard::Changed
    );
    clone["status"] = "failed".into();
    assert_eq!(story.hear(&event(8, "task.failed", &clone)), Heard::Changed);
    let chain: Vec<String> = story.chain().iter().map(TaskId::to_string).collect();
    assert_eq!(
        chain,
        [
            "tsk_00000000",
            "tsk_11111111",
            "tsk_22222222",
            "tsk_33333333"
        ]
    );
    let stands: Vec<_> = story.chain().iter().map(|id| story.status_of(id)).collect();
    assert_eq!(
        stands,
        [
            Some(Status::Failed),
            Some(Status::Failed),
            Some(Status::Failed),
            Some(Status::Queued)
        ]
    );
    let stranger = task("tsk_44444444", "queued");
    assert_eq!(
        story.hear(&event(9, "task.enqueued", &stranger)),
        Heard::Nothing
    );
}

#[test]
fn each_way_to_fail_is_told_from_the_others() {
    let mut story = story("failed");
    assert_eq!(story.end(), Some(End::Cancelled));
    story.task.started_at = Some(story.task.created_at);
    assert_eq!(story.end(), Some(End::Failed));
    story.task.error = Some("Auto-failed: task exceeded 2x timeout (1s)".to_owned());
    assert_eq!(story.end(), Some(End::Expired));
}
