//! `cargo xtask install`: one self-contained `sparkq` in cargo's bin folder.

use std::env;
use std::path::PathBuf;

use anyhow::Result;

use crate::build;
use crate::cargo::{Workspace, cargo, run};

/// Builds and installs the program.
pub(crate) fn install(workspace: &Workspace) -> Result<()> {
    build::build(workspace)?;
    let mut command = cargo("install --locked --path");
    command.arg(workspace.root.join("host"));
    run(command)?;
    // Where a cargo config says otherwise, cargo's own line above is the one that counts.
    if let Some(program) = program().filter(|program| program.is_file()) {
        eprintln!("sparkq is at {}", program.display());
    }
    Ok(())
}

/// Where cargo installs, as its environment has it.
fn program() -> Option<PathBuf> {
    let folder = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let root = folder("CARGO_INSTALL_ROOT")
        .or_else(|| folder("CARGO_HOME"))
        .or_else(|| folder("HOME").map(|home| home.join(".cargo")))?;
    Some(root.join("bin/sparkq"))
}
