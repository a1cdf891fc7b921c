//! `files`: the folders that the user granted, read-only.
//!
//! The root is opened name by name, through no link, and every path is resolved beneath it by the system. So neither a link
//! nor a race leads out of it, and nothing but regular files is ever opened.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Component, Path};

use cap_std::fs::{Dir, Metadata, MetadataExt, OpenOptions, OpenOptionsExt};
use rustix::fs::{Mode, OFlags, open, openat};
use rustix::io::Errno;

use crate::binding::files::{Entry, Error, Host};
use crate::instance::State;
use crate::limits::{ENTRIES, LONGEST_PATH, LOOKED_AT, READ};
use crate::text::sentence;

impl Host for State {
    fn roots(&mut self) -> Vec<String> {
        self.setup.grants.files.keys().cloned().collect()
    }

    fn entries(
        &mut self,
        root: String,
        dir: String,
        after: Option<String>,
    ) -> Result<Vec<Entry>, Error> {
        let look = |state: &mut Self| {
            let root = state.root(&root)?;
            let folder = if dir.is_empty() {
                root.try_clone()
            } else {
                root.open_dir(beneath(&dir)?)
            };
            let names = names(&folder.map_err(explain)?)?;
            let after = after.unwrap_or_default();
            Ok(entries(&root, &dir, names, &after))
        };
        self.aside_at_hosts_expense(look)
            .unwrap_or_else(nobody_looked)
    }

    fn read(
        &mut self,
        root: String,
        path: String,
        offset: u64,
        len: u32,
    ) -> Result<Vec<u8>, Error> {
        if len > READ {
            return Err(Error::TooLarge(READ.into()));
        }
        let look = |state: &mut Self| read(&state.root(&root)?, beneath(&path)?, offset, len);
        self.aside_at_hosts_expense(look)
            .unwrap_or_else(nobody_looked)
    }
}

impl State {
    /// The root of a grant, as it is now.
    fn root(&self, name: &str) -> Result<Dir, Error> {
        let Some(path) = self.setup.grants.files.get(name) else {
            return Err(Error::Denied(format!(
                "no grant `files:{}`",
                sentence(name)
            )));
        };
        granted(path).map_err(|error| {
            if error == Errno::LOOP || error == Errno::NOTDIR || error == Errno::INVAL {
                return Error::Denied(format!(
                    "the folder of `files:{name}` is another one than was granted"
                ));
            }
            explain(error.into())
        })
    }
}

/// Opens a folder name by name: where any of them has become a link since the grant, it leads nowhere.
fn granted(path: &Path) -> Result<Dir, Errno> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    // On its way a folder need not be readable, where the system makes a difference.
    #[cfg(target_os = "linux")]
    let flags = flags | OFlags::PATH;
    let mut names = path.components();
    if names.next() != Some(Component::RootDir) {
        return Err(Errno::INVAL);
    }
    let mut folder = open("/", flags, Mode::empty())?;
    for name in names {
        let Component::Normal(name) = name else {
            return Err(Errno::INVAL);
        };
        folder = openat(&folder, name, flags, Mode::empty())?;
    }
    Ok(Dir::from_std_file(File::from(folder)))
}

/// The answer of a host that runs nothing.
fn nobody_looked<T>() -> Result<T, Error> {
    Err(Error::Io("the host is ending".to_owned()))
}

/// A path as the contract has them: relative, `/` between names, and no name that leads up.
fn beneath(path: &str) -> Result<&Path, Error> {
    let odd = |name: &str| matches!(name, "" | "." | "..");
    if path.len() > LONGEST_PATH || path.contains('\0') || path.split('/').any(odd) {
        return Err(Error::Denied(
            "a path is relative, with `/` between its names, and none of them is empty, `.` or `..`"
                .to_owned(),
        ));
    }
    Ok(Path::new(path))
}

/// What lies in a folder. A name that is no text is left out, because nobody could ask for it.
fn names(folder: &Dir) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for (number, entry) in folder.entries().map_err(explain)?.enumerate() {
        if number == LOOKED_AT {
            return Err(Error::Io(format!("it holds more than {LOOKED_AT} entries")));
        }
        names.extend(entry.map_err(explain)?.file_name().into_string());
    }
    Ok(names)
}

/// Regular files and folders, in byte order; what else lies there cannot be read anyway.
fn entries(root: &Dir, dir: &str, mut names: Vec<String>, after: &str) -> Vec<Entry> {
    names.sort_unstable();
    let paths = names.into_iter().map(|name| match dir {
        "" => name,
        dir => format!("{dir}/{name}"),
    });
    let found = paths.filter_map(|path| {
        if path.as_str() <= after {
            return None;
        }
        let found = root.metadata(&path).ok()?;
        let file = found.is_file();
        (file || found.is_dir()).then(|| Entry {
            path,
            size: if file { found.len() } else { 0 },
            executable: file && is_executable(&found),
            directory: !file,
        })
    });
    found.take(ENTRIES).collect()
}

fn is_executable(found: &Metadata) -> bool {
    found.mode() & 0o111 != 0
}

fn read(root: &Dir, path: &Path, offset: u64, len: u32) -> Result<Vec<u8>, Error> {
    // Looked at before it is opened, because to open some devices does something; and opened without waiting, because
    // it may have become a pipe since.
    regular(&root.metadata(path).map_err(explain)?)?;
    let flags = i32::try_from(OFlags::NONBLOCK.bits() | OFlags::NOCTTY.bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags);
    let mut file = root.open_with(path, &options).map_err(explain)?;
    let found = file.metadata().map_err(explain)?;
    regular(&found)?;
    if offset >= found.len() {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(offset))
        .and_then(|_| file.take(len.into()).read_to_end(&mut bytes))
        .map_err(explain)?;
    Ok(bytes)
}

fn regular(found: &Metadata) -> Result<(), Error> {
    if found.is_dir() {
        Err(Error::Io("it is a folder".to_owned()))
    } else if found.is_file() {
        Ok(())
    } else {
        Err(Error::Denied("it is no regular file".to_owned()))
    }
}

/// What the system says, without the paths of this machine.
fn explain(error: io::Error) -> Error {
    let endless = Errno::LOOP.raw_os_error();
    match error.kind() {
        _ if error.raw_os_error() == Some(endless) => {
            Error::Denied("its links lead nowhere that may be read".to_owned())
        }
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Error::NotFound,
        io::ErrorKind::PermissionDenied => {
            Error::Denied("it leads out of the folder, or must not be read".to_owned())
        }
        kind => Error::Io(kind.to_string()),
    }
}
