//! The accessibility checks of axe-core, which is fetched once: it is too large, and under another licence, to lie here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use crate::bench::{Server, TestQueue};
use crate::browser::{Browser, ENTER, ESCAPE, NARROW};

const VERSION: &str = "4.14.1";

/// The SHA-512 of the package, as the registry names it.
const DIGEST: &str = "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b73\
                      4f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5";

/// The checks as one script.
fn script() -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let package = folder.join(format!("axe-core-{VERSION}.tgz"));
    if !is_genuine(&package) {
        fetch(&package);
        assert!(
            is_genuine(&package),
            "axe-core {VERSION} is not what it was"
        );
    }
    let mut tar = Command::new("tar");
    tar.args(["-xzOf"]).arg(&package).arg("package/axe.min.js");
    let script = tar.output().expect("tar is there");
    assert!(script.status.success(), "{script:?}");
    String::from_utf8(script.stdout).expect("a text")
}

fn is_genuine(package: &Path) -> bool {
    let Ok(bytes) = fs::read(package) else {
        return false;
    };
    let digest = Sha512::digest(bytes);
    let hex = digest
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    hex == DIGEST
}

/// Fetches the package from the registry that npm is set to, or from the public one where there is no npm.
fn fetch(package: &Path) {
    let npm = Command::new("npm")
        .args(["config", "get", "registry"])
        .stderr(Stdio::null())
        .output();
    let registry = npm
        .ok()
        .and_then(|answer| String::from_utf8(answer.stdout).ok())
        .map(|address| address.trim().trim_end_matches('/').to_owned())
        .filter(|address| address.starts_with("http"))
        .unwrap_or_else(|| "https://registry.npmjs.org".to_owned());
    let address = format!("{registry}/axe-core/-/axe-core-{VERSION}.tgz");
    let arriving: PathBuf = package.with_extension("arriving");
    let mut curl = Command::new("curl");
    curl.args(["-fsSL", "--retry", "3", "--max-time", "120", "-o"]);
    let came = curl.arg(&arriving).arg(&address).status();
    assert!(
        came.is_ok_and(|came| came.success()),
        "curl could not fetch {address}; put it at {} to go without the network",
        package.display()
    );
    fs::rename(arriving, package).expect("moved");
}

/// A queue with something on every page, and the addresses of them all.
fn full() -> (TestQueue, Vec<String>) {
    let queue = TestQueue::new();
    queue.ok(["stream", "create", "old", "--session", "s"]);
    queue.ok(["stream", "end", "old"]);
    queue.ok(["session", "create", "yesterday"]);
    queue.ok(["session", "end", "yesterday"]);
    let done = queue.running("auth");
    queue.ok([
        "complete",
        &done,
        "--summary",
        "Says **a**",
        "--stdout",
        "a\n",
    ]);
    let failed = queue.running("auth");
    queue.ok([
        "fail",
        &failed,
        "--error",
        "b is not there",
        "--stderr",
        "no b\n",
    ]);
    let clone = queue.ok(["requeue", &failed]);
    queue.claim("auth");
    let past = "UPDATE tasks SET started_at = started_at - 60000 WHERE id = ?";
    queue.database().execute(past, [&clone]).expect("set back");
    queue.running("auth");
    queue.enqueue("auth", "scripts/b.sh");
    let mut addresses = [
        "/",
        "/?stream=auth",
        "/tasks",
        "/enqueue",
        "/streams",
        "/streams/auth",
    ]
    .map(str::to_owned)
    .to_vec();
    let tasks = [&done, &failed, &clone].map(|id| format!("/tasks/{id}"));
    let rest = [
        "/sessions",
        "/tools",
        "/plugins",
        "/scripts",
        "/settings",
        "/nowhere",
    ];
    addresses.extend(tasks);
    addresses.extend(rest.map(str::to_owned));
    (queue, addresses)
}

