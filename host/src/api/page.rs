//! The web page: its shell at every address that is not the API's, and the files the shell names.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Method, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use sparkq_core::refusal::quote;
use sparkq_core::{Code, Refusal};

use super::json::{Failure, method_not_allowed};
use super::packing::accepted;
use crate::assets::{self, Asset};

/// No inline script, no other host, no frame: what a task prints can never become more than text.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Answers what no route of the API does.
pub(super) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let path = uri.path();
    let api = path == "/api" || path.starts_with("/api/");
    let file = if is_view(path) { "/" } else { path };
    let found = assets::page(file, &accepted(&headers)).filter(|_| !api);
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

/// Whether a path outside the API is one of the page's views, and no file of its. Views end with names, which may have
/// a dot in them; files have a folder of their own, or lie at the top.
pub(super) fn is_view(path: &str) -> bool {
    let first = path.split('/').nth(1).unwrap_or_default();
    first != "assets" && !first.contains('.')
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
    let varies = asset.varies.then_some([(header::VARY, "Accept-Encoding")]);
    if is_known(&asset.etag, headers) {
        return (StatusCode::NOT_MODIFIED, common, varies, ()).into_response();
    }
    let packing = asset
        .packing
        .map(|packing| [(header::CONTENT_ENCODING, packing.name())]);
    let length = asset.bytes.len();
    (
        common,
        varies,
        packing,
        [(header::CONTENT_TYPE, asset.content_type)],
        [(header::CONTENT_LENGTH, length)],
        body(asset.bytes),
    )
        .into_response()
}

/// Whether the client has what `etag` stands for.
fn is_known(etag: &str, headers: &HeaderMap) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}

/// The content without a copy where it is part of the program.
fn body(bytes: Cow<'static, [u8]>) -> Body {
    match bytes {
        Cow::Borrowed(bytes) => bytes.into(),
        Cow::Owned(bytes) => bytes.into(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_name_with_a_dot_is_no_file() {
        for view in [
            "/",
            "/tasks",
            "/streams/v1.2",
            "/streams/app.js",
            "/nothing/here",
        ] {
            assert!(is_view(view), "{view}");
        }
        for file in [
            "/assets/a/boot.js",
            "/assets",
            "/favicon.ico",
            "/.env",
            "/.well-known/a",
        ] {
            assert!(!is_view(file), "{file}");
        }
    }

    #[test]
    fn a_client_says_what_it_has_in_one_list_or_several() {
        let known = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::IF_NONE_MATCH, HeaderValue::from_static(value));
            }
            is_known("\"ab\"", &headers)
        };
        assert!(known(&["\"ab\""]) && known(&["W/\"ab\""]) && known(&["*"]));
        assert!(known(&["\"cd\", \"ab\""]) && known(&["\"cd\"", "\"ab\""]));
        assert!(!known(&[]) && !known(&["\"cd\""]) && !known(&["ab"]) && !known(&[""]));
    }
}
