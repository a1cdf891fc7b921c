//! Finds words in rows without regard to case, and marks them.

use std::ops::Range;

use super::ansi::Piece;

/// How many places are found at most; who has more looks for something longer.
pub(super) const MOST: usize = 100_000;

/// Makes the form that words are compared in.
pub(super) fn needle(words: &str) -> Vec<char> {
    words.chars().map(fold).collect()
}

/// The small form of a letter, in Latin, Greek and Cyrillic. The tables of all scripts would weigh more than the page.
fn fold(letter: char) -> char {
    let by = match letter {
        'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => 32,
        'Ѐ'..='Џ' => 80,
        'Ā'..='ķ' | 'Ŋ'..='ŷ' if u32::from(letter).is_multiple_of(2) => 1,
        'Ĺ'..='ň' | 'Ź'..='ž' if !u32::from(letter).is_multiple_of(2) => 1,
        _ => 0,
    };
    char::from_u32(u32::from(letter) + by).unwrap_or(letter)
}

/// The places in `row` where the needle is, in bytes, none of them in another.
pub(super) fn places(row: &str, needle: &[char]) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let Some(first) = needle.first() else {
        return places;
    };
    let mut from = 0;
    for (at, letter) in row.char_indices() {
        if at < from || fold(letter) != *first {
            continue;
        }
        if let Some(length) = length_of(&row[at..], needle) {
            from = at + length;
            places.push(at..from);
        }
    }
    places
}

/// How long the needle is at the beginning of `text`, in bytes; none when it is not there.
fn length_of(text: &str, needle: &[char]) -> Option<usize> {
    let mut letters = text.chars();
    let mut length = 0;
    for wanted in needle {
        let letter = letters.next().filter(|letter| fold(*letter) == *wanted)?;
        length += letter.len_utf8();
    }
    Some(length)
}

/// A part of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// What it says, and how it looks.
    pub(super) piece: Piece,
    /// Which of the row's places it belongs to, if it was looked for.
    pub(super) place: Option<usize>,
}

/// Cuts the pieces of a row where what was looked for begins and ends.
pub(super) fn cut(pieces: Vec<Piece>, needle: &[char]) -> Vec<Part> {
    let row: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let places = places(&row, needle);
    let mut parts = Vec::with_capacity(pieces.len());
    let mut begin = 0;
    for piece in pieces {
        let end = begin + piece.text.len();
        let inner = places
            .iter()
            .enumerate()
            .filter(|(_, place)| place.start < end && place.end > begin);
        let mut at = begin;
        let mut push = |range: Range<usize>, place: Option<usize>| {
            if !range.is_empty() {
                let text = row[range].to_owned();
                let style = piece.style;
                parts.push(Part {
                    piece: Piece { text, style },
                    place,
                });
            }
        };
        for (number, place) in inner {
            let (from, until) = (place.start.max(begin), place.end.min(end));
            push(at..from, None);
            push(from..until, Some(number));
            at = until;
        }
        push(at..end, None);
        begin = end;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::style::Style;
    use super::*;

    #[test]
    fn words_are_found_without_regard_to_case() {
        assert_eq!(
            places("Error: ERROR, errors", &needle("error")),
            [0..5, 7..12, 14..19]
        );
        assert_eq!(places("Äther äther", &needle("ä")), [0..2, 7..9]);
        assert_eq!(places("Жук ЖУК Ωmega Žižek", &needle("жук")).len(), 2);
        assert_eq!(needle("ŽΩĹÉ×ı"), ['ž', 'ω', 'ĺ', 'é', '×', 'ı']);
        assert_eq!(places("aaaa", &needle("aa")), [0..2, 2..4]);
        assert!(places("anything", &needle("")).is_empty());
    }

    #[test]
    fn what_is_found_across_colours_is_marked_in_each() {
        let piece = |text: &str, bold| {
            let mut style = Style::default();
            style.set(Style::BOLD, bold);
            Piece {
                text: text.to_owned(),
                style,
            }
        };
        let parts = cut(
            vec![piece("an err", true), piece("or[1] error", false)],
            &needle("error"),
        );
        let told: Vec<_> = parts
            .iter()
            .map(|part| (part.piece.text.as_str(), part.place))
            .collect();
        assert_eq!(
            told,
            [
                ("an ", None),
                ("err", Some(0)),
                ("or", Some(0)),
                ("[1] ", None),
                ("error", Some(1))
            ]
        );
    }
}
