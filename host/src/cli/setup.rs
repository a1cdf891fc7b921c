use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;
use sparkq_core::{Code, Refusal};
use sparkq_store::sqlite::SqliteStore;

use super::door::wait;
use super::ui::{Problem, Ui};
use crate::config::{self, Project};
use crate::daemon::{live_server, take_lock};
use crate::queue::{Access, Error, Queue};
use crate::{entropy, now};

/// Make this folder a project: write sparkq.toml and make the database
///
/// What is there already is kept: an existing sparkq.toml is read, not changed, and an existing database stays.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq setup --yes")]
pub(super) struct Setup {
    /// Take the default for every question
    #[arg(long)]
    yes: bool,
}

impl Setup {
    pub(super) fn run(self, config: Option<&Path>, ui: &Ui) -> Result<(), Problem> {
        if !self.yes {
            let message = "setup asks no questions yet; it can only take every default".to_owned();
            return Err(Refusal::Project {
                code: Code::InvalidValue,
                message,
                hint: "sparkq setup --yes".to_owned(),
            }
            .into());
        }
        let file = config_file(config).map_err(|error| failed("the current folder", &error))?;
        if write_new(&file).map_err(|error| failed(&file.display().to_string(), &error))? {
            ui.status(format_args!("Wrote {}.", file.display()));
        }
        let project = Project::read(&file)?;
        make_database(&project)?;
        ui.status(format_args!(
            "The queue is in {}.",
            project.database().display()
        ));
        ui.status("Next:\n  sparkq session create NAME\n  sparkq stream create NAME --session SESSION\n  sparkq run --no-watch");
        Ok(())
    }
}

/// The file that is set up: the one named, else the one in this folder. A project above this folder is another one.
fn config_file(config: Option<&Path>) -> io::Result<PathBuf> {
    let named = config.map(Path::to_path_buf).or_else(|| {
        env::var_os("SPARKQ_CONFIG")
            .filter(|text| !text.is_empty())
            .map(Into::into)
    });
    let file = named.unwrap_or_else(|| PathBuf::from(config::FILE));
    Ok(env::current_dir()?.join(file))
}

/// Writes a new `sparkq.toml`, unless one is there. Says whether it did.
fn write_new(file: &Path) -> io::Result<bool> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match made {
        Ok(mut made) => made
            .write_all(config::new_file(folder).as_bytes())
            .map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes the database, or brings an older one up to date, and asks the plugins what they define.
/// Beside a live server there is nothing to do: it did both when it started.
fn make_database(project: &Project) -> Result<(), Problem> {
    let folder = project.run_folder();
    let database = project.database();
    if live_server(&folder).is_some() && fs::exists(&database).unwrap_or(false) {
        return Ok(());
    }
    let _lock = take_lock(&folder)?;
    let store = SqliteStore::create(&database, entropy()).map_err(Error::from)?;
    let queue = Queue::new(project.clone(), Access::File(Mutex::new(store)), now);
    wait(queue.save_project())?;
    wait(queue.warm_up())?;
    Ok(())
}

fn failed(what: &str, error: &io::Error) -> Problem {
    Refusal::Project {
        code: Code::NoProject,
        message: format!("{what}: {error}"),
        hint: String::new(),
    }
    .into()
}
