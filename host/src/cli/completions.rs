use std::env;

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::env::{CompleteEnv, Shells};

use super::Cli;
use super::ui::{Problem, Ui};
use crate::queue::Error;

/// What tells the program that a shell asks it for what could come next.
const VARIABLE: &str = "SPARKQ_COMPLETE";

/// Print what makes a shell complete commands, ids, streams and tools
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  source <(sparkq completions bash)
  sparkq completions fish > ~/.config/fish/completions/sparkq.fish")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// The shells that can be taught.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Zsh,
}

impl Completions {
    pub(super) fn run(&self, ui: &Ui) -> Result<(), Problem> {
        let name = match self.shell {
            Shell::Bash => "bash",
            Shell::Elvish => "elvish",
            Shell::Fish => "fish",
            Shell::Zsh => "zsh",
        };
        let program = super::words()
            .into_iter()
            .next()
            .unwrap_or_else(|| "sparkq".to_owned());
        let shells = Shells::builtins();
        let mut script = Vec::new();
        let written = shells.completer(name).map(|shell| {
            shell.write_registration(VARIABLE, "sparkq", "sparkq", &program, &mut script)
        });
        match written {
            Some(Ok(())) => ui.line(String::from_utf8_lossy(&script).trim_end()),
            _ => Err(Error::Internal(format!("there is no script for {name}")).into()),
        }
    }
}

/// Answers a shell that asks what could come next, and says whether it was one.
pub(super) fn answer_shell() -> bool {
    if env::var_os(VARIABLE).is_none() {
        return false;
    }
    let here = env::current_dir().ok();
    CompleteEnv::with_factory(Cli::command)
        .var(VARIABLE)
        .try_complete(env::args_os(), here.as_deref())
        .unwrap_or(true)
}
