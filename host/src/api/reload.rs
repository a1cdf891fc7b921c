use axum::extract::State;
use sparkq_core::wire::Reloaded;

use super::App;
use super::json::{Answer, ok};
use super::request::Actor;
use crate::config::Token;

/// Reads `sparkq.toml` and the script folders anew.
///
/// Nothing of it is taken when any of it is broken.
#[utoipa::path(
    post, path = "/api/reload", tag = "queue",
    params(Actor),
    responses((status = 200, body = Reloaded))
)]
pub(super) async fn reload(State(app): State<App>, Actor(actor): Actor) -> Answer {
    let mut done = app.queue.reload(actor).await?;
    let token = Token::of(&app.queue.project());
    let warning = match token {
        Ok(token) if token.as_ref() == app.token.as_ref() => None,
        Ok(_) => Some("the token has changed, which takes a restart of the server".to_owned()),
        Err(refusal) => Some(format!("the server could not start again: {refusal}")),
    };
    done.value.warnings.extend(warning);
    ok(done)
}
