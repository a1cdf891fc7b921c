use crate::bench::{Server, TestQueue};
use crate::browser::{Browser, ENTER, ESCAPE};

impl Browser {
    /// Waits until the page is at `path`, named so in its title, and the focus is where it begins.
    async fn arrives(&self, path: &str, title: &str) {
        let script = format!(
            "return location.pathname === '{path}' && document.title.startsWith('{title}')
                 && document.activeElement.id === 'main'"
        );
        self.until(path, &script).await;
    }
}

#[tokio::test]
async fn keys_lead_to_every_page_along_the_rows_and_into_the_search() {
    let queue = TestQueue::new();
    let (first, second) = (
        queue.enqueue("auth", "scripts/a.sh"),
        queue.enqueue("auth", "scripts/b.sh"),
    );
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.page.goto(&server.address).await.expect("the page");
    browser.wait_for(&format!("[data-task-id={first}]")).await;

    browser.press("?").await;
    browser.wait_for("dialog[open] kbd").await;
    browser.pictures("keys").await;
    // Nothing behind it moves.
    browser.press("n").await;
    browser.press(ESCAPE).await;
    browser.wait_for("body:not(:has(dialog[open]))").await;
    assert_eq!(browser.run("return location.pathname").await, "/");

    for (keys, path, title) in [
        ("gs", "/streams", "Streams"),
        ("ge", "/sessions", "Sessions"),
        ("go", "/tools", "Tools"),
        ("gp", "/plugins", "Plugins"),
        ("gc", "/scripts", "Scripts"),
        ("g,", "/settings", "Settings"),
        ("n", "/enqueue", "Enqueue"),
        ("gt", "/tasks", "Tasks"),
        ("gd", "/", "Dashboard"),
    ] {
        browser.press(keys).await;
        if path == "/enqueue" {
            // It begins in its first field.
            browser
                .until(path, "return location.pathname === '/enqueue'")
                .await;
            browser.press(ESCAPE).await;
        } else {
            browser.arrives(path, title).await;
        }
    }

    // Down over both rows and back; what is newer stands first.
    let row = |id: &str| format!("[data-task-id={id}] [data-row]");
    while browser
        .run("return document.activeElement.closest('[data-task-id]') === null")
        .await
        == true
    {
        browser.press("j").await;
    }
    browser.focus_on(&row(&second)).await;
    browser.press("j").await;
    browser.focus_on(&row(&first)).await;
    browser.press("k").await;
    browser.focus_on(&row(&second)).await;
    browser.press(ENTER).await;
    let there = format!("return location.pathname === '/tasks/{second}'");
    browser.until("the task is open", &there).await;

    browser.press("/").await;
    browser.focus_on("#search").await;
    assert_eq!(browser.run("return location.pathname").await, "/tasks");
    // What is typed is typed.
    browser.press("gd?n").await;
    let typed = "return document.activeElement.value";
    assert_eq!(browser.run(typed).await, "gd?n");
    browser.press(ESCAPE).await;
    browser.focus_on("body").await;
    browser.press("gd").await;
    browser.arrives("/", "Dashboard").await;
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}
