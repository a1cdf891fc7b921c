//! What a watcher and its worker share: `STREAM.pipe`, in which the worker waits for a line, and `STREAM.done`, with
//! which it says that it does.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use sparkq_core::Name;

use super::guard::Guard;
use super::rules::Effect;

/// The most that is read out of a pipe at once: more than one holds.
const PIPE: usize = 1 << 20;

/// The pipe and the flag of one stream, whose lock the owner holds.
#[derive(Debug)]
pub(super) struct Files {
    pipe: PathBuf,
    flag: PathBuf,
    /// Open for reading and writing, so that no worker's `head` hangs in opening it, and none sees its end.
    held: File,
}

impl Files {
    /// Makes the pipe in `folder` and opens it. A pipe that is there already is taken over with whoever waits in it;
    /// anything else of that name is replaced.
    pub(super) fn make(folder: &Path, stream: &Name) -> io::Result<Self> {
        let pipe = folder.join(format!("{stream}.pipe"));
        let flag = folder.join(format!("{stream}.done"));
        let held = open(&pipe)?;
        Ok(Self { pipe, flag, held })
    }

    /// Whether a worker says that it waits.
    pub(super) fn flag(&self) -> bool {
        fs::symlink_metadata(&self.flag).is_ok_and(|about| !about.is_dir())
    }

    /// Makes the pipe again where somebody has removed it.
    pub(super) fn mend(&mut self) -> io::Result<()> {
        let ours = self.held.metadata()?;
        let same = |there: fs::Metadata| (there.dev(), there.ino()) == (ours.dev(), ours.ino());
        if !fs::symlink_metadata(&self.pipe).is_ok_and(same) {
            self.held = open(&self.pipe)?;
        }
        Ok(())
    }

    pub(super) fn apply(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::RemoveFlag => remove(&self.flag),
            Effect::Drain => drain(&mut self.held),
            Effect::Wake => self.held.write_all(b"wake\n"),
        }
    }

    /// Removes pipe and flag. A worker that waits sees the end of the pipe when the value is dropped, which should be
    /// a moment later: one that has just found the pipe needs it to be held while it opens it.
    pub(super) fn remove(&self) {
        for path in [&self.flag, &self.pipe] {
            if let Err(error) = remove(path) {
                tracing::warn!(%error, path = %path.display(), "a file cannot be removed");
            }
        }
    }
}

/// Pipes and flags of watchers that did not get to remove them, held so that whoever waits in one wakes up.
pub(super) fn left_behind(folder: &Path) -> Vec<Files> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<Name> = entries
        .filter_map(|entry| {
            let path = entry.path();
            let ours = path
                .extension()
                .is_some_and(|end| end == "pipe" || end == "done");
            path.file_stem().filter(|_| ours)?.to_str()?.parse().ok()
        })
        .collect();
    names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    names.dedup_by(|a, b| a.as_str() == b.as_str());
    let free = |name: Name| {
        let _guard = Guard::of_nobody(folder, &name)?;
        let files = Files::make(folder, &name).ok()?;
        files.remove();
        Some(files)
    };
    names.into_iter().filter_map(free).collect()
}

/// Opens the pipe at `path`; what is there and is no pipe is removed, and a new one made.
fn open(path: &Path) -> io::Result<File> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.file_type().is_fifo() => {}
        Ok(there) if there.is_dir() => {
            fs::remove_dir_all(path)?;
            make(path)?;
        }
        Ok(_) => {
            fs::remove_file(path)?;
            make(path)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => make(path)?,
        Err(error) => return Err(error),
    }
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let held = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    rustix::fs::fchmod(&held, Mode::RUSR | Mode::WUSR)?;
    if held.metadata()?.file_type().is_fifo() {
        return Ok(held);
    }
    Err(io::Error::other(format!(
        "{} is not a pipe",
        path.display()
    )))
}

#[cfg(not(target_vendor = "apple"))]
fn make(path: &Path) -> io::Result<()> {
    rustix::fs::mkfifoat(rustix::fs::CWD, path, Mode::RUSR | Mode::WUSR)?;
    Ok(())
}

/// Rustix offers no pipes of a name there, and the program that makes them comes with the system.
#[cfg(target_vendor = "apple")]
fn make(path: &Path) -> io::Result<()> {
    let mut mkfifo = std::process::Command::new("/usr/bin/mkfifo");
    let made = mkfifo.args(["-m", "600"]).arg(path).output()?;
    if made.status.success() {
        return Ok(());
    }
    Err(io::Error::other(
        String::from_utf8_lossy(&made.stderr).trim().to_owned(),
    ))
}

fn drain(pipe: &mut File) -> io::Result<()> {
    let mut buffer = [0; 4096];
    for _ in 0..PIPE / buffer.len() {
        match pipe.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
