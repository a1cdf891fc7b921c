//! What a plugin wrote while it was looked at, which is where exceptions of JavaScript and Python are told.

use sparkq_runtime::{Level, Runtime};

/// The most lines that are shown: the last ones.
const LINES: usize = 20;

/// The lines since this was last asked. What the host itself says of a fault is shown as the fault.
pub(super) fn lines(runtime: &Runtime) -> Vec<String> {
    let journal = runtime.take_journal().into_iter();
    let own = journal.filter(|line| line.level != Level::Fault);
    let mut lines: Vec<String> = own
        .map(|line| format!("{} {}: {}", line.level.word(), line.function, line.message))
        .collect();
    lines.dedup();
    let skipped = lines.len().saturating_sub(LINES);
    lines.split_off(skipped)
}
