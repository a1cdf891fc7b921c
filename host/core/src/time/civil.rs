//! The Gregorian calendar: days as year, month and day, and back.

/// Days from the first of year 1 to the first of 1970.
const TO_1970: i64 = 719_162;

/// Days before each month of a year without a leap day, and of the whole year.
const BEFORE_MONTH: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// Counts a day from 1970, if the calendar has it.
pub(super) fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) {
        return None;
    }
    let before = before_month(year, month);
    let length = before_month(year, month + 1) - before;
    (1..=length)
        .contains(&day)
        .then(|| before_year(year) + before + day - 1 - TO_1970)
}

/// Returns year, month and day of a day that is counted from 1970.
pub(super) fn date(days_since_1970: i64) -> (i64, i64, i64) {
    let days = days_since_1970 + TO_1970;
    // 400 years have 146,097 days, so this misses by one at most.
    let guess = days * 400 / 146_097 + 1;
    let year = [guess + 1, guess]
        .into_iter()
        .find(|year| before_year(*year) <= days)
        .unwrap_or(guess - 1);
    let rest = days - before_year(year);
    let month = (2..=12)
        .rev()
        .find(|month| before_month(year, *month) <= rest)
        .unwrap_or(1);
    (year, month, rest - before_month(year, month) + 1)
}

/// Days from the first of year 1 to the first of `year`.
const fn before_year(year: i64) -> i64 {
    let years = year - 1;
    years * 365 + years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400)
}

/// Days of `year` before its month; of the whole year for the thirteenth.
fn before_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let before = usize::try_from(month - 1)
        .ok()
        .and_then(|index| BEFORE_MONTH.get(index));
    before.copied().unwrap_or_default() + i64::from(is_leap && month > 2)
}
