//! Saves a text as a file of the person who reads it.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::Array;
use leptos::web_sys::{Blob, HtmlAnchorElement, Url};

/// Has the browser save `text` under `name`. A browser that refuses says so itself.
pub(super) fn save(name: &str, text: &str) -> Option<()> {
    let parts = Array::of1(&JsValue::from_str(text));
    let file = Blob::new_with_str_sequence(&parts).ok()?;
    let address = Url::create_object_url_with_blob(&file).ok()?;
    let link = document().create_element("a").ok()?;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address).ok()
}
