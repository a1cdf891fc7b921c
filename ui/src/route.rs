//! Addresses: the only file that knows how a page and its filters are spelled in the URL.

use leptos::prelude::*;
use leptos::web_sys::js_sys::encode_uri_component;
use leptos_router::hooks::use_query_map;

/// Follows the stream that the address asks for: `?stream=NAME`.
pub(crate) fn stream_filter() -> Memo<Option<String>> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get("stream").filter(|name| !name.is_empty()))
}

/// Spells the dashboard's address, of one stream or of all. Names need no escaping.
pub(crate) fn dashboard(stream: Option<&str>) -> String {
    match stream {
        Some(name) => format!("/?stream={name}"),
        None => "/".to_owned(),
    }
}

/// Leaves for the sign-in, which leads back here. Where it stands in the history, nobody comes back to a page without
/// an answer.
pub(crate) fn sign_in_first() {
    let location = window().location();
    let here = [location.pathname(), location.search()].map(Result::unwrap_or_default);
    let next = encode_uri_component(&here.concat());
    // A browser that leaves for nowhere shows why the server has refused.
    let _ = location.replace(&format!("/login?next={next}"));
}
