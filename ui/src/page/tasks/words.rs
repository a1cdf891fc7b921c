//! Numbers in words.

/// Spells a number with its thousands apart.
pub(super) fn spelled(number: u64) -> String {
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

/// Counts things: "1 task", "2,000 tasks".
pub(super) fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", spelled(number))
}

#[cfg(test)]
mod tests {
    use super::*;

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
