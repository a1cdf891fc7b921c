use serde_json::json;

use crate::bench::{Server, TestQueue};
use crate::browser::{Browser, ENTER};

/// What nobody may ever be made to run.
const TRAPS: &str = "# Login\n\n- keep the **API**\n\n<script>window.trap = 1</script>\n\n\
                     [here](javascript:window.trap=1) and [there](https://example.org/)\n";

#[tokio::test]
async fn a_stream_is_made_with_its_session_and_ends_and_opens_again() {
    let queue = TestQueue::with_no_session();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.theme("dark");
    let streams = format!("{}/streams", server.address);
    browser.page.goto(&streams).await.expect("the page");
    browser.wait_for(".notice .command-line").await;
    browser.pictures("streams-empty").await;

    browser.click(".page-head .primary").await;
    browser.fill("#stream-name", "no name").await;
    browser
        .wait_for("#stream-name[aria-invalid] ~ .problem:not(:empty)")
        .await;
    browser.wait_for("dialog[open] .primary:disabled").await;
    browser.fill("#stream-name", "web").await;
    browser.fill("#session-name", "today").await;
    browser.fill("#stream-instructions", TRAPS).await;
    browser.click(".written-preview summary").await;
    browser.wait_for(".written-preview .markdown strong").await;
    browser.pictures("stream-new").await;
    let control_enter = "document.querySelector('#stream-instructions').dispatchEvent(
         new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true}))";
    browser.run(control_enter).await;
    browser.wait_for(".instructions-panel .markdown h3").await;
    let address = browser.page.current_url().await.expect("an address");
    assert_eq!(address.path(), "/streams/web");
    let shown = browser.text(".markdown").await;
    assert!(
        shown.contains("<script>window.trap = 1</script>"),
        "HTML is text: {shown}"
    );
    assert!(
        shown.contains("javascript:window.trap=1"),
        "no link: {shown}"
    );
    let links = "return [...document.querySelectorAll('.markdown a')].map(a => a.href + ' ' + a.rel).join()";
    assert_eq!(browser.run(links).await, "https://example.org/ noreferrer");

    queue.running("web");
    queue.enqueue("web", "scripts/a.sh");
    queue.enqueue("web", "scripts/b.sh");
    browser.wait_for("[data-tone=running][data-count]").await;
    browser.wait_for(".tasks [data-status=queued]").await;
    browser.pictures("stream").await;

    // Where a browser has no clipboard for the page, what is selected is copied.
    browser
        .run("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        .await;
    browser.click(".worker-panel .command-line button").await;
    browser
        .wait_for(".worker-panel .command-line [aria-label=Copied]")
        .await;

    browser.click(".page-head .danger").await;
    browser.wait_for("dialog[open]").await;
    let said = browser.text("dialog[open]").await;
    for word in [
        "2 tasks are queued",
        "1 task is running",
        "sparkq requeue TASK --stream OTHER",
    ] {
        assert!(said.contains(word), "{word} in {said}");
    }
    // It opens on the way out, and its words follow the queue.
    browser.focus_on("dialog[open] [autofocus]").await;
    queue.enqueue("web", "scripts/a.sh");
    browser.wait_for("dialog[open] [data-moved]").await;
    let said = browser.text("dialog[open]").await;
    assert!(
        said.contains("3 tasks are queued") && said.contains("2 queued and 1 running then"),
        "{said}"
    );
    browser.screenshot("stream-end").await;
    browser.click("dialog[open] .danger").await;
    browser.wait_for(".ended-word").await;
    assert_eq!(server.get("/api/streams/web").body["status"], "ended");
    browser.focus_on(".page-head [data-act=end]").await;
    browser.press(ENTER).await;
    browser.wait_for("main:not(:has(.ended-word))").await;
    browser.focus_on(".page-head [data-act=end]").await;
    assert_eq!(server.get("/api/streams/web").body["status"], "active");

    browser.page.goto(&streams).await.expect("the page");
    browser
        .wait_for("[data-stream=web] .stream-row-watcher [data-tone=stale]")
        .await;
    browser.pictures("streams").await;
    queue.ok(["stream", "end", "web"]);
    browser.wait_for("main:not(:has([data-stream=web]))").await;
    let ended = format!("{streams}?session=today&all=1");
    browser.page.goto(&ended).await.expect("the page");
    browser.wait_for("[data-stream=web][data-ended]").await;
    assert_eq!(browser.run("return window.trap ?? null").await, json!(null));
    assert_eq!(browser.console_errors(), Vec::<String>::new());
    browser.end().await;
}

