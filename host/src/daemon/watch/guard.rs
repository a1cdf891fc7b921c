//! One watcher a stream: a lock on `STREAM.lock`, held for the watcher's life and never unlinked.
//! Who it is stands in the file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use sparkq_core::wire::WatcherInfo;
use sparkq_core::{Code, Name, Refusal};

use crate::daemon::lock;
use crate::queue::Error;

/// How often a watcher that has just taken its lock is asked who it is: a tenth of a second.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(5);

/// A watcher's lock, until it is dropped.
#[derive(Debug)]
pub(super) struct Guard(File);

impl Guard {
    /// Takes the lock for the watcher `info`, or says who has it.
    pub(super) fn take(folder: &Path, info: &WatcherInfo) -> Result<Self, Error> {
        let failed = |error: std::io::Error| {
            Error::Internal(format!(
                "the lock in {} cannot be taken: {error}",
                folder.display()
            ))
        };
        let mut file = lock::open(&path(folder, &info.stream))?;
        if !lock::take(&file).map_err(failed)? {
            return Err(taken(&info.stream, who(&mut file).as_ref()).into());
        }
        lock::write(&mut file, info).map_err(failed)?;
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

/// The watcher of `stream`, if one lives.
pub(crate) fn watcher_of(folder: &Path, stream: &Name) -> Option<WatcherInfo> {
    holder(&path(folder, stream))
}

/// The watchers that live, by stream.
pub(crate) fn watchers(folder: &Path) -> Vec<WatcherInfo> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let locks = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "lock"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != SERVER));
    let mut watchers: Vec<_> = locks.filter_map(|path| holder(&path)).collect();
    watchers.sort_by_cached_key(|watcher| watcher.stream.as_str().to_ascii_lowercase());
    watchers
}

fn holder(path: &Path) -> Option<WatcherInfo> {
    let mut file = lock::look_at(path).ok()?;
    if !lock::is_held(&file) {
        return None;
    }
    who(&mut file)
}

/// Who has the lock of `file`. One that has only just taken it is given a moment to say so.
fn who(file: &mut File) -> Option<WatcherInfo> {
    for _ in 0..TRIES {
        let info = lock::read(file);
        if info.is_some() || !lock::is_held(file) {
            return info;
        }
        thread::sleep(PAUSE);
    }
    None
}

fn taken(stream: &Name, holder: Option<&WatcherInfo>) -> Refusal {
    let by = holder.map_or_else(String::new, |info| {
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
        let folder = tempfile::tempdir().expect("a folder");
        let docs = Guard::take(folder.path(), &info("docs")).expect("the lock");
        let _auth = Guard::take(folder.path(), &info("Auth")).expect("the lock");
        assert_eq!(watchers(folder.path()), [info("Auth"), info("docs")]);
        drop(docs);
        assert_eq!(watchers(folder.path()), [info("Auth")]);
        assert!(folder.path().join("docs.lock").exists(), "never unlinked");
    }

    #[test]
    fn a_second_watcher_of_a_stream_is_told_who_has_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let _first = Guard::take(folder.path(), &info("auth")).expect("the lock");
        let refused = Guard::take(folder.path(), &info("auth")).expect_err("it is taken");
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
        let folder = tempfile::tempdir().expect("a folder");
        let _server = crate::daemon::lock::ServerLock::take(folder.path()).expect("the lock");
        let _watcher = Guard::take(folder.path(), &info("sparkq")).expect("another lock");
        assert_eq!(watchers(folder.path()), [info("sparkq")]);
    }
}
