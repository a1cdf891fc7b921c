//! The comment block at the top of a script: `# name:`, `# description:`, `# inputs:`, `# outputs:`, `# tags:`,
//! `# timeout:`, `# task_class:`. Lines after a key continue it, up to an empty comment line or the next key.

mod field;

use sparkq_plugin::scripts::{Extracted, Finding, Metadata};
use sparkq_plugin::types::Severity;

use crate::language;

/// One key of the header, with its first line's number and all its lines.
struct Field<'a> {
    key: &'a str,
    line: u32,
    text: Vec<&'a str>,
}

/// What the file at `path`, which begins with `head`, says of itself. A file with a NUL byte is no script.
pub(crate) fn extract(path: &str, head: &[u8]) -> Extracted {
    if head.contains(&0) {
        return Extracted {
            metadata: None,
            findings: Vec::new(),
        };
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}');
    let first_line = text.lines().next().unwrap_or_default();
    let mut metadata = Metadata {
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        description: String::new(),
        language: language::of(path, first_line).to_owned(),
        task_class: None,
        timeout_seconds: None,
        params: Vec::new(),
        outputs: Vec::new(),
        tags: Vec::new(),
        attrs: Vec::new(),
    };
    let findings = fields(text)
        .into_iter()
        .filter_map(|field| apply(&field, &mut metadata))
        .collect();
    Extracted {
        metadata: Some(metadata),
        findings,
    }
}

/// Puts one field into the metadata; a finding when its value cannot be.
fn apply(field: &Field<'_>, metadata: &mut Metadata) -> Option<Finding> {
    let first = field.text.first().copied().unwrap_or_default();
    match field.key {
        "name" if !first.is_empty() => first.clone_into(&mut metadata.name),
        "description" => field
            .text
            .join(" ")
            .trim()
            .clone_into(&mut metadata.description),
        "inputs" => metadata.params = field::params(&field.text),
        "outputs" => metadata.outputs = field::list(&field.text),
        "tags" => metadata.tags = field::list(&field.text),
        "timeout" => match field::seconds(first) {
            Ok(seconds) => metadata.timeout_seconds = Some(seconds),
            Err(message) => return Some(finding(field, "range", message)),
        },
        "task_class" => match field::task_class(first) {
            Ok(class) => metadata.task_class = Some(class),
            Err(message) => return Some(finding(field, "enum", message)),
        },
        _ => {}
    }
    None
}

fn finding(field: &Field<'_>, code: &str, message: String) -> Finding {
    Finding {
        line: field.line,
        code: code.to_owned(),
        message,
        severity: Severity::Warning,
    }
}

/// The fields of the comment block: everything up to the first line that is neither comment nor blank.
fn fields(text: &str) -> Vec<Field<'_>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut continues = false;
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        let Some(comment) = line.strip_prefix('#') else {
            if line.is_empty() {
                continues = false;
                continue;
            }
            break;
        };
        let comment = comment.trim_start_matches('#').trim();
        if let Some((key, value)) = key_and_value(comment) {
            fields.push(Field {
                key,
                line: number,
                text: vec![value],
            });
            continues = true;
        } else if comment.is_empty() || comment.starts_with('!') {
            continues = false;
        } else if let Some(field) = fields.last_mut().filter(|_| continues) {
            field.text.push(comment);
        }
    }
    fields
}

const KEYS: [&str; 7] = [
    "name",
    "description",
    "inputs",
    "outputs",
    "tags",
    "timeout",
    "task_class",
];

/// A known key and its value; keys may be in any case and have `-` for `_`.
fn key_and_value(comment: &str) -> Option<(&'static str, &str)> {
    let (key, value) = comment.split_once(':')?;
    let key = key.trim().to_ascii_lowercase().replace('-', "_");
    KEYS.into_iter()
        .find(|known| *known == key)
        .map(|known| (known, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Metadata, Vec<Finding>) {
        let extracted = extract("scripts/build.sh", text.as_bytes());
        (extracted.metadata.expect("a script"), extracted.findings)
    }

    #[test]
    fn every_field_of_a_header_is_read() {
        let (script, findings) = read(
            "#!/usr/bin/env bash\n# name: Build\n# description: Builds all crates\n#   and packs them.\n# inputs: TARGET, JOBS\n\
             # outputs: dist/app.tar.gz\n# tags: build, release\n# timeout: 10m\n# task_class: FAST_SCRIPT\nset -e\n# name: not me\n",
        );
        assert_eq!(script.name, "Build");
        assert_eq!(script.description, "Builds all crates and packs them.");
        assert_eq!(
            script
                .params
                .iter()
                .map(|param| param.name.as_str())
                .collect::<Vec<_>>(),
            ["TARGET", "JOBS"]
        );
        assert_eq!(
            (script.outputs, script.tags),
            (
                vec!["dist/app.tar.gz".to_owned()],
                vec!["build".to_owned(), "release".to_owned()]
            )
        );
        assert_eq!(
            (script.timeout_seconds, script.task_class.as_deref()),
            (Some(600), Some("FAST_SCRIPT"))
        );
        assert!(findings.is_empty());
    }

    #[test]
    fn a_script_without_a_header_goes_by_its_file_name() {
        let (script, findings) = read("#!/bin/sh\n# Just a comment.\necho hi\n");
        assert_eq!(
            (
                script.name.as_str(),
                script.description.as_str(),
                script.language.as_str()
            ),
            ("build.sh", "", "shell")
        );
        assert!(findings.is_empty());
    }

    #[test]
    fn an_empty_comment_line_ends_a_description_and_so_does_the_code() {
        let (script, _) = read("# description: one\n# Note: two\n#\n# three\n\n# tags: a\n# b\n");
        assert_eq!(script.description, "one Note: two");
        assert_eq!(script.tags, ["a", "b"]);
    }

    #[test]
    fn a_timeout_or_class_that_cannot_be_is_found_at_its_line_and_left_out() {
        let (script, findings) =
            read("#!/bin/sh\r\n# timeout: soon\r\n# Task-Class: quick\r\n# name: x\r\n");
        assert_eq!(
            (
                script.timeout_seconds,
                script.task_class,
                script.name.as_str()
            ),
            (None, None, "x")
        );
        let found: Vec<_> = findings
            .iter()
            .map(|finding| (finding.line, finding.code.as_str()))
            .collect();
        assert_eq!(found, [(2, "range"), (3, "enum")]);
    }

    #[test]
    fn a_binary_file_is_no_script_and_odd_bytes_do_no_harm() {
        assert!(extract("a.sh", b"#!/bin/sh\n\0\x01").metadata.is_none());
        assert_eq!(read("\u{feff}# name: x").0.name, "x");
        assert!(
            extract("a.sh", b"# name: \xff\xfe\n# timeout")
                .metadata
                .is_some()
        );
    }
}
