use std::fmt::Write as _;
use std::fs;
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;
use crate::size::counts_agree;

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

/// Has the servers that follow this one come back where it was.
fn stay_there(queue: &TestQueue, server: &Server) {
    let port = server.address.rsplit_once(':').expect("a port").1;
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    let fixed = config.replace("port = 0", &format!("port = {port}"));
    queue.write("sparkq.toml", &fixed);
}

#[tokio::test]
async fn a_server_that_is_killed_and_comes_back_is_followed_on_and_nothing_is_lost_or_counted_twice()
 {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    stay_there(&queue, &server);
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

/// How often the server is killed.
const KILLED: usize = 3;

/// How many tasks are queued while it is away.
const MEANWHILE: usize = 60;

/// Notes every event that reaches the page, and every moment at which a list shows a task twice.
const NOTE: &str = r"
    window.heard = [];
    window.twice = [];
    const own = EventSource.prototype.addEventListener;
    EventSource.prototype.addEventListener = function (kind, listener, ...rest) {
        const noting = event => {
            if (event.lastEventId) window.heard.push({kind, seq: Number(event.lastEventId), merged: (JSON.parse(event.data).merged ?? []).length});
            listener.call(this, event);
        };
        return own.call(this, kind, noting, ...rest);
    };
    const links = css => [...document.querySelectorAll(css)].map(each => each.dataset.taskId ?? each.getAttribute('href'));
    const look = () => ['[data-task-id]', '.result-head a', '.lane-run > a', '.needs-what a'].forEach(css => {
        const shown = links(css);
        if (new Set(shown).size !== shown.length) window.twice.push([css, ...shown]);
    });
    new MutationObserver(look).observe(document, {childList: true, subtree: true});";

/// Works on the tasks of `auth` until the server no longer answers.
fn work(server: &Server) -> JoinHandle<usize> {
    let address = server.address.clone();
    thread::spawn(move || {
        let task = json!({"tool_name": "run-bash", "payload": {"script_path": "scripts/a.sh"}, "stream_id": "auth"});
        let agent = ureq::Agent::config_builder().proxy(None).build();
        let agent = ureq::Agent::from(agent);
        let ask = |path: &str, body: &Value| {
            let answer = agent.post(format!("{address}/api{path}")).send_json(body);
            answer.ok()?.body_mut().read_json::<Value>().ok()
        };
        let cycle = |number: usize| {
            ask("/tasks", &task)?;
            let id = ask("/streams/auth/claim", &json!({}))?["id"]
                .as_str()?
                .to_owned();
            if number.is_multiple_of(5) {
                ask(&format!("/tasks/{id}/fail"), &json!({"error": "it broke"}))
            } else {
                let result = json!({"result": {"summary": format!("done as number {number}")}});
                ask(&format!("/tasks/{id}/complete"), &result)
            }
        };
        let mut done = 0;
        while cycle(done).is_some() {
            done += 1;
        }
        done
    })
}

/// Changes the queue while nobody serves it.
fn change_meanwhile(queue: &TestQueue) {
    let task = json!({"tool_name": "run-bash", "payload": {"script_path": "scripts/b.sh"}});
    let mut lines = String::new();
    for _ in 0..MEANWHILE {
        let _ = writeln!(lines, "{task}");
    }
    queue.write("batch.ndjson", &lines);
    queue.ok([
        "--direct",
        "enqueue",
        "--stream",
        "auth",
        "--batch",
        "@batch.ndjson",
    ]);
    for _ in 0..10 {
        let claimed = queue.claim("auth");
        let id = claimed["id"].as_str().expect("an id").to_owned();
        queue.ok(["complete", &id, "--summary", "done while nobody served"]);
    }
}

/// How many events the log has after `seq`.
fn events_after(queue: &TestQueue, seq: i64) -> i64 {
    let count = "SELECT count(*) FROM events WHERE seq > ?";
    let count = queue.database().query_row(count, [seq], |row| row.get(0));
    count.expect("a number")
}

#[tokio::test]
async fn hundreds_of_changes_around_a_server_that_is_killed_again_and_again_are_each_heard_once() {
    let queue = TestQueue::new();
    let mut server = Server::start(&queue);
    stay_there(&queue, &server);
    let browser = Browser::start().await;
    let note = json!({ "source": NOTE });
    browser.tools("Page.addScriptToEvaluateOnNewDocument", &note);
    browser.page.goto(&server.address).await.expect("the page");
    browser.wait_for("[data-link=live]").await;
    let (_, began) = queue.size();
    browser.run("window.mark = 'same page'").await;

    for _ in 0..KILLED {
        let heard = browser.run("return window.heard.length").await;
        let working = work(&server);
        let enough = format!("return window.heard.length > {heard} + 100");
        browser.until("it follows the work", &enough).await;
        server.end("-KILL");
        let cycles = working.join().expect("it ends");
        assert!(cycles > 30, "{cycles} cycles");
        browser.wait_for("[data-banner=lost]").await;
        change_meanwhile(&queue);
        server = Server::start(&queue);
        browser.wait_for("[data-link=live]").await;
        browser.wait_for("body:not(:has([data-banner=lost]))").await;
        counts_agree(&browser, &server).await;
    }
    assert_eq!(browser.run("return window.twice").await, json!([]));
    assert_eq!(browser.run("return window.mark").await, "same page");

    // Each event of the log came once, by itself or as one that the next of its task stands for, and in order.
    let all = format!(
        "return window.heard.reduce((sum, event) => sum + 1 + event.merged, 0) === {}",
        events_after(&queue, began)
    );
    browser.until("every event was heard", &all).await;
    let heard = browser.run("return window.heard").await;
    let heard = heard.as_array().expect("events");
    let whole = |value: &Value| value.as_i64().expect("a number");
    let seqs: Vec<i64> = heard.iter().map(|event| whole(&event["seq"])).collect();
    assert!(seqs.is_sorted_by(|one, next| one < next), "{seqs:?}");
    assert!(heard.iter().all(|event| event["kind"] != "reset"));
    let merged: i64 = heard.iter().map(|event| whole(&event["merged"])).sum();
    let told = i64::try_from(heard.len()).expect("some") + merged;
    assert_eq!(told, events_after(&queue, began));
    assert!(told > 600, "{told} events");
    figures_agree(&browser, &server).await;

    // More than the log tells of at once is fetched instead.
    server.end("-KILL");
    browser.wait_for("[data-banner=lost]").await;
    for _ in 0..20 {
        change_meanwhile(&queue);
    }
    let server = Server::start(&queue);
    counts_agree(&browser, &server).await;
    browser.wait_for("body:not(:has([data-banner=lost]))").await;
    let reset = "return window.heard.at(-1).kind === 'reset'";
    browser.until("it was told to start over", reset).await;
    figures_agree(&browser, &server).await;
    assert_eq!(browser.run("return window.twice").await, json!([]));
    browser.end().await;
}

/// Holds what the dashboard draws over time, and its latest results, to what the server has.
async fn figures_agree(browser: &Browser, server: &Server) {
    let total = server.get("/api/stats?since=24h").body["total"].clone();
    let ended = format!(
        "{} succeeded · {} failed · {} enqueued",
        total["succeeded"], total["failed"], total["enqueued"]
    );
    let said = format!(
        "return document.querySelector('.trends figcaption span')?.textContent === '{ended}'"
    );
    browser.until(&format!("it says {ended}"), &said).await;
    let shown = "return [...document.querySelectorAll('.result-head a')].map(link => link.getAttribute('href').slice('/tasks/'.length))";
    let shown = browser.run(shown).await;
    let mut held: Vec<Value> = Vec::new();
    for status in ["succeeded", "failed"] {
        let tasks = server
            .get(&format!("/api/tasks?limit=1000&status={status}"))
            .body;
        held.extend(tasks["items"].as_array().expect("tasks").iter().cloned());
    }
    let end = |id: &Value| {
        let task = held.iter().find(|task| task["id"] == *id);
        task.expect("it has ended")["finished_at"].clone()
    };
    let shown: Vec<String> = shown
        .as_array()
        .expect("results")
        .iter()
        .map(|id| end(id).to_string())
        .collect();
    let mut newest: Vec<String> = held
        .iter()
        .map(|task| task["finished_at"].to_string())
        .collect();
    newest.sort_by(|one, other| other.cmp(one));
    newest.truncate(shown.len());
    assert_eq!(shown, newest);
    assert!(!shown.is_empty());
}
