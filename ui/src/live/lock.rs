//! The lock that makes a tab the leader. The browser passes it on when the tab lets go of it, is closed or crashes.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::mpsc::UnboundedSender;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::futures::JsFuture;
use leptos::web_sys::js_sys::{Function, Object, Promise, Reflect};
use leptos::web_sys::window;
use web_sys::AbortController;

use super::Input;
use super::channel::NAME;

/// The lock, or a place in the line for it; dropping it lets go of either.
pub(super) struct Lock {
    line: Option<AbortController>,
    release: Rc<RefCell<Option<Function>>>,
    _granted: Closure<dyn FnMut(JsValue) -> Promise>,
}

impl Lock {
    /// Asks for the lock, in line, or at once from whoever holds it: `inbox` is told when it is granted, and when it is
    /// taken away. Returns nothing where there are no locks, as on a page that came over an open network.
    pub(super) fn ask(number: u32, steal: bool, inbox: &UnboundedSender<Input>) -> Option<Self> {
        let navigator = window()?.navigator();
        let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
        let request = Reflect::get(&locks, &"request".into()).ok()?;
        let request = request.dyn_into::<Function>().ok()?;
        let release = Rc::new(RefCell::new(None));
        let (told, kept) = (inbox.clone(), Rc::clone(&release));
        let granted = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |_| {
            // Nobody listens only when the page is going away.
            let _ = told.unbounded_send(Input::Granted(number));
            Promise::new(&mut |resolve, _| drop(kept.replace(Some(resolve))))
        });
        let options = Object::new();
        let line = if steal {
            Reflect::set(&options, &"steal".into(), &true.into()).ok()?;
            None
        } else {
            let line = AbortController::new().ok()?;
            Reflect::set(&options, &"signal".into(), &line.signal()).ok()?;
            Some(line)
        };
        let callback = granted.as_ref().unchecked_ref();
        let held = request.call3(&locks, &NAME.into(), &options, callback);
        let held = held.ok()?.dyn_into::<Promise>().ok()?;
        let inbox = inbox.clone();
        spawn_local(async move {
            if JsFuture::from(held).await.is_err() {
                let _ = inbox.unbounded_send(Input::Robbed(number));
            }
        });
        Some(Self {
            line,
            release,
            _granted: granted,
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            // What resolves a promise does not fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        } else if let Some(line) = &self.line {
            line.abort();
        }
    }
}
