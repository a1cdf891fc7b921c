//! Signing in from a browser, where the server has a token. Pages without a script; what they lead to is the cookie.

mod cookie;
mod guesses;
mod next;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, Query, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use serde::Deserialize;
use sparkq_core::{Code, Refusal};

pub(super) use cookie::{SignIn, read};
pub(super) use guesses::{Guesser, Guesses};
pub(super) use next::sign_in_first;

use super::docs::escape;
use super::guard::host;
use super::json::{Answer, method_not_allowed};
use super::page::serve;
use super::{App, Line};
use crate::assets::Asset;
use crate::config::Token;

/// What the form is called.
const SIGN_IN: &str = "Sign in to SparkQ";

/// The most bytes of a form: more than the longest token and the longest way back.
const FORM: usize = 8 * 1024;

/// No script at all, and nobody else's page around it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// The colours and sizes of the page, and how these two use them.
const STYLE: &str = concat!(
    include_str!("../../../../ui/src/style/tokens.css"),
    include_str!("style.css")
);

/// The addresses of the sign-in.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(show).post(sign_in))
        .route("/logout", post(sign_out))
        .route("/login.css", get(style))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(FORM))
}

/// Where a browser wants to go, in the address or with the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Way {
    next: String,
}

impl Way {
    fn checked(&self) -> Option<&str> {
        next::checked(&self.next)
    }
}

/// What the form sends.
#[derive(Deserialize)]
struct Filled {
    token: String,
    #[serde(default)]
    next: String,
}

/// Shows the form, or that nobody needs it.
async fn show(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let way = Query::<Way>::try_from_uri(&uri).unwrap_or_default().0;
    let Some(token) = app.token.as_ref() else {
        return to(way.checked().unwrap_or("/"));
    };
    match (
        read(&headers, &host(&uri, &headers), token, crate::now()),
        way.checked(),
    ) {
        (SignIn::Holds(_), Some(next)) => to(next),
        (SignIn::Holds(until), None) => {
            let day = until.to_string().chars().take(10).collect::<String>();
            let page = include_str!("signed_in.html").replace("{{until}}", &day);
            shown(StatusCode::OK, "Signed in to SparkQ", &page)
        }
        (SignIn::None | SignIn::RunOut, next) => {
            shown(StatusCode::OK, SIGN_IN, &form("", next.unwrap_or("/")))
        }
    }
}

/// Gives a browser that has the token its cookie.
async fn sign_in(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    line: Line,
    filled: Result<Form<Filled>, FormRejection>,
) -> Answer {
    let Form(filled) = filled.map_err(unreadable)?;
    let way = Way { next: filled.next };
    let next = way.checked().unwrap_or("/");
    let Some(token) = app.token.as_ref() else {
        return Ok(to(next));
    };
    if !token.is(filled.token.trim().as_bytes()) {
        let guesser = Guesser::of(line.peer(), &headers);
        app.guesses.hold_back(guesser, app.stopping.clone()).await;
        let wrong = "<p role=\"alert\">That is not the token of this server.</p>";
        let mut answer = shown(StatusCode::UNAUTHORIZED, SIGN_IN, &form(wrong, next));
        let scheme = HeaderValue::from_static("Bearer");
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, scheme);
        return Ok(answer);
    }
    let mut answer = to(next);
    if let Some(cookie) = issued(token, &uri, &headers) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Has the browser forget its cookie.
async fn sign_out(uri: Uri, headers: HeaderMap) -> Response<Body> {
    let mut answer = to("/login");
    if let Some(cookie) = set("", 0, &uri, &headers) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer
}

async fn style(headers: HeaderMap) -> Response<Body> {
    serve(
        Asset::made(STYLE.to_owned(), "text/css; charset=utf-8"),
        &headers,
    )
}

fn issued(token: &Token, uri: &Uri, headers: &HeaderMap) -> Option<HeaderValue> {
    let value = cookie::made(token, crate::now())?;
    set(&value, cookie::HOLDS, uri, headers)
}

/// The header that makes a browser keep `value` for `seconds`.
fn set(value: &str, seconds: i64, uri: &Uri, headers: &HeaderMap) -> Option<HeaderValue> {
    let name = cookie::name(&host(uri, headers));
    let secure = if is_encrypted(headers) {
        "; Secure"
    } else {
        ""
    };
    let text =
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    let mut header = HeaderValue::try_from(text).ok()?;
    // Shown in no log.
    header.set_sensitive(true);
    Some(header)
}

/// Whether the browser speaks TLS, to whatever stands before this server.
fn is_encrypted(headers: &HeaderMap) -> bool {
    let text = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_ascii_lowercase()
    };
    let proxied = text("x-forwarded-proto");
    text("origin").starts_with("https://")
        || proxied.split(',').next().map(str::trim) == Some("https")
}

fn form(wrong: &str, next: &str) -> String {
    include_str!("form.html")
        .replace("{{wrong}}", wrong)
        .replace("{{next}}", &escape(next))
}

fn shown(status: StatusCode, title: &str, main: &str) -> Response<Body> {
    // What a browser has sent comes last, so that nothing in it is filled in.
    let page = include_str!("frame.html")
        .replace("{{title}}", title)
        .replace("{{main}}", main);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Without a referrer a browser would send its forms from nowhere, which the door refuses.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, page).into_response()
}

fn to(address: &str) -> Response<Body> {
    let headers = [
        (header::LOCATION, address),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn unreadable(rejection: FormRejection) -> Refusal {
    let code = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        _ => Code::InvalidValue,
    };
    Refusal::Project {
        code,
        message: format!("the body is not the form of /login: at most {FORM} bytes with `token` and `next`"),
        hint: "send Content-Type: application/x-www-form-urlencoded, or use Authorization: Bearer TOKEN without a sign-in"
            .to_owned(),
    }
}
