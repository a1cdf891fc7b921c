use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use fantoccini::Locator;

use crate::bench::{Server, TestQueue};
use crate::browser::Browser;

#[tokio::test]
async fn a_browser_signs_in_follows_the_board_and_is_asked_again_once_the_sign_in_has_gone() {
    let queue = TestQueue::new();
    queue.write("token", "open-sesame-open\n");
    fs::set_permissions(queue.path("token"), fs::Permissions::from_mode(0o600)).expect("set");
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    let server = "port = 0\ntoken_file = \"token\"";
    queue.write("sparkq.toml", &config.replace("port = 0", server));
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let page = &browser.page;

    page.set_window_size(380, 700).await.expect("a phone's");
    let address = format!("{}/?stream=auth", server.address);
    page.goto(&address).await.expect("the form");
    browser.wait_for("input[type=password]:focus").await;
    let overflow = "return document.documentElement.scrollWidth > window.innerWidth";
    let overflows = page.execute(overflow, vec![]).await.expect("measured");
    assert_eq!(overflows, false, "the form is wider than its window");
    browser.screenshot("login").await;
    let field = || async { page.find(Locator::Id("token")).await.expect("a field") };
    field().await.send_keys("wrong\n").await.expect("typed");
    browser.wait_for("[role=alert]").await;
    field()
        .await
        .send_keys("open-sesame-open\n")
        .await
        .expect("typed");
    browser.wait_for("[data-count=queued]").await;
    let reached = page.current_url().await.expect("an address");
    assert_eq!(reached.as_str(), address, "where it wanted to go");

    let id = queue.enqueue("auth", "scripts/a.sh");
    browser.wait_for(&format!("[data-task-id={id}]")).await;

    // A browser sends no cookie with a link from elsewhere, so there the page finds out for itself.
    let elsewhere = format!("data:text/html,<a href='{address}'>tasks</a>");
    let link = Locator::Css("a");
    page.goto(&elsewhere).await.expect("a page");
    let found = page.find(link).await.expect("a link");
    found.click().await.expect("followed");
    browser.wait_for(&format!("[data-task-id={id}]")).await;

    page.delete_all_cookies().await.expect("gone");
    page.goto(&elsewhere).await.expect("a page");
    let found = page.find(link).await.expect("a link");
    found.click().await.expect("followed");
    browser.wait_for("input[type=password]").await;
    let asked = page.current_url().await.expect("an address");
    assert_eq!(asked.query(), Some("next=%2F%3Fstream%3Dauth"));
    browser.end().await;
}
