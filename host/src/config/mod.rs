//! `sparkq.toml`: where it is found, what may stand in it, and the project it describes.

mod file;
mod find;
mod git;
mod keys;
mod link;
mod parse;
mod shell;
mod token;
mod values;
mod warnings;
mod write;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sparkq_core::{Code, Refusal, TaskClass, Timeout};

pub(crate) use file::{
    Config, Isolation, LimitsTable, PluginTable, ServerTable, ToolTable, WatchTable,
};
pub(crate) use find::{FILE, named, shared};
pub(crate) use git::Checkout;
pub(crate) use keys::is_name;
pub(crate) use link::{GENERATED, follows_none, is_foreign, refuse_foreign, refuse_link};
use parse::{Lines, invalid};
pub(crate) use shell::word;
pub(crate) use token::Token;
pub(crate) use write::{Draft, script_folders};

/// A project: its configuration and the places that follow from where the file lies.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// The file itself.
    pub(crate) file: PathBuf,
    /// What stands in it.
    pub(crate) config: Config,
    /// Where in it.
    lines: Lines,
    /// What stands in it, but takes a restart to be in force.
    pending: Vec<String>,
}

impl Project {
    /// Finds and reads the project's file: `given`, else `SPARKQ_CONFIG`, else by walking up from here.
    pub(crate) fn find(given: Option<&Path>) -> Result<Self, Refusal> {
        match named(given) {
            Some(path) => Self::read(&path),
            None => Self::read(&find::from_here()?),
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
        Self::of(&text, path)
    }

    /// The project that `text` describes, as the content of `path`.
    pub(crate) fn of(text: &str, path: &Path) -> Result<Self, Refusal> {
        let (mut config, lines) = parse::parse(text, path)?;
        let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if config.project.name.is_empty() {
            config.project.name = folder_name(&file);
        }
        let project = Self {
            file,
            config,
            lines,
            pending: Vec::new(),
        };
        project.check_database_folder()?;
        project.check_run_folder()?;
        Ok(project)
    }

    /// The project as a server that runs with `running` can take it over: what only a restart can change stays as it
    /// is, with a warning.
    pub(crate) fn running_as(mut self, running: &Self) -> Self {
        let (new, old) = (&mut self.config, &running.config);
        let mut keep = |key: &str, changed: bool| {
            if changed {
                self.pending.push(format!(
                    "{key} has changed, which takes a restart of the server"
                ));
            }
        };
        keep("[server] host", new.server.host != old.server.host);
        keep("[server] port", new.server.port != old.server.port);
        let (token, running) = (&new.server.token_file, &old.server.token_file);
        keep("[server] token_file", token != running);
        keep("[database] path", new.database.path != old.database.path);
        new.server.host.clone_from(&old.server.host);
        new.server.port = old.server.port;
        new.server.token_file.clone_from(&old.server.token_file);
        new.database.path.clone_from(&old.database.path);
        self
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
            .0
            .get(class.as_str())
            .map(|class| class.timeout)
    }

    /// Whether `name` is another name for a tool, given in `sparkq.toml`.
    pub(crate) fn names_tool(&self, name: &str) -> bool {
        let entry = self.config.tools.get(name);
        entry.is_some_and(|entry| entry.uses.is_some())
    }

    /// A refusal that names the line of a key, spelled as `tools.deploy.uses`.
    pub(crate) fn invalid(&self, key: &str, what: &str, hint: impl Into<String>) -> Refusal {
        invalid(format!("{}: {what}", self.place(key)), hint.into())
    }

    /// Where a key stands: file and line, or the file alone where the key is at its default.
    pub(crate) fn place(&self, key: &str) -> String {
        match self.lines.get(key) {
            Some(line) => format!("{}:{line}", self.file.display()),
            None => self.file.display().to_string(),
        }
    }

    /// What came with a repository may be a link to any folder of its user's, and the run folder is tidied up.
    fn check_run_folder(&self) -> Result<(), Refusal> {
        let folder = self.run_folder();
        folder.parent().map_or(Ok(()), refuse_link)?;
        refuse_link(&folder)
    }

    /// Nothing works without the folder that the database lies in.
    fn check_database_folder(&self) -> Result<(), Refusal> {
        let database = self.database();
        match database.parent() {
            Some(folder) if !folder.is_dir() => {
                let folder = folder.display();
                let what = format!("[database] path: there is no folder {folder}");
                Err(self.invalid(
                    "database.path",
                    &what,
                    format!("mkdir -p {}", word(&folder.to_string())),
                ))
            }
            _ => Ok(()),
        }
    }
}

/// What a project in the folder of `file` is called when nobody named it.
pub(crate) fn folder_name(file: &Path) -> String {
    let name = file.parent().and_then(Path::file_name);
    name.map_or_else(
        || "project".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}
