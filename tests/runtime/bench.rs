//! A project in a folder of its own, with built-in plugins and an index.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sparkq_core::{Issue, ToolDefinition};
use sparkq_runtime::{CheckError, Checked, Index, Limits, PluginFile, Runtime, Settings};
use tempfile::TempDir;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// A component as a plugin.
pub(crate) fn plugin(name: &str, bytes: Vec<u8>) -> PluginFile {
    let digest = Sha256::digest(&bytes)
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    PluginFile::new(name, digest, bytes)
}

/// The component of a built-in plugin, as `cargo xtask build` made it.
pub(crate) fn component(name: &str) -> Vec<u8> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("the target folder");
    let path = target.join(format!("sparkq-assets/plugins/{name}.wasm"));
    fs::read(&path)
        .unwrap_or_else(|_| panic!("no {}: run `cargo xtask build` first", path.display()))
}

/// A built-in plugin.
pub(crate) fn built_in(name: &str) -> PluginFile {
    plugin(name, component(name))
}

/// The plugins that a project with scripts needs.
pub(crate) fn for_scripts() -> Vec<PluginFile> {
    vec![built_in("scripts"), built_in("script-index")]
}

/// One folder of compiled components for all tests, so that each component is compiled once.
pub(crate) fn shared_settings() -> Settings {
    let cache_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled-plugins");
    Settings {
        cache_dir: Some(cache_dir),
        ..Settings::default()
    }
}

pub(crate) struct Project {
    folder: TempDir,
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) index: Arc<Index>,
    pub(crate) run_bash: ToolDefinition,
}

impl Project {
    /// A project with one script, `scripts/build.sh`.
    pub(crate) fn new() -> Self {
        Self::of(shared_settings(), for_scripts())
    }

    pub(crate) fn with(limits: &Limits) -> Self {
        let mut plugins = for_scripts();
        for plugin in &mut plugins {
            plugin.limits.clone_from(limits);
        }
        Self::of(shared_settings(), plugins)
    }

    /// A project with these plugins; `scripts` is one of them.
    pub(crate) fn of(settings: Settings, plugins: Vec<PluginFile>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let runtime = Arc::new(Runtime::new(settings, plugins));
        let mut record = runtime
            .describe("scripts")
            .expect("the plugin describes itself");
        let index = Arc::new(Index::new(
            Arc::clone(&runtime),
            folder.path().into(),
            vec!["scripts".into()],
            Vec::new(),
        ));
        let project = Self {
            folder,
            runtime,
            index,
            run_bash: record.tools.remove(0),
        };
        project.write(
            "scripts/build.sh",
            "#!/usr/bin/env bash\n# name: Build\n# timeout: 7m\n# task_class: FAST_SCRIPT\n",
        );
        project
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, text).expect("written");
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("removed");
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.index
            .scripts()
            .into_iter()
            .map(|script| script.path)
            .collect()
    }

    pub(crate) fn try_check(&self, payload: Value) -> Result<Checked, CheckError> {
        self.runtime
            .check("scripts", &self.run_bash, &object(payload), &self.index)
    }

    pub(crate) fn check(&self, payload: Value) -> Checked {
        self.try_check(payload).expect("a payload that passes")
    }

    pub(crate) fn rejected(&self, payload: Value) -> Vec<Issue> {
        match self.try_check(payload) {
            Err(CheckError::Rejected(issues)) => issues,
            other => panic!("expected a rejection: {other:?}"),
        }
    }
}

/// What `work` logs on this thread, down to `debug`, a line each.
pub(crate) fn logged(work: impl FnOnce()) -> String {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::DEBUG)
        .with_ansi(false)
        .without_time()
        .with_writer(Lines(Arc::clone(&lines)))
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let lines = std::mem::take(&mut *lines.lock().expect("unpoisoned"));
    String::from_utf8(lines).expect("text")
}

struct Lines(Arc<Mutex<Vec<u8>>>);

struct Line(Arc<Mutex<Vec<u8>>>);

impl MakeWriter<'_> for Lines {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line(Arc::clone(&self.0))
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("unpoisoned").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn object(payload: Value) -> Map<String, Value> {
    match payload {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}
