use fantoccini::Locator;
use serde_json::json;

use crate::bench::{Server, TestQueue};
use crate::browser::{Browser, ENTER, ESCAPE, NARROW};

/// How many tasks a table of thousands has.
const MANY: usize = 3_000;

/// How many rows of a long table may be in the document.
const DRAWN: u64 = 80;

/// Notes from now on how many rows were drawn at most.
const WATCH: &str = "window.most = 0;
    window.look = () => { window.most = Math.max(window.most, document.querySelectorAll('.roll-rows [role=row]').length); };";

/// Queues so many tasks at once.
fn fill(server: &Server, count: usize) {
    let places: Vec<usize> = (0..count).collect();
    for part in places.chunks(500) {
        let task = |place: &usize| {
            json!({
                "tool_name": "run-bash",
                "payload": {"script_path": "scripts/a.sh", "args": [place.to_string()]},
                "stream_id": "auth",
            })
        };
        let batch = json!({"tasks": part.iter().map(task).collect::<Vec<_>>()});
        assert_eq!(server.post("/api/tasks/batch", &batch).status, 201);
    }
}

async fn open(browser: &Browser, server: &Server, path: &str) {
    let address = format!("{}{path}", server.address);
    browser.page.goto(&address).await.expect("the page");
}

#[tokio::test]
async fn thousands_of_tasks_are_scrolled_through_with_few_rows_drawn_and_nothing_jumps() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    fill(&server, MANY);
    let browser = Browser::start().await;
    open(&browser, &server, "/tasks").await;
    browser.wait_for("[data-row]").await;
    assert_eq!(browser.text(".page-head .tally").await, "3,000 tasks");
    assert_eq!(
        browser
            .run("return document.querySelector('[role=table]').ariaRowCount")
            .await,
        "3001"
    );

    browser.run(WATCH).await;
    let script = format!(
        "window.scrollBy(0, 1500); window.look();
         return !!document.querySelector('[aria-rowindex=\"{}\"]')",
        MANY + 1
    );
    browser.until("the last row is drawn", &script).await;
    let most = browser.run("return window.most").await.as_u64();
    assert!(
        most.is_some_and(|most| (10..DRAWN).contains(&most)),
        "{most:?} rows"
    );

    // What comes meanwhile moves nothing, and says so.
    browser.run("window.scrollTo(0, 60000)").await;
    let at = "return [...document.querySelectorAll('[data-row]')].map(row => row.textContent + row.getBoundingClientRect().top).join()";
    browser.until("it has settled", "const now = window.scrollY; const same = window.was === now; window.was = now; return same").await;
    let before = browser.run(at).await;
    server.enqueue("scripts/b.sh");
    server.enqueue("scripts/b.sh");
    browser
        .until(
            "both are told of",
            "return document.querySelector('.fresh')?.innerText.includes('2 new tasks')",
        )
        .await;
    assert_eq!(browser.run(at).await, before);
    assert_eq!(browser.text(".page-head .tally").await, "3,002 tasks");
    browser.screenshot("tasks-scrolled").await;

    // A task is opened, and the way back leads to the same place.
    let row = "return document.querySelectorAll('[data-row]')[12].click()";
    browser.run(row).await;
    browser
        .until(
            "the task is there",
            "return location.pathname.startsWith('/tasks/tsk_')",
        )
        .await;
    browser.page.back().await.expect("back");
    browser
        .until(
            "the place is the same",
            "return window.scrollY === 60000 && document.querySelectorAll('[data-row]').length > 9",
        )
        .await;
    assert_eq!(browser.run(at).await, before);

    browser.click(".fresh button").await;
    browser
        .until(
            "the newest is seen",
            "return document.querySelector('[data-row]')?.textContent === 'scripts/b.sh'",
        )
        .await;

    // The keyboard leads along the rows, also those that are not drawn yet.
    browser
        .run("window.scrollTo(0, 0); document.querySelector('[data-row]').focus()")
        .await;
    browser.press(&"j".repeat(40)).await;
    browser.until("the focus is 40 rows down", "return document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex') === '42'").await;
    browser.press("kx").await;
    browser.until("the row above is chosen", "return document.querySelector('[data-chosen]')?.getAttribute('aria-rowindex') === '41'").await;
    browser.press("b").await;
    browser.focus_on(".chosen-bar button").await;
    browser
        .run("document.querySelector('[data-chosen] [data-row]').focus()")
        .await;
    choose_on_along_the_rows(&browser).await;
    let row = "return document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex')";
    let left = browser.run(row).await;
    browser.press(ENTER).await;
    browser
        .until(
            "Enter opens it",
            "return location.pathname.startsWith('/tasks/tsk_')",
        )
        .await;
    browser.page.back().await.expect("back");
    let again = format!("const row = () => {{ {row} }}; return row() === {left}");
    browser.until("the focus is where it was", &again).await;
    assert_eq!(browser.console_errors(), Vec::<String>::new());
    browser.end().await;
}

