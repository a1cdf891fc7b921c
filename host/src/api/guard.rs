//! The door: no other host's page reads or writes here, whatever name it resolves to this address, and where there is
//! a token nobody does without it, or without having shown it at `/login`.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use sparkq_core::refusal::quote;
use sparkq_core::{Code, Refusal};

use super::json::Failure;
use super::login::{Guesser, SignIn, read, sign_in_first};
use super::page::is_view;
use super::{App, Line, cors};
use crate::config::{ServerTable, Token};

/// Lets a request in whose `Host` is ours, whose `Origin` is ours or absent when it may change something, and which
/// has the token, or a browser's sign-in, where there is a token.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response<Body> {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    if let Err(refusal) = check(&app.queue.project().config.server, method, uri, headers) {
        return Failure::from(refusal).into_response();
    }
    let origin = cors::origin(headers);
    if origin.is_some() && cors::is_preflight(&request) {
        let mut response = cors::preflight();
        cors::allow(&mut response, origin);
        return response;
    }
    let pass = app
        .token
        .as_ref()
        .map_or(Pass::Free, |token| pass(token, method, uri, headers));
    if pass == Pass::Guessed {
        let line = request.extensions().get::<Line>();
        let guesser = Guesser::of(line.and_then(Line::peer), headers);
        app.guesses.hold_back(guesser, app.stopping.clone()).await;
    }
    // What a sign-in opens is for this server's own pages alone, so no other page is told that it may read.
    let origin = origin.filter(|_| matches!(pass, Pass::Free | Pass::Locked | Pass::Guessed));
    let mut response = match pass {
        Pass::Free | Pass::SignedIn => next.run(request).await,
        Pass::Locked | Pass::Guessed => locked("this server takes no request without its token"),
        Pass::RunOut => locked("the sign-in has run out; sign in again at /login"),
        Pass::Foreign => foreign(headers),
        Pass::SignInFirst => {
            let to = [(header::LOCATION, sign_in_first(uri))];
            let never_kept = [(header::CACHE_CONTROL, "no-store")];
            (StatusCode::SEE_OTHER, to, never_kept).into_response()
        }
    };
    cors::allow(&mut response, origin);
    response
}

/// What a locked door does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// It has the token, or asks for what anybody may have.
    Free,
    /// It comes from a page of this server, in a browser that is signed in.
    SignedIn,
    /// It has neither.
    Locked,
    /// It has a wrong token.
    Guessed,
    /// It had a sign-in.
    RunOut,
    /// The browser is signed in, and the page that asks is another server's.
    Foreign,
    /// A person wants to see a page.
    SignInFirst,
}

/// Looks at what a request has. Anybody may ask whether the server lives, and have the page, which holds nothing of
/// the queue.
fn pass(token: &Token, method: &Method, uri: &Uri, headers: &HeaderMap) -> Pass {
    let path = uri.path();
    let looks = matches!(*method, Method::GET | Method::HEAD);
    let host = host(uri, headers);
    if path == "/api/health" && looks || path == "/login.css" {
        return Pass::Free;
    }
    if matches!(path, "/login" | "/logout") {
        let own = looks || !from_another_page(headers, &host);
        return if own { Pass::Free } else { Pass::Foreign };
    }
    let is_page = path != "/api" && !path.starts_with("/api/");
    let sign_in = match bearer(headers) {
        Some(given) if is_page || token.is(given) => return Pass::Free,
        Some(_) => return Pass::Guessed,
        None => read(headers, &host, token, crate::now()),
    };
    if is_page {
        let signed_in = matches!(sign_in, SignIn::Holds(_));
        let first = looks && !signed_in && is_typed(headers) && is_view(path);
        return if first { Pass::SignInFirst } else { Pass::Free };
    }
    match sign_in {
        SignIn::None => Pass::Locked,
        SignIn::RunOut => Pass::RunOut,
        SignIn::Holds(_) if from_another_page(headers, &host) => Pass::Foreign,
        // Every browser says where a request comes from that may change something.
        SignIn::Holds(_) if !looks && !from_own_page(headers) => Pass::Foreign,
        SignIn::Holds(_) => Pass::SignedIn,
    }
}

/// The token that a request shows.
fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    let (scheme, rest) = value.as_bytes().split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(rest)
}

/// Whether a person has a browser show a page, by typing its address or from a page of this server. One that follows
/// a link elsewhere sends no cookie, signed in or not: the page finds that out by itself.
fn is_typed(headers: &HeaderMap) -> bool {
    let accepts = headers.get_all(header::ACCEPT).iter();
    let mut accepts = accepts.filter_map(|accept| accept.to_str().ok());
    accepts.any(|accept| accept.contains("text/html"))
        && !matches!(site(headers), Some("cross-site" | "same-site"))
}

/// What the browser says of the page that asks, compared with this server. Other ports of a host are the same *site*,
/// so their pages' requests have the cookie.
fn site(headers: &HeaderMap) -> Option<&str> {
    headers.get("sec-fetch-site")?.to_str().ok()
}

/// Whether a request is known to come from a page that is not this server's.
fn from_another_page(headers: &HeaderMap, host: &str) -> bool {
    let origins = headers.get_all(header::ORIGIN).iter();
    let mut origins = origins.map(|origin| String::from_utf8_lossy(origin.as_bytes()));
    origins.any(|origin| !is_itself(&origin, host))
        || site(headers).is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

/// Whether a request, which is not known to come from another page, is known to come from one of this server's.
fn from_own_page(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || site(headers) == Some("same-origin")
}

fn locked(message: &str) -> Response<Body> {
    let refusal = Refusal::Http {
        code: Code::Unauthorized,
        message: message.to_owned(),
    };
    let mut response = Failure::from(refusal).into_response();
    let scheme = HeaderValue::from_static("Bearer");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, scheme);
    response
}

