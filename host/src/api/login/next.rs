//! Where a browser goes once it is signed in.

use axum::http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The longest address that is remembered over a sign-in.
const LONGEST: usize = 2048;

/// What need not be escaped in a parameter.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The address of the sign-in that leads back to `uri`.
pub(in crate::api) fn sign_in_first(uri: &Uri) -> String {
    let next = uri.path_and_query().map_or("/", |next| next.as_str());
    match checked(next) {
        None | Some("/") => "/login".to_owned(),
        Some(next) => format!("/login?next={}", utf8_percent_encode(next, PLAIN)),
    }
}

/// The address `next`, if it is one of this server's however a browser reads it: a path, and nothing that could be
/// taken for the name of another host.
pub(super) fn checked(next: &str) -> Option<&str> {
    let path = next.starts_with('/') && !next.starts_with("//");
    let plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (path && plain && next.len() <= LONGEST).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_nowhere_but_to_this_server() {
        for own in [
            "/",
            "/tasks?status=failed&q=a%20b",
            "/streams/auth",
            "/a//b",
            "/?next=https://evil.example",
        ] {
            assert_eq!(checked(own), Some(own));
        }
        for other in [
            "",
            "tasks",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/é",
            "/a\r\nSet-Cookie: a=b",
        ] {
            assert_eq!(checked(other), None, "{other:?}");
        }
        assert_eq!(checked(&format!("/{}", "a".repeat(LONGEST))), None);
    }

    #[test]
    fn the_way_back_survives_the_sign_in() {
        let uri = Uri::from_static("/tasks?status=failed&q=a%20b");
        assert_eq!(
            sign_in_first(&uri),
            "/login?next=/tasks%3Fstatus%3Dfailed%26q%3Da%2520b"
        );
        assert_eq!(sign_in_first(&Uri::from_static("/")), "/login");
        assert_eq!(sign_in_first(&Uri::from_static("//evil.example")), "/login");
    }
}
