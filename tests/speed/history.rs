//! What a claim costs when a million tasks are behind it.

use anyhow::Result;

use crate::Effort;
use crate::store;
use crate::table::{Durability, Row, median};

const GROUP: &str = "a claim, in the store alone, 32 to a commit";

/// How many tasks are taken through the queue for one figure.
const SAMPLE: usize = 3_200;

pub(crate) fn measure(effort: Effort) -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let mut store = store::open(&folder.path().join("q.db"))?;
    // Once for the caches.
    store::cycles(&mut store, SAMPLE)?;
    let claim = |store: &mut _| -> Result<f64> {
        let mut costs = Vec::new();
        for _ in 0..effort.rounds {
            costs.push(store::cycles(store, SAMPLE)?.claim.as_secs_f64() * 1e6 / 3_200.0);
        }
        Ok(median(&mut costs))
    };
    let empty = claim(&mut store)?;
    store::cycles(&mut store, effort.finished)?;
    let full = claim(&mut store)?;
    let row = |what: &str, value, unit| Row::new(GROUP, what, value, unit, Durability::Synced);
    Ok(vec![
        row("nothing finished", empty, "µs"),
        row(&format!("{} finished", effort.finished), full, "µs"),
        row("finished tasks to none", full / empty, "×").at_most(1.2),
    ])
}
