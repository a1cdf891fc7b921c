//! The stylesheet of the parts, which the first visit goes without.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::Element;
use leptos::web_sys::js_sys::Promise;
use leptos::web_sys::js_sys::futures::JsFuture;

/// What it is called, beside the program.
const NAME: &str = "parts.css";

/// Makes the document have the stylesheet, beginning at once. Returns whether it has.
pub(super) fn come() -> impl Future<Output = bool> {
    let known = document().query_selector("link[data-parts]");
    let coming = match known {
        Ok(Some(_)) => None,
        _ => Some(add()),
    };
    async move {
        let Some(coming) = coming else {
            return true;
        };
        let Ok((link, loaded)) = coming else {
            return false;
        };
        let is_here = loaded.await.is_ok();
        // Marked, it is not asked for again; gone, it can be.
        if is_here {
            let _ = link.set_attribute("data-parts", "");
        } else {
            link.remove();
        }
        is_here
    }
}

fn add() -> Result<(Element, JsFuture), JsValue> {
    let page = document();
    let program = page.query_selector("script[type=module][src]")?;
    let program = program.and_then(|program| program.get_attribute("src"));
    let program = program.ok_or(JsValue::UNDEFINED)?;
    let folder = program.rsplit_once('/').map_or("", |(folder, _)| folder);

    let link = page.create_element("link")?;
    link.set_attribute("rel", "stylesheet")?;
    link.set_attribute("href", &format!("{folder}/{NAME}"))?;
    let loaded = Promise::new(&mut |loaded, failed| {
        // Adding a listener fails only where there can be none.
        let _ = link.add_event_listener_with_callback("load", &loaded);
        let _ = link.add_event_listener_with_callback("error", &failed);
    });
    page.head().ok_or(JsValue::UNDEFINED)?.append_child(&link)?;
    Ok((link, JsFuture::from(loaded)))
}
