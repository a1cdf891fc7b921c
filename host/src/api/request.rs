//! Requests: bodies, parameters and headers, read strictly.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt as _;
use percent_encoding::percent_decode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::{Code, Refusal, Worker, json, limits};
use sparkq_store::{Page, RequestKey};

use super::json::Failure;
use crate::queue::request_key;

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = content_type(request.headers());
        if kind != "application/json" {
            return Err(unsupported(&kind));
        }
        Ok(Self(parse(&text(request, state).await?)?))
    }
}

/// A JSON body that may be left out, which then asks for nothing special.
pub(super) struct OptionalBody<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = content_type(request.headers());
        if !kind.is_empty() && kind != "application/json" {
            return Err(unsupported(&kind));
        }
        let text = text(request, state).await?;
        match (text.is_empty(), kind.is_empty()) {
            (true, _) => Ok(Self(T::default())),
            (false, true) => Err(unsupported(&kind)),
            (false, false) => Ok(Self(parse(&text)?)),
        }
    }
}

/// A body that asks for nothing. It is read all the same: a connection with something unread shows no hang-up.
pub(super) struct Ignored;

impl<S: Send + Sync> FromRequest<S> for Ignored {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        text(request, state).await.map(|_| Self)
    }
}

/// A body of JSON, or of one JSON document a line.
pub(super) enum Lines<T> {
    /// One document.
    Whole(T),
    /// The text of several.
    Lines(String),
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Lines<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match content_type(request.headers()).as_str() {
            "application/json" => Ok(Self::Whole(parse(&text(request, state).await?)?)),
            "application/x-ndjson" | "application/ndjson" => {
                Ok(Self::Lines(text(request, state).await?))
            }
            other => Err(unsupported(other)),
        }
    }
}

/// The longest key of a request, in bytes.
pub(super) const LONGEST_KEY: usize = 255;

/// How deep a payload or result lies in a body, at most: in a task, in a list, in a batch.
const AROUND: usize = 3;

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    let argument = || "the body".to_owned();
    let value = json::parse_around(text, AROUND).map_err(|error| Refusal::InvalidJson {
        argument: argument(),
        why: error.to_string(),
    })?;
    let misfit = |why: String| Refusal::InvalidRequest {
        argument: argument(),
        why,
    };
    if !value.is_object() {
        let kind = json::kind(&value);
        return Err(misfit(format!("is {kind}, and an object is needed")));
    }
    serde_json::from_value(value).map_err(|error| misfit(format!("does not fit: {error}")))
}

async fn text<S: Send + Sync>(request: Request, state: &S) -> Result<String, Failure> {
    let too_large = || {
        let message = format!(
            "the body is too large: at most {} bytes are taken",
            limits::BODY
        );
        Refusal::Http {
            code: Code::TooLarge,
            message,
        }
    };
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limits::BODY) {
        drain(request).await;
        return Err(too_large().into());
    }
    let bytes = Bytes::from_request(request, state)
        .await
        .map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                return too_large();
            }
            Refusal::InvalidRequest {
                argument: "the body".to_owned(),
                why: "ended early".to_owned(),
            }
        })?;
    String::from_utf8(bytes.into()).map_err(|error| {
        Refusal::InvalidJson {
            argument: "the body".to_owned(),
            why: error.to_string(),
        }
        .into()
    })
}

/// Lets a client send what is not kept, within reason: one that is cut off while it sends never reads the answer.
async fn drain(request: Request) {
    let mut parts = request.into_body().into_data_stream();
    let mut seen = 0;
    while let Some(Ok(part)) = parts.next().await {
        seen += part.len();
        if seen > 4 * limits::BODY {
            return;
        }
    }
}

/// The media type, without its parameters.
fn content_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn unsupported(kind: &str) -> Failure {
    let got = if kind.is_empty() {
        "no Content-Type".to_owned()
    } else {
        format!("Content-Type {}", sparkq_core::refusal::quote(kind))
    };
    Refusal::Http {
        code: Code::UnsupportedMediaType,
        message: format!("the request has {got}"),
    }
    .into()
}

