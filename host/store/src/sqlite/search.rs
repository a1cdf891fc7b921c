//! The search follows the event log: it is brought up to date in the background, a part at a time, and never
//! when a task is written.

use rusqlite::{Connection, OptionalExtension};

use super::{Run, Tx};
use crate::error::{Error, Fault};
use crate::request::IndexTasks;

/// How much of stdout and of stderr, and of a payload, can be found, in characters from its start.
const LONGEST: u32 = 4096;

impl Run for IndexTasks {
    fn run(&self, tx: &Tx<'_>) -> Result<i64, Error> {
        let from = searched(tx.conn)?;
        let upto: Option<i64> = tx
            .sql("SELECT max(seq) FROM (SELECT seq FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2)")?
            .query_row((from, self.limit), |row| row.get(0))?;
        let Some(upto) = upto else { return Ok(0) };
        tx.sql(include_str!("search.sql"))?
            .execute((from, upto, LONGEST))?;
        tx.sql("UPDATE searched SET seq = ?1")?.execute([upto])?;
        unsearched(tx.conn).map_err(Error::from)
    }
}

/// The newest event that the search includes.
fn searched(conn: &Connection) -> rusqlite::Result<i64> {
    let mut select = conn.prepare_cached("SELECT seq FROM searched")?;
    Ok(select
        .query_row([], |row| row.get(0))
        .optional()?
        .unwrap_or_default())
}

/// How many events the search does not include yet, at most.
pub(super) fn unsearched(conn: &Connection) -> Result<i64, Fault> {
    let from = searched(conn)?;
    let mut newest = conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM events")?;
    let newest: i64 = newest.query_row([], |row| row.get(0))?;
    Ok(newest.saturating_sub(from).max(0))
}

/// What people type as a question to the search: all of these words, each as it is or as the beginning of one.
pub(super) fn question(text: &str) -> String {
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| word.chars().any(char::is_alphanumeric));
    let quoted = words.map(|word| format!("\"{}\"*", word.replace('"', "\"\"")));
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_typed_is_words_and_never_syntax() {
        assert_eq!(question("login form"), "\"login\"* \"form\"*");
        assert_eq!(
            question("NOT \"x\" (a OR b) *"),
            "\"NOT\"* \"\"\"x\"\"\"* \"(a\"* \"OR\"* \"b)\"*"
        );
        assert_eq!(question(" * \" "), "");
        assert_eq!(question("a\0b"), "\"a\"* \"b\"*");
    }
}
