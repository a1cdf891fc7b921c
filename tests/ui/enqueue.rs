use serde_json::json;

use crate::bench::{Server, TestQueue};
use crate::browser::{Browser, ENTER};
use crate::guests::{Guest, Tool};

const TAB: &str = "\u{e004}";
const DOWN: &str = "\u{e015}";

/// Reads the payload as the page would send it.
const PAYLOAD: &str =
    "return JSON.parse(document.querySelector('[aria-label=\"Payload as JSON\"]').value)";

async fn hold_control_and_press_enter(browser: &Browser) {
    let enter = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true}))";
    browser.run(enter).await;
}

/// Arguments row by row, an environment by name, a timeout as people type it.
async fn add_rows_and_a_timeout(browser: &Browser) {
    browser.click("[data-field='/args'] .add-row").await;
    browser
        .until(
            "the new row has the focus",
            "return document.activeElement.closest('[data-field]').dataset.field === '/args/0'",
        )
        .await;
    browser.press("it's").await;
    browser.press(ENTER).await;
    browser
        .until(
            "the next row has the focus",
            "return document.activeElement.closest('[data-field]').dataset.field === '/args/1'",
        )
        .await;
    browser.press("first").await;
    browser
        .click("[data-field='/args/1'] [title^='Move up']")
        .await;
    browser.click("[data-field='/env'] .add-row").await;
    browser
        .until(
            "the name has the focus",
            "return document.activeElement.placeholder === 'NAME'",
        )
        .await;
    browser.press("CI").await;
    browser.press(TAB).await;
    browser.press("1").await;
    browser.fill("#attimeout", "8d").await;
    browser.wait_for("#attimeout[aria-invalid=true]").await;
    browser.wait_for("[data-no-command]").await;
    browser.fill("#attimeout", "9m").await;
    browser
        .until(
            "the timeout holds",
            "return document.querySelector('[data-preview=Timeout]')?.textContent === '9m'",
        )
        .await;
}

/// From the task itself; what the address brought is not in the address any more.
async fn queue_two_more_like(id: &str, browser: &Browser, server: &Server) {
    let address = format!("{}/enqueue?from={id}", server.address);
    browser.page.goto(&address).await.expect("the page");
    browser.wait_for("[data-field='/args/1'] input").await;
    let address = browser.page.current_url().await.expect("an address");
    assert_eq!(address.query(), Some("tool=run-bash&stream=auth"));
    browser.click("#enqueue").await;
    browser.click("#enqueue-another").await;
    browser.click("#enqueue").await;
    browser.wait_for("[data-queued]").await;
    assert_eq!(server.get("/api/tasks").body["total"], 3);
}

