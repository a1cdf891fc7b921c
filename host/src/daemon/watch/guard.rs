//! One watcher a stream: a lock on `STREAM.lock`, held for the watcher's life and never unlinked.
//! Who it is stands in the file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sparkq_core::wire::WatcherInfo;
use sparkq_core::{Code, Name, Refusal};

use crate::daemon::{RunFolder, lock};
use crate::queue::Error;

/// How often a watcher that has just taken its lock is asked who it is: a tenth of a second.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(5);

/// What stands in a lock file.
#[derive(Serialize, Deserialize)]
struct Said {
    #[serde(flatten)]
    info: WatcherInfo,
    /// Whose queue it watches.
    #[serde(default)]
    database: Option<String>,
}

/// A watcher's lock, until it is dropped.
#[derive(Debug)]
pub(super) struct Guard(File);

impl Guard {
    /// Takes the lock for the watcher `info`, or says who has it.
    pub(super) fn take(folder: &RunFolder, info: &WatcherInfo) -> Result<Self, Error> {
        let failed = |error: std::io::Error| {
            Error::Internal(format!(
                "the lock in {} cannot be taken: {error}",
                folder.path().display()
            ))
        };
        let mut file = lock::open(&path(folder.path(), &info.stream))?;
        if !lock::take(&file).map_err(failed)? {
            return Err(taken(folder, &info.stream, who(&mut file).as_ref()).into());
        }
        let said = Said {
            info: info.clone(),
            database: Some(folder.database().to_owned()),
        };
        lock::write(&file, &said).map_err(failed)?;
        Ok(Self(file))
    }

    /// The lock of whichever watcher had the files of `stream`, where none lives.
    pub(super) fn of_nobody(folder: &Path, stream: &Name) -> Option<Self> {
        let file = lock::open(&path(folder, stream)).ok()?;
        file.try_lock().ok()?;
        Some(Self(file))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Nothing is lost when this fails: the lock decides, and it is free.
        let _ = self.0.set_len(0);
    }
}

/// Whether a watcher of `stream` lives.
pub(super) fn is_watched(folder: &Path, stream: &Name) -> bool {
    lock::look_at(&path(folder, stream)).is_ok_and(|file| lock::is_held(&file))
}

/// The project's watcher of `stream`, if one lives.
pub(crate) fn watcher_of(folder: &RunFolder, stream: &Name) -> Option<WatcherInfo> {
    let said = holder(&path(folder.path(), stream))?;
    folder.owns(said.database.as_deref()).then_some(said.info)
}

/// The project's watchers that live, by stream.
pub(crate) fn watchers(folder: &RunFolder) -> Vec<WatcherInfo> {
    let all = holders(folder).into_iter();
    let own = all.filter(|said| folder.owns(said.database.as_deref()));
    let mut watchers: Vec<_> = own.map(|said| said.info).collect();
    watchers.sort_by_cached_key(|watcher| watcher.stream.as_str().to_ascii_lowercase());
    watchers
}

/// Refuses where a watcher of another project has its files in `folder`.
pub(crate) fn refuse_others(folder: &RunFolder) -> Result<(), Refusal> {
    let other = holders(folder)
        .into_iter()
        .find(|said| !folder.owns(said.database.as_deref()));
    other.map_or(Ok(()), |said| {
        Err(taken(folder, &said.info.stream, Some(&said)))
    })
}

fn holders(folder: &RunFolder) -> Vec<Said> {
    let entries = fs::read_dir(folder.path()).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "lock"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != SERVER))
        .filter_map(|path| holder(&path))
        .collect()
}

fn holder(path: &Path) -> Option<Said> {
    let mut file = lock::look_at(path).ok()?;
    if !lock::is_held(&file) {
        return None;
    }
    who(&mut file)
}

/// Who has the lock of `file`. One that has only just taken it is given a moment to say so.
fn who(file: &mut File) -> Option<Said> {
    for _ in 0..TRIES {
        let said = lock::read(file);
        if said.is_some() || !lock::is_held(file) {
            return said;
        }
        thread::sleep(PAUSE);
    }
    None
}

