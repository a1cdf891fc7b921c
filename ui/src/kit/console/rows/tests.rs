use proptest::prelude::*;

use super::*;

fn found(text: &str) -> Rows {
    let mut rows = Rows::begin();
    while rows.find(text, 1000) {}
    rows
}

/// All rows, each as its line's number and what it says.
fn told(text: &str) -> Vec<(Option<u32>, String)> {
    let rows = found(text);
    let blocks = rows.count().div_ceil(BLOCK);
    let all = (0..blocks).flat_map(|block| rows.block(text, block));
    let say = |row: Row| {
        let said = row.pieces.into_iter().map(|piece| piece.text).collect();
        (row.line, said)
    };
    all.map(say).collect()
}

#[test]
fn each_line_is_a_row_and_the_last_needs_no_end() {
    assert_eq!(told(""), []);
    let rows = [
        (Some(1), "a".into()),
        (Some(2), String::new()),
        (Some(3), "b".into()),
    ];
    assert_eq!(told("a\n\nb"), rows);
    assert_eq!(told("a\r\n\r\nb\r\n"), rows);
}

#[test]
fn a_style_is_carried_into_later_blocks() {
    let text = format!("\x1b[31mred\n{}\x1b[0mplain\n", "still red\n".repeat(120));
    let rows = found(&text);
    let red = rows.block(&text, 4).remove(20);
    assert_eq!((red.place, red.line), (120, Some(121)));
    assert_eq!(red.pieces[0].style, rows.block(&text, 0)[0].pieces[0].style);
    let plain = rows.block(&text, 4).remove(21);
    assert_eq!(plain.pieces[0].style, Style::default());
}

#[test]
fn a_very_long_line_is_several_rows_of_one_line() {
    let text = format!("{}\nnext", "é".repeat(LONGEST * 2 + 1));
    let rows = told(&text);
    let lines: Vec<_> = rows.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [Some(1), None, None, Some(2)]);
    assert_eq!(rows[2].1, "é");
}

#[test]
fn a_line_that_shows_progress_for_long_is_one_row() {
    let step = |step: u32| format!("\r\x1b[32mstep {step}");
    let progress = (0..5000).map(step).collect::<Vec<_>>().concat();
    let text = format!("{progress}\nred?");
    let rows = found(&text);
    assert_eq!(rows.count(), 2);
    assert_eq!(rows.plain(&text, 0), "step 4999");
    let last = rows.block(&text, 0).remove(1);
    assert_ne!(last.pieces[0].style, Style::default(), "it is still green");
}

proptest! {
    #[test]
    fn rows_say_what_the_text_says_however_it_is_cut(lines in proptest::collection::vec("[^\\p{Cc}]{0,30}", 0..150), cut in 1..200_usize) {
        let text = lines.join("\n");
        let mut rows = Rows::begin();
        while rows.find(&text, cut) {}
        let said: Vec<String> = told(&text).into_iter().map(|(_, said)| said).collect();
        prop_assert_eq!(rows.count(), said.len());
        let expected: Vec<&str> = text.split_terminator('\n').collect();
        prop_assert_eq!(said, expected);
    }

    #[test]
    fn no_output_makes_it_panic(text in "[a\x1b\\[0-9;m\r\né]{0,400}") {
        let rows = found(&text);
        for place in 0..rows.count() {
            rows.plain(&text, place);
        }
        told(&text);
    }
}
