//! Findings about a payload, collected one after the other so that all are told at once.

use std::fmt::Display;

use serde::Serialize;

use crate::path;
use crate::types::{Issue, Pointer, Severity};

/// The findings so far.
///
/// ```
/// # use sparkq_plugin::issues::Issues;
/// let mut issues = Issues::default();
/// issues
///     .error("/mode", "enum", "is no mode")
///     .expected("one of: debug, release")
///     .suggest("release");
/// let issue = &issues.into_vec()[0];
/// assert_eq!(issue.suggestion.as_deref(), Some(r#""release""#));
/// ```
#[derive(Debug, Default)]
pub struct Issues(Vec<Issue>);

/// A finding that was just added, for more to be said about it.
#[derive(Debug)]
pub struct Added<'a>(&'a mut Issue);

impl Issues {
    /// Adds what stands in the way of the payload at `pointer`. `message` is one sentence without the field's name.
    pub fn error(
        &mut self,
        pointer: impl Into<Pointer>,
        code: &str,
        message: impl Into<String>,
    ) -> Added<'_> {
        self.add(Severity::Error, pointer.into(), code, message.into())
    }

    /// Adds what a person should look at, and which stands in nobody's way.
    pub fn warning(
        &mut self,
        pointer: impl Into<Pointer>,
        code: &str,
        message: impl Into<String>,
    ) -> Added<'_> {
        self.add(Severity::Warning, pointer.into(), code, message.into())
    }

    fn add(
        &mut self,
        severity: Severity,
        pointer: Pointer,
        code: &str,
        message: String,
    ) -> Added<'_> {
        Added(self.0.push_mut(Issue {
            pointer,
            code: code.to_owned(),
            message,
            severity,
            expected: None,
            suggestion: None,
        }))
    }

    /// Adds an error when `text` is empty or nothing but white space. Tells whether it is fine.
    pub fn check_text(&mut self, pointer: impl Into<Pointer>, text: &str) -> bool {
        let blank = text.trim().is_empty();
        if blank {
            self.error(pointer, "required", "must not be blank");
        }
        !blank
    }

    /// Adds an error when `path` is blank or leads out of the project. Tells whether it is fine.
    pub fn check_path(&mut self, pointer: impl Into<Pointer>, path: &str) -> bool {
        let pointer = pointer.into();
        if !self.check_text(pointer.as_str(), path) {
            return false;
        }
        let leaves = path::leaves_the_project(path);
        if leaves {
            self.error(pointer, "conflict", "leads out of the project's folder")
                .expected("a path inside the project, relative to its folder");
        }
        !leaves
    }

    /// [`check_path`](Self::check_path) for a path that names a file, and so neither the project's own folder nor
    /// anything that ends in `/`.
    pub fn check_file(&mut self, pointer: impl Into<Pointer>, path: &str) -> bool {
        let pointer = pointer.into();
        if !self.check_path(pointer.as_str(), path) {
            return false;
        }
        let folder = path.ends_with('/') || path::clean(path) == "." || path.ends_with("/.");
        if folder {
            self.error(pointer, "conflict", "is a folder, and a file is needed");
        }
        !folder
    }

    /// All findings, in the order in which they were added.
    #[must_use]
    pub fn into_vec(self) -> Vec<Issue> {
        self.0
    }
}

impl Added<'_> {
    /// Says in words what would have been accepted.
    pub fn expected(&mut self, words: impl Into<String>) -> &mut Self {
        self.0.expected = Some(words.into());
        self
    }

    /// Offers a value that would be accepted in this place. One that cannot be written as JSON is not offered.
    pub fn suggest(&mut self, value: impl Serialize) -> &mut Self {
        self.0.suggestion = serde_json::to_string(&value).ok();
        self
    }
}

/// The pointer to a member or an element below another: `below("/files", 0)` is `/files/0`.
pub fn below(pointer: &str, part: impl Display) -> Pointer {
    let part = part.to_string().replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(issues: Issues) -> Vec<(String, String)> {
        let issues = issues.into_vec().into_iter();
        issues.map(|issue| (issue.pointer, issue.code)).collect()
    }

    #[test]
    fn a_pointer_escapes_what_has_a_meaning_in_it() {
        assert_eq!(below("/env", "a/b~c"), "/env/a~1b~0c");
        assert_eq!(below("", 7), "/7");
    }

    #[test]
    fn a_blank_text_and_a_path_out_of_the_project_are_told_at_their_places() {
        let mut issues = Issues::default();
        assert!(!issues.check_text("/prompt", " \n"));
        assert!(!issues.check_path("/cwd", ""));
        assert!(!issues.check_path(below("/paths", 1), "../x"));
        assert!(!issues.check_file("/out", "docs/"));
        assert!(issues.check_path("/cwd", "./") && issues.check_file("/out", "docs/a.md"));
        let expected = [
            ("/prompt", "required"),
            ("/cwd", "required"),
            ("/paths/1", "conflict"),
            ("/out", "conflict"),
        ];
        let expected = expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()));
        assert_eq!(codes(issues), expected);
    }
}