/// What axe-core finds on the page as it is, of what keeps people from using it.
async fn findings(browser: &Browser) -> Vec<String> {
    let run = "const done = arguments[arguments.length - 1];
               axe.run().then(({ violations }) => done(violations), error => done(String(error)))";
    let found = browser.page.execute_async(run, vec![]).await.expect("run");
    let found = found.as_array().unwrap_or_else(|| panic!("{found}"));
    let grave =
        |finding: &&Value| finding["impact"] == "serious" || finding["impact"] == "critical";
    let places = |finding: &Value| {
        let nodes = finding["nodes"].as_array().cloned().unwrap_or_default();
        let nodes = nodes.iter().map(|node| {
            let html: String = node["html"].to_string().chars().take(160).collect();
            format!(
                "\n    {} {html}\n      {}",
                node["target"], node["failureSummary"]
            )
        });
        nodes.collect::<String>()
    };
    let told = found.iter().filter(grave);
    told.map(|finding| format!("{} {}{}", finding["id"], finding["help"], places(finding)))
        .collect()
}

/// What is found on the page as it is in both themes and on a phone, of `what` on the page at `path`.
async fn looks(browser: &Browser, path: &str, what: &str) -> Vec<String> {
    let mut found = Vec::new();
    let told = |how: &str, findings: Vec<String>| {
        let tell = |finding| format!("{path}, {what}, {how}: {finding}");
        findings.into_iter().map(tell).collect::<Vec<_>>()
    };
    browser.theme("dark");
    found.extend(told("dark", findings(browser).await));
    browser.theme("light");
    found.extend(told("light", findings(browser).await));
    browser.width(NARROW);
    found.extend(told("narrow", findings(browser).await));
    let sideways =
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    if browser.run(sideways).await != 0 {
        found.push(format!("{path}, {what}, is wider than a phone"));
    }
    browser.tools("Emulation.clearDeviceMetricsOverride", &json!({}));
    found
}

#[tokio::test]
async fn no_page_keeps_anybody_out_in_either_theme_or_on_a_phone() {
    let script = script();
    let (queue, addresses) = full();
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let mut found = Vec::new();
    for path in addresses {
        let page = format!("{}{path}", server.address);
        browser.page.goto(&page).await.expect("the page");
        browser.wait_for("[data-link=live]").await;
        browser.wait_for("main:not(:has([aria-busy])) h1").await;
        browser.run(&script).await;
        found.extend(looks(&browser, &path, "it").await);
        if path == "/" {
            browser.press("?").await;
            browser.wait_for("dialog[open]").await;
            found.extend(looks(&browser, &path, "the help on keys").await);
        }
        let errors = browser.console_errors();
        found.extend(errors.into_iter().map(|error| format!("{path}: {error}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    browser.end().await;
}

#[tokio::test]
async fn dialogs_open_and_close_by_keys_give_the_focus_back_and_keep_nobody_out() {
    let script = script();
    let queue = TestQueue::new();
    let failed = queue.running("auth");
    queue.ok(["fail", &failed, "--error", "c is not there"]);
    let queued = queue.enqueue("auth", "scripts/a.sh");
    let server = Server::start(&queue);
    let browser = Browser::start().await;
    let mut found = Vec::new();
    let (failed, queued) = (format!("/tasks/{failed}"), format!("/tasks/{queued}"));
    for (path, opener) in [
        ("/streams", ".page-head .primary"),
        ("/streams/auth", ".page-head .danger"),
        ("/streams/auth", "[data-act=rename]"),
        ("/sessions", ".page-head .primary"),
        ("/sessions", "[data-session=s] [data-act=edit]"),
        ("/sessions", "[data-session=s] .danger"),
        (failed.as_str(), ".page-head .primary"),
        (queued.as_str(), ".page-head .danger"),
        ("/tasks", ".page-head [data-act=requeue]"),
        ("/tasks", ".page-head [data-act=purge]"),
    ] {
        let page = format!("{}{path}", server.address);
        browser.page.goto(&page).await.expect("the page");
        browser.wait_for("[data-link=live]").await;
        browser.wait_for("main:not(:has([aria-busy])) h1").await;
        browser.run(&script).await;
        browser.wait_for(&format!("{opener}:enabled")).await;
        let focus = format!("document.querySelector('{opener}').focus()");
        browser.run(&focus).await;
        browser.press(ENTER).await;
        browser.wait_for("dialog[open]").await;
        browser.focus_on("dialog[open] *").await;
        found.extend(looks(&browser, path, opener).await);
        browser.press(ESCAPE).await;
        browser.wait_for("body:not(:has(dialog[open]))").await;
        browser.focus_on(opener).await;
        let errors = browser.console_errors();
        found.extend(errors.into_iter().map(|error| format!("{path}: {error}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    browser.end().await;
}
