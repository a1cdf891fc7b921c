//! The page at size: a long list, a long output, and a day of events.

use std::fmt::Write as _;
use std::time::Instant;

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::bench::{Server, TestQueue, until};
use crate::browser::Browser;
use crate::proxy::Proxy;

/// How many tasks a long list has.
const MANY: usize = 100_000;

/// How many rows of a long list may be in the document.
const DRAWN: u64 = 80;

/// Notes from now on the most that ever matched `css` at once.
fn most_of(css: &str) -> String {
    format!(
        "window.most = 0;
         const look = () => {{ window.most = Math.max(window.most, document.querySelectorAll({css:?}).length); }};
         new MutationObserver(look).observe(document.body, {{childList: true, subtree: true}});
         look();"
    )
}

/// The place in the list, from 0, and the id of each row in the document.
const ROWS: &str = "return [...document.querySelectorAll('.roll-rows [role=row]')]
    .map(row => [Number(row.getAttribute('aria-rowindex')) - 2, row.dataset.taskId])
    .sort((one, other) => one[0] - other[0])";

/// Whether every row in the window is drawn.
const IS_COVERED: &str = "const middle = document.elementFromPoint(400, innerHeight / 2)?.closest('[role=row]');
    const foot = document.elementFromPoint(400, innerHeight - 5)?.closest('[role=row], .roll-tail, main, .app');
    return !!middle && !!foot;";

/// Compares the rows in the document with what the server has at those places; tasks are numbered from 1 to `MANY`.
async fn rows_are_right(browser: &Browser, server: &Server) {
    browser.until("rows are drawn", IS_COVERED).await;
    let rows = browser.run(ROWS).await;
    let rows = rows.as_array().expect("rows");
    let first = rows[0][0].as_u64().expect("a place");
    let newest = MANY as u64 - first;
    let limit = rows.len();
    let page = server.get(&format!("/api/tasks?limit={limit}&cursor={}", newest + 1));
    let items = page.body["items"].as_array().expect("tasks");
    let held = items.iter().zip(first..);
    let held: Vec<Value> = held
        .map(|(task, place)| json!([place, task["id"]]))
        .collect();
    assert_eq!(*rows, held);
}

/// Scrolls on until the row at `place` is drawn, which loads page after page.
async fn scroll_to(browser: &Browser, place: usize) {
    let script = format!(
        "window.scrollTo(0, document.documentElement.scrollHeight);
         const last = [...document.querySelectorAll('.roll-rows [role=row]')].at(-1);
         return Number(last?.getAttribute('aria-rowindex')) - 2 >= {place}"
    );
    browser
        .until(&format!("row {place} is drawn"), &script)
        .await;
}

#[tokio::test]
async fn a_hundred_thousand_tasks_are_scrolled_through_with_few_rows_drawn_and_few_pages_fetched() {
    let queue = TestQueue::new();
    queue.fill(MANY, 2_000);
    let server = Server::start(&queue);
    let proxy = Proxy::before(&server.address);
    let browser = Browser::start().await;
    let address = format!("{}/tasks", proxy.address);
    browser.page.goto(&address).await.expect("the page");
    browser.wait_for("[data-row]").await;
    assert_eq!(browser.text(".page-head .tally").await, "100,000 tasks");
    let count = "return document.querySelector('[role=table]').ariaRowCount";
    assert_eq!(browser.run(count).await, "100001");
    rows_are_right(&browser, &server).await;
    browser.run(&most_of(".roll-rows [role=row]")).await;
    proxy.asked();

    for tenth in 1..=5 {
        scroll_to(&browser, MANY / 10 * tenth - 1).await;
    }
    rows_are_right(&browser, &server).await;
    browser.pictures("size-tasks").await;
    for tenth in 6..=10 {
        scroll_to(&browser, MANY / 10 * tenth - 1).await;
    }
    rows_are_right(&browser, &server).await;
    let pages = proxy
        .asked()
        .iter()
        .filter(|path| path.starts_with("/api/tasks?"))
        .count();
    assert!(pages <= MANY / 1_000 + 10, "{pages} pages were fetched");

    // What is loaded can be leapt through.
    browser
        .run("window.scrollTo(0, document.documentElement.scrollHeight / 4)")
        .await;
    rows_are_right(&browser, &server).await;
    browser.run("window.scrollTo(0, 0)").await;
    rows_are_right(&browser, &server).await;
    let most = browser.run("return window.most").await.as_u64();
    assert!(
        most.is_some_and(|most| (10..DRAWN).contains(&most)),
        "{most:?} rows"
    );
    assert_eq!(proxy.asked(), [""; 0], "nothing was fetched twice");

    for filter in [
        "status=failed",
        "stream=docs&tool=run-bash-fast",
        "tool=run-bash",
        "q=99998",
    ] {
        let address = format!("{}/tasks?{filter}", proxy.address);
        browser.page.goto(&address).await.expect("the page");
        let held = server.get(&format!("/api/tasks?{filter}&limit=30")).body;
        let total = held["total"].as_u64().expect("a number");
        assert!(total > 0, "{filter}");
        let said = format!(
            "return document.querySelector('[role=table]')?.ariaRowCount === '{}'",
            total + 1
        );
        browser.until(filter, &said).await;
        let rows = browser.run(ROWS).await;
        let ids = rows
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| &row[1])
            .take(10);
        let held = held["items"]
            .as_array()
            .expect("tasks")
            .iter()
            .map(|task| &task["id"]);
        assert_eq!(
            ids.collect::<Vec<_>>(),
            held.take(10).collect::<Vec<_>>(),
            "{filter}"
        );
    }
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

