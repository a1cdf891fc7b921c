use serde_json::json;

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;
use crate::guests::guest;

#[tokio::test]
async fn a_plugin_that_keeps_failing_is_named_on_the_page_as_everywhere_and_goes_when_it_is_tried_again()
 {
    let queue = TestQueue::new();
    queue.vouch("acme", &guest("trap").component(), "");
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.page.goto(&server.address).await.expect("the page");
    browser.wait_for("[data-count=queued]").await;
    let body = json!({"tool_name": "act", "payload": {}, "stream_id": "auth"});
    for _ in 0..5 {
        assert_eq!(
            server.post("/api/tasks", &body).body["code"],
            "PLUGIN_FAULT"
        );
    }
    let item = ".needs-list li:has(.left-alone)";
    browser.wait_for(item).await;
    let said = browser.text(item).await;
    assert!(
        said.contains("acme failed 5 times in a row") && said.contains("[trap]"),
        "{said}"
    );
    browser.screenshot("left-alone").await;
    queue.ok(["reload"]);
    browser.wait_for("main:not(:has(.left-alone))").await;
    browser.end().await;
}
