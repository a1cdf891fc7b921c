use serde_json::json;

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;

/// A queue in which something of everything needs a person.
fn busy() -> (TestQueue, String) {
    let queue = TestQueue::new();
    queue.ok(["stream", "create", "docs", "--session", "s"]);
    let done = queue.running("auth");
    queue.ok(["complete", &done, "--summary", "Says a, as it should"]);
    let failed = queue.running("auth");
    queue.ok([
        "fail",
        &failed,
        "--error",
        "b is not there\nlook at the log",
    ]);
    let slow = queue.enqueue("auth", "scripts/a.sh");
    queue.claim("auth");
    let past = "UPDATE tasks SET started_at = started_at - 60000 WHERE id = ?";
    queue.database().execute(past, [&slow]).expect("set back");
    queue.enqueue("docs", "scripts/b.sh");
    (queue, failed)
}

#[tokio::test]
async fn what_needs_a_person_is_listed_first_and_one_click_mends_it() {
    let (queue, failed) = busy();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.page.goto(&server.address).await.expect("the page");
    browser.wait_for("[data-needs='3']").await;
    let needs = browser.text(".needs-list").await;
    for said in [
        "failed",
        "b is not there",
        "of 45s",
        "docs has 1 queued task",
    ] {
        assert!(needs.contains(said), "{said} in {needs}");
    }
    assert!(
        !needs.contains("look at the log"),
        "one line says why: {needs}"
    );
    browser
        .wait_for(".lane[data-stream=auth] .age[data-tone=stale]")
        .await;
    browser.wait_for(".results li[data-tone=succeeded]").await;
    browser.wait_for(".bars .bar span[data-tone=failed]").await;
    browser.pictures("dashboard-needs").await;

    browser.click(&format!("[data-requeue={failed}]")).await;
    browser.wait_for("[data-toast=succeeded]").await;
    browser.wait_for("[data-needs='2']").await;
    let clones = server.get("/api/tasks?status=queued&stream=auth").body;
    assert_eq!(clones["items"][0]["requeued_from"], json!(failed));

    // What nobody has to look at any more goes by itself.
    queue.ok(["claim", "--stream", "docs"]);
    browser.wait_for("[data-needs='1']").await;
    browser.end().await;
}

#[tokio::test]
async fn failures_that_were_seen_stay_away_after_a_reload_and_new_ones_do_not() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let fail = || {
        server.enqueue("scripts/a.sh");
        let id = queue.claim("auth")["id"]
            .as_str()
            .expect("a task")
            .to_owned();
        queue.ok(["fail", &id, "--error", "broken"]);
        id
    };
    fail();
    let browser = Browser::start().await;
    browser.page.goto(&server.address).await.expect("the page");
    browser.wait_for("[data-needs='1']").await;
    queue.ok(["session", "create", "bare"]);
    browser.wait_for("[data-bare] a[href='/sessions']").await;
    browser.click("[data-action=seen]").await;
    browser.wait_for(".calm").await;
    browser.page.refresh().await.expect("the page again");
    browser.wait_for(".calm").await;
    browser.screenshot("dashboard-calm").await;
    let id = fail();
    browser.wait_for(&format!("[data-requeue={id}]")).await;
    browser.wait_for("[data-needs='1']").await;
    browser.end().await;
}

#[tokio::test]
async fn a_stream_is_chosen_and_given_back_and_the_span_of_the_charts_is_in_the_address() {
    let (queue, _) = busy();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.page.goto(&server.address).await.expect("the page");
    browser.click(".lane[data-stream=docs] .lane-filter").await;
    browser
        .wait_for(".lane[data-stream=docs][aria-current]")
        .await;
    browser
        .until(
            "only its task is listed",
            "return document.querySelectorAll('[data-task-id]').length === 1",
        )
        .await;
    browser.click(".choice a[href*='7d']").await;
    browser
        .wait_for(".choice a[href*='7d'][aria-current]")
        .await;
    let address = browser.page.current_url().await.expect("an address");
    assert_eq!(address.query(), Some("stream=docs&since=7d"));
    browser.click(".lane[data-stream=docs] .lane-filter").await;
    browser
        .until(
            "all tasks are listed",
            "return document.querySelectorAll('[data-task-id]').length === 4",
        )
        .await;
    browser.end().await;
}

#[tokio::test]
async fn a_lane_draws_eight_of_the_tasks_that_run_and_counts_the_others() {
    let queue = TestQueue::new();
    let mut running: Vec<String> = (0..10).map(|_| queue.running("auth")).collect();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.page.goto(&server.address).await.expect("the page");
    let says = |runs: usize, others: &str| {
        format!(
            "const lane = document.querySelector('.lane[data-stream=auth]');
             const others = lane?.querySelector('.lane-work > a')?.textContent ?? '';
             return lane?.querySelectorAll('.lane-run').length === {runs} && others === '{others}'
                 && !lane.querySelector('.lane-idle')"
        )
    };
    browser
        .until("two are counted", &says(8, "and 2 more"))
        .await;
    while running.len() > 8 {
        let id = running.remove(0);
        queue.ok(["complete", &id, "--summary", "done"]);
    }
    browser.until("all are drawn", &says(8, "")).await;
    for id in running {
        queue.ok(["complete", &id, "--summary", "done"]);
    }
    browser.wait_for(".lane[data-stream=auth] .lane-idle").await;
    browser.end().await;
}
