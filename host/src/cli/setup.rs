mod exclude;
pub(super) mod files;
mod questions;

use std::env;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;
use serde::Serialize;
use sparkq_core::{Code, Refusal};
use sparkq_store::sqlite::SqliteStore;

use super::door::wait;
use super::ui::{Problem, Ui};
use crate::config::{self, Draft, Project};
use crate::daemon::{RunFolder, live_server, server_now, take_lock};
use crate::queue::{Access, Error, Queue};
use crate::{entropy, now};

/// Make this folder a project: write sparkq.toml and make the database
///
/// Asks for what differs from project to project. Run again, it shows the values in force and keeps the file's comments.
/// Writes WORKER_PLAYBOOK.md and sparkq-watcher.sh too.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq setup --yes")]
pub(super) struct Setup {
    /// Ask nothing: take every default, and add to an existing file what it lacks
    #[arg(long)]
    yes: bool,
}

/// What setup has left behind.
#[derive(Debug, Serialize)]
struct Made {
    config: PathBuf,
    database: PathBuf,
    playbook: PathBuf,
    watcher: PathBuf,
}

impl Setup {
    pub(super) fn run(self, config: Option<&Path>, ui: &Ui) -> Result<(), Problem> {
        let interactive = io::stdin().is_terminal() && io::stderr().is_terminal();
        if !self.yes && !interactive {
            let message = "setup asks questions, and there is no terminal to ask on".to_owned();
            return Err(Refusal::Project {
                code: Code::InvalidValue,
                message,
                hint: "take every default: sparkq setup --yes".to_owned(),
            }
            .into());
        }
        let file = config_file(config).map_err(|error| failed("the current folder", &error))?;
        let changed = self.write_config(&file, ui)?;
        let project = Project::read(&file)?;
        let (queue, beside_server) = make_database(&project, ui)?;
        let made = write_files(&project, &queue)?;
        if ui.wants_json() {
            ui.json(&made)?;
        }
        for warning in project.warnings() {
            ui.status(format_args!("Warning: {warning}"));
        }
        ui.status(format_args!("The queue is in {}.", made.database.display()));
        if beside_server && changed {
            ui.status("A server is running. For it to take over what has changed: sparkq reload");
        }
        ui.status("Next:\n  sparkq session create NAME\n  sparkq stream create NAME --session SESSION\n  sparkq run");
        Ok(())
    }

    /// Writes `sparkq.toml` as it is to be, in one go after everything was answered. Says whether it changed.
    fn write_config(&self, file: &Path, ui: &Ui) -> Result<bool, Problem> {
        let unreadable = |error: io::Error| failed(&file.display().to_string(), &error);
        let old = match fs::read_to_string(file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(error)),
        };
        let text = old.as_deref().unwrap_or_default();
        let project = Project::of(text, file)?;
        for path in generated(&project) {
            config::refuse_link(&path)?;
            config::refuse_foreign(&path)?;
        }
        // Another project's server would be in the way later.
        server_now(&RunFolder::of(&project))?;
        let mut draft = Draft::of(text);
        let mut config = project.config.clone();
        if !draft.has(&["scripts", "dirs"]) {
            config.scripts.dirs = config::script_folders(project.root());
        }
        if !self.yes {
            ui.status(
                "Enter takes what stands in brackets. Nothing is written before the last answer.",
            );
            questions::ask_all(&config, &mut draft, &mut questions::on_terminal)?;
        }
        draft.complete(&config);
        let new = draft.text();
        if old.as_deref() == Some(new.as_str()) {
            return Ok(false);
        }
        Project::of(&new, file)?;
        files::replace(&files::followed(file), &new, 0o600).map_err(unreadable)?;
        ui.status(format_args!("Wrote {}.", file.display()));
        Ok(true)
    }
}

/// The file that is set up: the one named, else the one in this folder, else the one that this worktree shares with its
/// main worktree. A project above this folder is another one.
fn config_file(config: Option<&Path>) -> io::Result<PathBuf> {
    let here = env::current_dir()?;
    let file = config::named(config).or_else(|| config::shared(&here));
    Ok(here.join(file.unwrap_or_else(|| PathBuf::from(config::FILE))))
}

/// Makes the database, or brings an older one up to date, and asks the plugins what they define.
/// Beside a live server, as is said, there is nothing to do: it did both when it started.
fn make_database(project: &Project, ui: &Ui) -> Result<(Queue, bool), Problem> {
    let folder = RunFolder::of(project);
    let database = project.database();
    let queue = |store| Queue::new(project.clone(), Access::File(Mutex::new(store)), now);
    if live_server(&folder)?.is_some() && fs::exists(&database).unwrap_or(false) {
        let store = SqliteStore::open(&database, entropy()).map_err(Error::from)?;
        return Ok((queue(store), true));
    }
    let lock = take_lock(&folder)?;
    let store = SqliteStore::create(&database, entropy()).map_err(Error::from)?;
    let queue = queue(store);
    wait(queue.save_project())?;
    // Compiling takes long, and whoever meets the lock waits for a server to answer.
    drop(lock);
    let spinner = ui.spinner("Compiling the plugins");
    let warm = wait(queue.warm_up());
    spinner.finish_and_clear();
    warm?;
    Ok((queue, false))
}

/// The files that are written anew each time: the playbook and the watcher script.
fn generated(project: &Project) -> [PathBuf; 2] {
    config::GENERATED.map(|name| project.root().join(name))
}

/// Writes what workers and watchers are given, and keeps the queue out of version control.
fn write_files(project: &Project, queue: &Queue) -> Result<Made, Problem> {
    let [playbook, watcher] = generated(project);
    let made = Made {
        config: project.file.clone(),
        database: project.database(),
        playbook,
        watcher,
    };
    let texts = [
        (&made.playbook, wait(queue.playbook(None))?.value, 0o600),
        (&made.watcher, files::watcher(&project.file), 0o755),
    ];
    for (path, text, mode) in texts {
        config::refuse_link(path)?;
        files::replace(path, &text, mode)
            .map_err(|error| failed(&path.display().to_string(), &error))?;
    }
    exclude::exclude(&made.database)
        .map_err(|error| failed("the repository's info/exclude", &error))?;
    Ok(made)
}

fn failed(what: &str, error: &io::Error) -> Problem {
    Refusal::Project {
        code: Code::ConfigInvalid,
        message: format!("{what}: {error}"),
        hint: String::new(),
    }
    .into()
}