#[tokio::test]
async fn filters_stand_in_the_address_and_rows_change_where_they_are() {
    let queue = TestQueue::new();
    queue.ok(["stream", "create", "billing", "--session", "s"]);
    let failed = queue.running("auth");
    queue.ok(["fail", &failed, "--error", "<img src=x onerror=alert(1)>"]);
    let running = queue.running("auth");
    let other = queue.enqueue("billing", "scripts/b.sh");
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    open(&browser, &server, "/tasks").await;
    browser.wait_for(&format!("[data-task-id={other}]")).await;
    browser.pictures("tasks").await;
    let row = browser.text(&format!("[data-task-id={failed}]")).await;
    assert!(
        row.contains("<img src=x onerror=alert(1)>"),
        "text stays text: {row}"
    );

    assert_eq!(browser.text("[data-counted]").await, "of the whole queue");
    browser.click("[data-chip=running]").await;
    browser.wait_for("[data-chip=running][aria-current]").await;
    browser
        .until(
            "one is left",
            "return document.querySelectorAll('[data-row]').length === 1",
        )
        .await;
    assert_eq!(browser.text(".page-head .tally").await, "1 task match");
    queue.ok(["complete", &running, "--summary", "all tests pass"]);
    browser
        .wait_for(&format!(
            "[data-task-id={running}][data-gone][data-status=succeeded]"
        ))
        .await;
    browser
        .until(
            "it is not counted",
            "return document.querySelector('.page-head .tally').innerText === '0 tasks match'",
        )
        .await;
    browser.screenshot("tasks-gone").await;

    let length = browser.run("return history.length").await;
    let search = browser
        .page
        .find(Locator::Id("search"))
        .await
        .expect("a field");
    browser.click("[data-chip=all]").await;
    search.send_keys("tests pass").await.expect("typed");
    browser
        .until(
            "it is in the address",
            "return location.search === '?q=tests%20pass'",
        )
        .await;
    browser.until("it is found", &format!("return [...document.querySelectorAll('[data-task-id]')].map(row => row.dataset.taskId).join() === '{running}'")).await;
    let grown = browser
        .run("return history.length")
        .await
        .as_u64()
        .zip(length.as_u64());
    assert!(
        grown.is_some_and(|(now, before)| now == before + 1),
        "a letter is no step: {grown:?}"
    );

    open(&browser, &server, "/tasks?stream=billing&tool=run-bash").await;
    browser.wait_for(&format!("[data-task-id={other}]")).await;
    browser.until("the choices follow", "return document.querySelector('[data-filter=stream]').value === 'billing' && document.querySelector('[data-filter=tool]').value === 'run-bash'").await;
    browser
        .until(
            "the numbers are the stream's",
            "return document.querySelector('[data-chip=all]').innerText.endsWith('1')",
        )
        .await;
    assert_eq!(
        browser.text("[data-counted]").await,
        "of billing, for any tool"
    );
    open(&browser, &server, "/tasks?status=failed&stream=billing").await;
    browser
        .until(
            "the empty face says so",
            "return document.querySelector('.notice')?.innerText.includes('No task matches')",
        )
        .await;
    browser.pictures("tasks-empty").await;
    open(&browser, &server, "/tasks?stream=bilking").await;
    browser
        .until(
            "the refusal is told",
            "return document.querySelector('.notice')?.innerText.includes('was not found')",
        )
        .await;
    browser.screenshot("tasks-refused").await;
    browser.click(".notice a[href='/tasks']").await;
    browser.wait_for(&format!("[data-task-id={other}]")).await;
    a_long_word_is_wrapped(&browser, &server).await;
    browser.end().await;
}

async fn a_long_word_is_wrapped(browser: &Browser, server: &Server) {
    let long = format!("/tasks?q={}", "x".repeat(3_000));
    open(browser, server, &long).await;
    browser.wait_for(".notice").await;
    let sideways =
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.run(sideways).await, 0);
}

/// From a row that is chosen and has the focus: two more by the keyboard, one of them given back, and a click beyond.
async fn choose_on_along_the_rows(browser: &Browser) {
    browser.press("JJK").await;
    browser.until("one more is chosen", "return [...document.querySelectorAll('[data-chosen]')].map(row => row.getAttribute('aria-rowindex')).join() === '41,42'").await;
    let click = "document.querySelector('[aria-rowindex=\"44\"] .at-created').dispatchEvent(
        new MouseEvent('click', {shiftKey: true, bubbles: true, cancelable: true}))";
    browser.run(click).await;
    browser
        .until(
            "the choice reaches to the row that was clicked",
            "return document.querySelectorAll('[data-chosen]').length === 4",
        )
        .await;
}

