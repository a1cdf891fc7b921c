//! Moments as RFC 3339 spells them. What is spelled is always in UTC and with milliseconds; what is read need not be.

use super::civil;

const DAY: i64 = 86_400;

/// Spells a moment of the years 0 to 9999, given in milliseconds since 1970.
pub(super) fn spell(millis: i64) -> [u8; 24] {
    let seconds = millis.div_euclid(1000);
    let (year, month, day) = civil::date(seconds.div_euclid(DAY));
    let second = seconds.rem_euclid(DAY);
    let mut text = *b"0000-00-00T00:00:00.000Z";
    let numbers = [
        (0..4, year),
        (5..7, month),
        (8..10, day),
        (11..13, second / 3600),
        (14..16, second / 60 % 60),
        (17..19, second % 60),
        (20..23, millis.rem_euclid(1000)),
    ];
    for (place, mut number) in numbers {
        for digit in text[place].iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
        }
    }
    text
}

/// Reads a moment in milliseconds since 1970, or nothing where the text is none. What is finer is cut off.
pub(super) fn read(text: &str) -> Option<i64> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.number(4)?;
    let month = rest.after(b"-")?.number(2)?;
    let day = rest.after(b"-")?.number(2)?;
    let hour = rest.after(b"Tt ")?.number(2)?;
    let minute = rest.after(b":")?.number(2)?;
    let second = rest.after(b":")?.number(2)?;
    let millis = match rest.after(b".") {
        Some(rest) => rest.thousandths()?,
        None => 0,
    };
    let offset = rest.offset()?;
    // The second that is put in now and then has no place in a count of 86,400 a day.
    let fits = rest.0.is_empty() && hour < 24 && minute < 60 && second <= 60;
    let days = civil::days_since_1970(year, month, day).filter(|_| fits)?;
    let seconds = days * DAY + hour * 3600 + minute * 60 + second.min(59) - offset;
    Some(seconds * 1000 + millis)
}

/// What is left to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Steps over one byte, which has to be one of `allowed`.
    fn after(&mut self, allowed: &[u8]) -> Option<&mut Self> {
        let (first, rest) = self.0.split_first()?;
        if !allowed.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(self)
    }

    fn digit(&mut self) -> Option<i64> {
        let first = *self.0.first()?;
        self.after(b"0123456789")?;
        Some(i64::from(first - b'0'))
    }

    /// A number of exactly so many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        (0..digits).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// The first three digits of a fraction, which has at least one.
    fn thousandths(&mut self) -> Option<i64> {
        let mut number = self.digit()? * 100;
        for place in [10, 1] {
            number += self.digit().unwrap_or_default() * place;
        }
        while self.digit().is_some() {}
        Some(number)
    }

    /// How many seconds the clock that was read is ahead of UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.after(b"Zz").is_some() {
            return Some(0);
        }
        let sign = if self.after(b"+").is_some() { 1 } else { -1 };
        if sign < 0 {
            self.after(b"-")?;
        }
        let hours = self.number(2)?;
        let minutes = self.after(b":")?.number(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }
}
