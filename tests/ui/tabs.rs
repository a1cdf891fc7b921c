use std::time::{Duration, Instant};

use fantoccini::wd::WindowHandle;
use serde_json::json;

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;
use crate::proxy::Proxy;

const LIVE: &str = "[data-link=live]";

impl Browser {
    /// Opens the page in a window of its own, and waits until it is live.
    async fn open(&self, address: &str) -> WindowHandle {
        let new = self.page.new_window(false).await.expect("one").handle;
        self.turn_to(&new).await;
        self.page.goto(address).await.expect("the page");
        self.wait_for(LIVE).await;
        new
    }

    /// Has what follows asked of a window, whether it is in sight or not.
    async fn turn_to(&self, window: &WindowHandle) {
        let turned = self.page.switch_to_window(window.clone()).await;
        turned.expect("a window");
    }

    /// Puts a window out of sight, or back into it. A browser without a screen shows all tabs of a window as visible, but
    /// knows of a window that is minimised, as of a tab behind another, that nobody sees it.
    async fn show(&self, window: &WindowHandle, in_sight: bool) {
        self.turn_to(window).await;
        let id = self.tools("Browser.getWindowForTarget", &json!({}))["windowId"].clone();
        let (state, told) = if in_sight {
            ("normal", "visible")
        } else {
            ("minimized", "hidden")
        };
        let bounds = json!({"windowId": id, "bounds": {"windowState": state}});
        self.tools("Browser.setWindowBounds", &bounds);
        let script = format!("return document.visibilityState === '{told}'");
        self.until(told, &script).await;
    }

    /// Waits until the connections that follow the server are as many as they should be.
    async fn followed_by(&self, proxy: &Proxy, wanted: usize) {
        let started = Instant::now();
        while proxy.followers() != wanted {
            assert!(
                started.elapsed().as_secs() < 20,
                "{} connections, not {wanted}",
                proxy.followers()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn ten_tabs_share_a_connection_and_the_one_that_comes_into_sight_shows_the_newest_state() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let proxy = Proxy::before(&server.address);
    let browser = Browser::start().await;
    browser.page.goto(&proxy.address).await.expect("the page");
    browser.wait_for(LIVE).await;
    let mut tabs = vec![browser.page.window().await.expect("a tab")];
    while tabs.len() < 10 {
        tabs.push(browser.open(&proxy.address).await);
    }
    assert_eq!(proxy.followers(), 1, "all are in sight");
    let id = queue.enqueue("auth", "scripts/a.sh");
    for tab in &tabs {
        browser.turn_to(tab).await;
        browser.wait_for(&format!("[data-task-id={id}]")).await;
    }

    // Out of sight, they let go of what they share; the last one too.
    for tab in &tabs {
        browser.show(tab, false).await;
    }
    browser.followed_by(&proxy, 0).await;
    for tab in [&tabs[3], &tabs[7], &tabs[0]] {
        let id = queue.enqueue("auth", "scripts/b.sh");
        browser.show(tab, true).await;
        browser.wait_for(&format!("[data-task-id={id}]")).await;
        browser.wait_for(LIVE).await;
        browser.followed_by(&proxy, 1).await;
        browser.show(tab, false).await;
    }
    browser.followed_by(&proxy, 0).await;

    // Too much has happened for what this one holds, so it fetches.
    let payload = json!({"script_path": "scripts/a.sh"});
    let task = json!({"tool_name": "run-bash", "payload": payload, "stream_id": "auth"});
    let tasks = vec![task; 1_200];
    let batch = server.post("/api/tasks/batch", &json!({ "tasks": tasks }));
    assert_eq!(batch.status, 201, "{batch:?}");
    browser.show(&tabs[5], true).await;
    let counted = "return document.querySelector('[data-count=queued]').textContent.trim()";
    let all = format!("{counted}.replace(/\\D/g, '') === '1204'");
    browser.until("all are counted", &all).await;
    browser.followed_by(&proxy, 1).await;
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

#[tokio::test]
async fn windows_side_by_side_are_all_live_by_one_connection_that_passes_on_when_its_window_closes()
{
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let proxy = Proxy::before(&server.address);
    let browser = Browser::start().await;
    browser.page.goto(&proxy.address).await.expect("the page");
    browser.wait_for(LIVE).await;
    let leader = browser.page.window().await.expect("a window");
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(browser.open(&proxy.address).await);
    }
    assert_eq!(proxy.followers(), 1);
    let id = queue.enqueue("auth", "scripts/a.sh");
    for window in [&leader].into_iter().chain(&others) {
        browser.turn_to(window).await;
        browser
            .wait_for(&format!("[data-task-id={id}][data-status=queued]"))
            .await;
    }

    browser.turn_to(&leader).await;
    browser.page.close_window().await.expect("closed");
    queue.claim("auth");
    for window in &others {
        browser.turn_to(window).await;
        browser
            .wait_for(&format!("[data-task-id={id}][data-status=running]"))
            .await;
        assert_eq!(browser.text("[data-count=running]").await, "1");
        assert_eq!(browser.text("[data-count=queued]").await, "0");
        assert_eq!(browser.console_errors(), [""; 0]);
    }
    assert_eq!(proxy.followers(), 1);
    browser.end().await;
}
