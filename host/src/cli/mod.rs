//! The command line: one file per verb. A verb reads its arguments, calls the queue and shows the answer.

mod args;
mod cancel;
mod candidates;
mod claim;
mod client;
mod complete;
mod completions;
mod door;
mod enqueue;
mod fail;
mod peek;
mod playbook;
mod plugin;
mod purge;
mod reload;
mod requeue;
mod run;
mod scripts;
mod session;
mod setup;
mod status;
mod stop;
mod stream;
mod task;
mod tasks;
mod teardown;
mod tools;
mod ui;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use sparkq_core::wire::ErrorBody;
use sparkq_core::{Code, Refusal};
use tracing_subscriber::EnvFilter;

use client::{Address, VARIABLE};
use door::{Door, Far, Here};
use ui::{Problem, Ui};

use crate::config::word;

/// Queue work, walk away, review results later.
///
/// A local-first work queue for one developer and their coding agents.
#[derive(Debug, Parser)]
#[command(
    name = "sparkq",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args, Default)]
struct Global {
    /// The server to ask instead of the project here, as https://box:8420; its token goes into SPARKQ_TOKEN
    /// [env: SPARKQ_URL, unless --config or --direct is given]
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
    /// The project's sparkq.toml; found by walking up from the current folder when not given [env: SPARKQ_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print one JSON document, and errors as JSON
    #[arg(long, global = true)]
    json: bool,
    /// Write to the database file itself, even while a server runs
    #[arg(long, global = true)]
    direct: bool,
    /// Say on stderr what was done, also when it is not a terminal
    #[arg(long, short, global = true)]
    verbose: bool,
}

impl Global {
    /// The global flags of the line that a shell asks about. Nobody has typed the rest of it yet, so it is not parsed.
    fn of_line() -> Self {
        Self::of_words(&words())
    }

    fn of_words(words: &[String]) -> Self {
        let given = |flag: &str| {
            let place = words.iter().rposition(|word| word.starts_with(flag))?;
            let value = match words[place][flag.len()..].strip_prefix('=') {
                Some(value) => value,
                None => words.get(place + 1)?,
            };
            Some(value.to_owned())
        };
        Self {
            url: given("--url"),
            config: given("--config").map(PathBuf::from),
            direct: words.iter().any(|word| word == "--direct"),
            ..Self::default()
        }
    }

    /// The server that is meant instead of the project here. What was typed wins over what the environment says.
    fn far(&self) -> Result<Option<Address>, Refusal> {
        match &self.url {
            Some(url) => Address::parse("--url", url).map(Some),
            None if self.config.is_some() || self.direct => Ok(None),
            None => Address::in_environment(),
        }
    }

    /// Refuses flags that contradict each other, as clap would if it looked at global ones of all places.
    fn check(&self) -> Result<(), clap::Error> {
        let others = [
            ("--config", self.config.is_some()),
            ("--direct", self.direct),
        ];
        let Some((other, _)) = others
            .iter()
            .find(|(_, given)| *given && self.url.is_some())
        else {
            return Ok(());
        };
        let what =
            format!("--url cannot be used with {other}, which is about a project on this machine");
        Err(Cli::command().error(ErrorKind::ArgumentConflict, what))
    }

    /// The way to the queue.
    fn door(&self, ui: &Ui) -> Result<Door, Problem> {
        match self.far()? {
            Some(address) => Ok(Door::Far(Far::at(address, ui)?)),
            None => Ok(Door::Here(Here::find(self.config.as_deref(), self.direct)?)),
        }
    }

    /// The way to the queue for who cannot wait.
    fn at_once(&self) -> Result<Door, Problem> {
        match self.far()? {
            Some(address) => Ok(Door::Far(Far::at_once(address)?)),
            None => Ok(Door::Here(Here::find(self.config.as_deref(), false)?)),
        }
    }

    /// The way to the queue of the project here, for what has to happen on the machine itself.
    fn here(&self) -> Result<Here, Problem> {
        self.refuse_far()?;
        Here::find(self.config.as_deref(), self.direct)
    }

    /// Refuses what has to happen on the machine itself where another one is named.
    fn refuse_far(&self) -> Result<(), Refusal> {
        let Some(address) = self.far()? else {
            return Ok(());
        };
        let verb = verb();
        let without = if self.url.is_some() {
            "without --url".to_owned()
        } else {
            let words: Vec<_> = words().iter().skip(1).map(|text| word(text)).collect();
            format!("with env -u {VARIABLE} sparkq {}", words.join(" "))
        };
        Err(Refusal::Project {
            code: Code::NotFromHere,
            message: format!(
                "{verb} works on the machine of the queue alone, and {} names {}",
                address.argument,
                address.as_str()
            ),
            hint: format!("run it there, or for a project on this machine {without}"),
        })
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Setup(setup::Setup),
    #[command(subcommand)]
    Session(session::Session),
    #[command(subcommand)]
    Stream(stream::Stream),
    Enqueue(enqueue::Enqueue),
    Peek(peek::Peek),
    Claim(claim::Claim),
    Complete(complete::Complete),
    Fail(fail::Fail),
    Tasks(tasks::Tasks),
    Task(task::Task),
    Requeue(requeue::Requeue),
    Cancel(cancel::Cancel),
    Purge(purge::Purge),
    Tools(tools::Tools),
    Scripts(scripts::Scripts),
    Playbook(playbook::Playbook),
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    Run(run::Run),
    Reload(reload::Reload),
    Stop(stop::Stop),
    Status(status::Status),
    Watch(watch::Watch),
    Teardown(teardown::Teardown),
    Completions(completions::Completions),
}

/// Runs the command that the process was started with.
pub(crate) fn main() -> ExitCode {
    if completions::answer_shell() {
        return ExitCode::SUCCESS;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse_command_line(&error),
    };
    if let Err(error) = cli.global.check() {
        return refuse_command_line(&error);
    }
    start_log(&cli.command);
    let ui = Ui::new(cli.global.json, cli.global.verbose);
    match run(cli, &ui) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => ui.problem(&problem.with_hint(|| format!("see sparkq {} --help", verb()))),
    }
}

