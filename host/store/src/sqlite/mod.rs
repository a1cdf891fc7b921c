//! The SQLite engine: WAL, every commit synced, one file per verb with its SQL beside it.

mod cancel;
mod catalogue;
mod claim;
mod counts;
mod edit_session;
mod edit_stream;
mod enqueue;
mod event;
mod expire;
mod finish;
mod forget;
mod lookup;
mod migrate;
mod note;
mod overview;
mod plugin_faults;
mod plugin_log;
mod pragma;
mod project;
mod purge;
mod release;
mod reload;
mod requests;
mod requeue;
mod rows;
mod search;
mod session;
mod snapshot;
mod stats;
mod stream;
mod tasks;
mod turn;
mod writer;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rusqlite::{CachedStatement, Connection, OpenFlags};

use crate::Store;
use crate::error::{Error, Fault, FaultKind};
use crate::read::Read;
use crate::write::{Done, Job, Verb, Write, for_each_verb};

pub use turn::Sign;
use turn::Turn;
pub use writer::{Asker, Writer};

/// Where the letters of new ids come from.
pub type Entropy = Box<dyn FnMut() -> u64 + Send>;

/// A connection to the queue in one SQLite file.
pub struct SqliteStore {
    conn: Connection,
    entropy: RefCell<Entropy>,
    turn: Turn,
}

impl SqliteStore {
    /// Opens the queue at `path`. Never makes a file.
    pub fn open(path: &Path, entropy: Entropy) -> Result<Self, Fault> {
        if !path.try_exists().unwrap_or(true) {
            return Err(Fault::new(
                FaultKind::Missing,
                format!("there is no database at {}", path.display()),
            ));
        }
        let (conn, turn) = connect(path)?;
        migrate::check(&conn)?;
        pragma::apply(&conn)?;
        Ok(Self {
            conn,
            entropy: entropy.into(),
            turn,
        })
    }

    /// Has the store show `sign` while it waits to write, so that a busy server lets it in between two commits.
    #[must_use]
    pub fn with_sign(self, sign: Sign) -> Self {
        self.turn.show(sign);
        self
    }

    /// Makes the queue at `path`, readable by its owner alone, or brings an older one up to date; the caller holds
    /// the server's lock.
    pub fn create(path: &Path, entropy: Entropy) -> Result<Self, Fault> {
        let made = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path);
        made.map_err(|error| {
            Fault::new(
                FaultKind::Other,
                format!("cannot make {}: {error}", path.display()),
            )
        })?;
        let (mut conn, turn) = connect(path)?;
        // Before anything is set, because setting changes the file, and it may be another program's.
        migrate::version(&conn)?;
        pragma::apply(&conn)?;
        pragma::checkpoint_seldom(&conn)?;
        migrate::run(&mut conn)?;
        Ok(Self {
            conn,
            entropy: entropy.into(),
            turn,
        })
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.conn.path())
            .finish_non_exhaustive()
    }
}

fn connect(path: &Path) -> Result<(Connection, Turn), Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags)?;
    let turn = Turn::of(&mut conn)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok((conn, turn))
}

impl Store for SqliteStore {
    fn write(&mut self, batch: &mut [Write]) -> Result<(), Fault> {
        match self.attempt(batch, Care::Bare)? {
            Attempt::Kept => Ok(()),
            Attempt::HalfDone => self.attempt(batch, Care::Savepoints).map(|_| ()),
        }
    }

    fn read(&self) -> Result<Box<dyn Read + '_>, Fault> {
        Ok(Box::new(snapshot::Snapshot::begin(&self.conn)?))
    }

    fn version(&self) -> Result<i64, Fault> {
        Ok(self
            .conn
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?)
    }

    fn settle(&mut self) -> Result<(), Fault> {
        pragma::checkpoint(&self.conn)
    }
}

/// How the requests of a batch are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// Not at all: nearly every request that goes wrong has changed nothing by then.
    Bare,
    /// Each in a savepoint. Then SQLite copies every page that a request changes.
    Savepoints,
}

