//! The ceiling: an axum server that reads what it is sent, and does nothing.

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::post;

async fn nothing(_: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], "{}")
}

/// Serves on a port of the loopback address until it is killed.
pub(crate) fn serve(port: u16) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = Router::new()
            .route("/api/tasks", post(nothing))
            .route("/api/streams/{id}/claim", post(nothing))
            .route("/api/tasks/{id}/complete", post(nothing));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        axum::serve(listener, app).await?;
        Ok(())
    })
}
