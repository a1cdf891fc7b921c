//! Which forms of a file a client can unpack, as its `Accept-Encoding` says. What cannot be understood asks for nothing.

use axum::http::{HeaderMap, header};

use crate::assets::Packing;

/// The weight of what is wished for most, in thousandths.
const FULL: u16 = 1000;

/// Returns the forms that the client likes at least as much as the plain one, the best first.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Packing> {
    let wishes: Vec<(&str, u16)> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(wish)
        .collect();
    let weight = |name: &str| {
        let named = |wanted: &str| {
            let found = wishes
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, weight)| *weight)
        };
        named(name).or_else(|| named("*"))
    };
    let plain = weight("identity").unwrap_or_default();
    let mut liked: Vec<(Packing, u16)> = Packing::ALL
        .into_iter()
        .filter_map(|packing| Some((packing, weight(packing.name())?)))
        .filter(|(_, weight)| *weight > 0 && *weight >= plain)
        .collect();
    // Stable: of what is liked the same, the smaller stays first.
    liked.sort_by_key(|(_, weight)| FULL - weight);
    liked.into_iter().map(|(packing, _)| packing).collect()
}

/// Reads one wish: `br`, or with its weight `gzip;q=0.8`.
fn wish(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(|part| part.trim_matches([' ', '\t']));
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = match parts.next() {
        None => FULL,
        Some(part) => thousandths(part.strip_prefix("q=").or(part.strip_prefix("Q="))?)?,
    };
    parts.next().is_none().then_some((name, weight))
}

/// Reads a weight from 0 to 1 with at most three decimals, in thousandths.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if !matches!(whole, "0" | "1") || decimals.len() > 3 {
        return None;
    }
    let digits = format!("{whole}{decimals:0<3}");
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let weight = digits.parse().ok().filter(|weight| *weight <= FULL)?;
    is_number.then_some(weight)
}

#[cfg(test)]
mod tests {
    use Packing::{Brotli, Gzip};
    use axum::http::HeaderValue;

    use super::*;

    fn accepts(values: &[&str]) -> Vec<Packing> {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a value");
            headers.append(header::ACCEPT_ENCODING, value);
        }
        accepted(&headers)
    }

    #[test]
    fn the_smallest_form_of_those_liked_most_comes_first() {
        let cases: [(&str, &[Packing]); 14] = [
            ("gzip, deflate, br, zstd", &[Brotli, Gzip]),
            ("gzip", &[Gzip]),
            ("GZIP;Q=1", &[Gzip]),
            ("br;q=0.5, gzip;q=1.0", &[Gzip, Brotli]),
            ("br;q=0, gzip", &[Gzip]),
            ("br;q=0.000, *", &[Gzip]),
            ("*", &[Brotli, Gzip]),
            ("*;q=0", &[]),
            ("identity", &[]),
            ("identity, br;q=0.9", &[]),
            ("identity;q=0.5, br", &[Brotli]),
            ("identity;q=0", &[]),
            ("br\t; q=0.001", &[Brotli]),
            ("", &[]),
        ];
        for (header, expected) in cases {
            assert_eq!(accepts(&[header]), expected, "{header}");
        }
        assert!(accepts(&[]).is_empty());
        assert_eq!(accepts(&["gzip", "br"]), [Brotli, Gzip]);
    }

    #[test]
    fn what_cannot_be_understood_asks_for_nothing() {
        for header in [
            "br;q=1.1",
            "br;q=2",
            "br;q=0.1234",
            "br;q=",
            "br;q=-1",
            "br;q=+1",
            "br;q=.5",
            "br;q=0.+1",
            "br;level=3",
            "br;q=1;q=0",
            "b r",
            "brotli",
            ";q=1",
            ",,;,",
            "é",
        ] {
            assert!(accepts(&[header]).is_empty(), "{header}");
        }
        assert_eq!(accepts(&["br;q=nonsense, gzip"]), [Gzip]);
    }
}