/// What came of a batch.
#[derive(Debug, PartialEq, Eq)]
enum Attempt {
    /// It is committed.
    Kept,
    /// A request went wrong half-way, and nothing of the batch was kept.
    HalfDone,
}

impl SqliteStore {
    fn attempt(&self, batch: &mut [Write], care: Care) -> Result<Attempt, Fault> {
        let begin = || Open::begin(&self.conn, "BEGIN IMMEDIATE");
        let open = self.turn.take(begin)?;
        let verbs = Tx {
            conn: &self.conn,
            entropy: &self.entropy,
            care,
            seq: Cell::new(0),
        };
        for write in batch.iter_mut() {
            if write.run(&verbs)? == Attempt::HalfDone {
                return Ok(Attempt::HalfDone);
            }
        }
        open.commit()?;
        Ok(Attempt::Kept)
    }
}

/// An open transaction, undone when it is dropped. Its statements are prepared once, as all others are.
struct Open<'a>(&'a Connection);

impl<'a> Open<'a> {
    fn begin(conn: &'a Connection, sql: &str) -> rusqlite::Result<Self> {
        conn.prepare_cached(sql)?.execute([])?;
        Ok(Self(conn))
    }

    fn commit(self) -> rusqlite::Result<()> {
        self.0.prepare_cached("COMMIT")?.execute([]).map(|_| ())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.0.is_autocommit() {
            return;
        }
        let undone = self.0.prepare_cached("ROLLBACK");
        if let Err(error) = undone.and_then(|mut undo| undo.execute([])) {
            tracing::error!(%error, "a transaction could not be undone");
        }
    }
}

/// The transaction as a verb sees it.
struct Tx<'a> {
    conn: &'a Connection,
    entropy: &'a RefCell<Entropy>,
    care: Care,
    /// The last event of the verb that is running.
    seq: Cell<i64>,
}

impl Tx<'_> {
    fn sql(&self, text: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.conn.prepare_cached(text)
    }

    fn draw(&self) -> u64 {
        (self.entropy.borrow_mut())()
    }

    /// Draws ids until one is found that `taken` does not know.
    fn unused<I>(
        &self,
        taken: &str,
        make: fn(u64) -> I,
        text: fn(&I) -> &str,
    ) -> rusqlite::Result<I> {
        let mut taken = self.sql(taken)?;
        loop {
            let id = make(self.draw());
            if !taken.exists([text(&id)])? {
                return Ok(id);
            }
        }
    }
}

/// A verb's SQL.
trait Run: Verb {
    fn run(&self, tx: &Tx<'_>) -> Result<Self::Answer, Error>;
}

/// Runs one request, so that one that goes wrong half-way leaves nothing behind and costs the others of its batch
/// nothing. Where SQLite has rolled the whole transaction back (disk full, I/O), the batch ends.
fn run_job<V: Run>(job: &mut Job<V>, tx: &Tx<'_>) -> Result<Attempt, Fault> {
    tx.seq.set(0);
    let savepoint = tx.care == Care::Savepoints;
    if savepoint {
        tx.sql("SAVEPOINT verb")?.execute([])?;
    }
    let before = tx.conn.total_changes();
    let answer = job.request.run(tx);
    if let Err(error) = &answer {
        if let (Error::Fault(fault), true) = (error, tx.conn.is_autocommit()) {
            return Err(fault.clone());
        }
        if savepoint {
            tx.sql("ROLLBACK TO verb")?.execute([])?;
        } else if tx.conn.total_changes() != before {
            return Ok(Attempt::HalfDone);
        }
    }
    if savepoint {
        tx.sql("RELEASE verb")?.execute([])?;
    }
    // Where nothing changed, the answer includes what there was.
    let seq = match tx.seq.get() {
        0 => overview::last_seq(tx.conn)?,
        told => told,
    };
    job.answer = Some(answer.map(|value| Done { value, seq }));
    Ok(Attempt::Kept)
}

macro_rules! dispatch {
    ($($verb:ident),*) => {
        impl Write {
            fn run(&mut self, tx: &Tx<'_>) -> Result<Attempt, Fault> {
                match self { $(Self::$verb(job) => run_job(job, tx),)* }
            }
        }
    };
}
for_each_verb!(dispatch);
