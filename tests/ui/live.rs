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
