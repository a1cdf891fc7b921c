//! The door: no other host's page reads or writes here, whatever name it resolves to this address, and where there is
//! a token nobody does without it.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, Uri, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use sparkq_core::refusal::quote;
use sparkq_core::{Code, Refusal};

use super::json::Failure;
use super::{App, cors};
use crate::config::{ServerTable, Token};

/// Lets a request in whose `Host` is ours, whose `Origin` is ours or absent when it may change something, and which
/// has the token where there is one.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response<Body> {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    if let Err(refusal) = check(&app.queue.project().config.server, method, uri, headers) {
        return Failure::from(refusal).into_response();
    }
    let origin = cors::origin(headers);
    let mut response = if origin.is_some() && cors::is_preflight(&request) {
        cors::preflight()
    } else if is_locked(app.token.as_deref(), method, uri, headers) {
        locked()
    } else {
        next.run(request).await
    };
    cors::allow(&mut response, origin);
    response
}

/// Whether a request to the API lacks the token. Anybody may ask whether the server lives.
fn is_locked(token: Option<&Token>, method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let path = uri.path();
    let api = path == "/api" || path.starts_with("/api/");
    let health = path == "/api/health" && matches!(*method, Method::GET | Method::HEAD);
    let given = || {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let value = values.next().filter(|_| values.next().is_none())?;
        let (scheme, rest) = value.as_bytes().split_at_checked(7)?;
        scheme.eq_ignore_ascii_case(b"bearer ").then_some(rest)
    };
    token.is_some_and(|token| api && !health && !given().is_some_and(|given| token.is(given)))
}

fn locked() -> Response<Body> {
    let refusal = Refusal::Http {
        code: Code::Unauthorized,
        message: "this server takes no request without its token".to_owned(),
    };
    let mut response = Failure::from(refusal).into_response();
    let scheme = HeaderValue::from_static("Bearer");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, scheme);
    response
}

fn check(
    server: &ServerTable,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut hosts = headers.get_all(header::HOST).iter().map(text);
    let host = match uri.authority() {
        Some(authority) => authority.to_string(),
        None => hosts.next().unwrap_or_default(),
    };
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
    let itself = |from: &str| host_name(from).is_some() && from.eq_ignore_ascii_case(host);
    is_loopback_origin(origin) || authority(origin).is_some_and(itself)
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
