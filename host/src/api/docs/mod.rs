//! What the API says about itself: an OpenAPI document made from the handlers' own descriptions, and a page made from
//! the document.

mod answers;
mod document;
mod examples;
mod html;
mod parameters;
mod reference;
mod spell;
mod tables;

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use answers::Unchanged;
pub(super) use answers::{Conflict, Rejected, Unknown};
pub(super) use html::escape;
pub(super) use parameters::{LastEvent, OfPlugin, OfSession, OfStream, OfTask, OfTool};

use super::App;
use super::page::serve;
use crate::assets::Asset;

/// The addresses of the docs.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(openapi))
        .routes(routes!(page))
        .routes(routes!(style))
}

/// The document, complete.
static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| document::complete(super::routes().into_openapi()));

/// Describes this API for programs: OpenAPI 3.1.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "docs",
    responses((status = 200, body = Object), Unchanged)
)]
async fn openapi(headers: HeaderMap) -> Response {
    static TEXT: LazyLock<Asset> =
        LazyLock::new(|| Asset::made(format!("{:#}\n", *DOCUMENT), "application/json"));
    serve(TEXT.clone(), &headers)
}

/// Describes this API for people: one page that needs nothing from elsewhere.
#[utoipa::path(
    get, path = "/api/docs", tag = "docs", operation_id = "docs_page",
    responses((status = 200, content_type = "text/html", body = String), Unchanged)
)]
async fn page(headers: HeaderMap) -> Response {
    static PAGE: LazyLock<Asset> = LazyLock::new(|| {
        let page = html::page(&reference::markdown(&DOCUMENT));
        Asset::made(page, "text/html; charset=utf-8")
    });
    serve(PAGE.clone(), &headers)
}

/// How that page looks.
#[utoipa::path(
    get, path = "/api/docs.css", tag = "docs", operation_id = "docs_style",
    responses((status = 200, content_type = "text/css", body = String), Unchanged)
)]
async fn style(headers: HeaderMap) -> Response {
    let style = include_str!("style.css").to_owned();
    serve(Asset::made(style, "text/css; charset=utf-8"), &headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_in_the_repository_is_the_one_that_the_code_makes() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/API.md");
        let made = reference::markdown(&DOCUMENT);
        if std::env::var_os("INSTA_UPDATE").is_some_and(|how| how == "always") {
            std::fs::write(file, made).expect("written");
            return;
        }
        let kept = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            kept == made,
            "host/API.md is not what the code says; run the test again with INSTA_UPDATE=always"
        );
    }
}
