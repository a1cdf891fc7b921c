use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

/// All that RFC 3339 can spell, and that jiff can hold: it stops a day earlier, for the sake of offsets.
const WITH_JIFF: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_207_200_000;

fn read(text: &str) -> Option<i64> {
    text.parse::<Time>().ok().map(Time::as_millis)
}

/// What jiff reads, with what is finer than a millisecond cut off.
fn read_by_jiff(text: &str) -> Option<i64> {
    let moment = text.parse::<Timestamp>().ok()?;
    i64::try_from(moment.as_nanosecond().div_euclid(1_000_000)).ok()
}

#[test]
fn a_time_is_spelled_in_utc_with_milliseconds() {
    let spelled = |millis| Time::from_millis(millis).to_string();
    assert_eq!(spelled(1_767_225_600_007), "2026-01-01T00:00:00.007Z");
    assert_eq!(spelled(0), "1970-01-01T00:00:00.000Z");
    assert_eq!(spelled(-1), "1969-12-31T23:59:59.999Z");
    assert_eq!(spelled(i64::MIN), "0001-01-01T00:00:00.000Z");
    assert_eq!(spelled(i64::MAX), "9999-12-31T23:59:59.999Z");
}

#[test]
fn every_day_has_a_date_of_its_own_and_it_is_jiffs() {
    let mut before = (0, 12, 31);
    for day in -719_162..2_932_896 {
        let (year, month, date) = civil::date(day);
        assert!((year, month, date) > before, "{day}");
        assert_eq!(civil::days_since_1970(year, month, date), Some(day));
        before = (year, month, date);
        if day % 29 == 0 {
            let moment = Timestamp::from_second(day * 86_400).expect("in jiff's range");
            assert_eq!(
                Time::from_millis(day * 86_400_000).to_string(),
                format!("{moment:.3}")
            );
        }
    }
    assert_eq!(before, (9999, 12, 30));
}

#[test]
fn a_moment_is_read_in_all_the_forms_of_rfc_3339() {
    for text in [
        "2026-01-31T09:00:00Z",
        "2026-01-31t09:00:00z",
        "2026-01-31 09:00:00Z",
        "2026-01-31T09:00:00+02:00",
        "2026-01-31T09:00:00-00:00",
        "2026-01-01T00:30:00+23:59",
        "2026-12-31T23:30:00-23:59",
        "2026-01-31T09:00:00.5-07:30",
        "2026-01-31T09:00:00.1234567Z",
        "2026-01-31T09:00:00.999999999Z",
        "1969-12-31T23:59:59.9996Z",
        "2016-12-31T23:59:60Z",
        "2016-12-31T23:59:60.25Z",
        "2024-02-29T00:00:00Z",
        "2000-02-29T00:00:00Z",
    ] {
        assert!(read(text).is_some(), "{text}");
        assert_eq!(read(text), read_by_jiff(text), "{text}");
    }
    assert_eq!(
        read("2026-01-31T09:00:00.12345678901234567890Z"),
        read("2026-01-31T09:00:00.123Z")
    );
    assert_eq!(read("0000-01-01T00:00:00Z"), read("0001-01-01T00:00:00Z"));
}

#[test]
fn what_is_no_moment_is_refused() {
    for text in [
        "",
        "yesterday",
        "2026-01-31",
        "2026-01-31T09:00:00",
        "2026-01-31T09:00:00Z ",
        " 2026-01-31T09:00:00Z",
        "2026-01-31T09:00:00ZZ",
        "2026-01-31T09:00:00.Z",
        "2026-01-31T09:00:00+",
        "2026-01-31T09:00:00+2:00",
        "2026-01-31T09:00:00+24:00",
        "2026-01-31T09:00:00+02:60",
        "2026-01-31T24:00:00Z",
        "2026-01-31T09:60:00Z",
        "2026-01-31T09:00:61Z",
        "2026-1-31T09:00:00Z",
        "2026-00-01T09:00:00Z",
        "2026-13-01T09:00:00Z",
        "2026-01-00T09:00:00Z",
        "2026-04-31T09:00:00Z",
        "2026-02-29T09:00:00Z",
        "1900-02-29T09:00:00Z",
        "+2026-01-31T09:00:00Z",
        "２026-01-31T09:00:00Z",
    ] {
        assert_eq!(text.parse::<Time>(), Err(NotAMoment), "{text}");
    }
}

proptest! {
    #[test]
    fn any_time_can_be_spelled_and_read_back(millis in Time::RANGE) {
        let time = Time::from_millis(millis);
        prop_assert_eq!(time.to_string().parse::<Time>().ok(), Some(time));
    }

    #[test]
    fn any_time_is_spelled_as_jiff_does(millis in WITH_JIFF) {
        let moment = Timestamp::from_millisecond(millis).expect("in jiff's range");
        prop_assert_eq!(Time::from_millis(millis).to_string(), format!("{moment:.3}"));
    }

    #[test]
    fn what_looks_like_a_moment_is_read_as_jiff_does(
        text in "(00|19|20|99)[0-9]{2}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?(Z|z|[+-][01][0-9]:[0-6][0-9])"
    ) {
        // Beyond the end of jiff's range nothing can be said.
        if !text.starts_with("9999-12-3") {
            let by_jiff = read_by_jiff(&text).map(|millis| Time::from_millis(millis).as_millis());
            prop_assert_eq!(read(&text), by_jiff);
        }
    }

    #[test]
    fn reading_a_moment_never_panics(text in "\\PC*") {
        let _ = read(&text);
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
