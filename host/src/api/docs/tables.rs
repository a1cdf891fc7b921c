//! What the code keeps in tables, as tables.

use std::fmt::Write as _;

use sparkq_core::wire::EventKind;
use sparkq_core::{Code, Timeout, limits};

/// How much of everything is taken.
pub(super) fn limits() -> String {
    let rows = [
        ("Body of a request", size(limits::BODY), "413"),
        ("Payload, as JSON", size(limits::PAYLOAD), "413"),
        ("Result, as JSON", size(limits::RESULT), "413"),
        (
            "Instructions of a stream",
            size(limits::INSTRUCTIONS),
            "413",
        ),
        ("Description of a session", size(limits::DESCRIPTION), "413"),
        (
            "Error of a failed task, reason of a cancelled one",
            size(limits::ERROR),
            "413",
        ),
        (
            "Each of stdout and stderr",
            size(limits::OUTPUT),
            "the first 1 MiB and the end are kept, with a line between that says how much is missing",
        ),
        (
            "Name of a worker",
            format!("{} bytes", limits::WORKER),
            "400",
        ),
        (
            "Timeout of a task",
            format!("1 to {} seconds", Timeout::LONGEST.seconds()),
            "400",
        ),
        (
            "Rows of a page",
            format!(
                "{}; {} unless asked for",
                limits::PAGE,
                limits::PAGE_DEFAULT
            ),
            "400",
        ),
    ];
    format!(
        "\n## Limits\n{}",
        table(
            ["What", "At most", "More is"],
            rows.map(|(what, most, more)| [what.to_owned(), most, more.to_owned()])
                .into_iter()
        )
    )
}

fn size(bytes: usize) -> String {
    match bytes >> 20 {
        0 => format!("{} KiB", bytes >> 10),
        mib => format!("{mib} MiB"),
    }
}

/// What an event can tell of.
pub(super) fn kinds() -> String {
    let rows = EventKind::ALL
        .iter()
        .map(|kind| [format!("`{kind}`"), kind.meaning().to_owned()]);
    let reset = [
        "`reset`".to_owned(),
        "The reader is too far behind, or ahead: fetch everything again. It has no data."
            .to_owned(),
    ];
    format!(
        "\n### Kinds of events\n{}",
        table(["Kind", "What has happened"], rows.chain([reset]))
    )
}

/// Every error code.
pub(super) fn errors() -> String {
    let rows = Code::ALL.iter().map(|code| {
        [
            format!("`{}`", code.as_str()),
            code.http_status().to_string(),
            code.meaning().to_owned(),
            code.hint().to_owned(),
        ]
    });
    format!(
        "\n## Error codes\n\nThe command line has the same codes, and some of its own. An error may have a better hint than this one.\n{}",
        table(["Code", "Status", "When", "Hint"], rows)
    )
}

/// A table, with an empty line before it.
pub(super) fn table<const N: usize>(
    heads: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let mut text = format!("\n| {} |\n|{}\n", heads.join(" | "), "---|".repeat(N));
    for row in rows {
        let cells = row.map(|cell| cell.replace('|', r"\|").replace('\n', " "));
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}