/// The parameters behind the `?`.
pub(super) struct Params<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|Query(params)| Self(params))
            .map_err(|rejection| {
                Refusal::InvalidRequest {
                    argument: "the query".to_owned(),
                    why: format!("does not fit: {}", rejection.body_text()),
                }
                .into()
            })
    }
}

/// What stands for an id or name in the address.
pub(super) struct Given(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Given {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(given)| Self(given)).map_err(|rejection| {
            Refusal::InvalidRequest {
                argument: "the address".to_owned(),
                why: format!("cannot be read: {}", rejection.body_text()),
            }
            .into()
        })
    }
}

/// Who asks: the header `Sparkq-Actor`, percent-encoded, else `api`.
pub(super) struct Actor(pub(super) Worker);

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let name = match parts.headers.get("sparkq-actor") {
            None => "api".into(),
            Some(value) if value.as_bytes().iter().all(|byte| is_visible(*byte)) => {
                percent_decode(value.as_bytes()).decode_utf8_lossy()
            }
            Some(value) => {
                let given = String::from_utf8_lossy(value.as_bytes());
                let why = "not plain ASCII; percent-encode it";
                return Err(Refusal::invalid("Sparkq-Actor", given, why).into());
            }
        };
        Ok(Self(worker("Sparkq-Actor", &name)?))
    }
}

fn is_visible(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_graphic()
}

/// The header `Idempotency-Key`: a request with the same key is done once, and sent again gets the first answer.
pub(super) struct Key(Option<String>);

impl Key {
    /// The key, bound to what is asked.
    pub(super) fn of(self, verb: &str, asked: &impl Serialize) -> Option<RequestKey> {
        self.0.map(|id| request_key(&id, verb, asked))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let given = parts.headers.get("idempotency-key");
        let id = given.map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            key("Idempotency-Key", text.into_owned())
        });
        Ok(Self(id.transpose()?))
    }
}

/// Reads the key that a request was sent with.
pub(super) fn key(argument: &str, text: String) -> Result<String, Refusal> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if plain && (1..=LONGEST_KEY).contains(&text.len()) {
        return Ok(text);
    }
    let why = "not a key: 1 to 255 letters, digits and signs without spaces";
    Err(Refusal::invalid(argument, text, why))
}

/// Reads the name someone acts under.
pub(super) fn worker(argument: &str, name: &str) -> Result<Worker, Refusal> {
    let parsed = name.parse();
    parsed.map_err(|error| Refusal::invalid(argument, name, error))
}

/// Reads a parameter that is a word or number of ours, and says which one is wrong.
pub(super) fn parameter<T: std::str::FromStr>(
    name: &str,
    text: Option<&str>,
    why: &str,
) -> Result<Option<T>, Refusal> {
    text.map(|text| text.parse().map_err(|_| Refusal::invalid(name, text, why)))
        .transpose()
}

/// Reads a place in a log or list: digits alone.
pub(super) fn seq(name: &str, text: Option<&str>, why: &str) -> Result<Option<i64>, Refusal> {
    match text {
        Some(text) if text.starts_with(['+', '-']) => Err(Refusal::invalid(name, text, why)),
        text => parameter(name, text, why),
    }
}

/// Reads which page of a list is asked for.
pub(super) fn page(limit: Option<&str>, cursor: Option<&str>) -> Result<Page, Refusal> {
    let why = "not a number from 1 to 1000";
    let limit = parameter("limit", limit, why)?.unwrap_or(limits::PAGE_DEFAULT);
    if !(1..=limits::PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", limit.to_string(), why));
    }
    let cursor = seq("cursor", cursor, "not a next_cursor of this list")?;
    Ok(Page { cursor, limit })
}
