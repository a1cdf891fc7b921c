use serde::{Deserialize, Serialize};

use crate::time::Time;

/// What happened over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stats {
    /// The beginning of the first bucket.
    pub since: Time,
    /// How long each bucket is, in seconds.
    pub bucket_seconds: u64,
    /// All of it together.
    pub total: Bucket,
    /// Every bucket up to now, oldest first; those in which nothing happened too.
    pub buckets: Vec<Bucket>,
}

/// What happened in one span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// Its beginning.
    pub at: Time,
    /// Tasks that were enqueued.
    pub enqueued: u64,
    /// Tasks that succeeded.
    pub succeeded: u64,
    /// Tasks that failed, were auto-failed or cancelled.
    pub failed: u64,
    /// How long the tasks that finished had waited, in milliseconds; none when none finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<Spread>,
    /// How long the tasks that finished had run, in milliseconds; none when none had run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_ms: Option<Spread>,
}

/// How a figure spreads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spread {
    /// Half of them are at most this.
    pub median: i64,
    /// 95 of 100 are at most this.
    pub p95: i64,
}

impl Spread {
    /// The spread of `figures`; none of none. Percentiles are the nearest rank.
    #[must_use]
    pub fn of(mut figures: Vec<i64>) -> Option<Self> {
        figures.sort_unstable();
        let rank = |percent: usize| {
            let place = (figures.len() * percent).div_ceil(100);
            figures.get(place.saturating_sub(1)).copied()
        };
        Some(Self {
            median: rank(50)?,
            p95: rank(95)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_95th_percentile_are_figures_that_occurred() {
        assert_eq!(Spread::of(Vec::new()), None);
        let spread = |figures: Vec<i64>| {
            let spread = Spread::of(figures).expect("figures");
            (spread.median, spread.p95)
        };
        assert_eq!(spread(vec![7]), (7, 7));
        assert_eq!(spread(vec![4, 1, 3, 2]), (2, 4));
        assert_eq!(spread((1..=100).rev().collect()), (50, 95));
    }
}
