//! How output looks: one of a terminal's colours, or one that is mixed, and weights.

/// A colour of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Colour {
    /// The one text has anyway.
    #[default]
    Own,
    /// One of the sixteen that have names, as the page's theme draws them.
    Named(u8),
    /// Red, green and blue.
    Mixed(u8, u8, u8),
}

impl Colour {
    /// The colour at a place of the table of 256: sixteen with names, a cube of six by six by six, and greys.
    pub(super) fn of_table(place: u8) -> Self {
        match place {
            0..16 => Self::Named(place),
            16..232 => {
                let step = |nth: u8| if nth == 0 { 0 } else { nth * 40 + 55 };
                let place = place - 16;
                Self::Mixed(step(place / 36), step(place / 6 % 6), step(place % 6))
            }
            232.. => {
                let grey = (place - 232) * 10 + 8;
                Self::Mixed(grey, grey, grey)
            }
        }
    }
}

/// How a run of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Style {
    /// The colour of the letters.
    pub(super) ink: Colour,
    /// The colour behind them.
    pub(super) wash: Colour,
    weights: u8,
}

impl Style {
    /// Bold.
    pub(super) const BOLD: u8 = 1;
    /// Fainter than the rest.
    pub(super) const DIM: u8 = 2;
    /// Italic.
    pub(super) const ITALIC: u8 = 4;
    /// Underlined.
    pub(super) const UNDERLINE: u8 = 8;
    /// Letters and ground change places.
    pub(super) const INVERSE: u8 = 16;

    /// The weights and their names.
    const NAMES: [(u8, &'static str); 5] = [
        (Self::BOLD, "bold"),
        (Self::DIM, "dim"),
        (Self::ITALIC, "italic"),
        (Self::UNDERLINE, "underline"),
        (Self::INVERSE, "inverse"),
    ];

    /// Adds or takes away a weight.
    pub(super) const fn set(&mut self, weight: u8, on: bool) {
        if on {
            self.weights |= weight;
        } else {
            self.weights &= !weight;
        }
    }

    /// Gives the letters a colour, or what is `behind` them.
    pub(super) const fn paint(&mut self, behind: bool, colour: Colour) {
        if behind {
            self.wash = colour;
        } else {
            self.ink = colour;
        }
    }

    /// Changes as one number of `ESC [ … m` says; one that is not known changes nothing.
    pub(super) fn apply(&mut self, code: u16) {
        let named = |first: u16| {
            let place = u8::try_from(code - first).unwrap_or_default();
            Colour::Named(place)
        };
        match code {
            0 => *self = Self::default(),
            1 => self.set(Self::BOLD, true),
            2 => self.set(Self::DIM, true),
            3 => self.set(Self::ITALIC, true),
            4 | 21 => self.set(Self::UNDERLINE, true),
            7 => self.set(Self::INVERSE, true),
            22 => self.set(Self::BOLD | Self::DIM, false),
            23 => self.set(Self::ITALIC, false),
            24 => self.set(Self::UNDERLINE, false),
            27 => self.set(Self::INVERSE, false),
            30..=37 => self.ink = named(30),
            39 => self.ink = Colour::Own,
            40..=47 => self.wash = named(40),
            49 => self.wash = Colour::Own,
            90..=97 => self.ink = named(82),
            100..=107 => self.wash = named(92),
            _ => {}
        }
    }

    /// The names of its weights, as the page's style sheet knows them.
    pub(super) fn classes(self) -> String {
        let on = Self::NAMES.iter();
        let on = on.filter(|(weight, _)| self.weights & weight != 0);
        on.map(|(_, name)| *name).collect::<Vec<_>>().join(" ")
    }
}
