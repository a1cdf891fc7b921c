//! `cargo xtask build`: plugins and page compiled to wasm, and written where the host finds them.
//!
//! A file is written only when its content changed, so that an unchanged build leaves the host alone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::{Workspace, output, run, which};
use crate::{guests, page};

/// What the built-in plugins are compiled for.
pub(crate) const GUEST_TARGET: &str = "wasm32-wasip2";
/// What the page is compiled for.
pub(crate) const PAGE_TARGET: &str = "wasm32-unknown-unknown";

/// Files to embed: paths below `sparkq-assets`, and their content.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Builds everything that the host embeds.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    add_missing_targets()?;
    let mut files = guests::build(workspace)?;
    files.extend(page::build(workspace)?);
    let assets = workspace.assets();
    let changed = write(&workspace.build_dir, &assets, &files)?;
    let state = if changed { "written" } else { "unchanged" };
    eprintln!("{} files {state} in {}", files.len(), assets.display());
    Ok(())
}

/// Makes the compiler able to build both wasm targets.
fn add_missing_targets() -> Result<()> {
    let mut missing = Vec::new();
    for target in [GUEST_TARGET, PAGE_TARGET] {
        let mut rustc = Command::new("rustc");
        rustc.args(["--print", "target-libdir", "--target", target]);
        if !Path::new(output(rustc)?.trim_end()).is_dir() {
            missing.push(target);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let wanted = missing.join(" ");
    if which("rustup").is_none() {
        bail!(
            "this compiler has no standard library for {wanted}, and there is no rustup to add it: \
             install rustup (https://rustup.rs), then run `rustup target add {wanted}` in this folder"
        );
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add"]).args(&missing);
    run(rustup).with_context(|| {
        format!(
            "the wasm targets are missing and could not be added: \
             with a network connection, run `rustup target add {wanted}` in this folder"
        )
    })
}

/// Makes `folder` hold exactly `files`, and tells whether anything had to change.
fn write(build_dir: &Path, folder: &Path, files: &Files) -> Result<bool> {
    // Two builds at a time would take each other's files for stale.
    let lock = build_dir.join("sparkq-assets.lock");
    File::create(&lock)
        .and_then(|file| file.lock().map(|()| file))
        .with_context(|| format!("cannot lock {}", lock.display()))
        .and_then(|_held| {
            let mut changed = false;
            for (path, content) in files {
                changed |= write_file(build_dir, &folder.join(path), content)?;
            }
            Ok(changed | remove_stale(folder, folder, files)?)
        })
}

fn write_file(build_dir: &Path, file: &Path, content: &[u8]) -> Result<bool> {
    if fs::read(file).is_ok_and(|old| old == content) {
        return Ok(false);
    }
    let temporary = build_dir.join("sparkq-assets.part");
    let parent = file.parent().unwrap_or(build_dir);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(&temporary, content))
        .and_then(|()| fs::rename(&temporary, file))
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(true)
}

fn remove_stale(root: &Path, folder: &Path, files: &Files) -> Result<bool> {
    let mut changed = false;
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            changed |= remove_stale(root, &path, files)?;
            // Only a folder that nothing is left in can be removed so.
            let _ = fs::remove_dir(&path);
            continue;
        }
        let name = path.strip_prefix(root)?.to_string_lossy();
        if !files.contains_key(name.as_ref()) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            changed = true;
        }
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files<const N: usize>(files: [(&str, &str); N]) -> Files {
        files
            .into_iter()
            .map(|(path, content)| (path.to_owned(), content.into()))
            .collect()
    }

    #[test]
    fn an_unchanged_build_touches_nothing() -> Result<()> {
        let build_dir = tempfile::tempdir()?;
        let folder = build_dir.path().join("sparkq-assets");
        let page = files([("ui/index.html", "a"), ("ui/assets/a.css", "b")]);

        assert!(write(build_dir.path(), &folder, &page)?);
        let written = fs::metadata(folder.join("ui/index.html"))?.modified()?;
        assert!(!write(build_dir.path(), &folder, &page)?);
        let seen = fs::metadata(folder.join("ui/index.html"))?.modified()?;
        assert_eq!(written, seen);
        Ok(())
    }

    #[test]
    fn what_is_no_longer_built_is_removed() -> Result<()> {
        let build_dir = tempfile::tempdir()?;
        let folder = build_dir.path().join("sparkq-assets");
        let before = files([("ui/index.html", "a"), ("ui/assets/old/a.css", "b")]);
        let after = files([("ui/index.html", "a"), ("ui/assets/new/a.css", "b")]);

        write(build_dir.path(), &folder, &before)?;
        assert!(write(build_dir.path(), &folder, &after)?);
        assert!(folder.join("ui/assets/new/a.css").is_file());
        assert!(!folder.join("ui/assets/old").exists());
        Ok(())
    }
}
