//! The browser's `EventSource`, as notes.

use futures_channel::mpsc::UnboundedSender;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::Input;
use crate::client;

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
    number: u32,
    stream: EventSource,
    _listeners: Vec<Closure<dyn FnMut(MessageEvent)>>,
}

impl Source {
    /// Connects, for the events after `after`. What comes goes to `inbox` with `number`. Returns nothing when the browser
    /// refuses the address.
    pub(super) fn open(number: u32, after: i64, inbox: &UnboundedSender<Input>) -> Option<Self> {
        let source = EventSource::new(&client::queue::events_after(after)).ok()?;
        let listen = |kind, note: Box<dyn Fn(&MessageEvent) -> Note>| {
            let inbox = inbox.clone();
            let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                // Nobody listens only when the page is going away.
                let _ = inbox.unbounded_send(Input::Note(number, note(&message)));
            });
            // The only way to fail is a listener that is no function.
            let _ =
                source.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
            listener
        };
        let kinds = KINDS.into_iter();
        let mut listeners: Vec<_> = kinds
            .map(|kind| listen(kind, Box::new(move |message| told(kind, message))))
            .collect();
        listeners.push(listen("open", Box::new(|_| Note::Open)));
        listeners.push(listen("error", Box::new(|_| Note::Broken)));
        Some(Self {
            number,
            stream: source,
            _listeners: listeners,
        })
    }

    /// The number it was opened with.
    pub(super) fn number(&self) -> u32 {
        self.number
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        // Otherwise the browser would connect again by itself, with the address of the first time.
        self.stream.close();
    }
}

fn told(kind: &'static str, message: &MessageEvent) -> Note {
    Note::Message {
        kind,
        seq: message.last_event_id().parse().ok(),
        data: message.data().as_string().unwrap_or_default(),
    }
}
