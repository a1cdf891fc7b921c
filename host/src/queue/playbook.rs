//! What a worker reads before it begins. The tools' part is the plugins' own guides, so tools of others are in it too.

use std::fmt::Write as _;
use std::path::Path;

use sparkq_core::wire::{Activity, Stream, Tool};
use sparkq_store::{Done, Page};

use super::{Answer, Queue};

const TEXT: &str = include_str!("playbook.md");

/// For workers on the machine itself: how a watcher wakes them.
const WATCHER: &str = include_str!("playbook/watcher.md");

/// For workers on another machine: what is different there.
const FAR: &str = include_str!("playbook/far.md");

/// What a claim there says besides, and what to do then.
const FAR_CLAIM: &str = include_str!("playbook/far_claim.md");

/// The stream that the examples are about where there is none yet.
const FIRST_STREAM: &str = "main";

impl Queue {
    /// The playbook: for the workers of `stream`, else for those of the stream that has most to do. Markdown.
    pub(crate) async fn playbook(&self, stream: Option<String>) -> Answer<String> {
        let tools = self.tools().await?;
        let chosen = match stream {
            Some(given) => Some(self.stream(given).await?.value),
            None => busiest(self.streams(None, Page::WHOLE).await?.value.items),
        };
        let project = self.project();
        let run = project.run_folder();
        let way = Way::Here(&run);
        let text = whole(&project.config.project.name, way, &tools, chosen.as_ref());
        Ok(Done {
            value: text,
            seq: self.last_seq().await?,
        })
    }
}

/// How a worker reaches the queue.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way<'a> {
    /// On the machine itself, where the runtime files lie in this folder.
    Here(&'a Path),
    /// From another machine, by the address of the server.
    Far(&'a str),
}

/// The active stream with the most queued tasks; the oldest of several.
pub(crate) fn busiest(streams: Vec<Stream>) -> Option<Stream> {
    let active = streams.into_iter().rev();
    let active = active.filter(|stream| stream.status == Activity::Active);
    active.max_by_key(|stream| stream.counts.queued)
}

/// The playbook of a project with these tools, for the workers of `stream`.
pub(crate) fn whole(
    project: &str,
    way: Way<'_>,
    tools: &[Tool],
    stream: Option<&Stream>,
) -> String {
    let name = stream.map_or(FIRST_STREAM, |stream| stream.name.as_str());
    let setup = match stream {
        Some(stream) => format!(
            "This playbook is for the stream `{name}` of the session `{}`. Were you told another one, use that.\n",
            stream.session_name
        ),
        None => format!(
            "There is no stream yet. Whoever queues the work makes one:\n\n```sh\nsparkq session create work\n\
             sparkq stream create {FIRST_STREAM} --session work --instructions 'Keep the tests green.'\n```\n"
        ),
    };
    let (far, far_claim, watcher) = match way {
        Way::Here(run) => {
            let run = shell_word(&run.display().to_string());
            (String::new(), "", WATCHER.replace("{{run}}", &run))
        }
        Way::Far(address) => (
            FAR.replace("{{address}}", &shell_word(address)),
            FAR_CLAIM,
            String::new(),
        ),
    };
    // The tools' part last: what others wrote is not looked through for our marks.
    TEXT.replace("{{project}}", &one_line(project))
        .replace("{{far}}\n", &far)
        .replace("{{far_claim}}\n", far_claim)
        .replace("{{stream_setup}}", &setup)
        .replace("{{watcher}}\n", &watcher)
        .replace("{{stream}}", name)
        .replacen("{{tools}}", &guides(tools), 1)
}

fn guides(tools: &[Tool]) -> String {
    let mut text = String::new();
    for tool in tools {
        let definition = &tool.definition;
        let timeout = definition.timeout.map(|timeout| format!(", {timeout}"));
        let said = format!(
            "{}\n\n{}",
            definition.description.trim(),
            definition.guide.trim()
        );
        let (from, said) = match tool.other_plugin() {
            Some(plugin) => (format!(", from plugin `{plugin}`"), quoted(&said)),
            None => (String::new(), said),
        };
        // Writing to a text does not fail.
        let _ = write!(
            text,
            "\n### {} ({}{}){from}\n\n{said}\n",
            definition.name,
            definition.task_class,
            timeout.unwrap_or_default(),
        );
    }
    text.push('\n');
    text
}

/// Text of others as a quotation: no heading in it is one of ours, and no fence or comment goes on after it.
fn quoted(text: &str) -> String {
    let quote = |line| match line {
        "" => ">".to_owned(),
        line => format!("> {line}"),
    };
    text.lines().map(quote).collect::<Vec<_>>().join("\n")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A path as a shell takes it: as it is where nothing in it means something to a shell.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@%".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
