//! Which keys mean what; plain data.

use crate::route;

/// How long after `g` the second key may come, in milliseconds.
const CHORD: i64 = 1500;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// To see the keys.
    Help,
    /// To go to a page.
    Go(&'static str),
    /// To search.
    Search,
    /// To go so many rows on.
    Row(i32),
    /// Nothing yet: another key is to come.
    Wait,
}

/// The pages that `g` and another key lead to.
const PLACES: [(&str, &str, &str); 8] = [
    ("d", "Dashboard", "/"),
    ("t", "Tasks", route::TASKS),
    ("s", "Streams", route::STREAMS),
    ("e", "Sessions", route::SESSIONS),
    ("o", "Tools", route::TOOLS),
    ("p", "Plugins", route::PLUGINS),
    ("c", "Scripts", route::SCRIPTS),
    (",", "Settings", route::SETTINGS),
];

/// Keys, and what they do.
type Line = (&'static [&'static str], &'static str);

/// The keys and what they do, in groups, for people. Keys of one line that belong together are one after the other.
pub(crate) const HELP: [(&str, &[Line]); 3] = [
    (
        "Go to",
        &[
            (&["g", "d"], "Dashboard"),
            (&["g", "t"], "Tasks"),
            (&["g", "s"], "Streams"),
            (&["g", "e"], "Sessions"),
            (&["g", "o"], "Tools"),
            (&["g", "p"], "Plugins"),
            (&["g", "c"], "Scripts"),
            (&["g", ","], "Settings"),
        ],
    ),
    (
        "Anywhere",
        &[
            (&["/"], "Search tasks"),
            (&["n"], "Enqueue a task"),
            (&["j"], "Next row"),
            (&["k"], "Previous row"),
            (&["Enter"], "Open the row"),
            (&["Esc"], "Leave a field, close a dialog"),
            (&["?"], "Show these keys"),
        ],
    ),
    (
        "With tasks",
        &[
            (&["x"], "Choose the row, in the table"),
            (&["Shift", "j"], "Extend the choice down"),
            (&["Shift", "k"], "Extend the choice up"),
            (&["Shift", "click"], "Choose all up to the row"),
            (&["b"], "Go to what can be done with the chosen"),
            (&["r"], "Requeue, on the task's page"),
            (&["c"], "Copy the id, on the task's page"),
        ],
    ),
];

/// The keys that were pressed so far.
#[derive(Debug, Default)]
pub(super) struct Chord {
    /// When `g` was pressed.
    begun: Option<i64>,
}

impl Chord {
    /// Takes one more key, at a moment in milliseconds.
    pub(super) fn press(&mut self, key: &str, now: i64) -> Option<Command> {
        let begun = self.begun.take();
        if begun.is_some_and(|begun| now - begun <= CHORD) {
            let place = PLACES.iter().find(|(second, ..)| *second == key);
            return place.map(|(_, _, address)| Command::Go(address));
        }
        Some(match key {
            "g" => {
                self.begun = Some(now);
                Command::Wait
            }
            "?" => Command::Help,
            "/" => Command::Search,
            "n" => Command::Go(route::ENQUEUE),
            "j" => Command::Row(1),
            "k" => Command::Row(-1),
            _ => return None,
        })
    }
}

/// Which of `rows` comes so many after the one `at`; the first, or the last, where none was yet.
pub(super) fn step(rows: usize, at: Option<usize>, by: i32) -> Option<usize> {
    let last = rows.checked_sub(1)?;
    let Some(at) = at else {
        return Some(if by > 0 { 0 } else { last });
    };
    Some(at.saturating_add_signed(by as isize).min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(keys: &[(&str, i64)]) -> Option<Command> {
        let mut chord = Chord::default();
        let commands = keys.iter().map(|(key, at)| chord.press(key, *at));
        commands.last().flatten()
    }

    #[test]
    fn the_second_key_leads_to_a_page_while_the_first_is_remembered() {
        let tasks = Some(Command::Go(route::TASKS));
        assert_eq!(pressed(&[("g", 0), ("t", 900)]), tasks);
        assert_eq!(pressed(&[("g", 0), ("t", 1501)]), None);
        assert_eq!(pressed(&[("g", 0), ("x", 1), ("t", 2)]), None);
        assert_eq!(pressed(&[("g", 0), ("n", 1)]), None);
        assert_eq!(pressed(&[("n", 1)]), Some(Command::Go(route::ENQUEUE)));
    }

    #[test]
    fn every_page_has_its_line_in_the_help() {
        let told = HELP[0].1.iter();
        let told: Vec<_> = told.map(|(keys, name)| (keys[1], *name)).collect();
        let places = PLACES.map(|(key, name, _)| (key, name));
        assert_eq!(told, places);
    }

    #[test]
    fn a_step_ends_at_the_ends() {
        assert_eq!(step(0, None, 1), None);
        assert_eq!([1, -1].map(|by| step(3, None, by)), [Some(0), Some(2)]);
        assert_eq!([1, -1].map(|by| step(3, Some(0), by)), [Some(1), Some(0)]);
        assert_eq!(step(3, Some(2), 1), Some(2));
    }
}
