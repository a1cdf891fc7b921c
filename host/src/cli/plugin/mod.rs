//! Plugins of third parties: one file per verb.

mod add;
mod approve;
mod check;
mod consent;
mod dev;
mod guest;
mod inspect;
mod install;
mod list;
mod logs;
mod new;
mod remove;
mod test;
mod update;

use clap::Subcommand;

use super::Global;
use super::ui::{Problem, Ui};

/// Plugins: tools of your own or of others
#[derive(Debug, Subcommand)]
pub(super) enum Plugin {
    List(list::List),
    New(new::New),
    Check(check::Check),
    Test(test::Test),
    Dev(dev::Dev),
    Inspect(inspect::Inspect),
    Add(add::Add),
    Approve(approve::Approve),
    Update(update::Update),
    Remove(remove::Remove),
    Logs(logs::Logs),
}

impl Plugin {
    pub(super) fn run(self, global: &Global, ui: &Ui) -> Result<(), Problem> {
        let here = || global.here();
        match self {
            Self::List(list) => list.run(&global.door(ui)?, ui),
            Self::Logs(logs) => logs.run(&global.door(ui)?, ui),
            Self::New(new) => {
                global.refuse_far()?;
                new.run(ui)
            }
            Self::Check(check) => {
                global.refuse_far()?;
                check.run(ui)
            }
            Self::Test(test) => {
                global.refuse_far()?;
                test.run(ui)
            }
            Self::Dev(dev) => {
                global.refuse_far()?;
                dev.run(ui)
            }
            Self::Inspect(inspect) => {
                global.refuse_far()?;
                inspect.run(ui)
            }
            Self::Add(add) => add.run(here()?, ui),
            Self::Approve(approve) => approve.run(here()?, ui),
            Self::Update(update) => update.run(here()?, ui),
            Self::Remove(remove) => remove.run(here()?, ui),
        }
    }
}
