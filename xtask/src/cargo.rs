//! Calling cargo and other programs, and what cargo knows of the workspace.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// What `cargo metadata` says of this workspace.
pub(crate) struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where finished artefacts are, as the caller's `CARGO_TARGET_DIR` has it.
    pub(crate) target_dir: PathBuf,
    /// Where build scripts run; the target folder unless cargo was told otherwise.
    pub(crate) build_dir: PathBuf,
    /// The names of the workspace's packages, sorted.
    pub(crate) packages: Vec<String>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let output = output(cargo("metadata --format-version=1 --no-deps"))?;
        let metadata: Value =
            serde_json::from_str(&output).context("`cargo metadata` did not answer with JSON")?;
        let folder = |key: &str| metadata[key].as_str().map(PathBuf::from);
        let target_dir = folder("target_directory")
            .context("`cargo metadata` does not say where the target folder is")?;
        let mut packages: Vec<String> = metadata["packages"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|package| package["name"].as_str().map(str::to_owned))
            .collect();
        packages.sort();
        Ok(Self {
            root: folder("workspace_root")
                .context("`cargo metadata` does not say where the workspace is")?,
            build_dir: folder("build_directory").unwrap_or_else(|| target_dir.clone()),
            target_dir,
            packages,
        })
    }

    /// The folder of what the host embeds; `host/build.rs` looks for this name.
    pub(crate) fn assets(&self) -> PathBuf {
        self.build_dir.join("sparkq-assets")
    }
}

/// A call of the cargo that runs this program, with arguments as one types them, without quotes.
pub(crate) fn cargo(args: &str) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(args.split_whitespace());
    // `cargo run` describes this package to us; to a cargo that we start, that would be noise
    // which can make build scripts run again.
    for (name, _) in env::vars_os() {
        let described = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if described {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command in sight of the person, and fails when it fails.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let shown = shown(&command);
    eprintln!("+ {shown}");
    let status = command.status().with_context(|| cannot_start(&command))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns what it wrote to stdout; its stderr is part of the error.
pub(crate) fn output(mut command: Command) -> Result<String> {
    let shown = shown(&command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| cannot_start(&command))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{shown}` failed ({})\n{}",
            output.status,
            stderr.trim_end()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` did not write UTF-8"))
}

/// Whether a command can be run and succeeds.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Where a program is in `PATH`.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn cannot_start(command: &Command) -> String {
    format!("`{}` could not be started", command.get_program().display())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line = program
        .file_name()
        .unwrap_or_default()
        .display()
        .to_string();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.display().to_string());
    }
    line
}
