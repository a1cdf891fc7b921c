use sparkq_core::wire::Stats;
use sparkq_core::{Refusal, Time, time};
use sparkq_store::StatsQuery;

use super::{Answer, Queue};

/// Widths of a bucket, in seconds: five minutes, an hour, six hours, a day.
const WIDTHS: [u64; 4] = [300, 3_600, 21_600, 86_400];

/// The most buckets that the narrower widths are taken for.
const BUCKETS: u64 = 48;

/// The span when nobody says one, in seconds: a day.
const SPAN: u64 = 86_400;

/// The longest span, in seconds: 366 days.
const LONGEST: u64 = 366 * 86_400;

impl Queue {
    /// What happened since, in buckets whose width follows from the span.
    pub(crate) async fn stats(
        &self,
        stream: Option<String>,
        tool: Option<String>,
        since: Option<&str>,
    ) -> Answer<Stats> {
        let now = self.now();
        let since = since.map_or(Ok(now.back(millis(SPAN))), |text| parse_since(text, now))?;
        let span = u64::try_from(now.since(since)).unwrap_or_default() / 1000;
        let width = width(span);
        let query = StatsQuery {
            stream,
            tool,
            since,
            now,
            width_ms: millis(width),
        };
        self.access.read(move |store| store.stats(&query)).await
    }
}

fn width(span: u64) -> u64 {
    let fits = |width: &u64| span <= width * BUCKETS;
    WIDTHS.into_iter().find(fits).unwrap_or(WIDTHS[3])
}

/// A moment, or how long ago it was.
fn parse_since(text: &str, now: Time) -> Result<Time, Refusal> {
    let why = "neither a moment, as 2026-01-31T09:00:00Z, nor a span up to 366 days, as 7d";
    let since = match text.parse::<Time>() {
        Ok(moment) => moment,
        Err(_) => match time::parse_duration(text) {
            Ok(seconds) => now.back(millis(seconds)),
            Err(_) => return Err(Refusal::invalid("since", text, why)),
        },
    };
    if since > now || now.since(since) > millis(LONGEST) {
        return Err(Refusal::invalid("since", text, why));
    }
    Ok(since)
}

fn millis(seconds: u64) -> i64 {
    i64::try_from(seconds)
        .unwrap_or(i64::MAX)
        .saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_of_a_bucket_follows_from_the_span() {
        for (span, expected) in [
            (0, 300),
            (4 * 3600, 300),
            (86_400, 3600),
            (7 * 86_400, 21_600),
            (60 * 86_400, 86_400),
        ] {
            assert_eq!(width(span), expected, "{span}");
        }
    }

    #[test]
    fn since_is_a_moment_or_a_span_and_never_in_the_future() {
        let now = "2026-02-01T00:00:00.000Z"
            .parse::<Time>()
            .expect("a moment");
        let since = |text| parse_since(text, now).map(|since| since.to_string()).ok();
        assert_eq!(since("1d").as_deref(), Some("2026-01-31T00:00:00.000Z"));
        assert_eq!(
            since("2026-01-31T09:00:00Z").as_deref(),
            Some("2026-01-31T09:00:00.000Z")
        );
        for wrong in ["2026-02-02T00:00:00Z", "400d", "yesterday", "", "-1"] {
            assert_eq!(since(wrong), None, "{wrong}");
        }
    }
}
