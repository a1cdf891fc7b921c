//! Speaks HTTP; no other file does. The calls of each resource lie in a file of its own below.
//!
//! Every answer comes with the newest event it includes, so that whoever asked knows which events are news.

mod fetch;
pub(crate) mod plugins;
pub(crate) mod queue;
pub(crate) mod scripts;
pub(crate) mod sessions;
pub(crate) mod stats;
pub(crate) mod streams;
pub(crate) mod tasks;
pub(crate) mod tools;

use std::fmt;
use std::pin::Pin;

use leptos::web_sys::js_sys::encode_uri_component;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::Issue;
use sparkq_core::wire::ErrorBody;

use self::fetch::{Method, fetch};
use crate::{json, route};

/// An answer, and the newest event it includes.
#[derive(Debug, Clone)]
pub(crate) struct Answer<T> {
    /// What was asked for.
    pub(crate) body: T,
    /// Seq of the newest event it includes.
    pub(crate) seq: i64,
}

impl<T> Answer<T> {
    /// Makes something else of what was asked for.
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            body: make(self.body),
            seq: self.seq,
        }
    }
}

/// Why there is no answer, or which refusal it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoAnswer {
    /// What is wrong, as a sentence for a person.
    pub(crate) what: String,
    /// What the server calls it; empty when there was no answer at all.
    pub(crate) code: String,
    /// What helps, as the server says it.
    pub(crate) hint: Option<String>,
    /// Findings at single fields.
    pub(crate) fields: Vec<Issue>,
}

impl NoAnswer {
    fn here(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            code: String::new(),
            hint: None,
            fields: Vec::new(),
        }
    }

    /// Whether the server said that there is no such thing.
    pub(crate) fn is_not_found(&self) -> bool {
        self.code.ends_with("NOT_FOUND")
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// What a request comes to.
pub(crate) type Asked<T> = Result<Answer<T>, NoAnswer>;

/// Fetches what is at `address`.
async fn get<T: DeserializeOwned>(address: &str) -> Asked<T> {
    read(ask(Method::GET, address.to_owned(), None).await)
}

/// Sends `body` to `address`.
async fn post<T: DeserializeOwned>(address: &str, body: &impl Serialize) -> Asked<T> {
    read(ask(Method::POST, address.to_owned(), Some(spell(body))).await)
}

/// Sends `body` to `address`, where it is done once however often it is sent with the same `key`. Tells whether
/// something was made of it.
async fn post_once<T: DeserializeOwned>(
    address: &str,
    body: &impl Serialize,
    key: String,
) -> Result<(T, bool), NoAnswer> {
    let body = Some(spell(body));
    let raw = ask_once(Method::POST, address.to_owned(), body, Some(key)).await;
    let is_made = raw.as_ref().is_ok_and(|(_, _, status)| *status == 201);
    Ok((read(raw)?.body, is_made))
}

/// Changes what is at `address`.
async fn put<T: DeserializeOwned>(address: &str, body: &impl Serialize) -> Asked<T> {
    read(ask(Method::PUT, address.to_owned(), Some(spell(body))).await)
}

/// Takes away what is at `address`.
async fn delete<T: DeserializeOwned>(address: &str) -> Asked<T> {
    read(ask(Method::DELETE, address.to_owned(), None).await)
}

/// Spells one value of a query, or one segment of a path.
fn escaped(text: &str) -> String {
    encode_uri_component(text).into()
}

fn spell(body: &impl Serialize) -> String {
    // What is sent are structs and documents, which can always be spelled.
    serde_json::to_string(body).unwrap_or_default()
}

/// What came of a request: a successful answer's text, with the newest event it includes and its status.
type Raw = Result<(String, i64, u16), NoAnswer>;

fn read<T: DeserializeOwned>(raw: Raw) -> Asked<T> {
    let (text, seq, _) = raw?;
    match json::read(&text) {
        Ok(body) => Ok(Answer { body, seq }),
        Err(error) => Err(NoAnswer::here(format!(
            "SparkQ's server answered something else than this page expects ({error}): load the page anew."
        ))),
    }
}

/// Asks the server; the same code for every kind of answer, which keeps the page light.
fn ask(
    method: Method,
    address: String,
    body: Option<String>,
) -> Pin<Box<dyn Future<Output = Raw>>> {
    ask_once(method, address, body, None)
}

/// Asks the server for what is done once with the same `key`.
fn ask_once(
    method: Method,
    address: String,
    body: Option<String>,
    key: Option<String>,
) -> Pin<Box<dyn Future<Output = Raw>>> {
    Box::pin(async move {
        let reply = fetch(method, &address, body.as_deref(), key.as_deref()).await?;
        if reply.status == 401 {
            route::sign_in_first();
        }
        if (200..300).contains(&reply.status) {
            let seq = reply.seq.and_then(|seq| seq.parse().ok());
            return Ok((reply.text, seq.unwrap_or_default(), reply.status));
        }
        Err(refused(reply.status, &reply.text))
    })
}

fn refused(status: u16, text: &str) -> NoAnswer {
    let Ok(body) = json::read::<ErrorBody>(text) else {
        return NoAnswer::here(format!("SparkQ's server answered with status {status}."));
    };
    NoAnswer {
        what: sentence(&body.error),
        code: body.code,
        hint: body.hint,
        fields: body.fields,
    }
}

/// Makes a sentence of a lower-case fragment.
fn sentence(fragment: &str) -> String {
    let mut sentence = fragment.to_owned();
    // Refusals are English; the letters of all other scripts would double the page's tables.
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !sentence.ends_with(['.', '?', '!', ':']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_as_a_sentence_with_what_helps() {
        let refused = refused(
            409,
            r#"{"error":"task `tsk_1` is queued","code":"WRONG_STATE","hint":"claim it first"}"#,
        );
        assert_eq!(refused.what, "Task `tsk_1` is queued.");
        assert_eq!(refused.hint.as_deref(), Some("claim it first"));
        assert!(!refused.is_not_found());
    }

    #[test]
    fn what_is_no_refusal_of_ours_is_told_by_its_status() {
        let refused = super::refused(502, "<html>");
        assert_eq!(refused.what, "SparkQ's server answered with status 502.");
    }
}
