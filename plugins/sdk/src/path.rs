//! Paths in payloads: relative to the project's folder, `/` between their parts, and never out of it.

/// The path without `.` and doubled `/`; the project's own folder is `.`.
#[must_use]
pub fn clean(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    if parts.is_empty() {
        return ".".to_owned();
    }
    parts.join("/")
}

/// [`clean`] for each path, and each path once.
#[must_use]
pub fn clean_all(paths: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(paths.len());
    let mut seen = std::collections::HashSet::with_capacity(paths.len());
    for path in paths.iter().map(|path| clean(path)) {
        if seen.insert(path.clone()) {
            kept.push(path);
        }
    }
    kept
}

/// The folder that a path lies in; `.` for what lies in the project's own.
#[must_use]
pub fn folder(path: &str) -> String {
    let path = clean(path);
    match path.rsplit_once('/') {
        Some((folder, _)) => folder.to_owned(),
        None => ".".to_owned(),
    }
}

/// Whether the path leads out of the project: absolute, up through `..`, or into a home folder with `~`.
///
/// Links are not seen here: this looks at the path alone.
#[must_use]
pub fn leaves_the_project(path: &str) -> bool {
    path.starts_with('/')
        || clean(path).starts_with('~')
        || path.split('/').any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cleaned_once_and_for_all() {
        for (given, expected) in [("./a//b/", "a/b"), ("a", "a"), ("./", "."), ("", ".")] {
            assert_eq!(clean(given), expected, "{given}");
            assert_eq!(clean(&clean(given)), expected, "{given}");
        }
    }

    #[test]
    fn a_path_that_was_given_twice_is_kept_once() {
        let paths = ["b", "./a", "a/", "b"].map(str::to_owned);
        assert_eq!(clean_all(&paths), ["b", "a"]);
    }

    #[test]
    fn a_path_lies_in_a_folder() {
        for (path, expected) in [
            ("a/b/c.md", "a/b"),
            ("./a//b/", "a"),
            ("a", "."),
            (".", "."),
        ] {
            assert_eq!(folder(path), expected, "{path}");
        }
    }

    #[test]
    fn a_path_that_goes_up_or_starts_elsewhere_leaves_the_project() {
        for path in ["/etc", "../a", "a/../b", "a/..", "~/a", "~", "./~root/a"] {
            assert!(leaves_the_project(path), "{path}");
        }
        for path in ["a..b", "a/.hidden", "...", "a~", "a/~b", ""] {
            assert!(!leaves_the_project(path), "{path}");
        }
    }
}
