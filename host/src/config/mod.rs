//! `sparkq.toml`: where it is found, what may stand in it, and the project it describes.

mod file;
mod write;

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sparkq_core::{Code, Refusal, TaskClass, Timeout};

pub(crate) use file::{Config, ServerTable};
pub(crate) use write::new_file;

/// The name of the file, and the environment's word for it.
pub(crate) const FILE: &str = "sparkq.toml";
const VARIABLE: &str = "SPARKQ_CONFIG";

/// A project: its configuration and the places that follow from where the file lies.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// The file itself.
    pub(crate) file: PathBuf,
    /// What stands in it.
    pub(crate) config: Config,
}

impl Project {
    /// Finds and reads the project's file: `given`, else `SPARKQ_CONFIG`, else by walking up from here.
    pub(crate) fn find(given: Option<&Path>) -> Result<Self, Refusal> {
        let named = given.map(Path::to_path_buf).or_else(|| {
            env::var_os(VARIABLE)
                .filter(|text| !text.is_empty())
                .map(Into::into)
        });
        match named {
            Some(path) => Self::read(&path),
            None => Self::read(&walk_up()?),
        }
    }

    /// Reads the project's file at `path`.
    pub(crate) fn read(path: &Path) -> Result<Self, Refusal> {
        let text = fs::read_to_string(path).map_err(|error| Refusal::Project {
            code: if error.kind() == ErrorKind::NotFound {
                Code::NoProject
            } else {
                Code::ConfigInvalid
            },
            message: format!("cannot read {}: {error}", path.display()),
            hint: String::new(),
        })?;
        let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let config = Config::parse(&text, path)?;
        Ok(Self { file, config })
    }

    /// The folder of the file; every path in it is relative to this one.
    pub(crate) fn root(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("/"))
    }

    /// The database.
    pub(crate) fn database(&self) -> PathBuf {
        self.root().join(&self.config.database.path)
    }

    /// Where locks and pipes lie while something runs, beside the database.
    pub(crate) fn run_folder(&self) -> PathBuf {
        let database = self.database();
        database
            .parent()
            .unwrap_or(self.root())
            .join(".sparkq")
            .join("run")
    }

    /// The timeout of a task class.
    pub(crate) fn class_timeout(&self, class: &TaskClass) -> Option<Timeout> {
        self.config
            .task_classes
            .get(class.as_str())
            .map(|class| class.timeout)
    }
}

/// The nearest `sparkq.toml` at or above the current folder.
fn walk_up() -> Result<PathBuf, Refusal> {
    let here = env::current_dir().map_err(|error| Refusal::Project {
        code: Code::NoProject,
        message: format!("the current folder cannot be read: {error}"),
        hint: String::new(),
    })?;
    here.ancestors()
        .map(|folder| folder.join(FILE))
        .find(|path| path.symlink_metadata().is_ok())
        .ok_or_else(|| Refusal::Project {
            code: Code::NoProject,
            message: format!(
                "there is no {FILE} in {} or any folder above it",
                here.display()
            ),
            hint: String::new(),
        })
}
