use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use dialoguer::Confirm;
use sparkq_core::{Code, Refusal};
use sparkq_store::FaultKind;
use sparkq_store::sqlite::SqliteStore;

use super::door::Here;
use super::stop;
use super::ui::{Problem, Ui};
use crate::config::{self, Project};
use crate::daemon::{RunFolder, refuse_others, server_now, stop_all, take_lock};
use crate::entropy;
use crate::queue::Error;

/// Remove the queue: the database with all tasks, and what else setup has made
///
/// Ends the server and all watchers first. Keeps sparkq.toml, so that `sparkq setup` starts anew.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq teardown --yes")]
pub(super) struct Teardown {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl Teardown {
    pub(super) fn run(self, here: &Here, ui: &Ui) -> Result<(), Problem> {
        let project = here.project();
        let held = RunFolder::of(project);
        server_now(&held)?;
        refuse_others(&held)?;
        // Before anything is ended: what cannot be removed whole is not begun with.
        let there = plan(project)?;
        if !self.yes && !confirm(&there)? {
            ui.status("Nothing was removed.");
            return Ok(());
        }
        let folder = project.run_folder();
        let stopped = stop_all(&held)?;
        // Held until the folder it lies in is gone, so that no server starts meanwhile.
        let lock = there
            .iter()
            .any(|thing| folder.starts_with(&thing.path))
            .then(|| take_lock(&held))
            .transpose()?;
        for thing in plan(project)? {
            thing.remove()?;
        }
        drop(lock);
        if ui.wants_json() {
            let removed: Vec<_> = there.iter().map(|thing| &thing.path).collect();
            return ui.json(&serde_json::json!({"removed": removed, "kept": [project.file]}));
        }
        stop::show(&stopped, ui)?;
        for thing in &there {
            ui.status(format_args!("Removed {}.", thing.path.display()));
        }
        ui.status(format_args!("Kept {}.", project.file.display()));
        Ok(())
    }
}

/// A file or folder that setup, or what ran since, has made.
struct Thing {
    path: PathBuf,
    is_folder: bool,
}

impl Thing {
    fn remove(&self) -> Result<(), Error> {
        let removed = if self.is_folder {
            // Follows no link inside either.
            fs::remove_dir_all(&self.path)
        } else {
            fs::remove_file(&self.path)
        };
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::Internal(format!(
                "{} cannot be removed: {error}",
                self.path.display()
            ))),
            _ => Ok(()),
        }
    }
}

/// What is there to be removed, the database first. Refuses where a link or something else stands in its place.
fn plan(project: &Project) -> Result<Vec<Thing>, Refusal> {
    let database = project.database();
    let beside = |end: &str| {
        let mut name = database.clone().into_os_string();
        name.push(end);
        PathBuf::from(name)
    };
    refuse_foreign(&database)?;
    let files = ["", "-wal", "-shm", "-journal"].map(beside);
    let generated = config::GENERATED.map(|name| project.root().join(name));
    if let Some(path) = generated.iter().find(|path| config::is_foreign(path)) {
        return Err(in_the_way(path, "SparkQ has not made it"));
    }
    let mut things = Vec::new();
    for path in files.into_iter().chain(generated) {
        things.extend(look(path, false)?);
    }
    let folder = project.run_folder();
    let folder = folder.parent().unwrap_or(&folder);
    things.extend(look(folder.to_path_buf(), true)?);
    Ok(things)
}

/// Refuses a file that SparkQ has not made. A database of ours that is broken may go.
fn refuse_foreign(database: &Path) -> Result<(), Refusal> {
    let opened = SqliteStore::open(database, entropy());
    let foreign = match opened.map_err(|fault| fault.kind) {
        Err(FaultKind::Foreign) => true,
        Err(FaultKind::Corrupt) => !starts_as_a_database(database),
        Ok(_) | Err(_) => false,
    };
    if foreign {
        return Err(in_the_way(database, "SparkQ has not made it"));
    }
    Ok(())
}

fn starts_as_a_database(path: &Path) -> bool {
    let mut start = [0; 15];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"SQLite format 3"
}

fn look(path: PathBuf, is_folder: bool) -> Result<Option<Thing>, Refusal> {
    let kind = match fs::symlink_metadata(&path) {
        Ok(there) => there.file_type(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(in_the_way(&path, &error.to_string())),
    };
    if kind.is_symlink() {
        return Err(in_the_way(&path, "it is a symbolic link"));
    }
    if kind.is_dir() != is_folder || !(kind.is_dir() || kind.is_file()) {
        return Err(in_the_way(&path, "SparkQ has not made it"));
    }
    Ok(Some(Thing { path, is_folder }))
}

fn in_the_way(path: &Path, why: &str) -> Refusal {
    Refusal::Project {
        code: Code::InvalidValue,
        message: format!("{} is not removed: {why}", path.display()),
        hint: "remove it yourself, then: sparkq teardown --yes".to_owned(),
    }
}

/// Asks whether all that is to go.
fn confirm(there: &[Thing]) -> Result<bool, Problem> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Refusal::Project {
            code: Code::InvalidValue,
            message: "teardown asks before it removes anything, and this is no terminal".to_owned(),
            hint: "sparkq teardown --yes".to_owned(),
        }
        .into());
    }
    let names = there
        .iter()
        .map(|thing| format!("\n  {}", thing.path.display()));
    let prompt = format!(
        "All tasks and their results will be gone.{}\nRemove it?",
        names.collect::<String>()
    );
    match Confirm::new()
        .with_prompt(prompt)
        .default(false)
        .interact_opt()
    {
        Ok(answer) => Ok(answer.unwrap_or(false)),
        Err(dialoguer::Error::IO(error)) if error.kind() == ErrorKind::Interrupted => Ok(false),
        Err(dialoguer::Error::IO(error)) => {
            Err(Error::Internal(format!("the terminal cannot be read: {error}")).into())
        }
    }
}
