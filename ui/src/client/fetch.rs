//! One request to the server, through the browser.

use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use super::NoAnswer;

/// What is done with what is at an address.
pub(super) struct Method(&'static str);

impl Method {
    pub(super) const GET: Self = Self("GET");
    pub(super) const POST: Self = Self("POST");
    pub(super) const PUT: Self = Self("PUT");
    pub(super) const DELETE: Self = Self("DELETE");
}

/// What came back.
pub(super) struct Reply {
    pub(super) status: u16,
    /// The newest event that it includes, as the server spells it.
    pub(super) seq: Option<String>,
    pub(super) text: String,
}

/// Asks, and reads the whole answer. A body is JSON; what is sent with the same `key` is done once.
pub(super) async fn fetch(
    method: Method,
    address: &str,
    body: Option<&str>,
    key: Option<&str>,
) -> Result<Reply, NoAnswer> {
    let answer = send(method, address, body, key).await;
    let answer = answer.map_err(|_| NoAnswer::here("SparkQ's server does not answer."))?;
    let text = text(&answer).await;
    Ok(Reply {
        status: answer.status(),
        seq: answer.headers().get("Sparkq-Seq").unwrap_or_default(),
        text: text.map_err(|_| NoAnswer::here("The connection broke during an answer."))?,
    })
}

async fn send(
    method: Method,
    address: &str,
    body: Option<&str>,
    key: Option<&str>,
) -> Result<Response, JsValue> {
    let request = RequestInit::new();
    request.set_method(method.0);
    if let Some(body) = body {
        let headers = Headers::new()?;
        headers.set("content-type", "application/json")?;
        if let Some(key) = key {
            headers.set("Idempotency-Key", key)?;
        }
        request.set_headers(&headers);
        request.set_body(&body.into());
    }
    let sent = leptos::prelude::window().fetch_with_str_and_init(address, &request);
    Ok(JsFuture::from(sent).await?.unchecked_into())
}

async fn text(answer: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(answer.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}
