//! `cargo xtask run`: the server of this clone's own queue, with something in it to look at.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build;
use crate::cargo::{Workspace, cargo, run as run_command};
use crate::sample;

/// Builds, sets the queue up, and becomes `sparkq run`; `args` stand in place of `--no-watch`.
pub(crate) fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    build::build(workspace)?;
    // With a test, because what tests depend on decides features of what the program depends on: built without, the
    // engine would be compiled once more for `cargo xtask test`.
    run_command(cargo("build --locked --workspace --bin sparkq --test ui"))?;
    let sparkq = Sparkq::new(workspace);
    // What is there already it keeps.
    let mut setup = sparkq.command();
    setup.args(["setup", "--yes"]);
    run_command(setup)?;
    sample::fill_when_empty(workspace, &sparkq)?;

    let mut server = sparkq.command();
    server.arg("run");
    if args.is_empty() {
        server.arg("--no-watch");
    }
    server.args(args);
    let failed = server.exec();
    Err(failed).with_context(|| format!("cannot start {}", sparkq.program.display()))
}

/// The program that was just built, on this clone's own `sparkq.toml`.
pub(crate) struct Sparkq {
    program: PathBuf,
    config: PathBuf,
}

impl Sparkq {
    fn new(workspace: &Workspace) -> Self {
        Self {
            program: workspace.target_dir.join("debug/sparkq"),
            config: workspace.root.join("sparkq.toml"),
        }
    }

    /// A call of the program; whatever the caller's shell says of another queue is left out.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(&self.config);
        command.env_remove("SPARKQ_CONFIG").env_remove("SPARKQ_URL");
        if let Some(root) = self.config.parent() {
            command.current_dir(root);
        }
        command
    }
}
