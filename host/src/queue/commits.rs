use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sparkq_core::StreamId;
use sparkq_store::Woken;
use tokio::sync::watch;

/// Tells of commits: everybody that there was one, and those who wait at a stream that there may be work.
#[derive(Debug, Clone)]
pub(crate) struct Commits {
    count: watch::Sender<u64>,
    lanes: Arc<Mutex<HashMap<StreamId, watch::Sender<()>>>>,
}

impl Commits {
    pub(crate) fn new() -> Self {
        Self {
            count: watch::Sender::new(0),
            lanes: Arc::default(),
        }
    }

    /// Something was committed here.
    pub(crate) fn happened(&self, woken: &Woken) {
        self.lanes(|lanes| {
            if woken.all {
                wake_all(lanes);
            }
            for stream in &woken.streams {
                if let Some(lane) = lanes.get(stream) {
                    lane.send_modify(|()| {});
                }
            }
        });
        self.count();
    }

    /// Something was committed elsewhere, nobody knows what.
    pub(crate) fn happened_elsewhere(&self) {
        self.lanes(|lanes| wake_all(lanes));
        self.count();
    }

    /// A receiver that changes with each commit.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    /// A receiver that changes when there may be work in `stream`.
    pub(crate) fn watch_stream(&self, stream: &StreamId) -> watch::Receiver<()> {
        self.lanes(|lanes| {
            lanes.retain(|_, lane| lane.receiver_count() > 0);
            let lane = lanes.entry(stream.clone());
            lane.or_insert_with(|| watch::Sender::new(())).subscribe()
        })
    }

    fn count(&self) {
        self.count
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    fn lanes<T>(&self, with: impl FnOnce(&mut HashMap<StreamId, watch::Sender<()>>) -> T) -> T {
        with(&mut self.lanes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn wake_all(lanes: &HashMap<StreamId, watch::Sender<()>>) {
    for lane in lanes.values() {
        lane.send_modify(|()| {});
    }
}
