//! What may not have grown.

use super::precise;
use super::sample::Sample;
use crate::table::{Durability, Row};

/// What is held to be bounded.
struct Bound {
    what: &'static str,
    size: fn(&Sample) -> f64,
    /// How many times as large as at 30 % it may be at the end.
    most: f64,
    /// What counts as nothing: so much, and so much for each task of a stream. Streams are purged one by one, so one of
    /// them more or less is no growth.
    nothing: [f64; 2],
}

const BOUNDS: [Bound; 7] = [
    Bound {
        what: "memory of the server",
        size: |sample| sample.memory_mib,
        most: 1.5,
        nothing: [32.0, 0.0],
    },
    Bound {
        what: "database, without the keys of a day",
        size: Sample::rest_mib,
        most: 2.0,
        nothing: [4.0, 0.002],
    },
    Bound {
        what: "search index",
        size: |sample| sample.search_mib,
        most: 2.0,
        nothing: [1.0, 0.0005],
    },
    Bound {
        what: "outputs",
        size: |sample| sample.outputs_mib,
        most: 2.0,
        nothing: [1.0, 0.0003],
    },
    // It is cut to 64 MiB when it is begun anew.
    Bound {
        what: "WAL",
        size: |sample| sample.wal_mib,
        most: 2.0,
        nothing: [64.0, 0.0],
    },
    Bound {
        what: "rows of tasks",
        size: |sample| precise(sample.tasks),
        most: 2.0,
        nothing: [100.0, 1.0],
    },
    Bound {
        what: "rows of events",
        size: |sample| precise(sample.events),
        most: 2.0,
        nothing: [1_000.0, 3.0],
    },
];

/// How much larger everything is at the end than it was at 30 %, when each stream has so many tasks.
pub(crate) fn growth(samples: &[Sample], lane: f64) -> Vec<Row> {
    let at = |percent| samples.iter().find(|sample| sample.percent == percent);
    let (Some(early), Some(end)) = (at(30), samples.last()) else {
        return Vec::new();
    };
    let rows = BOUNDS.iter().map(|bound| {
        let [fixed, each] = bound.nothing;
        let before = (bound.size)(early).max(each.mul_add(lane, fixed));
        Row::new(
            "at the end to 30 % of the run",
            bound.what,
            (bound.size)(end) / before,
            "×",
            Durability::Synced,
        )
        .at_most(bound.most)
    });
    rows.collect()
}
