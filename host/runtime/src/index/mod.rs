//! The script index: what the project's scripts say of themselves, kept by path, size and time of change.
//!
//! It is never further behind than the question: a known path is looked at before it is accepted, and an unknown one
//! makes the index look at the folders again before it says no.

pub(crate) mod claims;
mod path;
mod walk;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use sparkq_core::Script;

use crate::fault::Fault;
use crate::runtime::Runtime;
use crate::sync::lock;
use claims::{Readers, Trouble};
use walk::Found;

/// The scripts of one project. Shared by all that check payloads; no lock is held while a plugin runs, except the
/// one that makes two refreshes wait for each other.
pub struct Index {
    runtime: Arc<Runtime>,
    root: PathBuf,
    dirs: Vec<PathBuf>,
    scripts: Mutex<Scripts>,
    readers: Mutex<Option<Arc<Readers>>>,
    /// The first fault of each plugin that reads scripts.
    faults: Mutex<Vec<Fault>>,
    /// Held by the one refresh that runs. Nothing that a refresh calls comes back here, because an indexer is given no index.
    refreshing: Mutex<()>,
    /// Refreshes begun so far.
    begun: AtomicU64,
    /// Whether it has every script that anybody asks for.
    obliging: bool,
}

#[derive(Default)]
struct Scripts {
    by_path: BTreeMap<String, Entry>,
    changed: bool,
}

/// A file that was read, and its script unless the indexer said that it is none.
struct Entry {
    found: Found,
    script: Option<Script>,
}

impl Index {
    /// An index of the scripts under `dirs` of `root`, the folder of `sparkq.toml`. `known` is what an earlier index
    /// of the same folders and the same plugins held; it saves reading files that have not changed since. Looks at
    /// nothing yet.
    #[must_use]
    pub fn new(
        runtime: Arc<Runtime>,
        root: PathBuf,
        dirs: Vec<String>,
        known: Vec<Script>,
    ) -> Self {
        let known = known.into_iter().map(|script| {
            (
                script.path.clone(),
                Entry {
                    found: Found::of(&script),
                    script: Some(script),
                },
            )
        });
        Self {
            runtime,
            root,
            dirs: dirs.iter().filter_map(|dir| path::folder(dir)).collect(),
            scripts: Mutex::new(Scripts {
                by_path: known.collect(),
                changed: false,
            }),
            readers: Mutex::default(),
            faults: Mutex::default(),
            refreshing: Mutex::default(),
            begun: AtomicU64::new(0),
            obliging: false,
        }
    }

    /// An index of a project that has every script that anybody asks for, each with a silent header. Looks at no files.
    #[must_use]
    pub fn of_everything(runtime: Arc<Runtime>) -> Self {
        Self {
            obliging: true,
            ..Self::new(runtime, PathBuf::new(), Vec::new(), Vec::new())
        }
    }

    /// Looks at all folders: reads what is new or changed, drops what is gone. A plugin's fault at one file leaves the
    /// file to the next that claims it, or out; the first such fault is the answer, and all other files are read.
    pub fn refresh(&self) -> Result<(), Fault> {
        // Whoever runs nothing has nothing to report.
        self.runtime.aside(|| self.look_at_all()).unwrap_or(Ok(()))
    }

    fn look_at_all(&self) -> Result<(), Fault> {
        let begun = self.begun.load(SeqCst);
        let _only_one = lock(&self.refreshing);
        if self.begun.load(SeqCst) > begun {
            // Another refresh began after this question and is over: its answer is as good.
            return Ok(());
        }
        self.begun.fetch_add(1, SeqCst);
        let readers = self.readers_again();
        let files = walk::files(&self.root, &self.dirs);
        let mut trouble = Trouble::default();
        for (path, found) in &files {
            if !self.is_current(path, found) {
                self.read(&readers, path, *found, &mut trouble);
            }
        }
        lock(&self.scripts).retain(|path| files.contains_key(path));
        self.keep(&readers, trouble)
    }

