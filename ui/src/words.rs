//! Numbers in words, and words that depend on them.

/// Spells a number with its thousands apart.
pub(crate) fn spelled(number: u64) -> String {
    let digits = number.to_string();
    let mut spelled = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            spelled.push(',');
        }
        spelled.push(digit);
    }
    spelled
}

/// How many of something whose name takes an `s`: `2,000 rows`.
pub(crate) fn counted(count: u64, word: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{} {word}{end}", spelled(count))
}

/// Says what becomes of tasks that are queued in what ends, until `what` is reopened.
pub(crate) fn stay_queued(queued: u64, what: &str) -> String {
    let rest = if queued == 1 {
        "it stays queued, and nobody is handed it"
    } else {
        "they stay queued, and nobody is handed one of them"
    };
    format!(
        "{} {} queued: {rest} until the {what} is reopened.",
        counted(queued, "task"),
        are(queued)
    )
}

/// Says how many were queued and running when somebody was asked, where that has changed since.
pub(crate) fn moved_on(then: (u64, u64), now: (u64, u64)) -> Option<String> {
    let (queued, running) = then;
    (then != now).then(|| {
        format!(
            "The queue has moved on since you were asked: {queued} queued and {running} running then."
        )
    })
}

/// `is` or `are`.
pub(crate) fn are(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests {
    use super::{counted, moved_on};

    #[test]
    fn only_what_has_changed_since_is_told() {
        assert_eq!(moved_on((2, 1), (2, 1)), None);
        let told = moved_on((2, 1), (1, 2));
        assert!(told.is_some_and(|told| told.contains("2 queued and 1 running then")));
    }

    #[test]
    fn numbers_are_told_as_people_read_them() {
        let told = [0, 1, 999, 1000, 100_000, 1_234_567].map(|number| counted(number, "task"));
        assert_eq!(
            told,
            [
                "0 tasks",
                "1 task",
                "999 tasks",
                "1,000 tasks",
                "100,000 tasks",
                "1,234,567 tasks"
            ]
        );
    }
}
