//! What a browser shows after it has signed in: until when that holds, and a seal over it that only whoever has the
//! token can make. Nothing is kept here, so a sign-in outlives the server, and ends when the token changes.

use axum::http::{HeaderMap, header};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use sparkq_core::Time;

use crate::assets::hex;
use crate::config::Token;

/// How long a sign-in holds, in seconds: 30 days.
pub(super) const HOLDS: i64 = 30 * 24 * 60 * 60;

/// What is sealed, before the moment; nothing else is ever sealed with the token.
const PURPOSE: &[u8] = b"sparkq: signed in until ";

/// What a request's cookies say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum SignIn {
    /// There is none of this server's.
    None,
    /// It holds until then.
    Holds(Time),
    /// There is one, which has run out, or was made with another token.
    RunOut,
}

/// The name of the cookie. All servers of a host are sent each other's, so the port a browser knows is part of it.
pub(super) fn name(host: &str) -> String {
    match host.rsplit_once(':') {
        Some((_, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("sparkq-{port}")
        }
        _ => "sparkq".to_owned(),
    }
}

/// The value of a cookie for a browser that has just shown `token`.
pub(super) fn made(token: &Token, now: Time) -> Option<String> {
    let until = (now.as_millis() / 1000 + HOLDS).to_string();
    let seal = seal(token, &until)?.finalize().into_bytes();
    Some(format!("{until}.{}", hex(&seal)))
}

/// Reads the cookies of a request to the server that goes by `host`.
pub(in crate::api) fn read(headers: &HeaderMap, host: &str, token: &Token, now: Time) -> SignIn {
    let name = name(host);
    let mut found = SignIn::None;
    let lines = headers.get_all(header::COOKIE).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    for cookie in lines.flat_map(|line| line.split(';')) {
        let Some((_, value)) = cookie
            .trim()
            .split_once('=')
            .filter(|(own, _)| *own == name)
        else {
            continue;
        };
        match until(token, value).filter(|until| *until > now) {
            Some(until) => return SignIn::Holds(until),
            None => found = SignIn::RunOut,
        }
    }
    found
}

/// Until when the cookie holds, if the seal on it is one of `token`.
fn until(token: &Token, value: &str) -> Option<Time> {
    let (until, given) = value.split_once('.')?;
    seal(token, until)?.verify_slice(&bytes(given)?).ok()?;
    let seconds: i64 = until.parse().ok()?;
    Some(Time::from_millis(seconds.checked_mul(1000)?))
}

fn seal(token: &Token, until: &str) -> Option<Hmac<Sha256>> {
    // A key of any length will do, so there always is one.
    let mut seal = Hmac::<Sha256>::new_from_slice(token.as_str().as_bytes()).ok()?;
    seal.update(PURPOSE);
    seal.update(until.as_bytes());
    Some(seal)
}

/// The bytes that `hex` spells.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn token(text: &str) -> Token {
        serde_json::from_value(text.into()).expect("a token")
    }

    fn read_at(cookies: &str, host: &str, key: &str, millis: i64) -> SignIn {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookies.parse().expect("a header"));
        read(&headers, host, &token(key), Time::from_millis(millis))
    }

    #[test]
    fn a_sign_in_holds_for_thirty_days_by_the_servers_clock_and_no_longer_than_its_token() {
        let value = made(&token("secret"), Time::from_millis(NOW)).expect("made");
        let cookies = format!("a=b; sparkq-8420={value}");
        let end = NOW + HOLDS * 1000;
        let read = |key, millis| read_at(&cookies, "localhost:8420", key, millis);
        assert_eq!(read("secret", NOW), SignIn::Holds(Time::from_millis(end)));
        assert_eq!(
            read("secret", end - 1),
            SignIn::Holds(Time::from_millis(end))
        );
        assert_eq!(read("secret", end), SignIn::RunOut);
        assert_eq!(read("another", NOW), SignIn::RunOut);
        assert!(!value.contains("secret"));
    }

    #[test]
    fn nothing_but_what_was_sealed_is_taken() {
        let value = made(&token("secret"), Time::from_millis(NOW)).expect("made");
        let (until, seal) = value.split_once('.').expect("two parts");
        let later = until.parse::<i64>().expect("a number") + 1;
        for forged in [
            format!("{later}.{seal}"),
            format!("0{until}.{seal}"),
            format!("{until}.{}", &seal[..62]),
            format!("{until}.{seal}00"),
            format!("{until}."),
            format!("{until}.{}", "é".repeat(32)),
            until.to_owned(),
            String::new(),
        ] {
            let cookies = format!("sparkq={forged}");
            let mut headers = HeaderMap::new();
            let cookies = axum::http::HeaderValue::from_bytes(cookies.as_bytes());
            headers.insert(header::COOKIE, cookies.expect("a header"));
            let now = Time::from_millis(NOW);
            let read = read(&headers, "box", &token("secret"), now);
            assert!(!matches!(read, SignIn::Holds(_)), "{forged}");
        }
    }

    #[test]
    fn the_servers_of_one_host_keep_their_sign_ins_apart() {
        for (host, expected) in [
            ("localhost:8420", "sparkq-8420"),
            ("[::1]:1", "sparkq-1"),
            ("[::1]", "sparkq"),
            ("dev.box", "sparkq"),
        ] {
            assert_eq!(name(host), expected, "{host}");
        }
        let value = made(&token("secret"), Time::from_millis(NOW)).expect("made");
        let cookies = format!("sparkq-1={value}");
        assert_eq!(
            read_at(&cookies, "localhost:2", "secret", NOW),
            SignIn::None
        );
        // What another server has left under the name does not hide ours.
        let both = format!("sparkq-1=x; sparkq-1={value}");
        assert!(matches!(
            read_at(&both, "localhost:1", "secret", NOW),
            SignIn::Holds(_)
        ));
    }
}
