//! Asking the person at the terminal. Nobody else can consent: an agent that runs commands has no terminal.

use std::io::{self, IsTerminal as _};

use sparkq_core::{Code, PluginRecord, Refusal};

use crate::cli::ui::{Problem, complain, visible};
use crate::config::{PluginTable, Project};
use crate::consent::{Approval, Consents, definitions, differences, grants};
use crate::queue::Error;

/// What has to be typed.
const YES: &str = "yes";

/// Refuses to go on where nobody can be asked. What else would help is in the manual, and not told to whoever gave the
/// command here.
pub(super) fn needs_terminal(command: &str) -> Result<(), Refusal> {
    if is_on_terminal() {
        return Ok(());
    }
    Err(Refusal::Project {
        code: Code::PluginNotApproved,
        message: "consent to a plugin is given on a terminal, and this is none".to_owned(),
        hint: format!("a person has to give the command in a terminal: {command}"),
    })
}

/// Whether there is somebody to ask.
pub(super) fn is_on_terminal() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Shows what a plugin is, or what is different from what was consented to before, and asks. What was consented to is
/// kept only by [`keep`].
pub(super) fn ask(
    project: &Project,
    table: &PluginTable,
    said: &PluginRecord,
) -> Result<bool, Problem> {
    let name = &said.name;
    let now = definitions(said, &table.sha256, &grants(table));
    let consents = Consents::read().map_err(unkept)?;
    match consents.find(project.root(), name) {
        Some(before) => {
            let then = definitions(&before.said, &before.digest, &before.grants);
            let different = differences(&then, &now);
            if different.is_empty() {
                show(
                    &format!("Plugin `{name}` is what was approved before:"),
                    &now,
                );
            } else {
                show(
                    &format!(
                        "Plugin `{name}` differs from what was approved before (- before, + now):"
                    ),
                    &different,
                );
                // These are never left out, changed or not.
                for grant in &grants(table) {
                    complain(&visible(&format!("  is granted {grant}")));
                }
            }
        }
        None => show(
            &format!("Plugin `{name}`, in its own words behind |:"),
            &now,
        ),
    }
    complain(
        "It runs in a sandbox: no network, nothing of this machine but what it is granted. What it says of its tools \
         reaches the agents that use them.",
    );
    Ok(answer(&format!("Type {YES} to approve it on this machine: "))?.trim() == YES)
}

/// Keeps a consent.
pub(super) fn keep(
    project: &Project,
    table: &PluginTable,
    said: &PluginRecord,
) -> Result<(), Problem> {
    Ok(Consents::approve(Approval::of(project, table, said)).map_err(unkept)?)
}

/// Takes a consent back.
pub(super) fn withdraw(project: &Project, name: &str) -> Result<(), Problem> {
    Ok(Consents::withdraw(project.root(), name).map_err(unkept)?)
}

fn unkept(message: String) -> Refusal {
    Refusal::Project {
        code: Code::InvalidValue,
        message,
        hint: String::new(),
    }
}

fn show(heading: &str, lines: &[String]) {
    complain(&visible(heading));
    for line in lines {
        complain(&visible(&format!("  {line}")));
    }
}

/// What the person types on one line; nothing at the end of input.
pub(super) fn answer(question: &str) -> Result<String, Problem> {
    use io::Write as _;
    let unreadable =
        |error: io::Error| Error::Internal(format!("the terminal cannot be read: {error}"));
    let mut shown = io::stderr();
    // Whoever does not see the question will not answer it.
    let _ = write!(shown, "{}", visible(question)).and_then(|()| shown.flush());
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(unreadable)?;
    Ok(line)
}