fn taken(folder: &RunFolder, stream: &Name, holder: Option<&Said>) -> Refusal {
    if let Some(Said {
        info,
        database: Some(theirs),
    }) = holder
        && !folder.owns(Some(theirs))
    {
        let holder = format!("a watcher of `{stream}` (process {})", info.pid);
        return folder.taken(Code::WatcherRunning, &holder, theirs, Some(info.pid));
    }
    let by = holder.map_or_else(String::new, |Said { info, .. }| {
        let place = if info.in_server { "the server, " } else { "" };
        format!(" by {place}process {}, since {}", info.pid, info.since)
    });
    Refusal::Project {
        code: Code::WatcherRunning,
        message: format!("stream `{stream}` is watched already{by}"),
        hint: format!("stop that watcher: sparkq stop --stream {stream}"),
    }
}

/// The start of the server's own lock.
const SERVER: &str = "sparkq";

fn path(folder: &Path, stream: &Name) -> PathBuf {
    let name = stream.as_str();
    // A stream may be called as the server's lock is; `+` stands in no name.
    let apart = if name.eq_ignore_ascii_case(SERVER) {
        "+"
    } else {
        ""
    };
    folder.join(format!("{name}{apart}.lock"))
}

#[cfg(test)]
mod tests {
    use sparkq_core::Time;

    use super::*;

    fn info(stream: &str) -> WatcherInfo {
        WatcherInfo {
            stream: stream.parse().expect("a name"),
            pid: std::process::id(),
            since: Time::from_millis(0),
            in_server: false,
        }
    }

    #[test]
    fn watchers_are_found_while_they_hold_their_locks_and_not_after() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::at(temp.path(), "/a.db");
        let docs = Guard::take(&folder, &info("docs")).expect("the lock");
        let _auth = Guard::take(&folder, &info("Auth")).expect("the lock");
        assert_eq!(watchers(&folder), [info("Auth"), info("docs")]);
        drop(docs);
        assert_eq!(watchers(&folder), [info("Auth")]);
        assert!(temp.path().join("docs.lock").exists(), "never unlinked");
    }

    #[test]
    fn a_second_watcher_of_a_stream_is_told_who_has_it() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::at(temp.path(), "/a.db");
        let _first = Guard::take(&folder, &info("auth")).expect("the lock");
        let refused = Guard::take(&folder, &info("auth")).expect_err("it is taken");
        assert_eq!(
            refused.to_string(),
            format!(
                "stream `auth` is watched already by process {}, since 1970-01-01T00:00:00.000Z",
                std::process::id()
            )
        );
    }

    #[test]
    fn a_stream_called_as_the_server_is_has_a_lock_of_its_own() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::at(temp.path(), "/a.db");
        let _server = crate::daemon::lock::ServerLock::take(&folder).expect("the lock");
        let _watcher = Guard::take(&folder, &info("sparkq")).expect("another lock");
        assert_eq!(watchers(&folder), [info("sparkq")]);
    }

    #[test]
    fn the_watcher_of_another_project_is_not_taken_for_one_of_this() {
        let temp = tempfile::tempdir().expect("a folder");
        let theirs = RunFolder::at(temp.path(), "/a.db");
        let ours = RunFolder::at(temp.path(), "/b.db");
        let _theirs = Guard::take(&theirs, &info("auth")).expect("the lock");
        assert_eq!(watchers(&ours), []);
        assert_eq!(watcher_of(&ours, &info("auth").stream), None);
        let refused = Guard::take(&ours, &info("auth")).expect_err("it is taken");
        let expected = format!(
            "a watcher of `auth` (process {}) of another project holds {}: its database is /a.db, and this project's is /b.db",
            std::process::id(),
            temp.path().display()
        );
        assert_eq!(refused.to_string(), expected);
        let refused = refuse_others(&ours).expect_err("it lives");
        assert_eq!(refused.to_string(), expected);
    }
}
