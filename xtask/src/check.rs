//! `cargo xtask check`: formatting, lints and docs, on the machine's own target and on both wasm targets.

use anyhow::{Context, Result};

use crate::build::{self, GUEST_TARGET, PAGE_TARGET};
use crate::cargo::{Workspace, cargo, run};
use crate::guests;

/// Runs every check; the first that fails ends it.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    run(cargo("fmt --all --check")).context("the code is not formatted: run `cargo fmt --all`")?;
    build::build(workspace)?;

    run(cargo(
        "clippy --locked --workspace --all-targets -- -D warnings",
    ))?;
    run(cargo(&format!(
        "clippy --locked -p sparkq-ui --target {PAGE_TARGET} -- -D warnings"
    )))?;
    let mut command = cargo(&format!("clippy --locked --target {GUEST_TARGET}"));
    for package in guests::packages(workspace) {
        command.args(["-p", package]);
    }
    command.args(["--", "-D", "warnings"]);
    run(command)?;

    let mut command = cargo("doc --locked --workspace --no-deps");
    command.env("RUSTDOCFLAGS", "-Dwarnings");
    run(command)
}
