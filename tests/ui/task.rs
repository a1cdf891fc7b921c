use fantoccini::Locator;
use serde_json::json;

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;

/// Writes into a field as a person who replaces all of it would.
async fn fill(browser: &Browser, css: &str, text: &str) {
    browser.wait_for(css).await;
    let script = format!(
        "const field = document.querySelector({css:?}); field.value = {text:?};
         field.dispatchEvent(new Event('input', {{bubbles: true}}))"
    );
    browser.run(&script).await;
}

/// Waits until what matches `css` says `text`.
async fn says(browser: &Browser, css: &str, text: &str) {
    let script = format!(
        "return [...document.querySelectorAll({css:?})].some((found) => found.textContent.includes({text:?}))"
    );
    browser.until(&format!("{css} says {text}"), &script).await;
}

/// An output as tools print it, with everything in it that must stay text.
fn output() -> String {
    let line = |number: u32| match number {
        7 => "<script>document.title = 'gone'</script><img src=x onerror=alert(1)>\n".to_owned(),
        8 => "10%\r50%\r100%\n".to_owned(),
        number => format!("\x1b[32mok\x1b[0m line {number} \x1b[38;5;208min colour\x1b[0m\n"),
    };
    (1..=30_000).map(line).collect()
}

#[tokio::test]
async fn a_task_is_followed_to_its_end_read_searched_and_requeued_on_one_page() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let id = queue.enqueue("auth", "scripts/a.sh");
    let address = format!("{}/tasks/{}", server.address, &id[..9]);
    browser.page.goto(&address).await.expect("the page");
    browser.wait_for(".task-facts[data-status=queued]").await;
    browser.wait_for(".page-head button:disabled").await;
    browser.run("window.mark = 'same page'").await;

    queue.ok(["claim", "--stream", "auth", "--worker", "claude-1"]);
    browser.wait_for(".task-facts[data-status=running]").await;
    says(&browser, ".timeline", "running for").await;
    queue.write("out.txt", &output());
    let result = r#"{"summary":"<b>All</b> is well","ratio":0.5,"files":[{"path":"a","lines":[1,2]},{"path":"b","lines":[]}]}"#;
    queue.ok([
        "complete",
        &id,
        "--result",
        result,
        "--stdout",
        "@out.txt",
        "--stderr",
        "one warning",
    ]);
    browser.wait_for(".outcome[data-tone=succeeded]").await;
    says(&browser, ".outcome", "<b>All</b> is well").await;
    says(&browser, ".task-events", "Completed").await;
    says(&browser, ".console .tally", "30,000 lines").await;
    says(&browser, ".console-row", "<script>document.title").await;
    says(&browser, ".console-row[data-line='8']", "100%").await;
    let drawn = "return document.querySelectorAll('.console-row').length < 600
        && document.querySelectorAll('main script, main img').length === 0";
    browser
        .until("only what is in view is drawn, as text", drawn)
        .await;
    browser.pictures("task").await;

    search_and_unfold(&browser).await;
    let clone = requeue_with_another_payload(&browser, &id).await;
    let made = server.get(&format!("/api/tasks/{clone}")).body;
    assert_eq!(made["requeued_from"], json!(id));
    assert_eq!(made["payload"]["script_path"], "scripts/b.sh");
    assert_eq!(browser.run("return window.mark").await, "same page");
    assert_eq!(browser.console_errors(), Vec::<String>::new());
    browser.end().await;
}

async fn search_and_unfold(browser: &Browser) {
    let field = browser
        .page
        .find(Locator::Css("[aria-label='Search in Stdout']"))
        .await;
    field
        .expect("a field")
        .send_keys("LINE 29999")
        .await
        .expect("typed");
    says(browser, ".console-search .tally", "1 of 1").await;
    says(browser, "mark[aria-current]", "line 29999").await;
    browser.screenshot("task-search").await;
    fill(browser, "[aria-label='Search in Stdout']", "line 1000").await;
    says(browser, ".console-search .tally", "1 of 11").await;
    browser.click("[aria-label='Next place']").await;
    says(browser, ".console-search .tally", "2 of 11").await;
    browser.click("[aria-label=Stdout] [aria-pressed]").await;
    browser
        .wait_for("[aria-label=Stdout] .console-screen:not([data-wraps])")
        .await;
    browser
        .click("[aria-label=Stdout] .console-tools button:nth-child(2)")
        .await;
    says(browser, ".console-row", "line 30000").await;

    // The browser would click what is half below the masthead where the masthead is.
    browser.run("window.scrollTo(0, 0)").await;
    browser.click(".tree-fold[aria-expanded=true]").await;
    browser.wait_for(".tree-fold[aria-expanded=false]").await;
    browser
        .click("[aria-label=Result] .console-tools button:nth-child(2)")
        .await;
    says(browser, "pre.tree-raw", "\"ratio\": 0.5").await;
}

async fn requeue_with_another_payload(browser: &Browser, id: &str) -> String {
    browser.run("document.activeElement.blur()").await;
    browser.press("r").await;
    says(browser, "dialog[open] .task-warning", "succeeded").await;
    fill(browser, "dialog[open] textarea", "{\"script_path\":").await;
    says(browser, "dialog[open]", "Not JSON yet").await;
    browser
        .wait_for("dialog[open] button[type=submit]:disabled")
        .await;
    fill(
        browser,
        "dialog[open] textarea",
        "{\"script_path\":\"scripts/bb.sh\"}",
    )
    .await;
    browser.click("dialog[open] button[type=submit]").await;
    says(browser, "#requeue-issues", "/script_path").await;
    browser.pictures("task-requeue").await;
    browser.click("#requeue-issues button").await;
    browser.focus_on("dialog[open] textarea").await;
    browser
        .until(
            "what was suggested is there",
            "return JSON.parse(document.activeElement.value).script_path === 'scripts/b.sh'",
        )
        .await;
    says(browser, "dialog[open] .in-shell", "--force").await;
    browser.click("dialog[open] button[type=submit]").await;
    browser.wait_for("[data-toast=succeeded] a").await;
    browser.wait_for(".task-facts[data-status=queued]").await;
    says(browser, ".task-chain", id).await;
    browser
        .wait_for(".task-chain .badge[data-tone=succeeded]")
        .await;
    browser.text(".task-chain [aria-current]").await
}

