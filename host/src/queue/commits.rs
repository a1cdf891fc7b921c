use tokio::sync::watch;

/// Counts commits; whoever waits sees the number change.
#[derive(Debug, Clone)]
pub(crate) struct Commits(watch::Sender<u64>);

impl Commits {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Something was committed.
    pub(crate) fn happened(&self) {
        self.0.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// A receiver that changes with each commit.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
