//! The database's version, in `user_version`. Steps are only ever appended.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Fault, FaultKind};

/// "SprQ": tells `file` and us whose database it is.
const APPLICATION: i64 = 0x5370_7251;

/// Step `n` leads from version `n` to version `n + 1`.
const STEPS: [&str; 5] = [
    include_str!("schema.sql"),
    include_str!("step2.sql"),
    include_str!("step3.sql"),
    include_str!("step4.sql"),
    include_str!("step5.sql"),
];

#[expect(clippy::cast_possible_wrap, reason = "a handful of steps")]
const NEWEST: i64 = STEPS.len() as i64;

/// Refuses a database that is not ours, newer than this program, or not up to date.
pub(super) fn check(conn: &Connection) -> Result<(), Fault> {
    match version(conn)? {
        NEWEST => Ok(()),
        0 => Err(Fault::new(FaultKind::Missing, "the database is empty")),
        _ => Err(Fault::new(
            FaultKind::Other,
            "the database is of an older version; `sparkq setup` brings it up to date",
        )),
    }
}

/// Brings an empty or older database up to date, in one transaction.
pub(super) fn run(conn: &mut Connection) -> Result<(), Fault> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = usize::try_from(version(&tx)?).unwrap_or(0);
    for step in STEPS.iter().skip(from) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", NEWEST)?;
    tx.commit()?;
    Ok(())
}

/// The version of the database; refuses one that is not ours or newer than this program.
pub(super) fn version(conn: &Connection) -> Result<i64, Fault> {
    let pragma = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && (application != 0 || version != 0 || tables != 0) {
        return Err(Fault::new(
            FaultKind::Foreign,
            "the file is a database of another program",
        ));
    }
    if version > NEWEST {
        let message = format!(
            "the database has version {version}, and this program knows versions up to {NEWEST}; a newer SparkQ has made it"
        );
        return Err(Fault::new(FaultKind::Newer, message));
    }
    Ok(version)
}
