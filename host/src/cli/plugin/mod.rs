//! Plugins of third parties: one file per verb.

mod guest;
mod new;

use clap::Subcommand;

use super::ui::{Problem, Ui};

/// Plugins: tools of your own or of others
#[derive(Debug, Subcommand)]
pub(super) enum Plugin {
    New(new::New),
}

impl Plugin {
    pub(super) fn run(self, ui: &Ui) -> Result<(), Problem> {
        match self {
            Self::New(new) => new.run(ui),
        }
    }
}
