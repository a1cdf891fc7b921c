//! Reading a component that somebody names, whatever lies there.

use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;
use sparkq_core::Refusal;

use crate::config::is_name;

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