#[tokio::test]
async fn what_is_written_is_kept_while_somebody_else_writes_too() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.theme("dark");
    let stream = format!("{}/streams/auth", server.address);
    browser.page.goto(&stream).await.expect("the page");
    browser.wait_for("[data-act=edit]").await;
    browser
        .run("document.querySelector('[data-act=edit]').focus()")
        .await;
    browser.press(ENTER).await;
    browser.focus_on(".editor textarea").await;
    browser.fill(".editor textarea", "Mine").await;
    browser.pictures("stream-edit").await;

    queue.ok(["stream", "edit", "auth", "--instructions", "Theirs"]);
    browser.wait_for(".crossing").await;
    assert_eq!(browser.text(".crossing pre").await, "Theirs");
    browser
        .wait_for(".instructions-panel .primary:disabled")
        .await;
    browser.pictures("stream-crossed").await;
    browser.page.refresh().await.expect("the page");
    browser.wait_for(".crossing").await;
    let written = "return document.querySelector('.editor textarea').value";
    assert_eq!(browser.run(written).await, "Mine", "a reload loses nothing");

    browser.click(".crossing .button:not(.danger)").await;
    browser
        .wait_for(".instructions-panel .primary:enabled")
        .await;
    // Ctrl+S is meant where one writes.
    let save = "document.querySelector('.editor textarea').dispatchEvent(
        new KeyboardEvent('keydown', {key: 's', ctrlKey: true, bubbles: true, cancelable: true}))";
    browser.run(save).await;
    browser.wait_for("[data-toast=succeeded]").await;
    let stored = server.get("/api/streams/auth").body;
    assert_eq!(stored["instructions"], "Mine");
    assert_eq!(browser.run("return sessionStorage.length").await, 0);

    browser.click("[data-act=rename]").await;
    browser.fill("#new-name", "login").await;
    browser.click("dialog[open] .primary").await;
    browser
        .until(
            "the address follows the name",
            "return location.pathname == '/streams/login'",
        )
        .await;
    browser.end().await;
}

#[tokio::test]
async fn a_watcher_is_shown_and_stopped_from_its_stream() {
    let queue = TestQueue::new();
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    let browser = Browser::start().await;
    browser.theme("dark");
    let stream = format!("{}/streams/auth", server.address);
    browser.page.goto(&stream).await.expect("the page");
    browser.wait_for("[data-watched]").await;
    browser.screenshot("stream-watched").await;
    browser.click(".worker-panel .button").await;
    browser
        .wait_for(".worker-panel:not(:has([data-watched]))")
        .await;
    let watchers = server.get("/api/status").body;
    assert_eq!(watchers["watchers"], json!([]));
    browser.end().await;
}

#[tokio::test]
async fn sessions_are_made_changed_ended_and_opened_again() {
    let queue = TestQueue::new();
    queue.enqueue("auth", "scripts/a.sh");
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.theme("dark");
    let sessions = format!("{}/sessions", server.address);
    browser.page.goto(&sessions).await.expect("the page");
    browser.wait_for("[data-session=s]").await;
    browser.click(".page-head .primary").await;
    browser.fill("#session-name", "later").await;
    browser.fill("#session-about", "What can wait").await;
    browser.screenshot("session-new").await;
    browser.click("dialog[open] .primary").await;
    browser.wait_for("[data-session=later]").await;
    browser.click("[data-session=later] [data-act=edit]").await;
    browser.fill("#session-name", "never").await;
    browser.click("dialog[open] .primary").await;
    browser.wait_for("[data-session=never]").await;
    queue.ok(["session", "create", "elsewhere"]);
    browser.wait_for("[data-session=elsewhere]").await;
    browser.pictures("sessions").await;

    browser.click("[data-session=s] .danger").await;
    browser.wait_for("dialog[open] .ending li").await;
    let said = browser.text("dialog[open]").await;
    assert!(
        said.contains("auth – 1 queued, 0 running") && said.contains("1 task is queued"),
        "{said}"
    );
    browser.focus_on("dialog[open] [autofocus]").await;
    browser.screenshot("session-end").await;
    browser.click("dialog[open] .danger").await;
    browser.wait_for("main:not(:has([data-session=s]))").await;
    browser.focus_on(".page-head .primary").await;
    browser.click(".page-head a").await;
    browser.wait_for("[data-session=s][data-ended]").await;
    browser
        .click("[data-session=s] .stream-row-actions .button:nth-of-type(2)")
        .await;
    browser.wait_for("[data-session=s]:not([data-ended])").await;
    browser.focus_on("[data-session=s] [data-act=end]").await;
    assert_eq!(server.get("/api/streams/auth").body["status"], "active");
    browser.end().await;
}
