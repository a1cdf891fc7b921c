//! What the tabs of one browser hear of each other.

use futures_channel::mpsc::UnboundedSender;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::Input;
use super::word::Word;

/// What the tabs share is called so. Pages of another version have a channel and a lock of their own.
pub(super) const NAME: &str = concat!("sparkq-", env!("CARGO_PKG_VERSION"));

/// The channel; dropping it leaves it.
pub(super) struct Channel {
    channel: BroadcastChannel,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Joins it: what others say goes to `inbox`. Returns nothing where there is none.
    pub(super) fn join(inbox: &UnboundedSender<Input>) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let inbox = inbox.clone();
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            if let Some(text) = message.data().as_string() {
                // Nobody listens only when the page is going away.
                let _ = inbox.unbounded_send(Input::Heard(text));
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self {
            channel,
            _listener: listener,
        })
    }

    /// Says `word` to all others.
    pub(super) fn say(&self, word: &Word) {
        // The only way to fail is a channel that is closed.
        let _ = self.channel.post_message(&JsValue::from_str(&word.spell()));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
