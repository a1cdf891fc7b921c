//! Moments and spans of time, as they are stored, sent and typed.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de, ser};

/// A moment, in milliseconds since 1970 in UTC. On the wire RFC 3339 in UTC with milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// The latest moment that RFC 3339 can spell, and the earliest after year 0.
    const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_207_200_000;

    /// The moment `millis` milliseconds after 1970, moved into the years 1 to 9999 when it lies outside.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment `millis` milliseconds before this one.
    #[must_use]
    pub fn back(self, millis: i64) -> Self {
        Self::from_millis(self.0.saturating_sub(millis))
    }

    /// Milliseconds from `earlier` to this moment; 0 when `earlier` is later, as a clock set back makes it.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = Timestamp::from_millisecond(self.0).unwrap_or_default();
        f.pad(&format!("{moment:.3}"))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Time {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        Ok(Self::from_millis(
            text.parse::<Timestamp>()?.as_millisecond(),
        ))
    }
}

impl Serialize for Time {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// A text that is no span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a duration: a whole number and a unit, as in 90, 90s, 9m, 2h or 3d")]
pub struct NotADuration;

/// Reads a span of time as people type it, in seconds: `90` or `90s`, `9m`, `2h`, `3d`.
pub fn parse_duration(text: &str) -> Result<u64, NotADuration> {
    let digits_end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, unit) = text.split_at(digits_end);
    let factor = match unit {
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err(NotADuration),
    };
    let count: u64 = digits.parse().map_err(|_| NotADuration)?;
    count.checked_mul(factor).ok_or(NotADuration)
}

/// Spells a span of `millis` milliseconds for a person, in its two largest units: `850ms`, `12s`, `4m 05s`, `3h 20m`, `2d 04h`.
#[must_use]
pub fn spell_duration(millis: i64) -> String {
    let seconds = millis / 1000;
    match seconds {
        ..1 => format!("{millis}ms"),
        1..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_is_spelled_in_utc_with_milliseconds() {
        assert_eq!(
            Time::from_millis(1_767_225_600_007).to_string(),
            "2026-01-01T00:00:00.007Z"
        );
        assert_eq!(Time::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    }

    proptest! {
        #[test]
        fn any_time_can_be_spelled_and_read_back(millis: i64) {
            let time = Time::from_millis(millis);
            prop_assert_eq!(time.to_string().parse::<Time>().ok(), Some(time));
        }

        #[test]
        fn reading_a_duration_never_panics(text in "\\PC*") {
            let _ = parse_duration(&text);
        }
    }

    #[test]
    fn durations_are_a_whole_number_and_a_unit() {
        let typed = [
            ("90", 90),
            ("90s", 90),
            ("9m", 540),
            ("2h", 7200),
            ("3d", 259_200),
            ("0", 0),
        ];
        for (text, seconds) in typed {
            assert_eq!(parse_duration(text), Ok(seconds), "{text}");
        }
        for text in [
            "",
            "m",
            "-1",
            "1.5h",
            "9 m",
            "99999999999999999999",
            "300000000000000000d",
        ] {
            assert_eq!(parse_duration(text), Err(NotADuration), "{text}");
        }
    }

    #[test]
    fn a_span_is_spelled_in_its_two_largest_units() {
        let spans = [
            (850, "850ms"),
            (12_000, "12s"),
            (245_000, "4m 05s"),
            (12_000_000, "3h 20m"),
            (187_200_000, "2d 04h"),
        ];
        for (millis, text) in spans {
            assert_eq!(spell_duration(millis), text);
        }
    }
}