#[tokio::test]
async fn what_is_not_seen_is_marked_and_a_long_error_is_unfolded() {
    let queue = TestQueue::new();
    let first = queue.running("auth");
    let output = format!("{}\nsafe \u{202e}gnp.exe\n", "x".repeat(30_000));
    queue.write("out.txt", &output);
    let result = json!({"summary": "done \u{202e}txt.exe\u{2069}", "k\u{200b}": "v\u{2066}"});
    let result = result.to_string();
    queue.ok([
        "complete", &first, "--result", &result, "--stdout", "@out.txt",
    ]);
    let second = queue.running("auth");
    let reason = "a long reason \u{200f} ".repeat(400);
    queue.ok(["fail", &second, "--error", &reason]);
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let open = async |id: &str| {
        let address = format!("{}/tasks/{id}", server.address);
        browser.page.goto(&address).await.expect("the page");
    };
    open(&first).await;
    browser.wait_for(".outcome [data-code='U+202E']").await;
    browser.wait_for(".outcome [data-code='U+2069']").await;
    browser.wait_for(".tree [data-code='U+2066']").await;
    says(&browser, ".tree-key", "k⟨U+200B⟩").await;
    let copied = "getSelection().selectAllChildren(document.querySelector('.outcome-text'));
        return getSelection().toString() === 'done \\u202etxt.exe\\u2069'";
    browser.until("what is copied is the text", copied).await;
    let beside = "const row = document.querySelector('.console-row');
        const range = document.createRange();
        range.selectNodeContents(row);
        return range.getClientRects()[0].top - row.getBoundingClientRect().top < 4";
    browser
        .until("a long line begins beside its number", beside)
        .await;
    browser.wait_for(".console-row [data-code='U+202E']").await;
    browser.pictures("task-marks").await;
    let link = "return !!document.querySelector('.task-facts a[href=\"/tools#run-bash\"]')";
    browser.until("its tool is one click away", link).await;

    open(&second).await;
    browser.wait_for(".outcome-text[data-cut]").await;
    browser.pictures("task-cut").await;
    browser.click(".outcome-more").await;
    browser.wait_for(".outcome-text[data-open]").await;
    let whole = "const text = document.querySelector('.outcome-text');
        return text.scrollHeight <= text.clientHeight";
    browser.until("all of it is seen", whole).await;

    // The address may hold letters that no id has.
    open("t%C3%A4").await;
    says(&browser, "h1", "tä").await;
    browser.end().await;
}

#[tokio::test]
async fn a_task_that_was_given_up_tells_of_its_late_answer_its_clone_and_its_end() {
    let queue = TestQueue::new();
    let id = queue.running("auth");
    let back = |seconds: u32| {
        let past = format!("UPDATE tasks SET started_at = started_at - {seconds}000 WHERE id = ?");
        queue.database().execute(&past, [&id]).expect("set back");
    };
    back(60);
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let address = format!("{}/tasks/{id}", server.address);
    browser.page.goto(&address).await.expect("the page");
    says(&browser, ".outcome[data-tone=stale]", "its timeout is 45s").await;
    browser.screenshot("task-stale").await;
    back(60);
    says(&browser, ".outcome[data-tone=failed]", "Auto-failed").await;

    let late = queue.output([
        "complete",
        &id,
        "--summary",
        "done after all",
        "--stdout",
        "kept",
    ]);
    assert!(!late.status.success());
    says(&browser, ".outcome[data-tone=stale]", "done after all").await;
    says(&browser, "[aria-label=Stdout] .console-row", "kept").await;
    let clone = queue.ok(["requeue", &id]);
    says(
        &browser,
        ".outcome-next",
        &format!("{clone}, which is queued"),
    )
    .await;
    browser.pictures("task-late").await;

    browser.press("r").await;
    says(&browser, "dialog[open] .task-warning", &clone).await;
    browser.click("dialog[open] button[type=submit]").await;
    says(&browser, "dialog[open] .task-refusal", "requeued already").await;
    browser.click("dialog[open] .task-refusal a").await;
    browser.wait_for(".task-facts[data-status=queued]").await;

    browser.press("c").await;
    says(
        &browser,
        "[data-toast=succeeded]",
        &format!("Copied {clone}"),
    )
    .await;
    browser.click(".page-head .danger").await;
    fill(
        &browser,
        "dialog[open] input[name=reason]",
        "no longer needed",
    )
    .await;
    says(
        &browser,
        "dialog[open] .in-shell",
        "--reason 'no longer needed'",
    )
    .await;
    browser.click("dialog[open] button[type=submit]").await;
    says(
        &browser,
        ".outcome[data-tone=failed]",
        "Cancelled: no longer needed",
    )
    .await;
    browser.wait_for("main:not(:has(.page-head .danger))").await;

    queue
        .database()
        .execute(
            "UPDATE tasks SET finished_at = 0 WHERE finished_at IS NOT NULL",
            [],
        )
        .expect("set back");
    queue.ok(["purge", "--older-than", "1d"]);
    says(&browser, ".notice", "There is no such task").await;
    browser.pictures("task-gone").await;
    browser.end().await;
}
