//! Compresses the page's files once, when they are built, so that the server never has to.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::Files;

/// Adds each file's compressed forms beside it, as `X.br` and `X.gz`, where they are smaller.
/// Those of a file that has not changed since the last build are taken from `folder`, where that one wrote.
pub(super) fn squeeze(files: &mut Files, folder: &Path) -> Result<()> {
    let mut squeezed = Files::new();
    for (path, content) in files.iter() {
        let unchanged = fs::read(folder.join(path)).is_ok_and(|old| old == *content);
        for (ending, pack) in [("br", brotli as Pack), ("gz", gzip)] {
            let beside = format!("{path}.{ending}");
            let packed = match fs::read(folder.join(&beside)) {
                Ok(packed) if unchanged => packed,
                _ => pack(content).with_context(|| format!("cannot compress {path}"))?,
            };
            if packed.len() < content.len() {
                squeezed.insert(beside, packed);
            }
        }
    }
    files.extend(squeezed);
    Ok(())
}

type Pack = fn(&[u8]) -> Result<Vec<u8>>;

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut packed, &params)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content)?;
    Ok(packer.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    fn page(css: &str) -> Files {
        Files::from([
            ("ui/tiny.css".to_owned(), b"a".to_vec()),
            ("ui/page.css".to_owned(), css.repeat(100).into_bytes()),
        ])
    }

    #[test]
    fn what_becomes_smaller_is_compressed_and_unpacks_to_the_same() -> Result<()> {
        let mut files = page("p { margin: 0 }");
        squeeze(&mut files, Path::new("nowhere"))?;
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "ui/page.css",
                "ui/page.css.br",
                "ui/page.css.gz",
                "ui/tiny.css"
            ]
        );
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &*files["ui/page.css.br"], &mut unpacked)?;
        assert_eq!(unpacked, files["ui/page.css"]);
        unpacked.clear();
        GzDecoder::new(&*files["ui/page.css.gz"]).read_to_end(&mut unpacked)?;
        assert_eq!(unpacked, files["ui/page.css"]);
        Ok(())
    }

    #[test]
    fn a_file_that_has_not_changed_is_not_compressed_again() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::create_dir(folder.path().join("ui"))?;
        let mut files = page("p { margin: 0 }");
        fs::write(folder.path().join("ui/page.css"), &files["ui/page.css"])?;
        fs::write(folder.path().join("ui/page.css.br"), "kept")?;
        squeeze(&mut files, folder.path())?;
        assert_eq!(files["ui/page.css.br"], b"kept");

        let mut files = page("p { margin: 1px }");
        squeeze(&mut files, folder.path())?;
        assert_ne!(files["ui/page.css.br"], b"kept");
        Ok(())
    }
}