/// The words that the process was started with; what is no text in them is replaced.
fn words() -> Vec<String> {
    let lossy = |word: std::ffi::OsString| word.to_string_lossy().into_owned();
    std::env::args_os().map(lossy).collect()
}

/// The words of the command, as `session create`.
fn verb() -> String {
    let mut words = Vec::new();
    let given = Cli::command().try_get_matches_from(std::env::args_os());
    let mut matches = given.as_ref().ok().and_then(clap::ArgMatches::subcommand);
    while let Some((word, rest)) = matches {
        words.push(word.to_owned());
        matches = rest.subcommand();
    }
    words.join(" ")
}

fn run(cli: Cli, ui: &Ui) -> Result<(), Problem> {
    let global = &cli.global;
    let door = || global.door(ui);
    let here = || global.here();
    match cli.command {
        Command::Setup(setup) => {
            global.refuse_far()?;
            setup.run(global.config.as_deref(), ui)
        }
        Command::Session(session) => session.run(&door()?, ui),
        Command::Stream(stream) => stream.run(&door()?, ui),
        Command::Enqueue(enqueue) => enqueue.run(&door()?, ui),
        Command::Peek(peek) => peek.run(&door()?, ui),
        Command::Claim(claim) => claim.run(&door()?, ui),
        Command::Complete(complete) => complete.run(&door()?, ui),
        Command::Fail(fail) => fail.run(&door()?, ui),
        Command::Tasks(tasks) => tasks.run(&door()?, ui),
        Command::Task(task) => task.run(&door()?, ui),
        Command::Requeue(requeue) => requeue.run(&door()?, ui),
        Command::Cancel(cancel) => cancel.run(&door()?, ui),
        Command::Purge(purge) => purge.run(&door()?, ui),
        Command::Tools(tools) => tools.run(&door()?, ui),
        Command::Scripts(scripts) => scripts.run(&door()?, ui),
        Command::Playbook(playbook) => playbook.run(&door()?, ui),
        Command::Plugin(plugin) => plugin.run(global, ui),
        Command::Reload(reload) => reload.run(&door()?, ui),
        Command::Run(run) => run.run(&here()?, ui),
        Command::Stop(stop) => stop.run(&here()?, ui),
        Command::Status(_) => status::show(&door()?, ui),
        Command::Watch(watch) => watch.run(&here()?, ui),
        Command::Teardown(teardown) => teardown.run(&here()?, ui),
        Command::Completions(completions) => {
            global.refuse_far()?;
            completions.run(ui)
        }
    }
}

/// Logs go to stderr, and only what `SPARKQ_LOG` asks for. When it is not set, what stays warns and a command is quiet.
fn start_log(command: &Command) {
    let usual = if matches!(command, Command::Run(_) | Command::Watch(_)) {
        "warn"
    } else {
        "off"
    };
    let filter = EnvFilter::try_from_env("SPARKQ_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}

/// What the command line itself refuses ends with 2; help and version are data.
fn refuse_command_line(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        ui::print(&error.render().to_string());
        return ExitCode::SUCCESS;
    }
    let text = error.render().to_string();
    let hint = format!("Hint: see sparkq{} --help", used(&text));
    let text = text.replace("For more information, try '--help'.", &hint);
    let text = text.trim_end();
    // Nobody knows what the flags were to mean, so it is enough that it stands somewhere.
    if std::env::args_os().any(|given| given == "--json") {
        ui::complain(&usage_as_json(text));
    } else if let Some(rest) = text.strip_prefix("error: ") {
        ui::complain(&format!("Error: {rest}"));
    } else {
        ui::complain(text);
    }
    ExitCode::from(2)
}

/// The words of the command in a text's usage line, each with a blank before it.
fn used(text: &str) -> String {
    let usage = text
        .lines()
        .find_map(|line| line.strip_prefix("Usage: sparkq"));
    let words = usage.unwrap_or_default().split_whitespace();
    let words = words.take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
    std::iter::once("")
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What the command line refuses as the API answers errors.
fn usage_as_json(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let mut parts = text.split("\n\n");
    let what = parts.next().unwrap_or(text);
    let body = ErrorBody {
        error: what.split_whitespace().collect::<Vec<_>>().join(" "),
        code: Code::Usage.as_str().to_owned(),
        hint: parts
            .find(|part| part.starts_with("Usage:"))
            .map(str::to_owned),
        fields: Vec::new(),
        done: None,
    };
    serde_json::to_string(&body).unwrap_or_else(|_| text.to_owned())
}
