//! Beginnings of files, from tidy headers to bytes that are no text.

use super::chance::Chance;
use super::text;

/// How files are named.
const NAMES: [&str; 8] = [
    "a.sh", "b.py", "c.js", "d.ts", "e.rb", "f.sql", "g.lua", "Makefile",
];

/// How files begin.
const STARTS: [&str; 6] = [
    "",
    "#!/bin/bash\n",
    "#!/usr/bin/env python3\n",
    "#!",
    "\u{feff}#!/bin/sh\r\n",
    "\n\n",
];

/// What lines of a header begin in.
const FIELDS: [&str; 9] = [
    "# name:",
    "# description:",
    "# inputs:",
    "# outputs:",
    "# tags:",
    "# timeout:",
    "# task_class:",
    "// name:",
    "-- name:",
];

/// The longest beginning, in bytes: somewhat more than an indexer is shown.
const LONGEST: usize = 17 << 10;

/// So many files: their paths, and the bytes in which they begin.
pub(in crate::kit) fn scripts(count: usize, chance: &mut Chance) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::with_capacity(count);
    for number in 0..count {
        let name = chance.pick(&NAMES).copied().unwrap_or("a.sh");
        files.push((format!("scripts/{number}-{name}"), bytes(chance)));
    }
    files
}

fn bytes(chance: &mut Chance) -> Vec<u8> {
    let start = chance.pick(&STARTS).copied().unwrap_or_default();
    let mut bytes = start.as_bytes().to_vec();
    for _ in 0..chance.below(12) {
        let field = chance.pick(&FIELDS).copied().unwrap_or_default();
        let value = text::text(chance, 0, 30);
        bytes.extend(format!("{field} {value}\n").bytes());
    }
    match chance.below(6) {
        0 => bytes.extend([0xff, 0xfe, 0x00, 0x80, 0xc3]),
        1 => bytes.extend(std::iter::repeat_n(b'#', LONGEST)),
        2 => bytes.truncate(bytes.len() / 2),
        3 => bytes.extend((0..64).map(|_| chance.next().to_le_bytes()[0])),
        _ => bytes.extend(b"echo done\n"),
    }
    bytes
}
