use sparkq_core::Refusal;

/// Why a request has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The caller must act.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// The store could not do its work; nothing was changed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What kept the store from its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// There is no database at that path.
    Missing,
    /// The file is there, but is no database of SparkQ's.
    Foreign,
    /// A newer SparkQ has made it.
    Newer,
    /// Another process kept it locked for too long.
    Busy,
    /// The disk is full.
    Full,
    /// The file is damaged.
    Corrupt,
    /// Anything else.
    Other,
}

/// The store could not do its work, and nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What kind of fault.
    pub kind: FaultKind,
    /// What happened, as a lower-case fragment.
    pub message: String,
}

impl Fault {
    /// A fault of `kind`.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    pub(crate) fn unanswered() -> Self {
        Self::new(
            FaultKind::Other,
            "the store left a request without an answer",
        )
    }

    pub(crate) fn mistake() -> Self {
        Self::new(
            FaultKind::Other,
            "the store made a mistake and undid what it had begun",
        )
    }

    pub(crate) fn removed() -> Self {
        Self::new(
            FaultKind::Missing,
            "the database was removed or replaced meanwhile, and nothing was kept",
        )
    }

    /// The thread that serves the store has ended.
    #[must_use]
    pub fn closed() -> Self {
        Self::new(FaultKind::Other, "the store is closed")
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let (kind, what) = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
                FaultKind::Busy,
                "the database was kept locked by another process for too long",
            ),
            Some(ErrorCode::DiskFull) => (FaultKind::Full, "the disk is full"),
            Some(ErrorCode::DatabaseCorrupt) => {
                (FaultKind::Corrupt, "the database file is damaged")
            }
            Some(ErrorCode::NotADatabase) => (FaultKind::Foreign, "the file is no SQLite database"),
            _ => (FaultKind::Other, "the database failed"),
        };
        Self::new(kind, format!("{what}: {error}"))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}
