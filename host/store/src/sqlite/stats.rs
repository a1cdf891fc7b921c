use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use sparkq_core::Time;
use sparkq_core::wire::{Bucket, Spread, Stats};

use super::tasks::conditions;
use crate::error::Error;
use crate::read::{StatsQuery, TaskFilter};

/// What is gathered of one span of time.
#[derive(Default, Clone)]
struct Gathered {
    enqueued: u64,
    succeeded: u64,
    failed: u64,
    waits: Vec<i64>,
    runs: Vec<i64>,
}

impl Gathered {
    fn add(&mut self, other: &Self) {
        self.enqueued += other.enqueued;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.waits.extend(&other.waits);
        self.runs.extend(&other.runs);
    }

    fn tell(self, at: i64) -> Bucket {
        Bucket {
            at: Time::from_millis(at),
            enqueued: self.enqueued,
            succeeded: self.succeeded,
            failed: self.failed,
            wait_ms: Spread::of(self.waits),
            run_ms: Spread::of(self.runs),
        }
    }
}

pub(super) fn stats(conn: &Connection, query: &StatsQuery) -> Result<Stats, Error> {
    let filter = TaskFilter {
        stream: query.stream.clone(),
        tool: query.tool.clone(),
        ..TaskFilter::default()
    };
    let (filter, mut values) = conditions(conn, &filter)?;
    values.push(Value::Integer(query.since.as_millis()));
    let width = query.width_ms.max(1);
    let bucket = |at: i64| at - at.rem_euclid(width);
    let mut buckets = BTreeMap::<i64, Gathered>::new();

    // Every bucket is there, also one in which nothing happened.
    let mut at = bucket(query.since.as_millis());
    while at <= query.now.as_millis() {
        buckets.insert(at, Gathered::default());
        at += width;
    }
    let sql = format!(
        "SELECT created_at - created_at % {width} AS at, count(*) FROM tasks
         WHERE {filter} AND created_at >= ? GROUP BY at"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query(params_from_iter(&values))?;
    while let Some(row) = rows.next()? {
        if let Some(bucket) = buckets.get_mut(&row.get(0)?) {
            bucket.enqueued = row.get(1)?;
        }
    }
    let sql = format!(
        "SELECT finished_at, status = 'succeeded', coalesce(started_at, finished_at) - created_at, finished_at - started_at
         FROM tasks WHERE {filter} AND finished_at >= ?"
    );
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query(params_from_iter(&values))?;
    while let Some(row) = rows.next()? {
        let Some(bucket) = buckets.get_mut(&bucket(row.get(0)?)) else {
            continue;
        };
        let count = if row.get(1)? {
            &mut bucket.succeeded
        } else {
            &mut bucket.failed
        };
        *count += 1;
        bucket.waits.push(row.get(2)?);
        bucket.runs.extend(row.get::<_, Option<i64>>(3)?);
    }
    let since = bucket(query.since.as_millis());
    let mut total = Gathered::default();
    for gathered in buckets.values() {
        total.add(gathered);
    }
    let buckets = buckets.into_iter();
    Ok(Stats {
        since: Time::from_millis(since),
        bucket_seconds: u64::try_from(width / 1000).unwrap_or_default(),
        total: total.tell(since),
        buckets: buckets.map(|(at, gathered)| gathered.tell(at)).collect(),
    })
}
