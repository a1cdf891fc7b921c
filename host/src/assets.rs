//! What the program carries inside itself: the web page and the built-in plugins.
//!
//! `cargo xtask build` writes both, `build.rs` finds them. Hashes are made when the program is
//! compiled, so nothing is hashed when it starts.

use std::borrow::Cow;
use std::fmt::Write as _;

use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use sparkq_runtime::PluginFile;

#[derive(RustEmbed)]
#[folder = "$SPARKQ_ASSETS/ui"]
struct Page;

#[derive(RustEmbed)]
#[folder = "$SPARKQ_ASSETS/plugins"]
struct Plugins;

/// A compressed form that a file of the page has beside it, if that is smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

impl Packing {
    /// All of them, the smallest first.
    pub(crate) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// For `Content-Encoding`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// One file of the web page, with what its answer's headers say.
#[derive(Debug, Clone)]
pub(crate) struct Asset {
    /// The content, as it is sent.
    pub(crate) bytes: Cow<'static, [u8]>,
    /// For `Content-Type`.
    pub(crate) content_type: &'static str,
    /// For `ETag`, with its quotes. Each form of a file has its own.
    pub(crate) etag: String,
    /// Whether the name holds a hash of the content, so that it may be kept for ever.
    pub(crate) immutable: bool,
    /// How the content is compressed.
    pub(crate) packing: Option<Packing>,
    /// Whether another client may be given another form.
    pub(crate) varies: bool,
}

impl Asset {
    /// A file that is made while the program runs, and may change with it.
    pub(crate) fn made(text: String, content_type: &'static str) -> Self {
        let digest = Sha256::digest(&text);
        Self {
            etag: format!("\"{}\"", &hex(&digest)[..16]),
            bytes: Cow::Owned(text.into_bytes()),
            content_type,
            immutable: false,
            packing: None,
            varies: false,
        }
    }
}

/// Returns the file at the path of a URL, in the first of the `accepted` forms that it has, or plain; `/` is the shell,
/// `index.html`.
///
/// The addresses of the page's views are no files: whoever serves them answers with the shell.
pub(crate) fn page(path: &str, accepted: &[Packing]) -> Option<Asset> {
    let path = match path.trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    // The forms have no addresses of their own.
    if Packing::ALL
        .iter()
        .any(|packing| path.ends_with(packing.ending()))
    {
        return None;
    }
    let plain = Page::get(path)?;
    let packed =
        |packing: &Packing| Some((*packing, Page::get(&format!("{path}{}", packing.ending()))?));
    let (packing, file) = match accepted.iter().find_map(packed) {
        Some((packing, file)) => (Some(packing), file),
        None => (None, plain),
    };
    Some(Asset {
        content_type: content_type(path),
        etag: format!("\"{}\"", &digest(&file)[..16]),
        immutable: path.starts_with("assets/"),
        bytes: file.data,
        packing,
        varies: true,
    })
}

/// Returns the built-in plugins, named as their files are, by name.
pub(crate) fn plugins() -> Vec<PluginFile> {
    Plugins::iter()
        .filter_map(|path| {
            let file = Plugins::get(&path)?;
            let name = path.strip_suffix(".wasm")?;
            Some(PluginFile::new(name, digest(&file), file.data))
        })
        .collect()
}

/// The SHA-256 of a file in hex, as it was at compile time.
fn digest(file: &EmbeddedFile) -> String {
    hex(&file.metadata.sha256_hash())
}

/// Spells `bytes` in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
