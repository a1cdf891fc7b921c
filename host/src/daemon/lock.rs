//! Locks: a flock on a file, held for its owner's life, so that a crash never leaves one behind.
//! What the owner says of itself stands in the file, so that commands find it. The server's own lock is here too.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::io::Errno;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sparkq_core::{Code, Refusal};

use super::folder::RunFolder;
use crate::config::{Token, follows_none, word};
use crate::queue::Error;

/// How often a lock that is held is tried again: half a second, longer than any command looks at it.
const TRIES: u32 = 50;
/// How often a server that starts is asked where it listens: five seconds.
const STARTING: u32 = 500;
/// How long between.
const PAUSE: Duration = Duration::from_millis(10);

/// Opens a lock file, which is made, with its folder, when it is not there. Follows no link.
pub(super) fn open(path: &Path) -> Result<File, Error> {
    made(path, OpenOptions::new().read(true).write(true))
}

/// Opens a file among the runtime files as `how` says, and makes it, with its folder, when it is not there. Follows no
/// link, and waits at no pipe that stands in its place.
pub(super) fn made(path: &Path, how: &mut OpenOptions) -> Result<File, Error> {
    let opened = make_folder(path).and_then(|()| {
        how.create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(FLAGS.bits().cast_signed())
            .open(path)
            .and_then(plain)
    });
    opened.map_err(|error| {
        if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) {
            return follows_none(path).into();
        }
        // A pipe that nobody reads cannot even be opened for writing.
        let pipe = error.raw_os_error() == Some(Errno::NXIO.raw_os_error());
        if pipe || error.kind() == ErrorKind::InvalidInput {
            return no_file(path).into();
        }
        Error::Internal(format!("{} cannot be opened: {error}", path.display()))
    })
}

/// How the runtime files are opened.
const FLAGS: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK);

/// The file, if it is one.
fn plain(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(ErrorKind::InvalidInput.into())
}

/// Why what lies at `path` is not used.
fn no_file(path: &Path) -> Refusal {
    let path = path.display().to_string();
    Refusal::Project {
        code: Code::ConfigInvalid,
        message: format!("{path} is no regular file, and SparkQ has not made it"),
        hint: format!("remove it: rm {}", word(&path)),
    }
}

/// Opens a lock file that may not be there, to look at it. Follows no link.
pub(super) fn look_at(path: &Path) -> io::Result<File> {
    let mut how = OpenOptions::new();
    how.read(true)
        .custom_flags(FLAGS.bits().cast_signed())
        .open(path)
        .and_then(plain)
}

fn make_folder(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    Ok(())
}

/// Takes the lock; false when another has it. Who looks whether a lock is held has it for a moment, hence the tries.
pub(super) fn take(file: &File) -> io::Result<bool> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(false)
}

/// Whether anybody has the lock.
pub(super) fn is_held(file: &File) -> bool {
    match file.try_lock_shared() {
        Ok(()) => {
            // What is not unlocked here is unlocked when the file is closed.
            let _ = file.unlock();
            false
        }
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(_)) => false,
    }
}

/// Writes what the owner of the lock says of itself.
pub(super) fn write(mut file: &File, said: &impl Serialize) -> io::Result<()> {
    let bytes = serde_json::to_vec(said)?;
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(&bytes)
}

/// What the owner of the lock says of itself; none before it has, and once it has taken it back.
pub(super) fn read<T: DeserializeOwned>(file: &mut File) -> Option<T> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// The server's lock, until it is dropped.
#[derive(Debug)]
pub(crate) struct ServerLock {
    file: File,
    database: String,
}

