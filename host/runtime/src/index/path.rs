//! Paths of the index: relative to the project, `/` between parts, and never out of it.

use std::path::{Component, Path, PathBuf};

/// The path without `.` and doubled `/`; none when it is absolute, goes up, or is the project itself.
pub(crate) fn clean(path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\0') {
        return None;
    }
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    if parts.is_empty() || parts.contains(&"..") {
        return None;
    }
    Some(parts.join("/"))
}

/// A folder to walk; may be the project itself.
pub(crate) fn folder(dir: &str) -> Option<PathBuf> {
    let inside = Path::new(dir)
        .components()
        .all(|part| matches!(part, Component::CurDir | Component::Normal(_)));
    if !inside {
        tracing::warn!(target: "sparkq_runtime", dir, "a script folder outside the project is not looked at");
        return None;
    }
    Some(clean(dir).unwrap_or_default().into())
}

/// Orders `known` by likeness to `path`, best first. What counts is the whole path, or the file's name when that is
/// closer: the right script in the wrong folder is a common slip.
pub(crate) fn nearest(
    path: &str,
    known: impl Iterator<Item = String>,
    limit: usize,
) -> Vec<String> {
    let given = path.to_lowercase();
    let likeness = |known: &str| {
        let known = known.to_lowercase();
        let whole = strsim::normalized_damerau_levenshtein(&given, &known);
        let name = strsim::normalized_damerau_levenshtein(file_name(&given), file_name(&known));
        whole.max(name) + whole / 100.0
    };
    let mut ranked: Vec<(f64, String)> = known.map(|known| (likeness(&known), known)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked.truncate(limit);
    ranked.into_iter().map(|(_, path)| path).collect()
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cleaned_and_never_leaves_the_project() {
        for (given, clean_path) in [
            ("./a//b.sh", Some("a/b.sh")),
            ("a/b.sh", Some("a/b.sh")),
            ("a/../b", None),
            ("/a", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(clean(given).as_deref(), clean_path, "{given}");
        }
    }

    #[test]
    fn the_nearest_path_is_alike_as_a_whole_or_by_its_file_name() {
        let known = || {
            ["scripts/build.sh", "scripts/deploy.sh", "tools/hello.sh"]
                .map(String::from)
                .into_iter()
        };
        assert_eq!(
            nearest("scripts/biuld.sh", known(), 1),
            ["scripts/build.sh"]
        );
        assert_eq!(nearest("scripts/hello.sh", known(), 1), ["tools/hello.sh"]);
        assert_eq!(nearest("x", known(), 2).len(), 2);
    }
}
