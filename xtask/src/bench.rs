//! `cargo xtask bench`: how fast it is, as one table.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::build;
use crate::cargo::{Workspace, cargo, run};

/// Builds everything as `install` does, and measures it; `args` go to the bench.
pub(crate) fn bench(workspace: &Workspace, args: &[String]) -> Result<()> {
    let mut before = "";
    for arg in args {
        let is_value = before == "--soak" && arg.parse::<usize>().is_ok() || before == "--only";
        if !is_value && !matches!(arg.as_str(), "--json" | "--only" | "--soak") {
            bail!(
                "`cargo xtask bench` takes no `{arg}`, only `--only WHAT` or `--soak [TASKS]`, and `--json`"
            );
        }
        before = arg;
    }
    build::build(workspace)?;
    // On the disk that the build is on: in a folder that is kept in memory a sync would cost nothing.
    let folder = workspace.target_dir.join("bench");
    // With an end to the repository, so that the projects in it take nothing from this one's main worktree, nor add to it.
    fs::create_dir_all(folder.join(".git"))
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let mut command = cargo("bench --locked --package sparkq --bench speed --");
    command.args(args).env("TMPDIR", &folder);
    run(command)
}
