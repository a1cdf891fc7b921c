//! The figures, as rows of one table.

use std::time::Duration;

use serde::Serialize;

use crate::machine::Machine;

/// What a figure has to be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
}

/// When an answer is given, as far as the disk is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Durability {
    /// After a sync of the disk that holds it.
    Synced,
    /// Without one.
    Memory,
    /// Nothing is kept.
    None,
}

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    /// What was measured with others like it.
    pub(crate) group: &'static str,
    /// What exactly.
    pub(crate) what: String,
    /// How much.
    pub(crate) value: f64,
    /// Of what.
    pub(crate) unit: &'static str,
    /// What an answer promises.
    pub(crate) durability: Durability,
    /// What it should be.
    pub(crate) target: Option<Target>,
}

impl Row {
    /// A figure that has no target.
    pub(crate) fn new(
        group: &'static str,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
        durability: Durability,
    ) -> Self {
        Self {
            group,
            what: what.into(),
            value,
            unit,
            durability,
            target: None,
        }
    }

    /// The figure with what it has to be.
    pub(crate) fn at_least(mut self, target: f64) -> Self {
        self.target = Some(Target::AtLeast(target));
        self
    }

    /// The figure with what it may be.
    pub(crate) fn at_most(mut self, target: f64) -> Self {
        self.target = Some(Target::AtMost(target));
        self
    }

    /// Whether it is what it should be.
    pub(crate) fn is_met(&self) -> bool {
        match self.target {
            None => true,
            Some(Target::AtLeast(target)) => self.value >= target,
            Some(Target::AtMost(target)) => self.value <= target,
        }
    }

    fn verdict(&self) -> String {
        let (sign, target) = match self.target {
            None => return String::new(),
            Some(Target::AtLeast(target)) => ("≥", target),
            Some(Target::AtMost(target)) => ("≤", target),
        };
        let word = if self.is_met() { "met" } else { "MISSED" };
        format!("{sign} {} {word}", number(target))
    }
}

/// All of it, as it is printed.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    /// Where.
    pub(crate) machine: Machine,
    /// What was measured, by name and version.
    pub(crate) programs: Vec<String>,
    /// The figures.
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// The table as Markdown, which a terminal shows well enough.
    pub(crate) fn text(&self) -> String {
        use std::fmt::Write as _;
        let mut text = format!("{}\n{}\n", self.machine.line(), self.programs.join(", "));
        let mut group = "";
        for row in &self.rows {
            if row.group != group {
                group = row.group;
                let _ = write!(
                    text,
                    "\n| {group} | | | answered after | target |\n|---|---:|---|---|---|\n"
                );
            }
            let durability = match row.durability {
                Durability::Synced => "sync",
                Durability::Memory => "memory",
                Durability::None => "–",
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {durability} | {} |",
                row.what,
                number(row.value),
                row.unit,
                row.verdict()
            );
        }
        text
    }
}

/// A number with as many digits as it is worth.
pub(crate) fn number(value: f64) -> String {
    let digits = match value.abs() {
        0.0 => 0,
        size if size < 10.0 => 2,
        size if size < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), String::new()), |(whole, rest)| {
            (whole, format!(".{rest}"))
        });
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0
            && (whole.len() - at).is_multiple_of(3)
            && digit.is_ascii_digit()
            && !grouped.ends_with('-')
        {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &rest
}

/// The value below which `share` of the times lie.
pub(crate) fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list, cut to it"
    )]
    let at = (times.len() as f64 * share) as usize;
    times
        .get(at.min(times.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// The one in the middle.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// A time in microseconds.
pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// A time in milliseconds.
pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
