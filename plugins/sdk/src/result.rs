//! Judging results: reading what a worker handed in, and the answer to it.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::issues::Issues;
use crate::results::{Checked, Run, Verdict};
use crate::types::{Fault, Severity};
use crate::{fault, label};

/// What a worker handed in.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Reported {
    /// What was done; never blank.
    #[serde(default)]
    pub summary: String,
    /// Everything else that it says.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// Reads what a worker handed in.
pub fn reported(run: &Run) -> Result<Reported, Fault> {
    serde_json::from_str(&run.reported).map_err(fault::internal)
}

impl Reported {
    /// Adds an error when the result has an `exit_code` and it is not 0: work that has failed is no result. Tells whether
    /// it is fine.
    pub fn check_exit_code(&self, issues: &mut Issues) -> bool {
        let found = match self.fields.get("exit_code") {
            None => return true,
            Some(code) => match code.as_i64() {
                Some(0) => return true,
                Some(code) => format!("is {code}, so the work has failed"),
                None => "is no exit code".to_owned(),
            },
        };
        issues.error("/exit_code", "conflict", found).expected("0");
        false
    }

    /// The answer to it: refused where the findings have an error, else left as it is.
    #[must_use]
    pub fn judged(&self, issues: Issues) -> Checked {
        let issues = issues.into_vec();
        let refused = issues.iter().any(|issue| issue.severity == Severity::Error);
        let summary = match issues.first() {
            Some(issue) if refused => &issue.message,
            _ => &self.summary,
        };
        Checked {
            verdict: if refused {
                Verdict::Failed
            } else {
                Verdict::Succeeded
            },
            summary: label::of(summary),
            data: None,
            issues,
            attrs: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Reported {
        serde_json::from_str(text).expect("a result")
    }

    #[test]
    fn work_that_has_failed_is_no_result() {
        for (result, fine) in [
            (r#"{"summary":"built"}"#, true),
            (r#"{"summary":"built","exit_code":0}"#, true),
            (r#"{"summary":"built","exit_code":2}"#, false),
            (r#"{"summary":"built","exit_code":-9}"#, false),
            (r#"{"summary":"built","exit_code":"0"}"#, false),
            (r#"{"summary":"built","exit_code":null}"#, false),
        ] {
            let mut issues = Issues::default();
            assert_eq!(of(result).check_exit_code(&mut issues), fine, "{result}");
            let judged = of(result).judged(issues);
            let verdict = if fine {
                Verdict::Succeeded
            } else {
                Verdict::Failed
            };
            assert_eq!(
                (judged.verdict, judged.issues.len()),
                (verdict, usize::from(!fine))
            );
        }
    }

    #[test]
    fn the_answer_says_the_first_finding_where_there_is_one() {
        let mut issues = Issues::default();
        let result = of(r#"{"summary":"built","exit_code":2}"#);
        result.check_exit_code(&mut issues);
        assert_eq!(
            result.judged(issues).summary,
            "is 2, so the work has failed"
        );
        assert_eq!(result.judged(Issues::default()).summary, "built");
    }
}
