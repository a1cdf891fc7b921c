use serde_json::json;

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;
use crate::guests::guest;

#[tokio::test]
async fn settings_tell_where_each_value_is_from_and_are_read_anew() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.theme("dark");
    let settings = format!("{}/settings", server.address);
    browser.page.goto(&settings).await.expect("the page");
    browser.wait_for("[data-key='server.port']").await;
    let row = browser.text("[data-key='purge.older_than_days']").await;
    assert!(row.contains('3') && row.contains("line "), "{row}");
    let row = browser.text("[data-key='events.keep_days']").await;
    assert!(row.contains("default"), "{row}");
    browser.pictures("settings").await;

    let config = std::fs::read_to_string(queue.path("sparkq.toml")).expect("there");
    let changed = config.replace("older_than_days = 3", "older_than_days = 7");
    queue.write(
        "sparkq.toml",
        &changed.replace("[\"scripts\"]", "[\"scripts\", \"gone\"]"),
    );
    browser.click(".page-head .primary").await;
    browser.wait_for(".reloaded").await;
    browser
        .until(
            "the new value is shown",
            "return document.querySelector('[data-key=\"purge.older_than_days\"] td').innerText == '7'",
        )
        .await;
    browser.wait_for(".warnings li").await;
    browser.pictures("settings-reloaded").await;
    queue.write("sparkq.toml", "[server]\nport = \"x\"\n");
    browser.click(".page-head .primary").await;
    browser.wait_for(".refusal").await;

    browser.click("input[value=light]").await;
    let ground = "return getComputedStyle(document.documentElement).backgroundColor";
    let light = browser.run(ground).await;
    browser.page.refresh().await.expect("the page");
    browser
        .wait_for("html[data-theme=light] input[value=light]")
        .await;
    browser.theme("dark");
    assert_eq!(browser.run(ground).await, light, "the choice goes first");
    browser.click("input[value=system]").await;
    browser.wait_for("html:not([data-theme])").await;
    assert_ne!(browser.run(ground).await, light);
    browser.end().await;
}

#[tokio::test]
async fn plugins_tell_what_they_may_reach_and_how_they_failed() {
    let queue = TestQueue::new();
    queue.vouch("acme", &guest("trap").component(), "");
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser.theme("dark");
    let plugins = format!("{}/plugins", server.address);
    browser.page.goto(&plugins).await.expect("the page");
    browser
        .wait_for("[data-plugin=scripts][data-state=loaded] .access [data-tone=succeeded]")
        .await;
    browser
        .wait_for("[data-plugin=acme][data-state=loaded]")
        .await;
    let body = json!({"tool_name": "act", "payload": {}, "stream_id": "auth"});
    for _ in 0..5 {
        server.post("/api/tasks", &body);
    }
    browser
        .wait_for("[data-plugin=acme][data-state=quarantined]")
        .await;
    let said = browser
        .text("[data-plugin=acme] .plugin-trouble[data-tone]")
        .await;
    assert!(
        said.contains("5 faults in a row") && said.contains("[trap]"),
        "{said}"
    );
    browser.click("[data-plugin=acme] summary").await;
    browser.wait_for("[data-plugin=acme] .log-lines li").await;
    browser.pictures("plugins").await;
    queue.ok(["reload"]);
    browser
        .wait_for("[data-plugin=acme][data-state=loaded]")
        .await;
    assert_eq!(browser.console_errors(), Vec::<String>::new());
    browser.end().await;
}
