//! The stylesheets, which lie beside what they style.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The stylesheets that others build on, in their order.
const FIRST_STYLES: [&str; 2] = ["style/tokens.css", "style/base.css"];

/// All stylesheets below `src` in one: the tokens, the base, then the rest by path.
pub(super) fn styles(src: &Path) -> Result<String> {
    let mut found = Vec::new();
    find_styles(src, &mut found)?;
    found.sort_by_key(|path| {
        let rank = FIRST_STYLES.iter().position(|first| path.ends_with(first));
        (rank.unwrap_or(FIRST_STYLES.len()), path.clone())
    });
    let mut all = String::new();
    for path in found {
        let style =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        all.push_str(style.trim_end());
        all.push('\n');
    }
    Ok(all)
}

fn find_styles(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find_styles(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "css") {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_base_come_before_the_styles_that_use_them() -> Result<()> {
        let src = tempfile::tempdir()?;
        for style in [
            "kit/badge.css",
            "app.css",
            "style/base.css",
            "style/tokens.css",
        ] {
            let path = src.path().join(style);
            fs::create_dir_all(path.parent().unwrap_or(src.path()))?;
            fs::write(path, format!("/* {style} */\n\n"))?;
        }
        fs::write(src.path().join("main.rs"), "fn main() {}")?;
        assert_eq!(
            styles(src.path())?,
            "/* style/tokens.css */\n/* style/base.css */\n/* app.css */\n/* kit/badge.css */\n"
        );
        Ok(())
    }
}
