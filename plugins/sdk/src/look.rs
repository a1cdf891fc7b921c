//! What lies in a folder that the user granted, for rules that are also tested where there is none.

use crate::about::Need;
use crate::files::{self, Error};
use crate::path;

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A file.
    File {
        /// Whether there is not a byte in it.
        empty: bool,
    },
    /// A folder.
    Folder,
    /// Nothing.
    Nothing,
    /// Nobody can say: the folder is not granted, or what lies there must not be read.
    Unknown,
}

/// Where rules look. In tests a list of what there is stands for a folder.
///
/// ```
/// use sparkq_plugin::look::{Found, Look};
///
/// let project = [("docs", Found::Folder), ("docs/a.md", Found::File { empty: false })];
/// assert_eq!(project.at("./docs/"), Found::Folder);
/// assert_eq!(project.at("docs/b.md"), Found::Nothing);
/// assert_eq!(project.files_in("docs"), ["docs/a.md"]);
/// ```
pub trait Look {
    /// What lies at a path, which need not be clean.
    fn at(&self, path: &str) -> Found;

    /// The paths of the files in a folder, the first thousand things in it at most.
    fn files_in(&self, folder: &str) -> Vec<String>;
}

/// The folder behind a grant `files:NAME`, by its name.
#[derive(Debug, Clone, Copy)]
pub struct Granted(pub &'static str);

impl Granted {
    /// What to ask the user for, where the plugin works without it, only less well. `why` is a sentence.
    #[must_use]
    pub fn wanted(self, why: &str) -> Need {
        Need {
            grant: format!("files:{}", self.0),
            why: why.to_owned(),
            optional: true,
        }
    }
}

/// What comes after every path, so that a folder is opened and none of its entries is told.
const AFTER_ALL: &str = "\u{10ffff}";

impl Look for Granted {
    fn at(&self, path: &str) -> Found {
        let path = path::clean(path);
        if path == "." {
            return Found::Folder;
        }
        match files::read(self.0, &path, 0, 1) {
            Ok(bytes) => Found::File {
                empty: bytes.is_empty(),
            },
            Err(Error::NotFound) => Found::Nothing,
            // Not a file, so it may be a folder.
            Err(Error::Io(_)) => match files::entries(self.0, &path, Some(AFTER_ALL)) {
                Ok(_) => Found::Folder,
                Err(_) => Found::Unknown,
            },
            Err(Error::Denied(_) | Error::TooLarge(_)) => Found::Unknown,
        }
    }

    fn files_in(&self, folder: &str) -> Vec<String> {
        let folder = path::clean(folder);
        let folder = if folder == "." { "" } else { &folder };
        let entries = files::entries(self.0, folder, None).unwrap_or_default();
        let files = entries.into_iter().filter(|entry| !entry.directory);
        files.map(|file| file.path).collect()
    }
}

impl<const N: usize> Look for [(&str, Found); N] {
    fn at(&self, path: &str) -> Found {
        let path = path::clean(path);
        let mut known = self.iter();
        match known.find(|(known, _)| *known == path) {
            Some((_, found)) => *found,
            None if path == "." => Found::Folder,
            None => Found::Nothing,
        }
    }

    fn files_in(&self, folder: &str) -> Vec<String> {
        let folder = path::clean(folder);
        let files = self.iter().filter(|(path, found)| {
            path::folder(path) == folder && matches!(found, Found::File { .. })
        });
        files.map(|(path, _)| (*path).to_owned()).collect()
    }
}
