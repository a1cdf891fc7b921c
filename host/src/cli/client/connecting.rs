//! Whether a request was sent at all: before its connection is there, encrypted where that was asked for, nothing was.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ureq::Error;
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, Transport};

/// Connects as ever, and notes that it has.
#[derive(Debug, Default)]
pub(super) struct Connecting {
    inner: DefaultConnector,
    connected: Connected,
}

/// Whether the newest connection came about.
#[derive(Debug, Default, Clone)]
pub(super) struct Connected(Arc<AtomicBool>);

impl Connecting {
    /// What it notes, for who asks later.
    pub(super) fn connected(&self) -> Connected {
        self.connected.clone()
    }
}

impl Connected {
    /// Whether something may have been sent.
    pub(super) fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Connector for Connecting {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        self.connected.0.store(false, Ordering::Relaxed);
        // A proxy is connected to in here too, so only the end of all of it counts.
        let made = self.inner.connect(details, chained);
        self.connected.0.store(made.is_ok(), Ordering::Relaxed);
        made
    }
}
