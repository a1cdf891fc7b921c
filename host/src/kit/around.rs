//! What is around a plugin while it is tested: its grants and settings, and a project with scripts.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sparkq_runtime::{Grants, Index, Isolation, PluginFile, Runtime, Settings};
use tempfile::TempDir;

use super::case::Case;
use crate::assets;
use crate::assets::hex;
use crate::queue::settings;
use sha2::{Digest as _, Sha256};

/// The built-in plugin that knows the headers of scripts.
const INDEXER: &str = "script-index";

/// The plugin under test, and where its compiled form is kept.
pub(super) struct Subject {
    pub(super) name: String,
    bytes: Vec<u8>,
    digest: String,
    settings: Settings,
    /// Where the compiled form is kept when the user has no place for it.
    _folder: Option<TempDir>,
    /// What reads the headers of a project's scripts.
    indexer: Arc<Runtime>,
}

impl Subject {
    pub(super) fn new(name: &str, bytes: Vec<u8>) -> io::Result<Self> {
        let mut settings = settings();
        let mut folder = None;
        if settings.cache_dir.is_none() {
            let made = tempfile::tempdir()?;
            settings.cache_dir = Some(made.path().to_owned());
            folder = Some(made);
        }
        let own = assets::plugins().into_iter();
        let indexer = own.filter(|file| file.name == INDEXER).collect();
        Ok(Self {
            name: name.to_owned(),
            digest: hex(&Sha256::digest(&bytes)),
            bytes,
            indexer: Arc::new(Runtime::new(settings.clone(), indexer)),
            settings,
            _folder: folder,
        })
    }

    /// The plugin alone, as `around` has it.
    pub(super) fn runtime(&self, isolation: Isolation, around: &Around) -> Arc<Runtime> {
        let file = PluginFile {
            isolation,
            config: around.config.clone(),
            grants: around.grants.clone(),
            ..PluginFile::new(&*self.name, &*self.digest, self.bytes.clone())
        };
        Arc::new(Runtime::new(self.settings.clone(), vec![file]))
    }

    /// The script index of a project that has the scripts of `around` and no others.
    pub(super) fn index(&self, around: &Around) -> Arc<Index> {
        let root = around.folder.path().join(PROJECT);
        let indexer = Arc::clone(&self.indexer);
        let index = Index::new(indexer, root, vec![".".to_owned()], Vec::new());
        Arc::new(index)
    }
}

/// The folder of the project below that of a test.
const PROJECT: &str = "project";
/// The folder of what is granted.
const GRANTED: &str = "granted";

/// What is granted, and what there is besides.
pub(super) struct Around {
    folder: TempDir,
    grants: Grants,
    config: String,
}

impl Around {
    /// Nothing at all.
    pub(super) fn nothing() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join(PROJECT))?;
        Ok(Self {
            folder,
            grants: Grants::default(),
            config: "{}".to_owned(),
        })
    }

    /// What a case says.
    pub(super) fn of(case: &Case) -> io::Result<Self> {
        let mut around = Self::nothing()?;
        // What leads to a granted folder must not be a link.
        let folder = fs::canonicalize(around.folder.path())?;
        for script in &case.scripts {
            write(&folder.join(PROJECT), script, "#!/bin/sh\n")?;
        }
        let mut files: BTreeMap<String, PathBuf> = BTreeMap::new();
        for (grant, texts) in &case.files {
            let granted = folder.join(GRANTED).join(grant);
            fs::create_dir_all(&granted)?;
            for (path, text) in texts {
                write(&granted, path, text)?;
            }
            files.insert(grant.clone(), granted);
        }
        around.grants = Grants {
            files,
            env: case.env.clone(),
        };
        around.config = serde_json::Value::from(case.config.clone()).to_string();
        Ok(around)
    }
}

fn write(folder: &Path, path: &str, text: &str) -> io::Result<()> {
    let path = folder.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
