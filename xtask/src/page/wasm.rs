//! The sections of a wasm module.

use anyhow::{Context, Result};

/// Returns a module without its custom sections: names and notes of those who made it, which no browser needs.
pub(super) fn without_notes(module: &[u8]) -> Result<Vec<u8>> {
    let cut_off = "a module ends within a section";
    let (mut kept, mut rest) = module.split_at_checked(8).context(cut_off)?;
    let mut stripped = kept.to_vec();
    while let Some((kind, after)) = rest.split_first() {
        let (length, header) = number(after).context(cut_off)?;
        let end = 1 + header + length;
        (kept, rest) = rest.split_at_checked(end).context(cut_off)?;
        if *kind != 0 {
            stripped.extend_from_slice(kept);
        }
    }
    Ok(stripped)
}

/// Reads a number in LEB128 and how many bytes it takes.
fn number(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        number |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_custom_sections_are_taken_out() -> Result<()> {
        let preamble = b"\0asm\x01\0\0\0";
        let types = b"\x01\x04\x01\x60\0\0";
        // Its length is written in more bytes than it needs, as linkers do.
        let name = b"\0\x85\x80\0\x04name";
        let module = [&preamble[..], name, types, name].concat();
        assert_eq!(without_notes(&module)?, [&preamble[..], types].concat());
        assert!(without_notes(&module[..module.len() - 1]).is_err());
        Ok(())
    }
}
