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

/// One file of the web page, with what its answer's headers say.
#[derive(Debug, Clone)]
pub(crate) struct Asset {
    /// The content.
    pub(crate) bytes: Cow<'static, [u8]>,
    /// For `Content-Type`.
    pub(crate) content_type: &'static str,
    /// For `ETag`, with its quotes.
    pub(crate) etag: String,
    /// Whether the name holds a hash of the content, so that it may be kept for ever.
    pub(crate) immutable: bool,
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
        }
    }
}

/// Returns the file at the path of a URL; `/` is the shell, `index.html`.
///
/// The addresses of the page's views are no files: whoever serves them answers with the shell.
pub(crate) fn page(path: &str) -> Option<Asset> {
    let path = match path.trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let file = Page::get(path)?;
    Some(Asset {
        content_type: content_type(path),
        etag: format!("\"{}\"", &digest(&file)[..16]),
        immutable: path.starts_with("assets/"),
        bytes: file.data,
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
mod tests {
    use sparkq_runtime::Source;

    use super::*;

    #[test]
    fn the_shell_may_change_and_what_it_names_may_not() {
        let shell = page("/").expect("the shell is embedded");
        assert_eq!(shell.content_type, "text/html; charset=utf-8");
        assert!(!shell.immutable);

        let html = String::from_utf8_lossy(&shell.bytes).into_owned();
        let named: Vec<&str> = html
            .split('"')
            .filter(|part| part.starts_with("/assets/"))
            .collect();
        assert!(named.len() >= 2, "stylesheet and program: {named:?}");
        for path in named {
            assert!(page(path).is_some_and(|asset| asset.immutable), "{path}");
        }
        assert!(page("/assets/nothing.js").is_none());
    }

    #[test]
    fn plugins_are_components_with_their_digest() {
        let plugins = plugins();
        assert!(plugins.iter().any(|plugin| plugin.name == "scripts"));
        for plugin in plugins {
            let Source::Bytes(bytes) = plugin.source else {
                panic!("{} is in the program", plugin.name);
            };
            assert!(bytes.starts_with(b"\0asm"), "{}", plugin.name);
            assert_eq!(plugin.digest.len(), 64);
        }
    }
}