/// A server that holds the lock.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Held {
    /// Its process.
    pub(crate) pid: Option<u32>,
    /// Where it listens; none while it starts or ends.
    pub(crate) address: Option<String>,
    /// The database it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) database: Option<String>,
    /// What opens its door, where it is locked. The file is for its owner alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<Token>,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTaken {
    #[error("a server of this project is running already")]
    Held(Held),
    #[error(transparent)]
    Failed(#[from] Error),
    #[error("the lock cannot be taken: {0}")]
    Io(#[from] io::Error),
}

impl ServerLock {
    /// Takes the lock in `folder`, which is made when it is not there.
    pub(crate) fn take(folder: &RunFolder) -> Result<Self, NotTaken> {
        let mut file = open(&path(folder))?;
        if !take(&file)? {
            let held = read(&mut file).unwrap_or_default();
            return Err(NotTaken::Held(own(held, folder).map_err(Error::from)?));
        }
        file.set_permissions(Permissions::from_mode(0o600))?;
        let lock = Self {
            file,
            database: folder.database().to_owned(),
        };
        lock.say(None, None, None)?;
        Ok(lock)
    }

    /// Says whose lock it is: a server's that starts, and can be asked to end.
    pub(crate) fn start(&mut self) -> io::Result<()> {
        self.say(Some(std::process::id()), None, None)
    }

    /// Tells commands where the server listens, and what opens its door.
    pub(crate) fn announce(&mut self, address: &str, token: Option<&Token>) -> io::Result<()> {
        self.say(Some(std::process::id()), Some(address), token)
    }

    /// Takes the address back: the server still has the lock, but is about to end.
    pub(crate) fn retract(&self) {
        // Nothing is lost when this fails: whoever connects then is refused, and tries again.
        let _ = self.say(None, None, None);
    }

    fn say(
        &self,
        pid: Option<u32>,
        address: Option<&str>,
        token: Option<&Token>,
    ) -> io::Result<()> {
        let held = Held {
            pid,
            address: address.map(str::to_owned),
            database: Some(self.database.clone()),
            token: token.cloned(),
        };
        write(&self.file, &held)
    }
}

impl Drop for ServerLock {
    fn drop(&mut self) {
        self.retract();
    }
}

/// The server that holds the lock in `folder`, if one lives. Waits a little for one that is still starting. Refuses the
/// server of another project.
pub(crate) fn live_server(folder: &RunFolder) -> Result<Option<Held>, Refusal> {
    let mut held = None;
    for _ in 0..STARTING {
        held = server_now(folder)?;
        if held.as_ref().is_none_or(|held| held.address.is_some()) {
            break;
        }
        thread::sleep(PAUSE);
    }
    Ok(held)
}

/// The server that holds the lock in `folder` at this moment, as far as it has said where it is. Refuses the server of
/// another project.
pub(crate) fn server_now(folder: &RunFolder) -> Result<Option<Held>, Refusal> {
    let Some(mut file) = look_at(&path(folder)).ok().filter(is_held) else {
        return Ok(None);
    };
    own(read(&mut file).unwrap_or_default(), folder).map(Some)
}

/// Refuses the server of another project.
fn own(held: Held, folder: &RunFolder) -> Result<Held, Refusal> {
    match &held.database {
        Some(theirs) if !folder.owns(Some(theirs)) => {
            let pid = held.pid.map(|pid| format!("process {pid}"));
            let address = held.address.as_ref().map(|address| format!("at {address}"));
            let known: Vec<_> = pid.into_iter().chain(address).collect();
            let holder = match &known[..] {
                [] => "a server".to_owned(),
                known => format!("a server ({})", known.join(" ")),
            };
            Err(folder.taken(Code::ServerRunning, &holder, theirs, held.pid))
        }
        _ => Ok(held),
    }
}

fn path(folder: &RunFolder) -> PathBuf {
    folder.path().join("sparkq.lock")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn now(folder: &RunFolder) -> Option<Held> {
        server_now(folder).expect("no other project's")
    }

    #[test]
    fn a_server_is_found_while_its_lock_is_held_and_not_after() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::at(temp.path(), "/a.db");
        assert!(now(&folder).is_none());
        let mut lock = ServerLock::take(&folder).expect("the lock");
        lock.announce("http://127.0.0.1:1", None).expect("written");
        let held = now(&folder).expect("a server");
        assert_eq!(held.address.as_deref(), Some("http://127.0.0.1:1"));
        drop(lock);
        assert!(now(&folder).is_none());
    }

    #[test]
    fn a_second_server_is_refused_and_told_who_holds_the_lock() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::at(temp.path(), "/a.db");
        let mut lock = ServerLock::take(&folder).expect("the lock");
        lock.announce("http://127.0.0.1:1", None).expect("written");
        match ServerLock::take(&folder) {
            Err(NotTaken::Held(held)) => assert_eq!(held.pid, Some(std::process::id())),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_server_that_still_starts_can_be_asked_to_end() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::at(temp.path(), "/a.db");
        let mut lock = ServerLock::take(&folder).expect("the lock");
        lock.start().expect("written");
        let held = now(&folder).expect("a server");
        assert_eq!(
            (held.pid, held.address),
            (Some(std::process::id()), None),
            "its process is known before its address"
        );
    }

    #[test]
    fn a_lock_file_left_by_a_crash_stands_in_nobodys_way() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::at(temp.path(), "/a.db");
        fs::write(path(&folder), r#"{"pid":1,"address":"http://127.0.0.1:1"}"#).expect("written");
        assert!(now(&folder).is_none());
        ServerLock::take(&folder).expect("the lock");
    }

    #[test]
    fn the_server_of_another_project_in_the_same_folder_is_refused_with_both_databases() {
        let temp = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::at(temp.path(), "/a.db");
        let other = RunFolder::at(temp.path(), "/b.db");
        let mut lock = ServerLock::take(&folder).expect("the lock");
        let refused = server_now(&other).expect_err("from the first moment");
        let at = temp.path().display();
        assert_eq!(
            refused.to_string(),
            format!(
                "a server of another project holds {at}: its database is /a.db, and this project's is /b.db"
            )
        );
        lock.announce("http://127.0.0.1:1", None).expect("written");
        let pid = std::process::id();
        let refused = live_server(&other)
            .expect_err("another project's")
            .to_string();
        let holder = format!("a server (process {pid} at http://127.0.0.1:1) of another project");
        assert!(refused.starts_with(&holder), "{refused}");
        let refused = ServerLock::take(&other).expect_err("it is taken");
        assert!(refused.to_string().starts_with(&holder), "{refused}");
        lock.retract();
        server_now(&other).expect_err("to the last");
    }
}
