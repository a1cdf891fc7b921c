//! What pages leave behind, to be as they were when somebody comes back to them.

use std::any::Any;

use leptos::ev;
use leptos::prelude::*;

/// How many things are kept.
const MOST: usize = 4;

/// What was left, by its key, the oldest first.
type Things = Vec<(String, Box<dyn Any>)>;

/// The place for it, above the routes; a handle, free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Kept {
    things: StoredValue<Things, LocalStorage>,
    /// The address that the browser's history led to last.
    back_at: StoredValue<Option<String>>,
}

impl Kept {
    /// Makes the place and gives it to everything below. Made before the router, it hears of a way back first.
    pub(crate) fn provide() {
        let kept = Self {
            things: StoredValue::new_local(Vec::new()),
            back_at: StoredValue::new(None),
        };
        let _listening =
            window_event_listener(ev::popstate, move |_| kept.back_at.set_value(address()));
        provide_context(kept);
    }

    /// The one that was provided above.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// Leaves `thing` under `key`.
    pub(crate) fn leave<T: 'static>(self, key: String, thing: T) {
        self.things.update_value(|things| {
            things.retain(|(kept, _)| *kept != key);
            things.push((key, Box::new(thing)));
            let surplus = things.len().saturating_sub(MOST);
            things.drain(..surplus);
        });
    }

    /// Takes what was left under `key`.
    pub(crate) fn take<T: 'static>(self, key: &str) -> Option<T> {
        let taken = self.things.try_update_value(|things| {
            let place = things.iter().position(|(kept, _)| kept == key)?;
            Some(things.remove(place).1)
        });
        taken.flatten()?.downcast().ok().map(|thing| *thing)
    }

    /// Whether the browser's history led here, which is told once.
    pub(crate) fn came_back(self) -> bool {
        let led_to = self.back_at.try_update_value(Option::take).flatten();
        led_to.is_some() && led_to == address()
    }
}

fn address() -> Option<String> {
    window().location().href().ok()
}
