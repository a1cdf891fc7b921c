//! Texts, from plain to odd.

use super::chance::Chance;

/// What people write, and what programs trip over.
const PIECES: [&str; 32] = [
    "a",
    "b",
    "Z",
    "0",
    "9",
    " ",
    "-",
    "_",
    ".",
    "/",
    "scripts/a.sh",
    "src/main.rs",
    "..",
    "\\",
    "\"",
    "'",
    "`",
    "$HOME",
    "%s",
    "\n",
    "\t",
    "\r\n",
    "\0",
    "\u{1b}[31m",
    "é",
    "ß",
    "日本",
    "🦀",
    "e\u{301}",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
];

/// How many of them are plain.
const PLAIN: usize = 12;

/// A text of at least `least` and at most `most` characters.
pub(super) fn text(chance: &mut Chance, least: usize, most: usize) -> String {
    let odd = chance.one_in(3);
    let most = most.max(least);
    let span = (most - least).min(24);
    let length = least + chance.below(span + 1);
    let pieces = if odd { &PIECES[..] } else { &PIECES[..PLAIN] };
    let mut text = String::new();
    let mut count = 0;
    while count < length {
        let piece = chance.pick(pieces).copied().unwrap_or("a");
        let fits = piece.chars().take(length - count);
        count += fits.clone().count();
        text.extend(fits);
    }
    text
}

/// A text of a format that JSON Schema knows by name; none for others.
pub(super) fn of_format(chance: &mut Chance, format: &str) -> Option<String> {
    let texts: &[&str] = match format {
        "date-time" => &["2026-01-05T10:00:00Z", "1970-01-01T00:00:00.000+23:59"],
        "date" => &["2026-01-05", "2024-02-29"],
        "time" => &["10:00:00Z", "23:59:60Z"],
        "duration" => &["P1D", "PT5M"],
        "email" | "idn-email" => &["a@example.com", "x+y@sub.example.org"],
        "hostname" | "idn-hostname" => &["example.com", "localhost"],
        "ipv4" => &["127.0.0.1", "255.255.255.255"],
        "ipv6" => &["::1", "2001:db8::1"],
        "uri" | "iri" => &["https://example.com/a?b=c#d", "urn:a:b"],
        "uri-reference" | "iri-reference" => &["a/b", "#x", "../c"],
        "uuid" => &["00000000-0000-4000-8000-000000000000"],
        "json-pointer" => &["", "/a/0", "/a~1b"],
        "regex" => &["^a+$", "[0-9]*"],
        _ => return None,
    };
    chance.pick(texts).map(|text| (*text).to_owned())
}
