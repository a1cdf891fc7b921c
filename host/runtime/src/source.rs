//! Reading a component, and seeing from its first bytes what it is, before anything else looks at it.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;
use sha2::{Digest, Sha256};

use crate::cache::hex;
use crate::file::{PluginFile, Source};
use crate::instance::Failure;
use crate::limits::COMPONENT;

/// The component of a plugin, which is the one that its digest names.
pub(crate) fn read(file: &PluginFile) -> Result<Cow<'_, [u8]>, Failure> {
    let path = match &file.source {
        Source::Bytes(bytes) => {
            look(bytes)?;
            return Ok(Cow::Borrowed(bytes));
        }
        Source::File(path) => path,
    };
    let bytes = match read_file(path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(too_large()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Failure::load(&format!("no file {}", path.display())));
        }
        Err(error) => {
            return Err(Failure::load(&format!(
                "cannot read {}: {error}",
                path.display()
            )));
        }
    };
    let digest = hex(&Sha256::digest(&bytes));
    if digest != file.digest {
        return Err(Failure::load(&format!(
            "{} is another component than the one that was approved: its SHA-256 begins with {} and not with {}",
            path.display(),
            start(&digest),
            start(&file.digest),
        )));
    }
    look(&bytes)?;
    Ok(Cow::Owned(bytes))
}

/// All of a file, and none when it is longer than a component may be. What is no file is refused, because to wait for a
/// pipe's writer would take for ever.
fn read_file(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file: File = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    if found.len() > COMPONENT {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
    file.take(COMPONENT + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= COMPONENT).then_some(bytes))
}

fn too_large() -> Failure {
    Failure::load(&format!("it has more than {} MiB", COMPONENT >> 20))
}

fn start(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// How WebAssembly begins, of whatever kind.
const MAGIC: &[u8] = b"\0asm";
/// What follows in a component.
const COMPONENT_VERSION: [u8; 4] = [0x0d, 0, 1, 0];
/// What follows in a core module.
const MODULE_VERSION: [u8; 4] = [1, 0, 0, 0];
/// How native code begins, which is what a compiled component is kept as.
const NATIVE: &[u8] = b"\x7fELF";

/// Refuses what is no component, by its first bytes.
pub(crate) fn look(bytes: &[u8]) -> Result<(), Failure> {
    if bytes.len() as u64 > COMPONENT {
        return Err(too_large());
    }
    let text = bytes.trim_ascii_start();
    let why = if bytes.is_empty() {
        "it is empty"
    } else if bytes.starts_with(NATIVE) {
        "it is compiled already: native code is never taken, only the component that it was made from"
    } else if text.starts_with(b"(component") || text.starts_with(b"(module") {
        "it is WebAssembly text: assemble it first, with `wasm-tools parse`"
    } else if MAGIC.starts_with(bytes) || (bytes.starts_with(MAGIC) && bytes.len() < 8) {
        "it is cut off: only its first bytes are there"
    } else if !bytes.starts_with(MAGIC) {
        "it is no WebAssembly"
    } else if bytes[4..8] == MODULE_VERSION {
        "it is a core module, not a component: build it for the target wasm32-wasip2, or make a component of it with \
         `wasm-tools component new`"
    } else if bytes[4..8] != COMPONENT_VERSION {
        "it is WebAssembly of a kind that this version of SparkQ does not know"
    } else {
        return Ok(());
    };
    Err(Failure::load(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(bytes: &[u8]) -> String {
        look(bytes).expect_err("no component").message
    }

    #[test]
    fn what_is_no_component_is_told_by_its_first_bytes() {
        assert_eq!(why(b""), "it is empty");
        assert!(why(b"\0as").contains("cut off"));
        assert!(why(b"\0asm\x0d\0").contains("cut off"));
        assert!(why(b"\0asm\x01\0\0\0more").contains("core module"));
        assert!(why(b"\0asm\x09\0\0\0more").contains("does not know"));
        assert!(why(b"\x7fELF\x02").contains("compiled already"));
        assert!(why(b"\n(component)").contains("text"));
        assert!(why(b"#!/bin/sh").contains("no WebAssembly"));
        assert!(look(b"\0asm\x0d\0\x01\0").is_ok());
    }
}
