//! SparkQ: queue work, walk away, review results later.

mod api;
mod assets;
mod cli;
mod config;
mod consent;
mod daemon;
mod kit;
mod queue;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use sparkq_core::Time;
use sparkq_store::sqlite::Entropy;

/// The hidden first argument of the child that compiles a plugin.
const COMPILE: &str = "compile-plugin";

fn main() -> ExitCode {
    // Before anything else, so that the child has neither threads nor files when it confines itself.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == COMPILE)
    {
        return sparkq_runtime::compile_as_child();
    }
    cli::main()
}

/// The one place where the clock is read.
fn now() -> Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Time::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The one place where chance comes from. A system that has no random numbers to give still has its clock and
/// the addresses of its processes, which the standard library's hasher is keyed with.
fn entropy() -> Entropy {
    use std::hash::{BuildHasher, RandomState};
    Box::new(|| getrandom::u64().unwrap_or_else(|_| RandomState::new().hash_one(now())))
}
