//! The built-in plugins: every workspace package named `sparkq-plugin-…`, built as a component.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::build::{Files, GUEST_TARGET};
use crate::cargo::{Workspace, cargo, run};

const PREFIX: &str = "sparkq-plugin-";

/// The packages of the built-in plugins.
pub(crate) fn packages(workspace: &Workspace) -> impl Iterator<Item = &str> {
    workspace
        .packages
        .iter()
        .map(String::as_str)
        .filter(|package| package.starts_with(PREFIX))
}

/// Builds the plugins and returns them as `plugins/NAME.wasm`.
pub(crate) fn build(workspace: &Workspace) -> Result<Files> {
    let mut command = cargo(&format!(
        "build --locked --target {GUEST_TARGET} --profile guest"
    ));
    for package in packages(workspace) {
        command.args(["-p", package]);
    }
    run(command)?;
    let folder = workspace.target_dir.join(GUEST_TARGET).join("guest");
    let mut files = Files::new();
    for package in packages(workspace) {
        let file = folder
            .join(package.replace('-', "_"))
            .with_extension("wasm");
        let bytes = fs::read(&file).with_context(|| {
            format!(
                "`{package}` made no {}: its Cargo.toml needs `crate-type = [\"cdylib\"]` under [lib]",
                file.display()
            )
        })?;
        // The layer field of the preamble is what tells a component from a plain module.
        if bytes.get(..8) != Some(b"\0asm\x0d\0\x01\0".as_slice()) {
            bail!("{} is not a component", file.display());
        }
        let name = package.trim_start_matches(PREFIX);
        files.insert(format!("plugins/{name}.wasm"), bytes);
    }
    Ok(files)
}