fn foreign(headers: &HeaderMap) -> Response<Body> {
    let page = headers.get(header::ORIGIN).map_or_else(
        || "another page".to_owned(),
        |origin| {
            let origin = String::from_utf8_lossy(origin.as_bytes());
            format!("a page of {}", quote(&origin))
        },
    );
    let refusal = Refusal::Project {
        code: Code::ForeignOrigin,
        message: format!("{page} may do nothing here by this browser's sign-in"),
        hint: "send the header Authorization: Bearer TOKEN".to_owned(),
    };
    Failure::from(refusal).into_response()
}

/// The name and port by which a request calls this server.
pub(super) fn host(uri: &Uri, headers: &HeaderMap) -> String {
    if let Some(authority) = uri.authority() {
        return authority.to_string();
    }
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    String::from_utf8_lossy(host.unwrap_or_default()).into_owned()
}

fn check(
    server: &ServerTable,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut hosts = headers.get_all(header::HOST).iter().map(text);
    let host = host(uri, headers);
    let own = |name: &str| {
        let mut names = std::iter::once(&server.host).chain(&server.allowed_hosts);
        names.any(|own| own.eq_ignore_ascii_case(name))
    };
    let known = host_name(&host).is_some_and(|name| is_loopback(&name) || own(&name));
    if !known || hosts.any(|other| other != host) {
        let message = format!("host {} is not this server", quote(&host));
        return Err(Refusal::Http {
            code: Code::ForeignHost,
            message,
        });
    }
    let changes = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let foreign = |origin: &String| !is_own(origin, &host);
    let mut origins = headers.get_all(header::ORIGIN).iter().map(text);
    match origins.find(foreign).filter(|_| changes) {
        None => Ok(()),
        Some(origin) => Err(Refusal::Http {
            code: Code::ForeignOrigin,
            message: format!("a page of {} may not change anything here", quote(&origin)),
        }),
    }
}

/// Whether pages of `origin` may change something: those of the server itself, and of this machine's other servers.
fn is_own(origin: &str, host: &str) -> bool {
    is_loopback_origin(origin) || is_itself(origin, host)
}

/// Whether `origin` is the server itself, as the request calls it.
fn is_itself(origin: &str, host: &str) -> bool {
    let itself = |from: &str| host_name(from).is_some() && from.eq_ignore_ascii_case(host);
    authority(origin).is_some_and(itself)
}

/// Whether pages of `origin` come from this machine.
pub(super) fn is_loopback_origin(origin: &str) -> bool {
    authority(origin)
        .and_then(host_name)
        .is_some_and(|name| is_loopback(&name))
}

/// What stands behind the scheme of an origin on the web.
fn authority(origin: &str) -> Option<&str> {
    let schemes = ["http://", "https://"];
    schemes
        .iter()
        .find_map(|scheme| origin.strip_prefix(scheme))
}

/// The host of an authority, lower-case, without port and without the brackets of an IPv6 address; none where the
/// text is no authority.
fn host_name(authority: &str) -> Option<String> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => authority
            .find(':')
            .map_or((authority, ""), |at| authority.split_at(at)),
    };
    let port_ok = match port.strip_prefix(':') {
        Some(digits) => !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    port_ok.then(|| host.to_ascii_lowercase())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn let_in(method: &Method, host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("a header"));
        }
        let server = ServerTable {
            allowed_hosts: vec!["Dev.Box".to_owned()],
            ..ServerTable::default()
        };
        check(&server, method, &Uri::from_static("/api/tasks"), &headers).is_ok()
    }

    #[test]
    fn only_loopback_names_and_the_servers_own_are_let_in() {
        for host in [
            "localhost",
            "localhost:8420",
            "LOCALHOST",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]:8420",
            "dev.box:80",
        ] {
            assert!(let_in(&Method::GET, host, None), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1",
            "[::2]",
            "dev.box.evil",
            "127.0.0.1:8420.evil.example",
            "127.0.0.1:",
        ] {
            assert!(!let_in(&Method::GET, host, None), "{host}");
        }
    }

    #[test]
    fn a_page_of_another_origin_may_look_at_nothing_but_what_browsers_allow_and_change_nothing() {
        for origin in [
            "http://evil.example",
            "null",
            "file://",
            "http://localhost.evil.example",
            "chrome-extension://localhost",
            "http://127.0.0.1:8420.evil.example",
            "http://127.0.0.1:8420 http://evil.example",
        ] {
            assert!(
                !let_in(&Method::POST, "localhost:8420", Some(origin)),
                "{origin}"
            );
            assert!(
                let_in(&Method::GET, "localhost:8420", Some(origin)),
                "{origin}"
            );
        }
        for origin in [
            "http://localhost:3000",
            "http://127.0.0.1:8420",
            "http://[::1]:5",
            "http://dev.box",
        ] {
            let host = if origin.ends_with("dev.box") {
                "dev.box"
            } else {
                "localhost:8420"
            };
            assert!(let_in(&Method::POST, host, Some(origin)), "{origin}");
        }
    }
}
