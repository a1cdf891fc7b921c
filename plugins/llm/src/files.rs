//! The files that a payload names: those to read must be there, the one to write must be possible.

use sparkq_plugin::issues::{Issues, below};
use sparkq_plugin::look::{Found, Look};
use sparkq_plugin::path;
use strsim::osa_distance;

/// How many of ten characters before the extension may be wrong for one name to be a slip of another.
const SLIPS: usize = 3;

/// For how many files that are not there a similar name is looked for; each costs a look through a folder.
const CORRECTED: usize = 3;

/// The most characters of a name that is compared, because the work grows with their square.
const LONGEST: usize = 60;

/// Adds what is wrong with the files that the worker is to read.
pub(crate) fn check_context(
    issues: &mut Issues,
    pointer: &str,
    files: &[String],
    project: &impl Look,
) {
    let mut missing = 0;
    for (place, file) in files.iter().enumerate() {
        let pointer = below(pointer, place);
        if issues.check_path(pointer.as_str(), file) {
            check_there(issues, &pointer, file, project, &mut missing);
        }
    }
}

/// Adds an error when there is no such file. `missing` counts those that are not there.
fn check_there(
    issues: &mut Issues,
    pointer: &str,
    file: &str,
    project: &impl Look,
    missing: &mut usize,
) {
    match project.at(file) {
        Found::File { .. } | Found::Unknown => {}
        Found::Folder => {
            let message = "is a folder, and files are needed: name those of it that matter";
            issues.error(pointer, "conflict", message);
        }
        Found::Nothing => {
            let message = "is not there: it has to be written first, or left out";
            let mut issue = issues.error(pointer, "not-found", message);
            issue.expected("a file, relative to the folder of `sparkq.toml`");
            *missing += 1;
            if *missing <= CORRECTED
                && let Some(nearest) = nearest(file, project)
            {
                issue.suggest(nearest);
            }
        }
    }
}

/// Adds what is wrong with the file that the worker is to write, which need not be there yet.
pub(crate) fn check_output(issues: &mut Issues, pointer: &str, file: &str, project: &impl Look) {
    if !issues.check_file(pointer, file) {
        return;
    }
    match project.at(file) {
        Found::File { .. } | Found::Unknown => {}
        Found::Folder => {
            let example = format!("a file in it, such as {}/answer.md", path::clean(file));
            issues
                .error(pointer, "conflict", "is a folder, and a file is needed")
                .expected(example);
        }
        Found::Nothing => check_folder(issues, pointer, file, project),
    }
}

/// Adds what is wrong with the folder of a file that is not there.
fn check_folder(issues: &mut Issues, pointer: &str, file: &str, project: &impl Look) {
    let folder = path::folder(file);
    match project.at(&folder) {
        Found::Folder | Found::Unknown => {}
        Found::File { .. } => {
            let message = format!("cannot be written, because `{folder}` is a file");
            issues.error(pointer, "conflict", message);
        }
        Found::Nothing => {
            let message =
                format!("its folder `{folder}` is not there, so the worker has to make it");
            issues.warning(pointer, "not-found", message);
        }
    }
}

/// The file of the same folder whose name is hardly another one.
fn nearest(file: &str, project: &impl Look) -> Option<String> {
    let given = name(&path::clean(file)).to_lowercase();
    let length = given.chars().count();
    if length > LONGEST {
        return None;
    }
    let stem = given.rsplit_once('.').map_or(&*given, |(stem, _)| stem);
    let bound = stem.chars().count() * SLIPS / 10;
    let slips = |file: &String| {
        let name = name(file).to_lowercase();
        let fits = length.abs_diff(name.chars().count()) <= bound;
        let slips = fits.then(|| osa_distance(&given, &name));
        slips.filter(|slips| *slips <= bound)
    };
    let files = project.files_in(&path::folder(file)).into_iter();
    let alike = files.filter_map(|file| Some((slips(&file)?, file)));
    alike.min().map(|(_, file)| file)
}

/// The last part of a path.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THERE: Found = Found::File { empty: false };

    const PROJECT: [(&str, Found); 7] = [
        ("README.md", THERE),
        ("docs/a.md", THERE),
        ("docs", Found::Folder),
        ("docs/guide.md", THERE),
        ("docs/guides.txt", THERE),
        ("docs/old", Found::Folder),
        ("secret", Found::Unknown),
    ];

    /// Severity, code and suggestion of what is found about a path.
    fn found(check: impl Fn(&mut Issues, &str), path: &str) -> Vec<String> {
        let mut issues = Issues::default();
        check(&mut issues, path);
        let issues = issues.into_vec().into_iter();
        issues
            .map(|issue| {
                let suggestion = issue.suggestion.unwrap_or_default();
                format!("{:?} {} {suggestion}", issue.severity, issue.code)
            })
            .collect()
    }

    fn context(path: &str) -> Vec<String> {
        found(
            |issues, path| check_context(issues, "/context_files", &[path.to_owned()], &PROJECT),
            path,
        )
    }

    fn output(path: &str) -> Vec<String> {
        found(
            |issues, path| check_output(issues, "/output_path", path, &PROJECT),
            path,
        )
    }

    #[test]
    fn a_file_to_read_has_to_be_there_and_a_slip_of_the_pen_is_corrected() {
        for fine in ["README.md", "./docs//guide.md", "secret"] {
            assert_eq!(context(fine), [""; 0], "{fine}");
        }
        for (path, expected) in [
            (
                "docs/giude.md",
                r#"Severity::Error not-found "docs/guide.md""#,
            ),
            ("Readme.md", r#"Severity::Error not-found "README.md""#),
            ("docs/api.md", "Severity::Error not-found "),
            ("docs/b.md", "Severity::Error not-found "),
            ("nowhere/guide.md", "Severity::Error not-found "),
            ("docs", "Severity::Error conflict "),
            (".", "Severity::Error conflict "),
            ("../README.md", "Severity::Error conflict "),
        ] {
            assert_eq!(context(path), [expected], "{path}");
        }
    }

    #[test]
    fn of_many_files_that_are_not_there_the_first_are_corrected() {
        let files = vec!["docs/giude.md".to_owned(); 5];
        let mut issues = Issues::default();
        check_context(&mut issues, "/context_files", &files, &PROJECT);
        let issues = issues.into_vec();
        let corrected = issues.iter().filter(|issue| issue.suggestion.is_some());
        assert_eq!((issues.len(), corrected.count()), (5, CORRECTED));
        assert_eq!(issues[4].pointer, "/context_files/4");
        let long = format!("docs/{}", "x".repeat(4000));
        assert_eq!(context(&long), ["Severity::Error not-found "]);
    }

    #[test]
    fn a_file_to_write_has_to_be_possible_and_its_folder_may_be_made() {
        for fine in ["new.md", "README.md", "docs/new.md", "secret/new.md"] {
            assert_eq!(output(fine), [""; 0], "{fine}");
        }
        for (path, expected) in [
            ("docs/old", "Severity::Error conflict "),
            ("README.md/new.md", "Severity::Error conflict "),
            ("docs/", "Severity::Error conflict "),
            ("report/new.md", "Severity::Warning not-found "),
        ] {
            assert_eq!(output(path), [expected], "{path}");
        }
    }
}
