use sparkq_core::wire::ErrorBody;
use sparkq_core::{Code, Refusal};
use sparkq_store::FaultKind;

/// Why the queue has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The caller must act.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// The store could not do its work.
    #[error(transparent)]
    Store(sparkq_store::Fault),
    /// A plugin could not do its work.
    #[error(transparent)]
    Plugin(#[from] sparkq_runtime::Fault),
    /// A mistake of SparkQ's own.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// A task of the server's own that ended in a panic.
    pub(crate) fn panicked(error: &tokio::task::JoinError) -> Self {
        Self::Internal(format!("a task of the server ended early: {error}"))
    }

    /// The code, which also decides the HTTP status.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Refusal(refusal) => refusal.code(),
            Self::Store(fault) => match fault.kind {
                FaultKind::Missing => Code::NoProject,
                FaultKind::Foreign | FaultKind::Newer | FaultKind::Corrupt => {
                    Code::DatabaseUnusable
                }
                FaultKind::Busy => Code::DatabaseBusy,
                FaultKind::Full | FaultKind::Other => Code::Internal,
            },
            Self::Plugin(_) => Code::PluginFault,
            Self::Internal(_) => Code::Internal,
        }
    }

    /// The error as both fronts answer it.
    pub(crate) fn to_body(&self) -> ErrorBody {
        if let Self::Refusal(refusal) = self {
            return refusal.to_body();
        }
        let hint = Some(self.code().hint().to_owned()).filter(|hint| !hint.is_empty());
        ErrorBody {
            error: self.to_string(),
            code: self.code().as_str().to_owned(),
            hint,
            fields: Vec::new(),
            done: None,
        }
    }
}

impl From<sparkq_store::Fault> for Error {
    fn from(fault: sparkq_store::Fault) -> Self {
        Self::Store(fault)
    }
}

impl From<sparkq_store::Error> for Error {
    fn from(error: sparkq_store::Error) -> Self {
        match error {
            sparkq_store::Error::Refusal(refusal) => Self::Refusal(refusal),
            sparkq_store::Error::Fault(fault) => Self::Store(fault),
        }
    }
}
