use clap::Args;

use super::candidates;
use super::door::Door;
use super::ui::{Problem, Ui};

/// Print the next queued task of a stream as JSON; nothing when there is none
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq peek --stream auth")]
pub(super) struct Peek {
    /// The stream: id or name
    #[arg(long, add = candidates::streams())]
    stream: String,
}

impl Peek {
    pub(super) fn run(self, door: &Door, ui: &Ui) -> Result<(), Problem> {
        match door.peek(self.stream)? {
            Some(next) => ui.json(&next),
            None => Ok(()),
        }
    }
}
