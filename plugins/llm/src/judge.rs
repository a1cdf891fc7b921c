//! Results of a prompt: where the payload names a file for the answer, that is where it has to be.

use serde_json::Value;
use sparkq_plugin::issues::Issues;
use sparkq_plugin::look::{Found, Look};
use sparkq_plugin::path;
use sparkq_plugin::result::Reported;

use crate::payload::Payload;

/// What is wrong with a result.
pub(crate) fn judge(payload: &Payload, result: &Reported, project: &impl Look) -> Issues {
    let mut issues = Issues::default();
    result.check_exit_code(&mut issues);
    if let Some(asked) = &payload.output_path {
        check_named(&mut issues, asked, result);
        check_written(&mut issues, asked, project);
    }
    issues
}

/// Adds an error when the result does not name the file that was asked for.
fn check_named(issues: &mut Issues, asked: &str, result: &Reported) {
    let given = result.fields.get("output_path").and_then(Value::as_str);
    if given.is_some_and(|given| path::clean(given) == asked) {
        return;
    }
    let message = match given {
        None => format!("is missing, and the payload asks for the answer in `{asked}`"),
        Some(_) => format!("is not the file that the payload asks for, `{asked}`"),
    };
    issues
        .error("/output_path", "conflict", message)
        .expected(asked)
        .suggest(asked);
}

/// Adds an error when there is no answer in the file that was asked for.
fn check_written(issues: &mut Issues, asked: &str, project: &impl Look) {
    let (code, what) = match project.at(asked) {
        Found::File { empty: false } | Found::Unknown => return,
        Found::File { empty: true } => ("not-found", "is empty"),
        Found::Nothing => ("not-found", "is not there"),
        Found::Folder => ("conflict", "is a folder"),
    };
    let message = format!(
        "`{asked}` {what}, seen from the folder of `sparkq.toml`: write the answer to that file and complete the task \
         then, or fail it"
    );
    issues.error("/output_path", code, message);
}

#[cfg(test)]
mod tests {
    use sparkq_plugin::json;

    use super::*;

    const PROJECT: [(&str, Found); 4] = [
        ("a.md", Found::File { empty: false }),
        ("empty.md", Found::File { empty: true }),
        ("folder.md", Found::Folder),
        ("secret.md", Found::Unknown),
    ];

    /// What is wrong with a result that names `given` where `asked` was asked for.
    fn messages(asked: &str, given: &str) -> Vec<String> {
        let payload = format!(r#"{{"prompt":"p","output_path":"{asked}"}}"#);
        let result = format!(r#"{{"summary":"s","output_path":{given}}}"#);
        let payload = json::read(&payload).expect("a payload");
        let issues = judge(&payload, &json::read(&result).expect("a result"), &PROJECT);
        let issues = issues.into_vec().into_iter();
        issues
            .map(|issue| {
                issue
                    .message
                    .split(',')
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn a_result_names_the_file_that_was_asked_for() {
        assert_eq!(messages("a.md", r#""./a.md""#), [""; 0]);
        assert_eq!(messages("a.md", "null"), ["is missing"]);
        let other = messages("a.md", r#""b.md""#);
        assert_eq!(other, ["is not the file that the payload asks for"]);
        let free = json::read(r#"{"prompt":"p"}"#).expect("a payload");
        let result = json::read(r#"{"summary":"s"}"#).expect("a result");
        assert!(judge(&free, &result, &PROJECT).into_vec().is_empty());
    }

    #[test]
    fn the_answer_is_in_the_file_that_was_asked_for() {
        for (asked, expected) in [
            ("empty.md", "`empty.md` is empty"),
            ("none.md", "`none.md` is not there"),
            ("folder.md", "`folder.md` is a folder"),
        ] {
            assert_eq!(messages(asked, &format!("{asked:?}")), [expected]);
        }
        assert_eq!(messages("secret.md", r#""secret.md""#), [""; 0]);
        assert_eq!(
            messages("none.md", "7"),
            ["is missing", "`none.md` is not there"]
        );
    }
}
