//! Reading a component that somebody names, whatever lies there.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use sparkq_core::{Code, Refusal};

use crate::config::{is_name, word};

/// More than this is no component that is ever loaded, in bytes; one byte beyond it is enough to be told so.
const LONGEST: u64 = (128 << 20) + 1;

/// The bytes of the file that the argument `argument` names.
pub(crate) fn read(argument: &str, path: &Path) -> Result<Vec<u8>, Refusal> {
    try_read(path).map_err(|error| Refusal::Unreadable {
        argument: argument.to_owned(),
        path: path.display().to_string(),
        why: error.to_string(),
    })
}

fn try_read(path: &Path) -> io::Result<Vec<u8>> {
    // To wait for a pipe's writer would take for ever.
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    let file = options.read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The name that a component's file suggests for its plugin: its own, where a plugin can be named so.
pub(crate) fn name(path: &Path) -> &str {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.filter(|name| is_name(name)).unwrap_or("plugin")
}

/// The one component at the top of a plugin's folder.
pub(crate) fn find(folder: &Path) -> Result<PathBuf, Refusal> {
    let entries = fs::read_dir(folder).map_err(|error| Refusal::Unreadable {
        argument: "DIR".to_owned(),
        path: folder.display().to_string(),
        why: error.to_string(),
    })?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_wasm = |path: &PathBuf| path.extension().is_some_and(|end| end == "wasm");
    let mut found: Vec<_> = paths.filter(is_wasm).collect();
    found.sort();
    let path = folder.display();
    let (message, hint) = match found.len() {
        1 => return Ok(found.swap_remove(0)),
        0 => (
            format!("{path} holds no .wasm file"),
            "have build.sh write the component beside itself".to_owned(),
        ),
        _ => {
            let first = found[0].display().to_string();
            let names: Vec<_> = found.iter().filter_map(|path| path.file_name()).collect();
            let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
            (
                format!(
                    "{path} holds several .wasm files, and one of them is the plugin: {}",
                    names.join(", ")
                ),
                format!(
                    "have build.sh leave one; or test one alone: sparkq plugin test {}",
                    word(&first)
                ),
            )
        }
    };
    Err(Refusal::Project {
        code: Code::PluginBuildFailed,
        message,
        hint,
    })
}
