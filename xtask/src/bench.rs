//! `cargo xtask bench`: how fast it is, as one table.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::build;
use crate::cargo::{Workspace, cargo, run};

/// Builds everything as `install` does, and measures it; `args` go to the bench.
pub(crate) fn bench(workspace: &Workspace, args: &[String]) -> Result<()> {
    for arg in args {
        if arg != "--json" {
            bail!("`cargo xtask bench` takes no `{arg}`, only `--json`");
        }
    }
    build::build(workspace)?;
    // On the disk that the build is on: in a folder that is kept in memory a sync would cost nothing.
    let folder = workspace.target_dir.join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut command = cargo("bench --locked --package sparkq --bench speed --");
    command.args(args).env("TMPDIR", &folder);
    run(command)
}
