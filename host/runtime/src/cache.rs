//! Compiled components, kept between processes: compiling takes a hundred times as long as loading.
//!
//! An artefact is native code. So its folder must be the user's own and closed to others, and a file that differs
//! from the digest beside it is compiled anew, never loaded.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::PluginFile;
use crate::instance::Failure;

/// The compiled component: from the cache when it is there and whole, else compiled and put there.
pub(crate) fn component(
    engine: &Engine,
    cache_dir: Option<&Path>,
    file: &PluginFile,
) -> Result<Component, Failure> {
    let Some(entry) = cache_dir.and_then(|dir| Entry::of(engine, dir, file)) else {
        return compile(engine, file);
    };
    if let Some(component) = entry.load(engine) {
        return Ok(component);
    }
    let component = compile(engine, file)?;
    if let Err(error) = entry.save(&component) {
        tracing::warn!(target: "sparkq_runtime", path = %entry.artefact.display(), %error, "cannot keep a compiled plugin");
    }
    Ok(component)
}

fn compile(engine: &Engine, file: &PluginFile) -> Result<Component, Failure> {
    tracing::debug!(target: "sparkq_runtime", plugin = %file.name, "compiling a plugin");
    catch_unwind(AssertUnwindSafe(|| {
        Component::from_binary(engine, &file.bytes)
    }))
    .map_err(|_| Failure::load("it makes the compiler panic"))?
    .map_err(|error| Failure::load(&format!("{error:#}")))
}

/// Where one component's artefact lies, and the digest that tells whether it is whole.
struct Entry {
    artefact: PathBuf,
    digest: PathBuf,
}

impl Entry {
    fn of(engine: &Engine, dir: &Path, file: &PluginFile) -> Option<Self> {
        if let Err(error) = make_private(dir) {
            tracing::warn!(target: "sparkq_runtime", path = %dir.display(), %error, "compiled plugins are not kept");
            return None;
        }
        let mut compatibility = DefaultHasher::new();
        engine
            .precompile_compatibility_hash()
            .hash(&mut compatibility);
        let name = format!("{}-{:016x}", file.digest, compatibility.finish());
        Some(Self {
            artefact: dir.join(format!("{name}.cwasm")),
            digest: dir.join(format!("{name}.sha256")),
        })
    }

    fn load(&self, engine: &Engine) -> Option<Component> {
        let expected = fs::read_to_string(&self.digest).ok()?;
        if hex(&Sha256::digest(fs::read(&self.artefact).ok()?)) != expected.trim_end() {
            tracing::debug!(target: "sparkq_runtime", path = %self.artefact.display(), "a compiled plugin is damaged");
            return None;
        }
        // SAFETY: the file is one that `save` wrote, as its digest shows, in a folder that nobody else can write to,
        // and it is only ever replaced by renaming, never written in place.
        #[expect(
            unsafe_code,
            reason = "one of the three named exceptions: loading an artefact of our own"
        )]
        let loaded = unsafe { Component::deserialize_file(engine, &self.artefact) };
        loaded
            .inspect_err(|error| tracing::debug!(target: "sparkq_runtime", %error, "a compiled plugin is of no use"))
            .ok()
    }

    fn save(&self, component: &Component) -> io::Result<()> {
        let artefact = component.serialize().map_err(io::Error::other)?;
        let digest = hex(&Sha256::digest(&artefact));
        replace(&self.artefact, &artefact)?;
        replace(&self.digest, digest.as_bytes())
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// Makes the folder, 0700, and refuses one that somebody else could put native code into.
fn make_private(dir: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)?;
    let me = rustix::process::geteuid().as_raw();
    // Where every user has a group of the same number, what that group may write only its user may.
    let my_group = rustix::process::getegid().as_raw() == me;
    let dir = fs::canonicalize(dir)?;
    for (depth, folder) in dir.ancestors().enumerate() {
        let found = fs::metadata(folder)?;
        let (mode, owner) = (found.mode(), found.uid());
        // Root can do anything anyway; in a sticky folder, like /tmp, nobody can rename what is another's.
        let trusted = owner == me || (depth > 0 && owner == 0);
        let open_to = mode
            & if depth > 0 && my_group && found.gid() == me {
                0o002
            } else {
                0o022
            };
        let closed = open_to == 0 || (depth > 0 && mode & 0o1000 != 0);
        if !trusted || !closed {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("{} could be written by others", folder.display()),
            ));
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
