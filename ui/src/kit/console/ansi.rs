//! Reads output as a terminal does: colours and weights become styles, and every other escape sequence goes.

use super::style::{Colour, Style};

/// The most numbers that one sequence may carry; what follows them is passed over.
const MOST_NUMBERS: usize = 32;

/// What a character comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// It is shown.
    Shown,
    /// It is a control character: a carriage return, a backspace and the like.
    Control,
    /// It belongs to a sequence.
    Nothing,
    /// It ends a sequence that erases: 0 what follows on the line, 1 what came before, 2 all of it.
    Erase(u16),
}

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    /// After an escape character.
    Escape,
    /// Within `ESC [ …`.
    Control,
    /// Within a text for the terminal itself, such as a title.
    Message,
}

/// One number of a sequence.
#[derive(Debug, Clone, Copy, Default)]
struct Param {
    value: u16,
    /// Whether a colon stands before it: then it refines the number before.
    refines: bool,
}

/// Reads text, character by character. A line's end ends whatever sequence is open.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    state: State,
    style: Style,
    params: [Param; MOST_NUMBERS],
    count: usize,
    /// Whether the sequence is of a kind of its own, as `ESC [ ? 25 l`.
    private: bool,
}

impl Reader {
    /// A reader of text that begins in `style`.
    pub(super) fn begin(style: Style) -> Self {
        Self {
            state: State::Text,
            style,
            params: [Param::default(); MOST_NUMBERS],
            count: 0,
            private: false,
        }
    }

    /// How what comes next looks.
    pub(super) const fn style(&self) -> Style {
        self.style
    }

    /// Whether no sequence is open.
    pub(super) fn is_at_rest(&self) -> bool {
        self.state == State::Text
    }

    /// Reads one character, given by the first of its bytes.
    pub(super) fn step(&mut self, byte: u8) -> Read {
        match (self.state, byte) {
            (_, b'\n') => {
                self.state = State::Text;
                Read::Control
            }
            (_, 0x1b) => {
                self.state = State::Escape;
                Read::Nothing
            }
            (State::Message, 0x07) => self.back_to_text(),
            (State::Message, _) => Read::Nothing,
            (_, 0x00..0x20 | 0x7f) if byte != b'\t' => Read::Control,
            (State::Text, _) => Read::Shown,
            (State::Escape, _) => self.escape(byte),
            (State::Control, _) => self.control(byte),
        }
    }

    fn back_to_text(&mut self) -> Read {
        self.state = State::Text;
        Read::Nothing
    }

    fn escape(&mut self, byte: u8) -> Read {
        match byte {
            b'[' => {
                self.state = State::Control;
                (self.params[0], self.count, self.private) = (Param::default(), 1, false);
            }
            b']' | b'P' | b'X' | b'^' | b'_' => self.state = State::Message,
            0x20..0x30 => {}
            0x30..0x7f => self.state = State::Text,
            // No sequence goes on like this: it is text.
            _ => {
                self.state = State::Text;
                return Read::Shown;
            }
        }
        Read::Nothing
    }

    fn control(&mut self, byte: u8) -> Read {
        match byte {
            b'0'..=b'9' => {
                if let Some(param) = self.params.get_mut(self.count - 1) {
                    let digit = u16::from(byte - b'0');
                    param.value = param.value.saturating_mul(10).saturating_add(digit);
                }
            }
            b';' | b':' => {
                if let Some(param) = self.params.get_mut(self.count) {
                    *param = Param {
                        value: 0,
                        refines: byte == b':',
                    };
                    self.count += 1;
                }
            }
            0x3c..0x40 => self.private = true,
            0x20..0x30 => {}
            0x40..0x7f => {
                self.state = State::Text;
                return self.done(byte);
            }
            _ => {
                self.state = State::Text;
                return Read::Shown;
            }
        }
        Read::Nothing
    }

    fn done(&mut self, last: u8) -> Read {
        match last {
            b'm' if !self.private => self.restyle(),
            b'K' if !self.private => return Read::Erase(self.params[0].value),
            _ => {}
        }
        Read::Nothing
    }

    /// Changes the style as the numbers of `ESC [ … m` say.
    fn restyle(&mut self) {
        let params = self.params;
        let mut rest = &params[..self.count];
        while let Some((first, after)) = rest.split_first() {
            let refining = after.iter().take_while(|param| param.refines).count();
            let (fine, next) = after.split_at(refining);
            rest = next;
            match (first.value, fine) {
                (38 | 48, []) => {
                    let (colour, taken) = colour(next);
                    rest = &next[taken.min(next.len())..];
                    self.paint(first.value, colour);
                }
                (38 | 48, fine) => {
                    // The longer form of `38:2:…` has an empty place before the three colours.
                    let is_long = fine.len() >= 5 && fine[0].value == 2;
                    let mut fine = fine.to_vec();
                    if is_long {
                        fine.remove(1);
                    }
                    self.paint(first.value, colour(&fine).0);
                }
                (4, [how, ..]) => self.style.set(Style::UNDERLINE, how.value != 0),
                (code, _) => self.style.apply(code),
            }
        }
    }

    fn paint(&mut self, code: u16, colour: Option<Colour>) {
        if let Some(colour) = colour {
            self.style.paint(code == 48, colour);
        }
    }
}

/// Reads the colour that follows a 38 or a 48, and how many numbers it takes.
fn colour(params: &[Param]) -> (Option<Colour>, usize) {
    let part = |at: usize| {
        let param = params.get(at)?;
        u8::try_from(param.value).ok()
    };
    match params.first().map(|param| param.value) {
        Some(5) => (part(1).map(Colour::of_table), 2),
        Some(2) => {
            let mixed = part(1).zip(part(2)).zip(part(3));
            (
                mixed.map(|((red, green), blue)| Colour::Mixed(red, green, blue)),
                4,
            )
        }
        _ => (None, 1),
    }
}

/// A run of text that looks alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The text.
    pub(super) text: String,
    /// How it looks.
    pub(super) style: Style,
}

/// Reads a row on, as a terminal would leave it: a carriage return starts over, and what comes then lies on top.
pub(super) fn pieces(row: &str, reader: &mut Reader) -> Vec<Piece> {
    let mut cells: Vec<(char, Style)> = Vec::with_capacity(row.len());
    let mut at = 0;
    for (place, letter) in row.char_indices() {
        match reader.step(row.as_bytes()[place]) {
            Read::Shown => {
                let cell = (letter, reader.style());
                match cells.get_mut(at) {
                    Some(old) => *old = cell,
                    None => cells.push(cell),
                }
                at += 1;
            }
            Read::Control if letter == '\r' => at = 0,
            Read::Control if letter == '\u{8}' => at = at.saturating_sub(1),
            Read::Erase(0) => cells.truncate(at),
            Read::Erase(how) => {
                let until = if how == 1 { at + 1 } else { cells.len() };
                let erased = cells.iter_mut().take(until);
                erased.for_each(|cell| *cell = (' ', Style::default()));
            }
            Read::Control | Read::Nothing => {}
        }
    }
    joined(cells)
}

fn joined(cells: Vec<(char, Style)>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (letter, style) in cells {
        match pieces.last_mut() {
            Some(piece) if piece.style == style => piece.text.push(letter),
            _ => pieces.push(Piece {
                text: letter.to_string(),
                style,
            }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests;
