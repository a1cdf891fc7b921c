//! The rows of an output: where each begins, so that only those in view are read.
//!
//! A line of the output is one row, or several when it is very long; so no row is.

use std::borrow::Cow;
use std::ops::Range;

use super::ansi::{Piece, Read, Reader, pieces};
use super::style::Style;

/// How many rows are drawn, measured and forgotten together.
pub(super) const BLOCK: usize = 25;

/// How many letters a row has at most.
const LONGEST: usize = 2000;

/// How many bytes a row has at most, with what is not shown.
const LARGEST: usize = 32 << 10;

/// Stands in a start whose row goes on with the line of the row before.
const GOES_ON: u32 = 1 << 31;

/// What a block begins with.
#[derive(Debug, Clone, Copy)]
struct Mark {
    style: Style,
    /// The number of the line that its first row belongs to, from 1.
    line: u32,
}

/// One row, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its place, from 0.
    pub(super) place: usize,
    /// The number of its line; none when it goes on with the line of the row before.
    pub(super) line: Option<u32>,
    /// What it says.
    pub(super) pieces: Vec<Piece>,
}

/// The rows of a text of less than 2 GiB, found piece by piece.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    starts: Vec<u32>,
    marks: Vec<Mark>,
    reader: Reader,
    /// Up to where the text has been read.
    at: usize,
    /// How many letters the last row has so far.
    letters: usize,
    lines: u32,
    /// Where the last row starts over, once something else is written.
    over: Option<usize>,
}

impl Rows {
    /// Begins to look for rows.
    pub(super) fn begin() -> Self {
        Self {
            starts: Vec::new(),
            marks: Vec::new(),
            reader: Reader::begin(Style::default()),
            at: 0,
            letters: 0,
            lines: 0,
            over: None,
        }
    }

    /// How many rows were found.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// How many lines were found.
    pub(super) fn lines(&self) -> u32 {
        self.lines
    }

    /// Reads about `bytes` more of `text`. Returns whether there is more.
    pub(super) fn find(&mut self, text: &str, bytes: usize) -> bool {
        let all = text.as_bytes();
        let until = (self.at + bytes).min(all.len());
        while self.at < until {
            let byte = all[self.at];
            let ends = self.at > 0 && all[self.at - 1] == b'\n';
            if self.at == 0 || ends {
                self.lines += 1;
                self.start_row(0);
            } else if self.is_full() && !is_within_letter(byte) && byte != b'\n' && byte != b'\r' {
                self.start_row(GOES_ON);
            }
            self.read(byte);
            self.at += 1;
        }
        until < all.len()
    }

    fn read(&mut self, byte: u8) {
        // The further bytes of a letter tell nothing new.
        if is_within_letter(byte) {
            return;
        }
        match self.reader.step(byte) {
            Read::Shown => {
                if let Some(over) = self.over.take() {
                    self.start_over(over);
                }
                self.letters += 1;
            }
            _ if byte == b'\r' => self.over = Some(self.at + 1),
            _ => {}
        }
    }

    fn is_full(&self) -> bool {
        let start = self.starts.last().map_or(0, |start| place_of(*start));
        let is_free = self.over.is_none() && self.reader.is_at_rest();
        is_free && (self.letters >= LONGEST || self.at - start >= LARGEST)
    }

    fn start_row(&mut self, how: u32) {
        if self.starts.len().is_multiple_of(BLOCK) {
            self.marks.push(Mark {
                style: self.reader.style(),
                line: self.lines,
            });
        }
        self.starts.push(start_at(self.at) | how);
        (self.letters, self.over) = (0, None);
    }

    /// Forgets what is overwritten, where it is much: else a line that shows progress grows without end.
    fn start_over(&mut self, at: usize) {
        if self.letters < LONGEST / 2 {
            return;
        }
        let is_first = (self.starts.len() - 1).is_multiple_of(BLOCK);
        if let (true, Some(mark)) = (is_first, self.marks.last_mut()) {
            mark.style = self.reader.style();
        }
        if let Some(start) = self.starts.last_mut() {
            *start = start_at(at) | (*start & GOES_ON);
        }
        self.letters = 0;
    }

    /// Where in `text` a row lies, without the end of its line.
    fn range(&self, text: &str, place: usize) -> Range<usize> {
        let start = place_of(self.starts[place]);
        let next = self.starts.get(place + 1).map(|next| place_of(*next));
        let end = next.unwrap_or(self.at).max(start);
        let row = &text.as_bytes()[start..end];
        let length = row.iter().position(|byte| *byte == b'\n');
        start..start + length.unwrap_or(row.len())
    }

    /// How many bytes each row of a block has, which tells about how wide it is.
    pub(super) fn sizes(&self, block: usize) -> impl Iterator<Item = usize> {
        let rows = self.rows_of(block);
        rows.map(|place| {
            let next = self.starts.get(place + 1);
            let end = next.map_or(self.at, |next| place_of(*next));
            end - place_of(self.starts[place])
        })
    }

    /// The places of a block's rows.
    pub(super) fn rows_of(&self, block: usize) -> Range<usize> {
        let end = ((block + 1) * BLOCK).min(self.count());
        (block * BLOCK).min(end)..end
    }

    /// Reads the rows of a block.
    pub(super) fn block(&self, text: &str, block: usize) -> Vec<Row> {
        let Some(mark) = self.marks.get(block) else {
            return Vec::new();
        };
        let mut reader = Reader::begin(mark.style);
        let mut line = mark.line;
        let rows = self.rows_of(block);
        let mut at = place_of(self.starts[rows.start]);
        let first = rows.start;
        rows.map(|place| {
            let range = self.range(text, place);
            // What lies between is the end of the line, and what was overwritten.
            for byte in text[at..range.start].bytes() {
                reader.step(byte);
            }
            at = range.end;
            let goes_on = self.starts[place] & GOES_ON != 0;
            if !goes_on && place != first {
                line += 1;
            }
            Row {
                place,
                line: (!goes_on).then_some(line),
                pieces: pieces(&text[range], &mut reader),
            }
        })
        .collect()
    }

    /// What a row says, without how it looks.
    pub(super) fn plain<'a>(&self, text: &'a str, place: usize) -> Cow<'a, str> {
        let row = &text[self.range(text, place)];
        if !row
            .bytes()
            .any(|byte| byte.is_ascii_control() && byte != b'\t')
        {
            return row.into();
        }
        let mut reader = Reader::begin(Style::default());
        let pieces = pieces(row, &mut reader).into_iter();
        pieces.map(|piece| piece.text).collect()
    }
}

fn is_within_letter(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

fn place_of(start: u32) -> usize {
    (start & !GOES_ON) as usize
}

fn start_at(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(GOES_ON) & !GOES_ON
}

#[cfg(test)]
mod tests;
