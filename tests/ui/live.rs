use std::fs;

use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;

#[tokio::test]
async fn a_task_that_the_command_line_queues_appears_and_changes_on_the_page_without_a_reload() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.page.goto(&server.address).await.expect("the page");
    browser.wait_for("[data-count=queued]").await;
    assert_eq!(browser.text("[data-count=queued]").await, "0");
    // A reload would forget this.
    browser.run("window.mark = 'same page'").await;

    browser.press("\u{e004}").await; // Tab
    let skip = "return document.activeElement.matches('.skip')";
    browser
        .until("the way past the pages comes first", skip)
        .await;

    let id = queue.enqueue("auth", "scripts/a.sh");
    browser
        .wait_for(&format!("[data-task-id={id}][data-status=queued]"))
        .await;
    assert_eq!(browser.text("[data-count=queued]").await, "1");

    queue.ok(["--direct", "claim", "--stream", "auth"]);
    browser
        .wait_for(&format!("[data-task-id={id}][data-status=running]"))
        .await;

    queue.ok(["complete", &id, "--summary", "<b>all</b> 3 tests pass"]);
    browser
        .wait_for(&format!("[data-task-id={id}][data-status=succeeded]"))
        .await;
    let row = browser.text(&format!("[data-task-id={id}]")).await;
    assert!(
        row.contains("<b>all</b> 3 tests pass"),
        "text stays text: {row}"
    );
    assert_eq!(browser.text("[data-count=queued]").await, "0");
    assert_eq!(browser.text("[data-count=succeeded]").await, "1");

    assert_eq!(browser.run("return window.mark").await, "same page");
    browser.pictures("dashboard").await;
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

/// What the page shows of each task, and how many it counts by status.
const SHOWN: &str = r"
    const rows = [...document.querySelectorAll('[data-task-id]')];
    const counts = ['queued', 'running', 'succeeded', 'failed'];
    return {
        rows: rows.map(row => [row.dataset.taskId, row.dataset.status]),
        counts: counts.map(of => Number(document.querySelector(`[data-count=${of}]`).textContent)),
    }";

/// The same as the server has it.
fn held(server: &Server) -> Value {
    let tasks = server.get("/api/tasks?limit=200").body;
    let rows = tasks["items"].as_array().expect("a list").iter();
    let rows: Vec<_> = rows
        .map(|task| json!([task["id"], task["status"]]))
        .collect();
    let counts = server.get("/api/status").body["tasks"].clone();
    let counts = ["queued", "running", "succeeded", "failed"].map(|status| counts[status].clone());
    json!({"rows": rows, "counts": counts})
}

#[tokio::test]
async fn a_server_that_is_killed_and_comes_back_is_followed_on_and_nothing_is_lost_or_counted_twice()
 {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    // It comes back where it was.
    let port = server.address.rsplit_once(':').expect("a port").1;
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    let fixed = config.replace("port = 0", &format!("port = {port}"));
    queue.write("sparkq.toml", &fixed);
    let browser = Browser::start().await;
    browser.page.goto(&server.address).await.expect("the page");
    browser.wait_for("[data-link=live]").await;
    for _ in 0..3 {
        queue.running("auth");
    }
    let all_run = "return document.querySelectorAll('.lane-run').length === 3";
    browser.until("all three run", all_run).await;
    let foot = "return document.querySelector('.panel:last-child').getBoundingClientRect().top";
    let before = browser.run(foot).await;

    server.end("-KILL");
    browser.wait_for("[data-banner=lost]").await;
    browser.wait_for("[data-link=offline]").await;
    assert_eq!(browser.run(foot).await, before, "nothing moves");
    browser.pictures("offline").await;
    // Nobody serves, so these go to the file.
    let done = queue.running("auth");
    let during = queue.enqueue("auth", "scripts/a.sh");
    queue.ok(["complete", &done, "--summary", "done meanwhile"]);

    let server = Server::start(&queue);
    let retry = browser
        .page
        .find(fantoccini::Locator::Css("[data-banner=lost] button"));
    if let Ok(button) = retry.await {
        // By now it may be back by itself.
        let _ = button.click().await;
    }
    browser.wait_for("[data-link=live]").await;
    browser.wait_for("[data-banner=back]").await;
    let said = browser.text("[role=status]").await;
    assert!(said.starts_with("Connected again."), "{said}");
    let after = queue.enqueue("auth", "scripts/b.sh");
    browser.wait_for(&format!("[data-task-id={after}]")).await;
    queue.claim("auth");
    browser
        .wait_for(&format!("[data-task-id={during}][data-status=running]"))
        .await;
    assert_eq!(browser.run(SHOWN).await, held(&server));
    browser.wait_for("body:not(:has(.banner))").await;
    browser.end().await;
}