/// How many lines a long output has.
const LINES: usize = 60_000;

/// Five megabytes as tools print them: colours, one line without end, and what would be markup.
fn output() -> String {
    let mut text = String::new();
    for number in 1..=LINES {
        let _ = match number {
            100 => writeln!(
                text,
                "<script>document.title = 'gone'</script></pre><img src=x onerror=alert(1)>"
            ),
            200 => writeln!(text, "{}", "without end ".repeat(40_000)),
            59_990 => writeln!(text, "here lies the needle"),
            _ => writeln!(
                text,
                "\x1b[32mok\x1b[0m line {number} \x1b[38;5;208min colour\x1b[0m and some more of it, as tools do"
            ),
        };
    }
    text
}

/// Keeps what is copied and what is saved where the test finds it.
const CATCH: &str = "navigator.clipboard.writeText = async text => { window.copied = text; };
    URL.createObjectURL = blob => { window.saved = blob; return '#'; };
    HTMLAnchorElement.prototype.click = () => {};";

#[tokio::test]
async fn five_megabytes_of_output_are_read_searched_copied_and_saved_with_few_rows_drawn() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    let text = output();
    assert!(text.len() > 5_000_000, "{}", text.len());
    queue.write("out.txt", &text);
    queue.ok(["complete", &id, "--summary", "done", "--stdout", "@out.txt"]);
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let address = format!("{}/tasks/{id}", server.address);
    browser.page.goto(&address).await.expect("the page");
    browser.wait_for(".console-row").await;
    browser.run(&most_of(".console-row")).await;
    browser.run(CATCH).await;
    browser
        .run("document.querySelector('.console-screen').scrollIntoView()")
        .await;
    let lines =
        "return document.querySelector('.console .tally').textContent.startsWith('60,000 lines')";
    browser.until("all lines are counted", lines).await;

    // Every hundredth of it is looked at once.
    for hundredth in 0..=100 {
        let script = format!(
            "const screen = document.querySelector('.console-screen');
             screen.scrollTop = screen.scrollHeight * {hundredth} / 100;"
        );
        browser.run(&script).await;
        let seen = "const screen = document.querySelector('.console-screen').getBoundingClientRect();
            return !!document.elementFromPoint(screen.left + 80, screen.top + screen.height / 2)?.closest('.console-row')";
        browser.until("rows are drawn there", seen).await;
    }
    browser
        .click("[aria-label=Stdout] .console-tools button:nth-child(2)")
        .await;
    let last = format!("return !!document.querySelector('.console-row[data-line=\"{LINES}\"]')");
    browser.until("the last line is seen", &last).await;

    search(&browser).await;
    let most = browser.run("return window.most").await.as_u64();
    assert!(
        most.is_some_and(|most| (20..600).contains(&most)),
        "{most:?} rows"
    );
    let markup = "return document.querySelectorAll('main script, main img').length + (document.title === 'gone' ? 1 : 0)";
    assert_eq!(browser.run(markup).await, 0);

    let held = server.get(&format!("/api/tasks/{id}")).body;
    assert_eq!(held["stdout"], text.as_str());
    browser.click("[aria-label='Copy stdout']").await;
    browser.click("[aria-label='Download Stdout']").await;
    browser
        .run("window.saved.text().then(text => { window.savedText = text; })")
        .await;
    let whole = format!(
        "return window.copied?.length === {} && window.savedText === window.copied",
        text.chars().count()
    );
    browser.until("all of it is copied and saved", &whole).await;
    let copied = browser.run("return window.copied").await;
    assert!(copied == text.as_str(), "byte for byte");
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

