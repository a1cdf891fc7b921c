//! The stylesheets, which lie beside what they style.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The stylesheets that others build on, in their order.
const FIRST_STYLES: [&str; 2] = ["style/tokens.css", "style/base.css"];

/// Components of the kit that no page of the first visit draws.
const OF_PARTS: [&str; 12] = [
    "kit/console.css",
    "kit/count_links.css",
    "kit/dialog.css",
    "kit/field.css",
    "kit/issues.css",
    "kit/keys_help.css",
    "kit/markdown.css",
    "kit/name_field.css",
    "kit/script_facts.css",
    "kit/timeline.css",
    "kit/tool_facts.css",
    "kit/tree.css",
];

/// The stylesheets below `ui/src`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Styles {
    /// What the first visit needs: the tokens, the base, then the rest by path.
    pub(super) first: String,
    /// What comes with the first of the other pages.
    pub(super) parts: String,
}

/// Reads all stylesheets below `src`.
pub(super) fn styles(src: &Path) -> Result<Styles> {
    let mut found = Vec::new();
    find_styles(src, &mut found)?;
    found.sort_by_key(|path| {
        let rank = FIRST_STYLES.iter().position(|first| path.ends_with(first));
        (rank.unwrap_or(FIRST_STYLES.len()), path.clone())
    });
    let mut styles = Styles::default();
    for path in found {
        let style =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let all = if is_of_parts(path.strip_prefix(src)?) {
            &mut styles.parts
        } else {
            &mut styles.first
        };
        all.push_str(style.trim_end());
        all.push('\n');
    }
    Ok(styles)
}

/// Whether only pages that are loaded later are drawn with this.
fn is_of_parts(path: &Path) -> bool {
    let is_page = path.starts_with("page") && !path.starts_with("page/dashboard");
    let is_dashboard = path == Path::new("page/dashboard.css");
    is_page && !is_dashboard || OF_PARTS.iter().any(|name| path == Path::new(name))
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
    fn tokens_and_base_come_first_and_what_other_pages_use_comes_with_them() -> Result<()> {
        let src = tempfile::tempdir()?;
        for style in [
            "kit/badge.css",
            "kit/tree.css",
            "app.css",
            "page/dashboard.css",
            "page/dashboard/lanes.css",
            "page/task.css",
            "page/tasks/list.css",
            "style/base.css",
            "style/tokens.css",
        ] {
            let path = src.path().join(style);
            fs::create_dir_all(path.parent().unwrap_or(src.path()))?;
            fs::write(path, format!("/* {style} */\n\n"))?;
        }
        fs::write(src.path().join("main.rs"), "fn main() {}")?;
        let told = |paths: &[&str]| {
            let told = paths.iter().map(|path| format!("/* {path} */\n"));
            told.collect::<String>()
        };
        let first = told(&[
            "style/tokens.css",
            "style/base.css",
            "app.css",
            "kit/badge.css",
            "page/dashboard/lanes.css",
            "page/dashboard.css",
        ]);
        let parts = told(&["kit/tree.css", "page/task.css", "page/tasks/list.css"]);
        assert_eq!(styles(src.path())?, Styles { first, parts });
        Ok(())
    }
}