#[tokio::test]
async fn a_task_is_put_together_from_the_index_and_the_schema_checked_while_it_is_typed_and_queued_once()
 {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let page = &browser.page;
    page.goto(&format!("{}/enqueue", server.address))
        .await
        .expect("the page");
    browser.click("[data-tool=run-bash]").await;
    browser.focus_on("#attool").await;

    // The only active stream is chosen; nothing is shouted before something was typed.
    browser
        .wait_for("#atstream option:checked[value='1']")
        .await;
    browser.wait_for("[data-verdict='Not yet']").await;
    assert_eq!(
        browser
            .run("return document.querySelectorAll('[data-issue]').length")
            .await,
        0
    );

    // A script from the index, with the keyboard alone.
    let script = "[data-field='/script_path'] input";
    browser.fill(script, "a.s").await;
    browser.wait_for("[data-option='scripts/a.sh']").await;
    browser.press(DOWN).await;
    browser
        .wait_for("[data-option='scripts/a.sh'][aria-selected=true]")
        .await;
    browser.press(ENTER).await;
    browser.wait_for("[data-chosen='scripts/a.sh']").await;
    assert!(browser.text("[data-chosen]").await.contains("Says a"));
    browser
        .until(
            "the script's own timeout holds",
            "return document.querySelector('[data-preview=Timeout]')?.textContent === '45s'",
        )
        .await;

    // A path that is not there is told at its field, and mended with one click.
    browser.fill(script, "scripts/c.sh").await;
    browser.press(TAB).await;
    browser
        .wait_for(&format!("{script}[aria-invalid=true]"))
        .await;
    browser
        .click("[data-field='/script_path'] [data-issue=Error] button")
        .await;
    browser
        .until(
            "nothing is wrong",
            "return !document.querySelector('[data-issue]')",
        )
        .await;

    add_rows_and_a_timeout(&browser).await;
    let payload = browser.run(PAYLOAD).await;
    assert_eq!(payload["args"], json!(["first", "it's"]));
    assert_eq!(payload["env"], json!({"CI": "1"}));
    let command = browser.text(".command").await;
    assert!(
        command.contains(r#"["first","it'\''s"]"#)
            && command.contains("--stream auth --timeout 9m"),
        "{command}"
    );
    browser.pictures("enqueue").await;

    // A reload costs nothing.
    page.refresh().await.expect("the page again");
    browser.wait_for("[data-field='/args/1'] input").await;
    assert_eq!(browser.run(PAYLOAD).await, payload);

    hold_control_and_press_enter(&browser).await;
    browser
        .run("document.querySelector('#attimeout').focus()")
        .await;
    hold_control_and_press_enter(&browser).await;
    hold_control_and_press_enter(&browser).await;
    browser.wait_for("[data-queued]").await;
    browser
        .wait_for("[data-toast=succeeded] a[href^='/tasks/tsk_']")
        .await;
    browser.pictures("enqueue-done").await;
    let tasks = server.get("/api/tasks").body;
    assert_eq!(tasks["total"], 1, "asked for twice, queued once");
    assert_eq!(tasks["items"][0]["timeout"], 540);
    assert_eq!(
        tasks["items"][0]["payload"]["args"],
        json!(["first", "it's"])
    );

    let id = tasks["items"][0]["id"].as_str().expect("an id");
    queue_two_more_like(id, &browser, &server).await;
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

#[tokio::test]
async fn the_payload_can_be_typed_as_json_and_what_the_form_does_not_know_is_kept() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let address = format!(
        "{}/enqueue?tool=run-bash&payload=%7B%22script_path%22%3A%22scripts%2Fa.sh%22%7D",
        server.address
    );
    browser.page.goto(&address).await.expect("the page");
    let raw = "[aria-label='Payload as JSON']";
    browser.until("the link's payload is there", "return document.querySelector('[data-field=\"/script_path\"] input')?.value === 'scripts/a.sh'").await;

    browser
        .fill(raw, "{\n\"script_path\": \"scripts/b.sh\",,")
        .await;
    browser.until("the error is told with its place", "return document.getElementById('payload.json').textContent.includes('line 2 column 31')").await;
    browser
        .wait_for("fieldset:disabled [data-field='/script_path']")
        .await;
    // What cannot be read is no command either.
    browser.wait_for("[data-no-command]").await;
    let verdict = browser.text("[data-verdict]").await;
    assert!(verdict.contains("The payload cannot be read"), "{verdict}");
    browser.pictures("enqueue-broken").await;

    browser
        .fill(
            raw,
            "{\"script_path\": \"scripts/b.sh\", \"args\": [1.50], \"more\": 1e3}",
        )
        .await;
    browser.until("the form follows", "return document.querySelector('[data-field=\"/script_path\"] input')?.value === 'scripts/b.sh'").await;
    browser.wait_for("[data-field='/args'] textarea").await;
    browser.wait_for("[data-field=''] [data-issue=Error]").await;
    browser.fill("[data-field='/cwd'] input", "scripts").await;
    let text = browser
        .run(&format!("return document.querySelector(\"{raw}\").value"))
        .await;
    let text = text.as_str().expect("a text");
    assert!(
        text.contains("1.50") && text.contains("1e3") && text.contains("\"cwd\": \"scripts\""),
        "{text}"
    );

    // A refusal is told where it belongs, and nothing that was typed is lost.
    browser.click("#enqueue").await;
    browser.wait_for("[data-verdict='Would be refused']").await;
    assert_eq!(browser.run(PAYLOAD).await["more"], 1000);
    assert_eq!(server.get("/api/tasks").body["total"], 0);
    browser.end().await;
}

#[tokio::test]
async fn what_a_link_brings_waits_for_its_tool_and_is_shown_where_it_cannot_be_read() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let address = format!(
        "{}/enqueue?payload=%7B%22prompt%22%3A%22a%E2%80%AEb%22%7D",
        server.address
    );
    browser.page.goto(&address).await.expect("the page");
    browser.wait_for("[data-waiting]").await;
    browser.click("[data-tool=llm-haiku]").await;
    browser.focus_on("#attool").await;
    let prompt =
        "return document.querySelector('[data-field=\"/prompt\"] textarea')?.value === 'a\\u202eb'";
    browser.until("the link's payload is there", prompt).await;
    // What is not seen is spelled out where it would be sent from.
    let raw = "return document.querySelector('[aria-label=\"Payload as JSON\"]').value";
    let raw = browser.run(raw).await;
    assert!(
        raw.as_str().is_some_and(|raw| raw.contains(r"a\u202eb")),
        "{raw}"
    );
    assert!(browser.text(".command").await.contains(r"a\u202eb"));

    let address = format!("{}/enqueue?tool=llm-haiku&payload=%7Bbad", server.address);
    browser.page.goto(&address).await.expect("the page");
    browser.wait_for("[data-brought-broken='']").await;
    browser.pictures("enqueue-brought").await;
    browser.click("[data-take-back]").await;
    browser.focus_on("#atpayload").await;
    browser
        .wait_for("main:not(:has([data-brought-broken='']))")
        .await;
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

#[tokio::test]
async fn another_plugins_tool_is_marked_as_its_own_and_gets_a_form_of_every_kind_of_field() {
    let schema = json!({"type": "object", "required": ["level"], "properties": {
        "level": {"enum": ["low", "high"], "title": "Level"},
        "dry": {"type": "boolean", "title": "Dry run"},
        "times": {"type": "integer", "minimum": 1, "maximum": 9, "title": "Times"},
        "notes": {"type": "string", "title": "Notes"},
        "to": {"type": "object", "title": "To", "properties": {"host": {"type": "string"}}},
        "any": {"oneOf": [{"type": "string"}, {"type": "array"}], "title": "Any"},
    }});
    let guest = Guest {
        tools: vec![Tool {
            schema: schema.to_string(),
            description: "<img src=x> `deploys` it.".to_owned(),
            example: r#"{"level":"low"}"#.to_owned(),
            ..Tool::default()
        }],
        issues: vec![["/to/host", "unknown-host", "is no host", "\"alpha\""].map(str::to_owned)],
        ..Guest::default()
    };
    let queue = TestQueue::new();
    queue.vouch("acme", &guest.component(), "");
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let address = format!("{}/enqueue?tool=act&stream=auth", server.address);
    browser.page.goto(&address).await.expect("the page");
    browser.wait_for(".tool-facts .mark").await;
    let said = browser.text(".tool-facts").await;
    assert!(
        said.contains("<img src=x> deploys it.") && said.contains("in the words of plugin acme"),
        "{said}"
    );

    browser
        .click("[data-field='/level'] option[value='2']")
        .await;
    browser.click("[data-field='/dry'] input").await;
    browser.fill("[data-field='/times'] input", "3").await;
    browser.fill("[data-field='/notes'] textarea", "line").await;
    browser.fill("[data-field='/to/host'] input", "beta").await;
    browser
        .fill("[data-field='/any'] textarea", "[1, {}]")
        .await;
    let wanted = json!({"level": "high", "dry": true, "times": 3, "notes": "line", "to": {"host": "beta"}, "any": [1, {}]});
    assert_eq!(browser.run(PAYLOAD).await, wanted);
    browser
        .wait_for("[data-field='/to/host'] [data-issue=Error]")
        .await;
    browser.pictures("enqueue-fields").await;
    browser
        .click("[data-field='/to/host'] [data-issue=Error] button")
        .await;
    assert_eq!(browser.run(PAYLOAD).await["to"]["host"], "alpha");
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}