async fn search(browser: &Browser) {
    let field = Locator::Css("[aria-label='Search in Stdout']");
    let field = browser.page.find(field).await.expect("a field");
    field.send_keys("the NEEDLE").await.expect("typed");
    let seen = "const mark = document.querySelector('mark[aria-current]')?.getBoundingClientRect();
        const screen = document.querySelector('.console-screen').getBoundingClientRect();
        return !!mark && mark.top >= screen.top && mark.bottom <= screen.bottom
            && document.querySelector('.console-search .tally').textContent === '1 of 1'";
    browser.until("what was looked for is in sight", seen).await;
    browser.pictures("size-output").await;
    let unbroken = "return !document.querySelector('.console-screen').hasAttribute('data-wraps')";
    browser
        .click("[aria-label=Stdout] [aria-pressed=true]")
        .await;
    browser.until("lines are not broken", unbroken).await;
    browser
        .click("[aria-label=Stdout] [aria-pressed=false]")
        .await;
    let broken = "return document.querySelector('.console-screen').hasAttribute('data-wraps')";
    browser.until("they are again", broken).await;
}

/// How many tasks are taken through the queue while the page is weighed.
const ROUND: usize = 400;

/// Takes tasks through the queue, so that each of their steps is an event that the page hears by itself.
async fn take_through(browser: &Browser, server: &Server) {
    let task = json!({"tool_name": "run-bash", "payload": {"script_path": "scripts/a.sh"}, "stream_id": "auth"});
    let batch = json!({ "tasks": vec![task; ROUND] });
    assert_eq!(server.post("/api/tasks/batch", &batch).status, 201);
    counts_agree(browser, server).await;
    let claim = |_| server.post("/api/streams/auth/claim", &json!({})).body["id"].clone();
    let claimed: Vec<Value> = (0..ROUND).map(claim).collect();
    counts_agree(browser, server).await;
    for id in claimed {
        let id = id.as_str().expect("an id");
        let result = json!({"result": {"summary": format!("{id} is done")}});
        assert_eq!(
            server
                .post(&format!("/api/tasks/{id}/complete"), &result)
                .status,
            200
        );
    }
    counts_agree(browser, server).await;
}

/// Waits until the page counts what the server counts, and lists its newest tasks.
pub(crate) async fn counts_agree(browser: &Browser, server: &Server) {
    let held = server.get("/api/status").body["tasks"].clone();
    let newest = server.get("/api/tasks?limit=20").body["items"].clone();
    let newest: Vec<Value> = newest
        .as_array()
        .expect("tasks")
        .iter()
        .map(|task| json!([task["id"], task["status"]]))
        .collect();
    let script = format!(
        "const held = {held};
         const counts = ['queued', 'running', 'succeeded', 'failed'].every(of =>
             Number(document.querySelector(`[data-count=${{of}}]`).textContent.replace(/\\D/g, '')) === held[of]);
         const rows = [...document.querySelectorAll('[data-task-id]')].map(row => [row.dataset.taskId, row.dataset.status]);
         return counts && JSON.stringify(rows) === JSON.stringify({})",
        json!(newest)
    );
    browser
        .until("the page shows what the server has", &script)
        .await;
}

