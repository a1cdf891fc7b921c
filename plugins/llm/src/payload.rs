//! Payloads with a prompt: what a schema cannot say about them, and their canonical form.

use serde::{Deserialize, Serialize};
use sparkq_plugin::issues::Issues;
use sparkq_plugin::look::Look;
use sparkq_plugin::payloads::Normalized;
use sparkq_plugin::types::{Fault, Issue};
use sparkq_plugin::{json, label, path};

use crate::files::{check_context, check_output};

/// A payload that fits the schema.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Payload {
    prompt: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    context_files: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output_path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

/// Every finding.
pub(crate) fn validate(payload: &Payload, project: &impl Look) -> Vec<Issue> {
    let mut issues = Issues::default();
    issues.check_text("/prompt", &payload.prompt);
    check_context(
        &mut issues,
        "/context_files",
        &payload.context_files,
        project,
    );
    if let Some(path) = &payload.output_path {
        check_output(&mut issues, "/output_path", path, project);
    }
    if let Some(model) = &payload.model {
        issues.check_text("/model", model);
    }
    issues.into_vec()
}

/// The payload to store: clean paths, each once. The prompt stays as it was written.
pub(crate) fn normalize(mut payload: Payload) -> Result<Normalized, Fault> {
    payload.context_files = path::clean_all(&payload.context_files);
    payload.output_path = payload.output_path.map(|path| path::clean(&path));
    payload.model = payload.model.map(|model| model.trim().to_owned());
    Ok(Normalized {
        payload: json::write(&payload)?,
        label: label::of(&payload.prompt),
        dedupe_key: None,
        task_class: None,
        timeout_seconds: None,
        attrs: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use sparkq_plugin::look::Found;

    use super::*;

    fn findings(text: &str) -> Vec<(String, String)> {
        let project = [("ok.md", Found::File { empty: false })];
        let issues = validate(&json::read(text).expect("a payload"), &project);
        let issues = issues.into_iter();
        issues.map(|issue| (issue.pointer, issue.code)).collect()
    }

    #[test]
    fn a_prompt_of_white_space_is_blank() {
        for text in [r#"{"prompt":""}"#, r#"{"prompt":" \n\t"}"#] {
            assert_eq!(
                findings(text),
                [("/prompt".to_owned(), "required".to_owned())]
            );
        }
        assert_eq!(findings(r#"{"prompt":"Do it"}"#), []);
    }

    #[test]
    fn every_path_and_the_model_are_looked_at_and_told_at_their_places() {
        let text = r#"{"prompt":"Do it","context_files":["/etc/passwd","ok.md","a/../b"," "],
            "output_path":"../out.md","model":" "}"#;
        let places: Vec<_> = findings(text)
            .into_iter()
            .map(|(pointer, _)| pointer)
            .collect();
        let expected = [
            "/context_files/0",
            "/context_files/2",
            "/context_files/3",
            "/output_path",
            "/model",
        ];
        assert_eq!(places, expected);
        let folder = r#"{"prompt":"Do it","output_path":"docs/"}"#;
        assert_eq!(findings(folder).len(), 1);
    }

    #[test]
    fn the_canonical_form_has_clean_paths_sorted_keys_and_the_prompt_as_it_was() {
        let text = r#"{"prompt":" First line \n\nrest ","output_path":"./docs//a.md","model":" opus ",
            "context_files":["b.md","./b.md"]}"#;
        let normalized = normalize(json::read(text).expect("a payload")).expect("normalized");
        assert_eq!(
            normalized.payload,
            r#"{"context_files":["b.md"],"model":"opus","output_path":"docs/a.md","prompt":" First line \n\nrest "}"#
        );
        assert_eq!(normalized.label, "First line");
    }
}
