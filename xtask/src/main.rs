//! The project's own commands: `cargo xtask <command>`. One command, one file.
//!
//! What a plain `cargo build` cannot do is done here: the built-in plugins and the web page are
//! compiled to wasm and packed into `sparkq-assets`, which the host embeds.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask talks to the person who builds; `Ui` belongs to the product"
)]

mod bench;
mod build;
mod cargo;
mod check;
mod guests;
mod install;
mod page;
mod run;
mod sample;
mod test;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::cargo::Workspace;

const USAGE: &str = "\
Usage: cargo xtask <command>

  build               compile the built-in plugins and the web page, ready to be embedded
  run [-- ARGS]       build, fill an empty queue with a sample session, start the server
                      (ARGS go to `sparkq run` in place of --no-watch)
  test [-- FILTER]    build, then every test, the browser's too (FILTER goes to the test runner)
  check               formatting, lints and docs, for the machine and for wasm
  bench [--only WHAT] [--json]
                      how fast it is, beside others that are installed: one table, or one JSON document
  bench --soak [TASKS] [--json]
                      so many tasks, a million if not said, through a server that is killed five times
  install             build, then put `sparkq` into cargo's bin folder";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let Some((command, rest)) = args.split_first() else {
        bail!("no command given\n\n{USAGE}");
    };
    if matches!(command.as_str(), "help" | "--help" | "-h") {
        println!("{USAGE}");
        return Ok(());
    }
    let passed_on = passed_on(rest);
    let takes_none = || match rest {
        [] => Ok(()),
        [first, ..] => bail!("`cargo xtask {command}` takes no `{first}`\n\n{USAGE}"),
    };
    match command.as_str() {
        "build" => takes_none().and_then(|()| build::build(&Workspace::find()?)),
        "run" => run::run(&Workspace::find()?, passed_on),
        "test" => test::test(&Workspace::find()?, passed_on),
        "check" => takes_none().and_then(|()| check::check(&Workspace::find()?)),
        "bench" => bench::bench(&Workspace::find()?, rest),
        "install" => takes_none().and_then(|()| install::install(&Workspace::find()?)),
        unknown => bail!("there is no `cargo xtask {unknown}`\n\n{USAGE}"),
    }
}

/// The arguments for the program behind a command: what follows `--`, which may be left out.
fn passed_on(rest: &[String]) -> &[String] {
    match rest.split_first() {
        Some((first, after)) if first == "--" => after,
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_passed_on_with_and_without_the_dashes() {
        let args = ["--", "claim"].map(str::to_owned);
        assert_eq!(passed_on(&args), ["claim"]);
        assert_eq!(passed_on(&args[1..]), ["claim"]);
        assert!(passed_on(&[]).is_empty());
    }

    #[test]
    fn a_command_that_takes_nothing_says_so() {
        let args = ["check", "--fast"].map(str::to_owned);
        let error = dispatch(&args).map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.contains("takes no `--fast`")));
    }
}
