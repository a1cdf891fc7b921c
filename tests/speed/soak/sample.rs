//! How large everything is at one moment of the run.

use std::fs;
use std::path::Path;

use anyhow::Result;
use rusqlite::Connection;
use serde::Serialize;

use super::file;
use crate::memory::resident;
use crate::table::number;

const MIB: f64 = 1024.0 * 1024.0;

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sample {
    /// How much of the work was done.
    pub(crate) percent: u8,
    /// How fast, since the sample before.
    pub(crate) tasks_per_second: f64,
    /// What the server has in memory, in MiB.
    pub(crate) memory_mib: f64,
    /// The database without its WAL, in MiB.
    pub(crate) database_mib: f64,
    /// Of that, what is remembered of requests for a day, so that they are done once.
    pub(crate) keys_mib: f64,
    /// Of that, the search index.
    pub(crate) search_mib: f64,
    /// Of that, what tasks printed.
    pub(crate) outputs_mib: f64,
    /// Of that, pages that are free to be used again.
    pub(crate) free_mib: f64,
    /// The WAL, in MiB.
    pub(crate) wal_mib: f64,
    /// How many tasks there are.
    pub(crate) tasks: u64,
    /// How many events.
    pub(crate) events: u64,
    /// How many events the search has not followed yet.
    pub(crate) unsearched: u64,
}

impl Sample {
    /// Measures the server and the files beside it.
    pub(crate) fn take(
        percent: u8,
        tasks_per_second: f64,
        server: u32,
        path: &Path,
    ) -> Result<Self> {
        // First of all, because whoever reads keeps the WAL from being begun anew.
        let wal = fs::metadata(path.with_extension("db-wal")).map_or(0, |wal| wal.len());
        let memory_mib = resident(server)?;
        let file = file::open(path)?;
        let count = |sql: &str| file::number(&file, sql);
        let page = count("PRAGMA page_size")?;
        let unsearched = "SELECT coalesce(max(seq), 0) - (SELECT seq FROM searched) FROM events";
        Ok(Self {
            percent,
            tasks_per_second,
            memory_mib,
            database_mib: mib(page * count("PRAGMA page_count")?),
            keys_mib: size(
                &file,
                &["requests", "sqlite_autoindex_requests_1", "requests_at"],
            )?,
            search_mib: size(
                &file,
                &[
                    "search_data",
                    "search_idx",
                    "search_docsize",
                    "search_config",
                ],
            )?,
            outputs_mib: size(&file, &["outputs", "sqlite_autoindex_outputs_1"])?,
            free_mib: mib(page * count("PRAGMA freelist_count")?),
            wal_mib: mib(wal),
            tasks: count("SELECT count(*) FROM tasks")?,
            events: count("SELECT count(*) FROM events")?,
            unsearched: count(unsearched)?,
        })
    }

    /// What the database takes apart from the keys, in MiB.
    pub(crate) fn rest_mib(&self) -> f64 {
        self.database_mib - self.keys_mib
    }
}

/// The pages of tables and indexes, in MiB.
fn size(file: &Connection, names: &[&str]) -> Result<f64> {
    let mut select = file.prepare("SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = ?1")?;
    let mut all = 0;
    for name in names {
        all += select.query_row([name], |row| row.get::<_, u64>(0))?;
    }
    Ok(mib(all))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a file is smaller than what a float counts to"
)]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / MIB
}

/// All samples as Markdown.
pub(crate) fn text(samples: &[Sample]) -> String {
    use std::fmt::Write as _;
    let mut text = String::from(
        "\n| done | tasks/s | memory | database | of it keys | search | outputs | free | WAL | tasks | events | not searched yet |\n\
         |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for sample in samples {
        #[expect(clippy::cast_precision_loss, reason = "counts of rows are small")]
        let counts = [sample.tasks, sample.events, sample.unsearched].map(|count| count as f64);
        let sizes = [
            sample.memory_mib,
            sample.database_mib,
            sample.keys_mib,
            sample.search_mib,
            sample.outputs_mib,
            sample.free_mib,
            sample.wal_mib,
        ];
        let _ = write!(
            text,
            "| {} % | {:.0}",
            sample.percent, sample.tasks_per_second
        );
        for size in sizes {
            let _ = write!(text, " | {} MiB", number(size));
        }
        for count in counts {
            let _ = write!(text, " | {count}");
        }
        text.push_str(" |\n");
    }
    text
}
