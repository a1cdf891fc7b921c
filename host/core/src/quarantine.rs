//! When a plugin that keeps failing is left alone, and for how long.

use std::time::Duration;

/// How many calls in a row may fail before a plugin is left alone.
pub const FAULTS: u32 = 5;

/// How long it is left alone at first.
const FIRST: Duration = Duration::from_mins(1);

/// How often that time doubles at most: to about an hour.
const DOUBLINGS: u32 = 6;

/// How long a plugin is not called after so many calls in a row that failed; none as long as it may be called. After
/// that time it is tried again: if that fails too, the time doubles.
#[must_use]
pub fn rest_after(in_row: u32) -> Option<Duration> {
    let beyond = in_row.checked_sub(FAULTS)?;
    Some(FIRST * 2_u32.pow(beyond.min(DOUBLINGS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_left_alone_after_five_faults_in_a_row_and_longer_each_time_up_to_an_hour() {
        let minutes = |in_row| rest_after(in_row).map(|rest| rest.as_secs() / 60);
        assert_eq!(
            [0, 1, 4, 5, 6, 7, 11, 12, u32::MAX].map(minutes),
            [
                None,
                None,
                None,
                Some(1),
                Some(2),
                Some(4),
                Some(64),
                Some(64),
                Some(64)
            ]
        );
    }
}
