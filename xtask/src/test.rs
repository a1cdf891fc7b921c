//! `cargo xtask test`: everything, the browser included.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build;
use crate::cargo::{Workspace, cargo, output, run, succeeds, which};

/// Builds what the host embeds and runs the tests; `filter` goes to the test runner.
///
/// With a filter, neither doc tests nor the browser are asked for: the person wants a few tests soon.
pub(crate) fn test(workspace: &Workspace, filter: &[String]) -> Result<()> {
    if filter.is_empty() {
        provide_browser()?;
    }
    build::build(workspace)?;
    if filter.is_empty() {
        run(cargo("test --locked --workspace --doc"))?;
    }
    // The whole workspace in every call: another choice of packages has other features, and would
    // build the dependencies again. Last, so that the runner's summary is the last line.
    let mut command = if succeeds(cargo("nextest --version")) {
        cargo("nextest run --locked --workspace")
    } else {
        cargo("test --locked --workspace --lib --bins --tests")
    };
    command.args(filter);
    run(command)
}

/// Sees to it that the tests of the page find a browser, its driver, and what fetches the checks they run in it.
fn provide_browser() -> Result<()> {
    if has_browser() && has_curl() {
        return Ok(());
    }
    let mut id = Command::new("id");
    id.arg("-u");
    let root = output(id).is_ok_and(|id| id.trim() == "0");
    let ci = env::var_os("CI").is_some_and(|value| value == "true");
    if which("apt-get").is_some() && (root || (ci && which("sudo").is_some())) {
        let apt = |args: &str| {
            let mut command = Command::new(if root { "env" } else { "sudo" });
            command
                .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
                .args(args.split(' '));
            run(command)
        };
        apt("update")
            .and_then(|()| apt("install -y --no-install-recommends chromium chromium-driver curl"))
            .context(
                "the tests of the page need chromium and curl, which could not be installed",
            )?;
    }
    if !has_curl() {
        bail!("the tests of the page need curl, to fetch axe-core once: sudo apt-get install curl");
    }
    if !has_browser() {
        bail!(
            "the tests of the page need chromium and chromedriver:\n  \
             Debian: sudo apt-get install chromium chromium-driver\n  \
             macOS:  brew install --cask google-chrome chromedriver"
        );
    }
    Ok(())
}

fn has_curl() -> bool {
    which("curl").is_some()
}

fn has_browser() -> bool {
    let browser = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .into_iter()
    .any(|name| which(name).is_some())
        || ["Chromium", "Google Chrome"].into_iter().any(|name| {
            Path::new("/Applications")
                .join(format!("{name}.app"))
                .is_dir()
        });
    browser && which("chromedriver").is_some()
}
