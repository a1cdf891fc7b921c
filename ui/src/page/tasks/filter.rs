//! Which tasks a filter means, as far as a page can tell, and how the command line spells it.

use sparkq_core::wire::{Filter, Task};
use sparkq_core::{Age, Status, Time};

use crate::shell;

/// Whether `filter` means every task.
pub(super) fn is_all(filter: &Filter) -> bool {
    *filter == Filter::default()
}

/// Whether a task and its status say all there is to know of whether it is meant: words are also looked for in outputs,
/// and time makes tasks stale.
pub(super) fn is_exact(filter: &Filter) -> bool {
    filter.q.is_none() && filter.stale != Some(true)
}

/// Whether `task`, as it stands at `now`, is meant, its words aside.
pub(super) fn fits(filter: &Filter, task: &Task, now: Time) -> bool {
    let is_stale = || {
        task.started_at.is_some_and(|started| {
            task.status == Status::Running && Age::of(started, task.timeout, now) != Age::Fresh
        })
    };
    fits_as(filter, task, task.status) && (filter.stale != Some(true) || is_stale())
}

/// Whether `task` would be meant in `status`, its words and its age aside.
pub(super) fn fits_as(filter: &Filter, task: &Task, status: Status) -> bool {
    let is = |wanted: &Option<String>, given: &str| {
        let wanted = wanted.as_deref();
        wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(given))
    };
    is(&filter.status, status.as_str())
        && filter
            .tool
            .as_ref()
            .is_none_or(|tool| *tool == task.tool_name)
        && (is(&filter.stream, task.stream_name.as_str())
            || is(&filter.stream, task.stream_id.as_str()))
}

/// Whether the words of `filter` are found in what a page knows of `task`; the server also looks into its outputs.
pub(super) fn has_words(filter: &Filter, task: &Task) -> bool {
    let Some(q) = &filter.q else { return true };
    let (label, payload) = (task.label.as_str(), task.payload.as_str());
    let (summary, error) = (task.summary(), task.error.as_deref());
    let texts = [
        label,
        payload,
        summary.as_deref().unwrap_or_default(),
        error.unwrap_or_default(),
    ];
    let text = texts.join("\n").to_ascii_lowercase();
    let mut words = q.split_whitespace().map(str::to_ascii_lowercase);
    words.all(|word| text.contains(&word))
}

/// Spells the command that lists the same tasks. The command line knows no search.
pub(super) fn command(filter: &Filter) -> String {
    let mut command = "sparkq tasks".to_owned();
    let options = [
        ("--status", &filter.status),
        ("--stream", &filter.stream),
        ("--tool", &filter.tool),
    ];
    for (name, value) in options {
        if let Some(value) = value {
            command.extend([" ", name, " ", &shell::quoted(value)]);
        }
    }
    if filter.stale == Some(true) {
        command.push_str(" --stale");
    }
    command
}

/// Says which tasks are meant: "failed tasks of auth for run-bash". `kind` is what they are, beyond the filter.
pub(super) fn spell(filter: &Filter, kind: &str) -> String {
    let mut text = format!("{kind} tasks");
    let mut add = |word: &str, value: &Option<String>| {
        if let Some(value) = value {
            text.extend([" ", word, " ", value]);
        }
    };
    add("that are", &filter.status);
    add("of", &filter.stream);
    add("for", &filter.tool);
    if filter.stale == Some(true) {
        text.push_str(" that are stale");
    }
    if let Some(q) = &filter.q {
        text.extend([" in which “", q, "” is found"]);
    }
    text.trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::made::task;
    use super::*;

    fn filter(change: impl FnOnce(&mut Filter)) -> Filter {
        let mut filter = Filter::default();
        change(&mut filter);
        filter
    }

    #[test]
    fn a_task_is_meant_by_its_status_stream_and_tool() {
        let now = Time::from_millis(0);
        let task = task(1, Status::Failed);
        let is_meant = |change: fn(&mut Filter)| fits(&filter(change), &task, now);
        assert!(is_meant(|_| ()));
        assert!(is_meant(|filter| filter.status = Some("failed".into())));
        assert!(!is_meant(|filter| filter.status = Some("queued".into())));
        assert!(is_meant(|filter| filter.stream = Some("AUTH".into())));
        assert!(is_meant(
            |filter| filter.stream = Some("str_00000000".into())
        ));
        assert!(!is_meant(|filter| filter.stream = Some("billing".into())));
        assert!(is_meant(|filter| filter.tool = Some("run-bash".into())));
        assert!(!is_meant(|filter| filter.tool = Some("run".into())));
    }

    #[test]
    fn a_task_is_stale_once_it_has_run_for_longer_than_it_may() {
        let stale = filter(|filter| filter.stale = Some(true));
        let task = task(1, Status::Running);
        let started = task.started_at.expect("it runs");
        let at = |seconds: i64| Time::from_millis(started.as_millis() + seconds * 1000);
        assert!(!fits(&stale, &task, at(299)));
        assert!(fits(&stale, &task, at(301)));
    }

    #[test]
    fn words_are_found_in_any_order_and_case() {
        let mut task = task(1, Status::Failed);
        task.label = "Login form".into();
        task.error = Some("3 tests fail".into());
        let has = |q: &str| has_words(&filter(|filter| filter.q = Some(q.into())), &task);
        assert!(has("FAIL log"));
        assert!(!has("login logout"));
    }

    #[test]
    fn the_command_line_spells_the_same_filter() {
        let filter = filter(|filter| {
            filter.status = Some("failed".into());
            filter.stream = Some("auth".into());
            filter.tool = Some("it's".into());
            filter.stale = Some(true);
        });
        let command = command(&filter);
        assert_eq!(
            command,
            r"sparkq tasks --status failed --stream auth --tool 'it'\''s' --stale"
        );
    }
}
