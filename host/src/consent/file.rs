//! The file of consents: `approved.json` in the user's own state folder, readable and writable by nobody else.

use std::env;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Approval;

/// All consents of this machine's user.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Consents {
    approved: Vec<Approval>,
}

impl Consents {
    /// Reads them; none where nobody ever consented. The error is a sentence.
    pub(crate) fn read() -> Result<Self, String> {
        let path = path()?;
        let broken = |why: &dyn std::fmt::Display| {
            format!("the consents in {} cannot be used: {why}", path.display())
        };
        let about = match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            about => about.map_err(|error| broken(&error))?,
        };
        if !about.is_file() {
            return Err(broken(&"it is no file"));
        }
        if about.uid() != rustix::process::geteuid().as_raw() {
            return Err(broken(&"it belongs to another user"));
        }
        if about.mode() & 0o022 != 0 {
            return Err(broken(&"others may write to it"));
        }
        let text = fs::read_to_string(&path).map_err(|error| broken(&error))?;
        serde_json::from_str(&text).map_err(|error| broken(&error))
    }

    pub(super) fn approvals(&self) -> &[Approval] {
        &self.approved
    }

    /// Puts a consent in place of the one before it.
    pub(crate) fn approve(approval: Approval) -> Result<(), String> {
        Self::change(|consents| {
            consents.forget(&approval.project, &approval.plugin);
            consents.approved.push(approval);
        })
    }

    /// Takes a consent back.
    pub(crate) fn withdraw(root: &Path, name: &str) -> Result<(), String> {
        let root = root.display().to_string();
        if Self::read()?.approved.is_empty() {
            return Ok(());
        }
        Self::change(|consents| consents.forget(&root, name))
    }

    fn forget(&mut self, project: &str, plugin: &str) {
        self.approved
            .retain(|approval| approval.project != project || approval.plugin != plugin);
    }

    /// Changes the file, one process at a time.
    fn change(change: impl FnOnce(&mut Self)) -> Result<(), String> {
        let path = path()?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        let unwritable = |error: io::Error| {
            format!("the consents cannot be kept in {}: {error}", path.display())
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(unwritable)?;
        let lock = File::create(folder.join("approved.lock")).map_err(unwritable)?;
        lock.lock().map_err(unwritable)?;
        let mut consents = Self::read()?;
        change(&mut consents);
        consents.write(&path, folder).map_err(unwritable)
    }

    fn write(&self, path: &Path, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        // A temporary file is its owner's alone from the start.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o600))?;
        file.persist(path)?;
        Ok(())
    }
}

/// `sparkq/approved.json` in `XDG_STATE_HOME`, else in `~/.local/state`.
fn path() -> Result<PathBuf, String> {
    let folder = |name: &str| {
        let folder = env::var_os(name).map(PathBuf::from);
        // A relative one would lie wherever the command is run: in a repository, for one.
        folder.filter(|folder| folder.is_absolute())
    };
    folder("XDG_STATE_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local").join("state")))
        .map(|state| state.join("sparkq").join("approved.json"))
        .ok_or_else(|| {
            "consents have no place here: neither XDG_STATE_HOME nor HOME names a folder".to_owned()
        })
}
