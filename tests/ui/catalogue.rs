use fantoccini::Locator;

use crate::bench::{Server, TestQueue};
use crate::browser::{Browser, ENTER};

#[tokio::test]
async fn tools_are_shown_with_their_words_and_an_example_leads_to_the_form_filled_in() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser
        .page
        .goto(&format!("{}/tools", server.address))
        .await
        .expect("the page");
    browser.wait_for("[data-tool=run-bash]").await;
    let said = browser.text("[data-tool=run-bash]").await;
    assert!(
        said.contains("Run a shell script")
            && said.contains("MEDIUM_SCRIPT · 5m")
            && said.contains("may overwrite"),
        "{said}"
    );
    browser.pictures("tools").await;
    let marked = format!("{}/tools#summarize", server.address);
    browser.page.goto("about:blank").await.expect("elsewhere");
    browser.page.goto(&marked).await.expect("the page");
    browser.focus_on("[data-tool=summarize]").await;
    let seen = "const top = document.activeElement.getBoundingClientRect().top;
        return top > 40 && top < 400";
    browser.until("it is in sight", seen).await;
    browser
        .click("[data-tool=run-bash] details:last-of-type summary")
        .await;
    browser
        .wait_for("[data-tool=run-bash] details[open] pre")
        .await;
    assert!(
        browser
            .text("[data-tool=run-bash] pre")
            .await
            .contains("the claimed task")
    );

    // A tool that the project names appears without a reload of the page.
    let config = std::fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    queue.write(
        "sparkq.toml",
        &format!("{config}\n[tools.migrate]\nuses = \"run-bash\"\ntimeout = 1800\n"),
    );
    queue.ok(["reload"]);
    browser.wait_for("[data-tool=migrate]").await;
    assert!(browser.text("[data-tool=migrate]").await.contains("30m"));

    browser
        .run("document.querySelector('[data-tool=llm-haiku] [data-example=\"Just ask\"]').focus()")
        .await;
    browser.press(ENTER).await;
    browser.until("the prompt is there", "return document.querySelector('[data-field=\"/prompt\"] textarea')?.value.startsWith('Suggest')").await;
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}

#[tokio::test]
async fn scripts_are_searched_as_one_types_and_an_empty_index_says_how_to_fill_it() {
    let queue = TestQueue::new();
    let header = "# name: Later\n# description: Does it later\n# inputs: --when (string, required): a day\n# tags: jobs\n# timeout: soon\n";
    queue.write("scripts/later.py", &format!("{header}print(1)\n"));
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    browser
        .page
        .goto(&format!("{}/scripts", server.address))
        .await
        .expect("the page");
    browser.wait_for("[data-script='scripts/b.sh']").await;
    browser.pictures("scripts").await;

    let field = browser
        .page
        .find(Locator::Id("search"))
        .await
        .expect("a field");
    field.send_keys("later").await.expect("typed");
    browser.until("only that is left", "return document.querySelectorAll('[data-script]').length === 1 && location.search === '?q=later'").await;
    let said = browser.text("[data-script='scripts/later.py']").await;
    assert!(
        said.contains("Does it later") && said.contains("--when") && said.contains("in line 5"),
        "{said}"
    );
    browser
        .click("[data-script='scripts/later.py'] .button")
        .await;
    browser.wait_for("[data-chosen='scripts/later.py']").await;

    browser
        .page
        .goto(&format!("{}/scripts?q=nothing-like-it", server.address))
        .await
        .expect("the page");
    browser.wait_for(".notice a[href='/scripts']").await;
    std::fs::remove_dir_all(queue.path("scripts")).expect("gone");
    std::fs::create_dir(queue.path("scripts")).expect("made");
    queue.ok(["reload"]);
    browser.click(".notice a[href='/scripts']").await;
    browser.wait_for(".folders code").await;
    assert_eq!(browser.text(".folders").await, "scripts");
    browser.pictures("scripts-none").await;
    assert_eq!(browser.console_errors(), [""; 0]);
    browser.end().await;
}
