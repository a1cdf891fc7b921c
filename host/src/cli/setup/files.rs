//! The files that setup writes, each whole or not at all.

use std::ffi::OsString;
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::config::{FILE, word};

/// The file that `path` leads to. Whoever made `sparkq.toml` a link wants it to stay one.
pub(in crate::cli) fn followed(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Puts `text` in the place of the file at `path`, by way of a new one beside it. A file that is there keeps the rights
/// it has, but is executable where `mode` says so; a new one gets `mode`. Follows no link.
pub(in crate::cli) fn replace(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let mode = match fs::symlink_metadata(path) {
        Ok(old) if mode & 0o111 == 0 => old.permissions().mode() & 0o777,
        _ => mode,
    };
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let written = write(&new, text, mode).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // It may not be there.
        let _ = fs::remove_file(&new);
    }
    written
}

fn write(new: &Path, text: &str, mode: u32) -> io::Result<()> {
    // One that a crash has left; else it is not there.
    let _ = fs::remove_file(new);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(new)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(Permissions::from_mode(mode))?;
    file.sync_all()
}

/// A script that runs the watcher of one stream, wherever it is called from.
pub(super) fn watcher(config: &Path) -> String {
    let name = config.file_name().map_or_else(
        || FILE.to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    format!(
        r#"#!/bin/sh
# Runs the watcher of one stream until it is interrupted. Written by `sparkq setup`.
set -eu
if [ $# -eq 0 ]; then
    echo "Usage: sparkq-watcher.sh STREAM" >&2
    exit 2
fi
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec sparkq --config "$here"/{} watch "$@"
"#,
        word(&name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_keeps_the_rights_it_has() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        let mode = || fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        replace(&path, "one", 0o600).expect("written");
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("set");
        replace(&path, "two", 0o600).expect("written");
        assert_eq!(
            (fs::read_to_string(&path).expect("text"), mode()),
            ("two".into(), 0o640)
        );
        replace(&path, "three", 0o755).expect("written");
        assert_eq!(mode(), 0o755);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_link_is_followed_only_where_that_is_wanted() {
        let folder = tempfile::tempdir().expect("a folder");
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "one").expect("written");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        replace(&followed(&link), "two", 0o600).expect("written");
        assert_eq!(fs::read_to_string(&real).expect("text"), "two");
        assert!(link.is_symlink());
        replace(&link, "three", 0o600).expect("written");
        assert_eq!(fs::read_to_string(&real).expect("text"), "two");
        assert!(!link.is_symlink());
    }
}
