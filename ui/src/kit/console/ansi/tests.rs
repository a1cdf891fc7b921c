use proptest::prelude::*;

use super::*;

/// Reads a row from its beginning, and tells each piece as `text{ink/wash weights}`.
fn read(row: &str) -> Vec<String> {
    let name = |colour: Colour| match colour {
        Colour::Own => "-".to_owned(),
        Colour::Named(place) => place.to_string(),
        Colour::Mixed(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
    };
    let tell = |piece: Piece| {
        let Style { ink, wash, .. } = piece.style;
        let look = format!("{{{}/{} {}}}", name(ink), name(wash), piece.style.classes());
        piece.text + &look.replace("{-/- }", "").replace(" }", "}")
    };
    let mut reader = Reader::begin(Style::default());
    pieces(row, &mut reader).into_iter().map(tell).collect()
}

#[test]
fn colours_and_weights_hold_until_they_are_taken_back() {
    assert_eq!(
        read("\x1b[1;31merror\x1b[0m: \x1b[4mhere\x1b[24m, \x1b[7;97;44mthere\x1b[m."),
        [
            "error{1/- bold}",
            ": ",
            "here{-/- underline}",
            ", ",
            "there{15/4 inverse}",
            "."
        ]
    );
}

#[test]
fn a_colour_is_named_taken_from_the_table_or_mixed_with_semicolons_or_colons() {
    assert_eq!(read("\x1b[38;5;9ma"), ["a{9/-}"]);
    assert_eq!(read("\x1b[48;5;196ma"), ["a{-/#ff0000}"]);
    assert_eq!(read("\x1b[38;5;244ma"), ["a{#808080/-}"]);
    assert_eq!(read("\x1b[38;2;1;2;3;1ma"), ["a{#010203/- bold}"]);
    assert_eq!(read("\x1b[38:2::1:2:3ma"), ["a{#010203/-}"]);
    assert_eq!(
        read("\x1b[38:5:12;4:3ma\x1b[4:0mb"),
        ["a{12/- underline}", "b{12/-}"]
    );
    assert_eq!(read("\x1b[38;5ma\x1b[38;2;999;0;0mb"), ["ab"]);
}

#[test]
fn other_sequences_leave_no_trace() {
    assert_eq!(read("\x1b[?25la\x1b[2Jb\x1b[10;5Hc"), ["abc"]);
    assert_eq!(
        read("\x1b]0;a title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"),
        ["alink"]
    );
    assert_eq!(read("\x1b(Ba\x1b=b\x1b7c\x07\x00d\x1b"), ["abcd"]);
}

#[test]
fn what_is_written_last_lies_on_top() {
    assert_eq!(read("10%\r50%\r100%"), ["100%"]);
    assert_eq!(read("progress\rdone"), ["doneress"]);
    assert_eq!(read("progress\r\x1b[Kdone"), ["done"]);
    assert_eq!(read("abc\x08\x08X"), ["aXc"]);
    assert_eq!(read("a line\r"), ["a line"]);
}

#[test]
fn markup_stays_text() {
    let markup = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    assert_eq!(read(markup), [markup]);
}

proptest! {
    #[test]
    fn nothing_makes_it_panic_and_it_invents_no_letter(row in "[\\PC\x1b\\[\\]0-9;:mK\r\x08\t]*") {
        let shown: String = read_plain(&row);
        prop_assert!(shown.chars().all(|letter| letter == ' ' || row.contains(letter)));
    }

    #[test]
    fn text_without_sequences_comes_out_unchanged(row in "[^\\p{Cc}]*") {
        prop_assert_eq!(read_plain(&row), row);
    }
}

fn read_plain(row: &str) -> String {
    let mut reader = Reader::begin(Style::default());
    let pieces = pieces(row, &mut reader).into_iter();
    pieces.map(|piece| piece.text).collect()
}
