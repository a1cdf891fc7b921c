//! The browser's `EventSource`, as a channel of notes that ends with the connection.

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// Every kind of event there is to be. Those the board does not show still move it on in the log.
const KINDS: [&str; 22] = [
    "session.created",
    "session.updated",
    "session.ended",
    "stream.created",
    "stream.updated",
    "stream.ended",
    "task.enqueued",
    "task.claimed",
    "task.released",
    "task.completed",
    "task.failed",
    "task.expired",
    "task.cancelled",
    "task.requeued",
    "task.purged",
    "task.late",
    "plugin.added",
    "plugin.removed",
    "plugin.quarantined",
    "plugin.restored",
    "config.reloaded",
    "reset",
];

/// What the event source has to say.
pub(super) enum Note {
    /// The connection stands: nothing after the seq it was opened with can be missed.
    Open,
    /// One event.
    Message {
        /// Its kind, as in [`KINDS`].
        kind: &'static str,
        /// Its seq, where the server gave one.
        seq: Option<i64>,
        /// The event itself, JSON.
        data: String,
    },
    /// The connection is gone.
    Broken,
}

/// An open connection; dropping it closes it.
pub(super) struct Source {
    source: EventSource,
    _listeners: Vec<Closure<dyn FnMut(MessageEvent)>>,
}

impl Source {
    /// Connects to `address`. Returns nothing when the browser refuses the address.
    pub(super) fn open(address: &str) -> Option<(Self, UnboundedReceiver<Note>)> {
        let source = EventSource::new(address).ok()?;
        let (notes, inbox) = unbounded();
        let mut listeners: Vec<_> = KINDS
            .into_iter()
            .map(|kind| listen(&source, kind, &notes, move |message| told(kind, message)))
            .collect();
        listeners.push(listen(&source, "open", &notes, |_| Note::Open));
        listeners.push(listen(&source, "error", &notes, |_| Note::Broken));
        Some((
            Self {
                source,
                _listeners: listeners,
            },
            inbox,
        ))
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        // Otherwise the browser would connect again by itself, with the address of the first time.
        self.source.close();
    }
}

fn listen(
    source: &EventSource,
    kind: &str,
    notes: &UnboundedSender<Note>,
    note: impl Fn(&MessageEvent) -> Note + 'static,
) -> Closure<dyn FnMut(MessageEvent)> {
    let notes = notes.clone();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        // Nobody listens only when the connection is being dropped.
        let _ = notes.unbounded_send(note(&message));
    });
    // The only way to fail is a listener that is no function.
    let _ = source.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
    listener
}

fn told(kind: &'static str, message: &MessageEvent) -> Note {
    Note::Message {
        kind,
        seq: message.last_event_id().parse().ok(),
        data: message.data().as_string().unwrap_or_default(),
    }
}
