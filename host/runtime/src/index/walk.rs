//! Looking at the files of a project: which there are, and how they begin. Never follows a link out of it.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;
use sparkq_core::Script;

use crate::limits::SCRIPT_HEAD;

/// What tells whether a file is still the one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) size: u64,
    /// Nanoseconds since 1970.
    pub(crate) modified_ns: i64,
    pub(crate) executable: bool,
}

impl Found {
    pub(crate) fn of(script: &Script) -> Self {
        Self {
            size: script.size,
            modified_ns: script.modified_ns,
            executable: script.executable,
        }
    }

    fn from(metadata: &Metadata) -> Option<Self> {
        metadata.is_file().then(|| Self {
            size: metadata.len(),
            modified_ns: metadata
                .mtime()
                .saturating_mul(1_000_000_000)
                .saturating_add(metadata.mtime_nsec()),
            executable: metadata.mode() & 0o111 != 0,
        })
    }
}

/// How a file begins.
pub(crate) struct Head {
    pub(crate) bytes: Vec<u8>,
    pub(crate) truncated: bool,
}

/// Every file under `dirs` that is not ignored, by its path in the project. A folder that is not there has none.
pub(crate) fn files(root: &Path, dirs: &[PathBuf]) -> BTreeMap<String, Found> {
    let mut files = BTreeMap::new();
    for dir in dirs {
        let start = root.join(dir);
        if !inside(root, &start) {
            continue;
        }
        let walk = WalkBuilder::new(&start)
            .require_git(false)
            .git_global(false)
            .ignore(false)
            .build();
        for entry in walk.filter_map(Result::ok) {
            let Some(path) = entry.path().strip_prefix(root).ok().and_then(Path::to_str) else {
                continue;
            };
            let is_folder = entry.file_type().is_none_or(|kind| kind.is_dir());
            if is_folder || (entry.path_is_symlink() && !inside(root, entry.path())) {
                continue;
            }
            if let Some(found) = fs::metadata(entry.path())
                .ok()
                .as_ref()
                .and_then(Found::from)
            {
                files.insert(path.to_owned(), found);
            }
        }
    }
    files
}

/// The file at `path` as it is now; none when there is none, or when a link has come to lead outside.
pub(crate) fn look(root: &Path, path: &str) -> Option<Found> {
    let path = root.join(path);
    if !inside(root, &path) {
        return None;
    }
    Found::from(&fs::metadata(path).ok()?)
}

/// How the file at `path` begins; none when it cannot be read or lies outside.
pub(crate) fn head(root: &Path, path: &str) -> Option<Head> {
    let path = root.join(path);
    if !inside(root, &path) {
        return None;
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(SCRIPT_HEAD).unwrap_or(u64::MAX);
    File::open(path)
        .ok()?
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .ok()?;
    let truncated = bytes.len() > SCRIPT_HEAD;
    bytes.truncate(SCRIPT_HEAD);
    Some(Head { bytes, truncated })
}

/// Whether `path` leads down from `root` by folders alone: then there is no link to follow, which takes many more calls
/// of the system.
fn is_plain(root: &Path, path: &Path) -> bool {
    let Ok(below) = path.strip_prefix(root) else {
        return false;
    };
    let mut at = root.to_path_buf();
    below.components().all(|part| {
        at.push(part);
        matches!(part, Component::Normal(_))
            && fs::symlink_metadata(&at).is_ok_and(|found| !found.is_symlink())
    })
}

/// Whether what `path` leads to, through all links, lies in `root`.
fn inside(root: &Path, path: &Path) -> bool {
    if is_plain(root, path) {
        return true;
    }
    match (fs::canonicalize(root), fs::canonicalize(path)) {
        (Ok(root), Ok(path)) => path.starts_with(root),
        _ => false,
    }
}
