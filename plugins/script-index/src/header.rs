//! The header of a script, the comments at its top: `name:`, `description:`, `inputs:`, `outputs:`, `tags:`,
//! `timeout:`, `task_class:`. Lines after a key continue it, up to an empty comment line or the next key.

mod field;

use sparkq_plugin::scripts::{Extracted, Finding, Metadata};
use sparkq_plugin::types::Severity;

use crate::comment::{self, Line};
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
    let language = language::of(path, text.lines().next().unwrap_or_default());
    let mut metadata = Metadata {
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        description: String::new(),
        language: language.map_or("text", |language| language.name).to_owned(),
        task_class: None,
        timeout_seconds: None,
        params: Vec::new(),
        outputs: Vec::new(),
        tags: Vec::new(),
        attrs: Vec::new(),
    };
    let lines = language.map(|language| comment::lines(text, language.style));
    let findings = fields(&lines.unwrap_or_default())
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
            Ok(class) => {
                let doubt = field::doubt(&class).map(|message| finding(field, "enum", message));
                metadata.task_class = Some(class);
                return doubt;
            }
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

/// The fields that the comments tell.
fn fields<'a>(lines: &[Line<'a>]) -> Vec<Field<'a>> {
    let mut fields: Vec<Field<'a>> = Vec::new();
    let mut continues = false;
    for line in lines {
        if let Some((key, value)) = key_and_value(line.text) {
            fields.push(Field {
                key,
                line: line.number,
                text: vec![value],
            });
            continues = true;
        } else if line.text.is_empty() {
            continues = false;
        } else if let Some(field) = fields.last_mut().filter(|_| continues) {
            field.text.push(line.text);
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
    use proptest::prelude::*;

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
    fn a_header_reads_the_same_in_every_language() {
        for (path, header) in [
            (
                "a.sh",
                "#!/bin/zsh\n# name: Build\n# description: Builds\n#   all.\n# timeout: 9m\nset -e\n",
            ),
            (
                "a.py",
                "#!/usr/bin/env python3\n# coding: utf-8\n# name: Build\n# description: Builds\n# all.\n# timeout: 9m\n",
            ),
            (
                "a.rb",
                "=begin\nname: Build\ndescription: Builds\n  all.\ntimeout: 9m\n=end\nputs 1\n",
            ),
            (
                "a.ts",
                "#!/usr/bin/env tsx\n/**\n * name: Build\n * description: Builds\n *   all.\n * timeout: 9m\n */\nlet a\n",
            ),
            (
                "a.js",
                "\"use strict\"\n\n// name: Build\n// description: Builds\n// all.\n// timeout: 9m\nlet a\n",
            ),
            (
                "a.sql",
                "/* name: Build\n   description: Builds\n   all.\n   timeout: 9m */\nSELECT 1;\n",
            ),
            (
                "a.sql",
                "-- name: Build\n-- description: Builds\n--   all.\n-- timeout: 9m\nSELECT 1;\n",
            ),
            (
                "a.lua",
                "--[[\nname: Build\ndescription: Builds\nall.\ntimeout: 9m\n]]\nprint(1)\n",
            ),
        ] {
            let extracted = extract(path, header.as_bytes());
            let script = extracted.metadata.expect("a script");
            let told = (
                script.name.as_str(),
                script.description.as_str(),
                script.timeout_seconds,
            );
            assert_eq!(told, ("Build", "Builds all.", Some(540)), "{header}");
            assert_eq!(extracted.findings.len(), 0, "{header}");
        }
    }

    #[test]
    fn a_class_that_only_the_project_may_know_is_kept_and_told() {
        let (script, findings) = read("# task_class: GPU\n");
        assert_eq!(
            (script.task_class.as_deref(), findings[0].line),
            (Some("GPU"), 1)
        );
        let (_, findings) = read("# task_class: LLM_HEAVY\n");
        assert!(findings.is_empty());
    }

    proptest! {
        #[test]
        fn no_file_makes_it_panic(
            extension in "(sh|py|rb|ts|sql|lua|)",
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            extract(&format!("scripts/a.{extension}"), &bytes);
        }

        #[test]
        fn no_pile_of_marks_makes_it_panic(
            extension in "(sh|py|rb|ts|sql|lua)",
            text in "((#|#!|//|/\\*|\\*/|--|\\[\\[|\\]\\]|=|=begin|=end|'use |\"|timeout:|inputs:|\\(|\\)|ü|9|d| |\n)){0,40}",
        ) {
            let extracted = extract(&format!("scripts/a.{extension}"), text.as_bytes());
            let lines = u32::try_from(text.lines().count()).expect("few");
            for finding in extracted.findings {
                prop_assert!((1..=lines).contains(&finding.line));
            }
        }
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
