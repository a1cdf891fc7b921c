//! The web page: its shell at every address that is not the API's, and the files the shell names.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Method, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use sparkq_core::refusal::quote;
use sparkq_core::{Code, Refusal};

use super::json::{Failure, method_not_allowed};
use crate::assets::{self, Asset};

/// No inline script, no other host, no frame: what a task prints can never become more than text.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Answers what no route of the API does.
pub(super) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let path = uri.path();
    let api = path == "/api" || path.starts_with("/api/");
    let file = path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    let found = assets::page(if file { path } else { "/" }).filter(|_| !api);
    match found {
        None => {
            let message = format!("there is nothing at {}", quote(path));
            Failure::from(Refusal::Http {
                code: Code::RouteNotFound,
                message,
            })
            .into_response()
        }
        Some(_) if !matches!(method, Method::GET | Method::HEAD) => {
            let refused = method_not_allowed(method).await;
            ([(header::ALLOW, "GET,HEAD")], refused).into_response()
        }
        Some(asset) => serve(asset, &headers),
    }
}

/// Answers with `asset`, or with 304 when the client has it already.
pub(super) fn serve(asset: Asset, headers: &HeaderMap) -> Response<Body> {
    let caching = if asset.immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let common: [(HeaderName, &str); 5] = [
        (header::ETAG, &asset.etag),
        (header::CACHE_CONTROL, caching),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|etag| etag.as_bytes() == asset.etag.as_bytes());
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    (
        common,
        [(header::CONTENT_TYPE, asset.content_type)],
        asset.bytes.into_owned(),
    )
        .into_response()
}