    /// The first fault of each plugin that broke while it was asked about scripts, since this index was made. What
    /// such a plugin reads may be missing from the index, all else is there.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        lock(&self.faults).clone()
    }

    /// The script at `path`, which may be written as `./x` or `x//y`; none for a path that leaves the project.
    #[must_use]
    pub fn lookup(&self, path: &str) -> Option<Script> {
        let path = path::clean(path)?;
        if self.obliging {
            return Some(silent(path));
        }
        if let Some(known) = self.script(&path) {
            match walk::look(&self.root, &path) {
                Some(found) if found == Found::of(&known) => return Some(known),
                Some(found) => {
                    let (readers, mut trouble) = (self.readers(), Trouble::default());
                    self.read(&readers, &path, found, &mut trouble);
                    self.report(self.keep(&readers, trouble));
                }
                // Where one is gone others may be, and none of them is to be recommended.
                None => self.report(self.refresh()),
            }
        } else {
            self.report(self.refresh());
        }
        self.script(&path)
    }

    /// The known paths closest to `path`, best first, at most `limit`.
    #[must_use]
    pub fn nearest(&self, path: &str, limit: usize) -> Vec<String> {
        path::nearest(
            path,
            self.scripts().into_iter().map(|script| script.path),
            limit,
        )
    }

    /// All scripts, by path, as of the last look.
    #[must_use]
    pub fn scripts(&self) -> Vec<Script> {
        lock(&self.scripts).all()
    }

    /// Whether [`take_changes`](Self::take_changes) has something to give.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        lock(&self.scripts).changed
    }

    /// All scripts when any changed since the last call of this function, for the caller to keep; else none.
    #[must_use]
    pub fn take_changes(&self) -> Option<Vec<Script>> {
        let mut scripts = lock(&self.scripts);
        std::mem::take(&mut scripts.changed).then(|| scripts.all())
    }

    fn script(&self, path: &str) -> Option<Script> {
        lock(&self.scripts).by_path.get(path)?.script.clone()
    }

    fn is_current(&self, path: &str, found: &Found) -> bool {
        lock(&self.scripts)
            .by_path
            .get(path)
            .is_some_and(|entry| entry.found == *found)
    }

    /// Reads one file and keeps what its indexer says of it. Where all fault it stays as it was.
    fn read(&self, readers: &Readers, path: &str, found: Found, trouble: &mut Trouble) {
        let Some(head) = walk::head(&self.root, path) else {
            lock(&self.scripts).remove(path);
            return;
        };
        if let Ok(script) = readers.read(&self.runtime, path, found, head, trouble) {
            lock(&self.scripts).put(path, Entry { found, script });
        }
    }

    fn readers(&self) -> Arc<Readers> {
        if let Some(readers) = &*lock(&self.readers) {
            return Arc::clone(readers);
        }
        let readers = Arc::new(Readers::of(&self.runtime));
        *lock(&self.readers) = Some(Arc::clone(&readers));
        readers
    }

    /// As [`readers`](Self::readers), and asks those again that could not be loaded. One that can be now may read what
    /// others or none have read, so all is read anew.
    fn readers_again(&self) -> Arc<Readers> {
        let Some(known) = lock(&self.readers).clone() else {
            return self.readers();
        };
        let Some(readers) = known.again(&self.runtime).map(Arc::new) else {
            return known;
        };
        if readers.has_more_than(&known) {
            lock(&self.scripts).retain(|_| false);
        }
        *lock(&self.readers) = Some(Arc::clone(&readers));
        readers
    }

    /// Keeps the first fault of each plugin. The first of this look is the answer.
    fn keep(&self, readers: &Readers, trouble: Trouble) -> Result<(), Fault> {
        let mut kept = lock(&self.faults);
        let mut first = None;
        for fault in readers.faults.iter().cloned().chain(trouble.into_faults()) {
            if kept.iter().all(|known| known.plugin != fault.plugin) {
                kept.push(fault.clone());
            }
            first.get_or_insert(fault);
        }
        first.map_or(Ok(()), Err)
    }

    /// A fault of an indexer must not cost the answer about the scripts that are known.
    fn report(&self, outcome: Result<(), Fault>) {
        if let Err(fault) = outcome {
            tracing::warn!(target: "sparkq_runtime", root = %self.root.display(), "the script index is incomplete: {fault}");
        }
    }
}

/// A script whose header says nothing, in the language that its name ends in.
fn silent(path: String) -> Script {
    let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
    let language = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("py") => "python",
        Some("rb") => "ruby",
        Some("js" | "mjs" | "cjs") => "javascript",
        Some("ts") => "typescript",
        Some("sql") => "sql",
        Some("lua") => "lua",
        _ => "shell",
    };
    Script {
        name,
        path,
        description: String::new(),
        language: language.to_owned(),
        tags: Vec::new(),
        outputs: Vec::new(),
        params: Vec::new(),
        task_class: None,
        timeout: None,
        findings: Vec::new(),
        executable: true,
        size: 0,
        modified_ns: 0,
    }
}

impl Scripts {
    fn all(&self) -> Vec<Script> {
        self.by_path
            .values()
            .filter_map(|entry| entry.script.clone())
            .collect()
    }

    fn put(&mut self, path: &str, entry: Entry) {
        let before = self
            .by_path
            .get(path)
            .and_then(|entry| entry.script.as_ref());
        self.changed |= before != entry.script.as_ref();
        self.by_path.insert(path.to_owned(), entry);
    }

    fn remove(&mut self, path: &str) {
        self.changed |= self
            .by_path
            .remove(path)
            .is_some_and(|entry| entry.script.is_some());
    }

    fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        let mut changed = false;
        self.by_path.retain(|path, entry| {
            let kept = keep(path);
            changed |= !kept && entry.script.is_some();
            kept
        });
        self.changed |= changed;
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("root", &self.root)
            .field("dirs", &self.dirs)
            .finish_non_exhaustive()
    }
}