/// With something chosen, nothing of the bar lies below a toast, however little room there is.
async fn toasts_stay_clear_of_the_bar(browser: &Browser, pick: &str) {
    browser.click(pick).await;
    browser.wait_for(".chosen-bar").await;
    browser.width(NARROW);
    let clear = "const bar = document.querySelector('.chosen-bar').getBoundingClientRect();
         const toast = document.querySelector('.toast')?.getBoundingClientRect();
         return toast.bottom <= bar.top || toast.top >= bar.bottom";
    browser.wait_for(".toast").await;
    browser.until("the bar can be seen", clear).await;
    browser.screenshot("tasks-toast-narrow").await;
    browser.tools("Emulation.clearDeviceMetricsOverride", &json!({}));
}

#[tokio::test]
async fn chosen_tasks_are_cancelled_and_requeued_and_a_filter_is_purged_once_its_count_is_agreed_to()
 {
    let queue = TestQueue::new();
    let succeeded = queue.running("auth");
    queue.ok(["complete", &succeeded, "--summary", "done"]);
    let failed = queue.running("auth");
    queue.ok(["fail", &failed, "--error", "it broke"]);
    let queued = queue.enqueue("auth", "scripts/a.sh");
    queue.enqueue("auth", "scripts/b.sh");
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    open(&browser, &server, "/tasks").await;
    let pick = |id: &str| format!("[data-task-id={id}] .pick");

    browser.click(&pick(&queued)).await;
    browser
        .wait_for(".chosen-bar [data-act=requeue]:disabled")
        .await;
    browser.click(".chosen-bar [data-act=cancel]").await;
    browser.click("dialog[open] [data-confirm]").await;
    browser
        .wait_for(&format!("[data-task-id={queued}][data-status=failed]"))
        .await;
    browser.wait_for("[data-toast=succeeded]").await;
    toasts_stay_clear_of_the_bar(&browser, &pick(&failed)).await;

    // What is chosen for a requeue may hold one that has a clone by then: it is refused, and said.
    browser.click(&pick(&queued)).await;
    browser.click(&pick(&succeeded)).await;
    browser.pictures("tasks-chosen").await;
    queue.ok(["requeue", &failed]);
    browser.click(".chosen-bar [data-act=requeue]").await;
    browser.click("dialog[open] [data-force]").await;
    browser.until("it says how many", "return document.querySelector('dialog[open] [data-confirm]').innerText === 'Requeue 3 tasks'").await;
    browser.click("dialog[open] [data-confirm]").await;
    browser.until("the refusal is listed", &format!("return document.querySelector('dialog[open] .refusals')?.innerText.includes('{failed}')")).await;
    browser.pictures("tasks-refusals").await;
    browser.press(ESCAPE).await;
    assert_eq!(server.get("/api/status").body["tasks"]["queued"], 4);

    // A count that has moved is shown, and asked for again.
    browser.click("#choose-loaded").await;
    browser.click(".page-head [data-act=purge]").await;
    browser.wait_for("dialog[open] [data-meant='3']").await;
    let running = queue.claim("auth")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    queue.ok(["fail", &running, "--error", "late"]);
    // The number follows by itself, and cannot be agreed to before it could be read.
    browser.wait_for("dialog[open] [data-meant='4']").await;
    browser.wait_for("dialog[open] [data-moved]").await;
    browser.focus_on("dialog[open] [autofocus]").await;
    browser.pictures("tasks-purge").await;
    browser
        .click("dialog[open] [data-confirm]:not([aria-disabled])")
        .await;
    browser.until("only the queued are left", "return document.querySelector('.page-head .tally').innerText === '3 tasks' && document.querySelectorAll('[data-row]').length === 3").await;
    browser.wait_for("main:not(:has(dialog[open]))").await;
    browser
        .until(
            "what is gone is not chosen",
            "return document.querySelector('.chosen-bar').innerText.startsWith('3 chosen')",
        )
        .await;

    browser.click(".roll-rows .at-copy button").await;
    browser
        .until(
            "the commands are offered",
            "return document.querySelector('.copies')?.innerText.includes('sparkq cancel tsk_')",
        )
        .await;
    browser.screenshot("tasks-copies").await;
    browser.press(ESCAPE).await;
    browser.wait_for("main:not(:has(.copies))").await;
    // Both refusals that were meant are told in the console too.
    let errors = browser.console_errors();
    let others = errors
        .iter()
        .filter(|error| !error.contains("409 (Conflict)"));
    assert_eq!(others.collect::<Vec<_>>(), Vec::<&String>::new());
    browser.end().await;
}
