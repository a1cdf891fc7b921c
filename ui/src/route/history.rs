//! Where the page is, and how it goes elsewhere: links, the browser's history, and what follows both.
//!
//! A router's work for a page whose addresses are a word and a name; one made for more would be a tenth of the first visit.

use std::sync::OnceLock;

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{HtmlAnchorElement, MouseEvent, Url, UrlSearchParams};

static PLACE: OnceLock<Place> = OnceLock::new();

/// Where the page is; a handle, free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    path: RwSignal<String>,
    query: RwSignal<String>,
}

impl Place {
    /// Finds out where the page is, follows links and the browser's history from now on.
    pub(crate) fn provide() -> Self {
        let place = Self {
            path: RwSignal::new(String::new()),
            query: RwSignal::new(String::new()),
        };
        place.look();
        window_event_listener(leptos::ev::popstate, move |_| place.look());
        window_event_listener(leptos::ev::click, move |click| place.follow(&click));
        *PLACE.get_or_init(|| place)
    }

    /// The one there is: a browser's page is at one place, and what is clicked asks from outside of every component.
    pub(crate) fn here() -> Self {
        *PLACE.get().expect("provided first of all")
    }

    /// The path, without the query.
    pub(crate) fn path(self) -> Signal<String> {
        self.path.into()
    }

    /// Follows one value of the query; an empty one is none.
    pub(crate) fn asked_for(self, key: &'static str) -> Memo<Option<String>> {
        Memo::new(move |_| {
            let query = UrlSearchParams::new_with_str(&self.query.read()).ok()?;
            query.get(key).filter(|value| !value.is_empty())
        })
    }

    /// Goes to `address`, from where the browser's way back leads here.
    pub(crate) fn go(self, address: &str) {
        let history = window().history();
        let is_gone = history
            .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(address)));
        self.arrive(is_gone, address);
    }

    /// Goes to `address` in the place of where the page is, as for each letter of a filter.
    pub(crate) fn replace(self, address: &str) {
        let history = window().history();
        let is_gone = history
            .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(address)));
        self.arrive(is_gone, address);
    }

    fn arrive(self, is_gone: Result<(), JsValue>, address: &str) {
        if is_gone.is_err() {
            // Browsers refuse when it happens too often: then they load the page.
            let _ = window().location().set_href(address);
            return;
        }
        let before = self.path.get_untracked();
        self.look();
        if self.path.with_untracked(|path| *path != before) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Takes over where the browser is.
    fn look(self) {
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        let query = location.search().unwrap_or_default();
        if self.path.with_untracked(|held| *held != path) {
            self.path.set(path);
        }
        if self.query.with_untracked(|held| *held != query) {
            self.query.set(query);
        }
    }

    /// Follows a link to another page of this one, unless the browser is to do something else with it.
    fn follow(self, click: &MouseEvent) {
        let is_plain = click.button() == 0
            && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key());
        if !is_plain || click.default_prevented() {
            return;
        }
        let Some(address) = link_of(click).and_then(|link| inner_address(&link)) else {
            return;
        };
        click.prevent_default();
        self.go(&address);
    }
}

/// The link that was clicked, or that holds what was.
fn link_of(click: &MouseEvent) -> Option<HtmlAnchorElement> {
    let clicked = click
        .target()?
        .dyn_into::<leptos::web_sys::Element>()
        .ok()?;
    clicked.closest("a[href]").ok()??.dyn_into().ok()
}

/// The address that a link leads to, when that is a page of this one.
fn inner_address(link: &HtmlAnchorElement) -> Option<String> {
    let is_elsewhere =
        link.has_attribute("download") || link.rel() == "external" || !link.target().is_empty();
    let address = Url::new(&link.href()).ok()?;
    let here = window().location();
    if is_elsewhere
        || here.origin().ok()? != address.origin()
        || address.pathname().starts_with("/api/")
    {
        return None;
    }
    // A place on the same page is the browser's to scroll to.
    let is_here =
        here.pathname().ok()? == address.pathname() && here.search().ok()? == address.search();
    if is_here && !address.hash().is_empty() {
        return None;
    }
    Some(format!(
        "{}{}{}",
        address.pathname(),
        address.search(),
        address.hash()
    ))
}
