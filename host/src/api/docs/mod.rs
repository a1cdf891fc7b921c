//! What the API says about itself: an OpenAPI document made from the handlers' own descriptions, and a page made from
//! the document.

mod answers;
mod document;
mod parameters;

use std::sync::LazyLock;

use axum::http::HeaderMap;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use answers::{Conflict, Rejected, Unknown};
pub(super) use parameters::{LastEvent, OfSession, OfStream, OfTask, OfTool};

use super::App;
use super::page::serve;
use crate::assets::Asset;

/// The addresses of the docs.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(openapi))
}

/// The document, complete.
static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| document::complete(super::routes().into_openapi()));

/// Describes this API for programs: OpenAPI 3.1.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "docs",
    responses((status = 200, body = Object), (status = 304, description = "The `ETag` is still the one in `If-None-Match`."))
)]
async fn openapi(headers: HeaderMap) -> axum::response::Response {
    static TEXT: LazyLock<Asset> =
        LazyLock::new(|| Asset::made(format!("{:#}\n", *DOCUMENT), "application/json"));
    serve(TEXT.clone(), &headers)
}
