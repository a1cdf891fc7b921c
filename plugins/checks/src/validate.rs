//! Payloads of the tools that look at files: a folder, paths, or both.

use serde::{Deserialize, Serialize};
use sparkq_plugin::issues::{Issues, below};
use sparkq_plugin::path;
use sparkq_plugin::payloads::Normalized;
use sparkq_plugin::types::{Fault, Issue};

use crate::plain;

/// A payload that fits the schema.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Payload {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) directory: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) paths: Vec<String>,
}

/// Every finding.
pub(crate) fn validate(payload: &Payload) -> Vec<Issue> {
    let mut issues = Issues::default();
    match &payload.directory {
        Some(directory) => {
            issues.check_path("/directory", directory);
        }
        None if payload.paths.is_empty() => {
            let message = "must be given where there are no `paths`";
            issues
                .error("/directory", "required", message)
                .expected("a folder; `.` is the whole project")
                .suggest(".");
        }
        None => {}
    }
    for (place, path) in payload.paths.iter().enumerate() {
        issues.check_path(below("/paths", place), path);
    }
    issues.into_vec()
}

/// The payload to store: clean paths, each once.
pub(crate) fn normalize(mut payload: Payload) -> Result<Normalized, Fault> {
    payload.directory = payload.directory.map(|path| path::clean(&path));
    payload.paths = path::clean_all(&payload.paths);
    let paths = payload.paths.join(", ");
    let label = match &payload.directory {
        Some(directory) if paths.is_empty() => directory.clone(),
        Some(directory) => format!("{directory}: {paths}"),
        None => paths,
    };
    plain(&payload, &label)
}

#[cfg(test)]
mod tests {
    use sparkq_plugin::json;

    use super::*;

    fn read(text: &str) -> Payload {
        json::read(text).expect("a payload")
    }

    #[test]
    fn a_folder_or_paths_will_do_and_nothing_at_all_will_not() {
        for text in [
            r#"{"directory":"."}"#,
            r#"{"paths":["a"]}"#,
            r#"{"directory":"dist","paths":["a"]}"#,
        ] {
            assert_eq!(validate(&read(text)).len(), 0, "{text}");
        }
        let issue = &validate(&read(r#"{"paths":[]}"#))[0];
        assert_eq!(
            (issue.pointer.as_str(), issue.suggestion.as_deref()),
            ("/directory", Some(r#"".""#))
        );
    }

    #[test]
    fn what_lies_outside_is_told_at_its_place() {
        let issues = validate(&read(r#"{"directory":"/tmp","paths":["a","../b"]}"#));
        let places: Vec<_> = issues.iter().map(|issue| issue.pointer.as_str()).collect();
        assert_eq!(places, ["/directory", "/paths/1"]);
    }

    #[test]
    fn the_label_tells_what_is_looked_at() {
        for (text, payload, label) in [
            (
                r#"{"directory":"./dist/"}"#,
                r#"{"directory":"dist"}"#,
                "dist",
            ),
            (
                r#"{"paths":["b","./b","a"],"directory":"./"}"#,
                r#"{"directory":".","paths":["b","a"]}"#,
                ".: b, a",
            ),
            (r#"{"paths":["a"]}"#, r#"{"paths":["a"]}"#, "a"),
        ] {
            let normalized = normalize(read(text)).expect("normalized");
            assert_eq!(
                (normalized.payload.as_str(), normalized.label.as_str()),
                (payload, label)
            );
        }
    }
}
