//! Moments and spans of time, as they are stored, sent and typed.

mod civil;
mod rfc3339;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, de, ser};

/// A moment, in milliseconds since 1970 in UTC. On the wire RFC 3339 in UTC with milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// The latest moment that RFC 3339 can spell, and the earliest after year 0.
    const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

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
        f.pad(spelled(&rfc3339::spell(self.0)))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a moment: date, time and zone as RFC 3339 spells them, as in 2026-01-31T09:00:00Z")]
pub struct NotAMoment;

impl FromStr for Time {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        rfc3339::read(text).map(Self::from_millis).ok_or(NotAMoment)
    }
}

impl Serialize for Time {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(spelled(&rfc3339::spell(self.0)))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

fn spelled(ascii: &[u8]) -> &str {
    str::from_utf8(ascii).unwrap_or_default()
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
mod tests;