#[tokio::test]
async fn thousands_of_events_leave_nothing_behind_on_the_dashboard() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.note_memory();
    browser.page.goto(&server.address).await.expect("the page");
    browser.wait_for("[data-link=live]").await;
    // Twice, so that everything that keeps some is full.
    for _ in 0..2 {
        take_through(&browser, &server).await;
    }
    let before = browser.weigh().await;
    for _ in 0..3 {
        take_through(&browser, &server).await;
    }
    let after = browser.weigh().await;
    assert!(before.wasm > 1 << 20, "{before:?}");
    assert!(after.nodes <= before.nodes + 300, "{before:?} {after:?}");
    assert!(
        after.listeners <= before.listeners + 100,
        "{before:?} {after:?}"
    );
    assert!(
        after.heap <= before.heap + (512 << 10),
        "{before:?} {after:?}"
    );
    assert!(
        after.wasm <= before.wasm + (1 << 20),
        "{before:?} {after:?}"
    );
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

/// How many events come in a burst.
const BURST: usize = 1_000;

/// Every page that fetches something of its own.
const PAGES: [&str; 10] = [
    "/",
    "/sessions",
    "/streams",
    "/streams/auth",
    "/tasks",
    "/enqueue",
    "/tools",
    "/plugins",
    "/scripts",
    "/settings",
];

/// Has every kind of thing that pages fetch change, many times over.
fn change_everything(server: &Server) {
    let session = server.get("/api/sessions").body["items"][0]["id"].clone();
    let session = format!("/api/sessions/{}", session.as_str().expect("an id"));
    for number in 0..BURST {
        let status = match number % 10 {
            0 => server.post("/api/reload", &json!({})).status,
            1..=4 => {
                let words = json!({"description": format!("number {number}")});
                server.put(&session, &words).status
            }
            _ => {
                let words = json!({"instructions": format!("Keep the tests green: {number}")});
                server.put("/api/streams/auth", &words).status
            }
        };
        assert_eq!(status, 200);
    }
}

#[tokio::test]
async fn a_burst_of_a_thousand_events_makes_every_page_fetch_the_same_once_a_second_at_most() {
    let queue = TestQueue::new();
    queue.enqueue("auth", "scripts/a.sh");
    let server = Server::start(&queue);
    let proxy = Proxy::before(&server.address);
    let browser = Browser::start().await;
    for page in PAGES {
        let address = format!("{}{page}", proxy.address);
        browser.page.goto(&address).await.expect("the page");
        browser.wait_for("[data-link=live]").await;
        browser.wait_for("main .page-head").await;
        proxy.asked();
        let began = Instant::now();
        change_everything(&server);
        hold_back(page, &proxy.asked(), began);
    }

    // A task's own page asks whether a purge has taken it.
    let task = queue.enqueue("auth", "scripts/a.sh");
    let address = format!("{}/tasks/{task}", proxy.address);
    browser.page.goto(&address).await.expect("the page");
    browser.wait_for(".task-facts").await;
    browser.wait_for("[data-link=live]").await;
    proxy.asked();
    let began = Instant::now();
    let purged = "INSERT INTO events (at, kind, actor, session_id, stream_id)
        SELECT ?1, 'task.purged', 'tester', session_id, id FROM streams WHERE name = 'auth'";
    let database = queue.database();
    for number in 0..BURST / 10 {
        let at = i64::try_from(number).expect("a few") + 1_767_225_600_000;
        database.execute(purged, [at]).expect("written");
    }
    let mut asked = Vec::new();
    until("it asks", || {
        asked.extend(proxy.asked());
        asked.iter().any(|path| path.ends_with(&task))
    });
    // Once it shows what came after all of them, it has asked about all of them.
    queue.ok(["cancel", &task]);
    browser.wait_for(".task-facts[data-status=failed]").await;
    asked.extend(proxy.asked());
    hold_back("a task", &asked, began);
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

/// Holds what was asked for since `began` to what that time allows: two parts of a page may follow the same thing, and
/// each may have asked once just before and once just after.
fn hold_back(page: &str, asked: &[String], began: Instant) {
    let seconds = usize::try_from(began.elapsed().as_secs()).expect("a short while");
    let mut each: Vec<&String> = asked.iter().collect();
    each.sort();
    each.dedup();
    for path in each {
        let times = asked.iter().filter(|other| *other == path).count();
        let most = 2 * (seconds + 2);
        assert!(times <= most, "{page}: {times} times {path} in {seconds} s");
    }
}
