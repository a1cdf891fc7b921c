//! Compiled components, kept between processes: compiling takes a hundred times as long as loading.
//!
//! An artefact is native code. So its folder must be the user's own and closed to others, and a file that differs
//! from the digest beside it is compiled anew, never loaded.

mod room;

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::compile::Compiler;
use crate::file::PluginFile;
use crate::instance::Failure;
use crate::{Settings, source};

/// The compiled component: from the cache when it is there and whole, else compiled and put there.
pub(crate) fn component(
    engine: &Engine,
    settings: &Settings,
    file: &PluginFile,
) -> Result<Component, Failure> {
    let bytes = source::read(file)?;
    let dir = settings.cache_dir.as_deref();
    let entry = dir.and_then(|dir| Entry::of(engine, dir, &file.digest));
    if let Some(component) = entry.as_ref().and_then(|entry| entry.load(engine)) {
        return Ok(component);
    }
    tracing::debug!(target: "sparkq_runtime", plugin = %file.name, "compiling a plugin");
    let Some(compiler) = &settings.compiler else {
        let component = compile_here(engine, &bytes)?;
        if let Some(entry) = entry {
            let saved = component
                .serialize()
                .map_err(io::Error::other)
                .and_then(|artefact| replace(&entry.artefact, &artefact).map(|()| artefact))
                .and_then(|artefact| entry.seal(&Sha256::digest(&artefact)));
            saved.unwrap_or_else(|error| entry.cannot_keep(&error));
        }
        return Ok(component);
    };
    compile_aside(engine, compiler, entry, file, &bytes)
}

fn compile_here(engine: &Engine, bytes: &[u8]) -> Result<Component, Failure> {
    catch_unwind(AssertUnwindSafe(|| Component::from_binary(engine, bytes)))
        .map_err(|_| Failure::load("it makes the compiler panic"))?
        .map_err(|error| unreadable(&format!("{error:#}")))
}

/// What the compiler says of a component that it cannot read.
pub(crate) fn unreadable(why: &str) -> Failure {
    let cut_off = why.contains("out of bounds (bound") || why.contains("unexpected end");
    let begins = if cut_off { "it is cut off: " } else { "" };
    Failure::load(&format!("{begins}{why}"))
}

/// Has a child compile into a file of ours, which becomes the entry, or goes when there is none.
fn compile_aside(
    engine: &Engine,
    compiler: &Compiler,
    entry: Option<Entry>,
    file: &PluginFile,
    bytes: &[u8],
) -> Result<Component, Failure> {
    let no_file = |error: io::Error| {
        Failure::load(&format!(
            "there is no place for what it is compiled to: {error}"
        ))
    };
    let artefact = match entry.as_ref().and_then(|entry| entry.artefact.parent()) {
        Some(dir) => NamedTempFile::new_in(dir),
        None => NamedTempFile::new(),
    };
    let mut artefact = artefact.map_err(no_file)?;
    let mut written = Hashed {
        file: artefact.as_file_mut(),
        digest: Sha256::new(),
    };
    compiler.compile(bytes, &file.limits, &mut written)?;
    let digest = written.digest.finalize();
    let component = deserialize(engine, artefact.path())
        .map_err(|error| Failure::load(&format!("{error:#}")))?;
    if let Some(entry) = entry {
        let kept = artefact.persist(&entry.artefact);
        kept.map_err(io::Error::from)
            .and_then(|_| entry.seal(&digest))
            .unwrap_or_else(|error| entry.cannot_keep(&error));
    }
    Ok(component)
}

/// A file, and the digest of what was written to it.
struct Hashed<'a> {
    file: &'a mut File,
    digest: Sha256,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Loads an artefact of our own.
fn deserialize(engine: &Engine, artefact: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file was written by this program or its child, as its digest shows where it comes from the cache, in a
    // folder that nobody else can write to, and it is only ever replaced by renaming, never written in place.
    #[expect(
        unsafe_code,
        reason = "one of the three named exceptions: loading an artefact of our own"
    )]
    unsafe {
        Component::deserialize_file(engine, artefact)
    }
}

/// Where one component's artefact lies, and the digest that tells whether it is whole.
struct Entry {
    artefact: PathBuf,
    digest: PathBuf,
}

impl Entry {
    fn of(engine: &Engine, dir: &Path, digest: &str) -> Option<Self> {
        if let Err(error) = make_private(dir) {
            tracing::warn!(target: "sparkq_runtime", path = %dir.display(), %error, "compiled plugins are not kept");
            return None;
        }
        let mut compatibility = DefaultHasher::new();
        engine
            .precompile_compatibility_hash()
            .hash(&mut compatibility);
        let name = format!("{digest}-{:016x}", compatibility.finish());
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
        deserialize(engine, &self.artefact)
            .inspect_err(|error| tracing::debug!(target: "sparkq_runtime", %error, "a compiled plugin is of no use"))
            .ok()
    }

    /// Notes the digest of the artefact that lies there, without which none is ever loaded, and has old ones make room.
    fn seal(&self, digest: &[u8]) -> io::Result<()> {
        replace(&self.digest, hex(digest).as_bytes())?;
        let dir = self.artefact.parent().unwrap_or(Path::new("."));
        room::make(dir, room::MOST)
    }

    fn cannot_keep(&self, error: &io::Error) {
        tracing::warn!(target: "sparkq_runtime", path = %self.artefact.display(), %error, "cannot keep a compiled plugin");
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(dir)?;
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

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
