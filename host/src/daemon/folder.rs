//! Where the runtime files of a project lie, and whose they are: the databases of two projects may lie in one folder,
//! and each lock says for which of them it is held.

use std::fs;
use std::path::{Path, PathBuf};

use sparkq_core::{Code, Refusal};

use crate::config::Project;

/// The folder of a project's runtime files.
#[derive(Debug, Clone)]
pub(crate) struct RunFolder {
    path: PathBuf,
    database: String,
}

impl RunFolder {
    /// The one of `project`.
    pub(crate) fn of(project: &Project) -> Self {
        let database = real(&project.database());
        Self {
            path: project.run_folder(),
            database: database.to_string_lossy().into_owned(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The project's database, which its locks name.
    pub(super) fn database(&self) -> &str {
        &self.database
    }

    /// Whether a lock that is held for `database` is this project's; so is one that does not say yet.
    pub(super) fn owns(&self, database: Option<&str>) -> bool {
        database.is_none_or(|database| database == self.database)
    }

    /// Why nothing is done beside `holder`, which holds its lock for the database `theirs`.
    pub(super) fn taken(
        &self,
        code: Code,
        holder: &str,
        theirs: &str,
        pid: Option<u32>,
    ) -> Refusal {
        let end = pid.map_or_else(String::new, |pid| {
            format!(", or end the other project's process: kill {pid}")
        });
        Refusal::Project {
            code,
            message: format!(
                "{holder} of another project holds {}: its database is {theirs}, and this project's is {}",
                self.path.display(),
                self.database
            ),
            hint: format!(
                "give this project's database a folder of its own, [database] path in its sparkq.toml{end}"
            ),
        }
    }
}

/// The database as it is called in every lock. It may not be there yet, but its folder is.
fn real(database: &Path) -> PathBuf {
    let beside = || {
        let folder = fs::canonicalize(database.parent()?).ok()?;
        Some(folder.join(database.file_name()?))
    };
    fs::canonicalize(database)
        .ok()
        .or_else(beside)
        .unwrap_or_else(|| database.to_path_buf())
}

#[cfg(test)]
impl RunFolder {
    /// The one at `path`, of the database `database`.
    pub(super) fn at(path: &Path, database: &str) -> Self {
        Self {
            path: path.to_path_buf(),
            database: database.to_owned(),
        }
    }
}
