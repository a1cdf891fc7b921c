//! Payloads of `summarize`: a text, or the id of a task.

use serde::{Deserialize, Serialize};
use sparkq_plugin::issues::Issues;
use sparkq_plugin::payloads::Normalized;
use sparkq_plugin::result::Reported;
use sparkq_plugin::types::{Fault, Issue};

use crate::plain;

/// What every task's id starts with.
const PREFIX: &str = "tsk_";
/// How many characters may follow it: from the fewest that stand for an id, to all of them.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=8;

/// The most characters of five sentences.
const LONGEST: usize = 2000;

/// A payload that fits the schema.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Payload {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task_id: Option<String>,
}

/// Every finding.
pub(crate) fn validate(payload: &Payload) -> Vec<Issue> {
    let mut issues = Issues::default();
    match (&payload.text, &payload.task_id) {
        (None, None) => {
            issues
                .error(
                    "/text",
                    "required",
                    "must be given where there is no `task_id`",
                )
                .expected("`text` or `task_id`");
        }
        (Some(_), Some(_)) => {
            issues
                .error(
                    "/task_id",
                    "conflict",
                    "stands beside `text`; give one of the two",
                )
                .expected("`text` or `task_id`");
        }
        _ => {}
    }
    if let Some(text) = &payload.text {
        issues.check_text("/text", text);
    }
    if payload.task_id.as_deref().is_some_and(|id| !is_task(id)) {
        issues
            .error("/task_id", "pattern", "is no task's id")
            .expected("`tsk_` and 4 to 8 characters of 0-9 a-z without i l o u");
    }
    issues.into_vec()
}

/// What is wrong with a result: somebody who will not look at the text reads the summary, so it has to be shorter, and to
/// say something.
pub(crate) fn judge(payload: &Payload, result: &Reported) -> Issues {
    let mut issues = Issues::default();
    result.check_exit_code(&mut issues);
    let summary = words(&result.summary);
    let length = summary.chars().count();
    if length > LONGEST {
        let message =
            format!("is longer than {LONGEST} characters, and a few sentences were asked for");
        issues.error("/summary", "range", message);
    }
    let Some(text) = payload.text.as_deref().map(words) else {
        return issues;
    };
    let way_out =
        "say what matters in fewer words, or fail the task, because there is nothing to sum up";
    if bare(&summary) == bare(&text) {
        let message = format!("repeats the text: {way_out}");
        issues.error("/summary", "conflict", message);
    } else if length > text.chars().count() {
        let message = format!("is longer than the text: {way_out}");
        issues.error("/summary", "range", message);
    }
    issues
}

/// The words of a text, one space between them.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The letters and digits of a text.
fn bare(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether the text is the id of a task, or enough of one.
fn is_task(id: &str) -> bool {
    let letter =
        |byte: u8| byte.is_ascii_digit() || (byte.is_ascii_lowercase() && !b"ilou".contains(&byte));
    id.strip_prefix(PREFIX)
        .is_some_and(|rest| LENGTHS.contains(&rest.len()) && rest.bytes().all(letter))
}

/// The payload to store, which is as it came.
pub(crate) fn normalize(payload: &Payload) -> Result<Normalized, Fault> {
    let label = match (&payload.task_id, &payload.text) {
        (Some(id), _) => format!("task {id}"),
        (None, text) => text.clone().unwrap_or_default(),
    };
    plain(payload, &label)
}

#[cfg(test)]
mod tests {
    use sparkq_plugin::json;

    use super::*;

    fn findings(text: &str) -> Vec<(String, String)> {
        let issues = validate(&json::read(text).expect("a payload")).into_iter();
        issues.map(|issue| (issue.pointer, issue.code)).collect()
    }

    #[test]
    fn a_summary_that_sums_up_nothing_is_refused() {
        let wrong = |payload: &str, summary: &str| {
            let result = Reported {
                summary: summary.to_owned(),
                ..Reported::default()
            };
            let issues = judge(&json::read(payload).expect("a payload"), &result);
            let issues = issues.into_vec().into_iter();
            issues.map(|issue| issue.code).collect::<Vec<_>>()
        };
        let text = r#"{"text":"The login is\n  done; the import waits for Ada."}"#;
        assert_eq!(wrong(text, "Login done, import open."), [""; 0]);
        for same in [
            "The login is done; the import waits for Ada.",
            "the login is done - the import waits for ada",
        ] {
            assert_eq!(wrong(text, same), ["conflict"], "{same}");
        }
        let longer = "The login has been done, and the import still waits for Ada.";
        assert_eq!(wrong(text, longer), ["range"]);
        let task = r#"{"task_id":"tsk_7f3k"}"#;
        assert_eq!(wrong(task, longer), [""; 0]);
        assert_eq!(wrong(task, &"ü".repeat(LONGEST)), [""; 0]);
        assert_eq!(wrong(task, &"ü".repeat(LONGEST + 1)), ["range"]);
    }

    #[test]
    fn exactly_one_of_text_and_task_id_is_taken() {
        for (text, pointer, code) in [
            ("{}", "/text", "required"),
            (r#"{"text":" "}"#, "/text", "required"),
            (
                r#"{"text":"a","task_id":"tsk_7f3k"}"#,
                "/task_id",
                "conflict",
            ),
        ] {
            assert_eq!(
                findings(text),
                [(pointer.to_owned(), code.to_owned())],
                "{text}"
            );
        }
        assert_eq!(findings(r#"{"text":"a"}"#), []);
    }

    #[test]
    fn a_task_id_may_be_shortened_to_four_characters_and_has_no_other_letters() {
        for id in ["tsk_7f3k", "tsk_7f3k9q2m"] {
            assert_eq!(findings(&format!(r#"{{"task_id":"{id}"}}"#)), [], "{id}");
        }
        for id in [
            "tsk_7f3",
            "tsk_7f3k9q2m0",
            "tsk_7f3l",
            "tsk_7F3K",
            "str_7f3k",
            "",
            " tsk_7f3k",
        ] {
            assert_eq!(
                findings(&format!(r#"{{"task_id":"{id}"}}"#)).len(),
                1,
                "{id}"
            );
        }
    }

    #[test]
    fn the_label_is_the_task_or_the_first_line() {
        let label = |text: &str| {
            let payload: Payload = json::read(text).expect("a payload");
            normalize(&payload).expect("normalized").label
        };
        assert_eq!(label(r#"{"task_id":"tsk_7f3k"}"#), "task tsk_7f3k");
        assert_eq!(label(r#"{"text":"\nOne  line\ntwo"}"#), "One line");
    }
}
