//! What a browser feels of the page, with the same queue.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;
use crate::table::{Durability, Row, median};

const GROUP: &str = "the page with 100,000 tasks, in headless Chromium";

/// How often the list is opened.
const OPENED: usize = 9;

/// How far down the list somebody scrolls, in rows.
const DOWN: usize = 10_000;

/// How many tasks are taken through the queue between two weighings, ten at a time; each gives three events.
const ROUND: usize = 340;

/// Notes when the first of what is waited for is there, and for how long at most the page did nothing else.
const NOTE: &str = "window.rowsAt = 0;
    new MutationObserver(() => {
        if (!window.rowsAt && document.querySelector('[data-row], .console-row')) window.rowsAt = performance.now();
    }).observe(document, {childList: true, subtree: true});
    window.longest = 0;
    let last = performance.now();
    const turns = new MessageChannel();
    turns.port1.onmessage = () => {
        const now = performance.now();
        window.longest = Math.max(window.longest, now - last);
        last = now;
        setTimeout(() => turns.port2.postMessage(0));
    };
    turns.port2.postMessage(0);";

/// What the page and all that it loaded weighed on the way.
const CARRIED: &str = "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter(each => !each.name.includes('/api/')).reduce((sum, each) => sum + each.encodedBodySize, 0)";

/// Scrolls down as fast as frames come.
const SCROLL: &str = "window.longest = 0;
    const step = () => { window.scrollBy(0, 2000); if (!window.arrived) requestAnimationFrame(step); };
    requestAnimationFrame(step);";

pub(crate) async fn measure(queue: &TestQueue, server: &Server, long: &str) -> Result<Vec<Row>> {
    let browser = Browser::start().await;
    browser.note_memory();
    let note = json!({ "source": NOTE });
    browser.tools("Page.addScriptToEvaluateOnNewDocument", &note);
    let mut rows = vec![first_visit(&browser, server).await?];
    rows.extend(list(&browser, server).await?);
    rows.extend(output(&browser, server, long).await?);
    rows.extend(day(&browser, queue, server).await?);
    browser.end().await;
    Ok(rows)
}

fn row(what: &str, value: f64, unit: &'static str) -> Row {
    Row::new(GROUP, what, value, unit, Durability::None)
}

async fn number(browser: &Browser, script: &str) -> Result<f64> {
    let said = browser.run(script).await;
    said.as_f64().with_context(|| format!("{script}: {said}"))
}

async fn first_visit(browser: &Browser, server: &Server) -> Result<Row> {
    browser.page.goto(&server.address).await?;
    browser.wait_for(".lane").await;
    let bytes = number(browser, CARRIED).await?;
    Ok(row("a first visit, packed with brotli", bytes / 1000.0, "kB").at_most(200.0))
}

async fn list(browser: &Browser, server: &Server) -> Result<Vec<Row>> {
    let address = format!("{}/tasks", server.address);
    let mut times = Vec::new();
    for _ in 0..OPENED {
        browser.page.goto(&address).await?;
        browser
            .until("rows are there", "return window.rowsAt > 0")
            .await;
        times.push(number(browser, "return window.rowsAt").await?);
    }
    browser.run(SCROLL).await;
    for part in 1..=20 {
        let row = DOWN / 20 * part;
        let there = format!(
            "return [...document.querySelectorAll('.roll-rows [role=row]')].some(row => Number(row.ariaRowIndex) > {row})"
        );
        browser.until(&format!("row {row} is there"), &there).await;
    }
    let longest = number(browser, "window.arrived = true; return window.longest").await?;
    Ok(vec![
        row(
            "from an address to the rows of the list, median",
            median(&mut times),
            "ms",
        ),
        row(
            "at most busy at once, scrolling down 10,000 rows of it",
            longest,
            "ms",
        ),
    ])
}

async fn output(browser: &Browser, server: &Server, long: &str) -> Result<Vec<Row>> {
    let address = format!("{}/tasks/{long}", server.address);
    browser.page.goto(&address).await?;
    let read =
        "return document.querySelector('.console .tally')?.textContent.startsWith('60,000 lines')";
    browser.until("all of it is read", read).await;
    let shown = number(browser, "return window.rowsAt").await?;
    let opening = number(
        browser,
        "const longest = window.longest; window.longest = 0; return longest",
    )
    .await?;
    let field = "const field = document.querySelector(\"[aria-label='Search in Stdout']\");
        field.value = 'the needle';
        field.dispatchEvent(new Event('input', {bubbles: true}))";
    browser.run(field).await;
    let found = "return document.querySelector('.console-search .tally').textContent === '1 of 1'
        && !!document.querySelector('mark[aria-current]')";
    browser.until("it is found", found).await;
    let searching = number(browser, "return window.longest").await?;
    Ok(vec![
        row("from an address to 5 MB of output", shown, "ms"),
        row("at most busy at once, opening it", opening, "ms"),
        row("at most busy at once, searching all of it", searching, "ms"),
    ])
}

/// Weighs the dashboard before and after a thousand events.
async fn day(browser: &Browser, queue: &TestQueue, server: &Server) -> Result<Vec<Row>> {
    queue.ok(["stream", "create", "day", "--session", "s"]);
    browser.page.goto(&server.address).await?;
    browser.wait_for("[data-link=live]").await;
    take_through(browser, server).await;
    let before = browser.weigh().await;
    take_through(browser, server).await;
    let after = browser.weigh().await;
    #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
    let mega = |bytes: u64| bytes as f64 / 1e6;
    Ok(vec![
        row("objects of the dashboard", mega(before.heap), "MB"),
        row("the same 1,000 events later", mega(after.heap), "MB"),
        row("memory of its program", mega(before.wasm), "MB"),
        row("the same 1,000 events later", mega(after.wasm), "MB"),
    ])
}

/// Takes tasks through the queue, and waits until the page has heard of all.
async fn take_through(browser: &Browser, server: &Server) {
    let task = json!({"tool_name": "run-bash", "payload": {"script_path": "scripts/a.sh"}, "stream_id": "day"});
    for _ in 0..ROUND / 10 {
        server.post("/api/tasks/batch", &json!({ "tasks": vec![&task; 10] }));
        agree(browser, server).await;
        let claim = |_| server.post("/api/streams/day/claim", &json!({})).body["id"].clone();
        let claimed: Vec<Value> = (0..10).map(claim).collect();
        agree(browser, server).await;
        for id in claimed {
            let path = format!("/api/tasks/{}/complete", id.as_str().unwrap_or_default());
            server.post(&path, &json!({"result": {"summary": "done"}}));
        }
        agree(browser, server).await;
    }
}

async fn agree(browser: &Browser, server: &Server) {
    let held = server.get("/api/status").body["tasks"].clone();
    let script = format!(
        "const held = {held};
         return ['queued', 'running', 'succeeded', 'failed'].every(of =>
             Number(document.querySelector(`[data-count=${{of}}]`).textContent.replace(/\\D/g, '')) === held[of])"
    );
    browser.until("the page counts the same", &script).await;
}
