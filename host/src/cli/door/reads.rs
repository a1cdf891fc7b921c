//! What a command can look at.

use std::time::Duration;

use sparkq_core::wire::{
    Activity, Claimed, Configuration, List, Overview, Plugin, PluginLine, Session, Stream, Task,
    TaskDetail, Tool,
};
use sparkq_core::{Refusal, Script};
use sparkq_store::{Page, TaskQuery};

use super::{Door, wait};
use crate::cli::client::Request;
use crate::cli::ui::Problem;
use crate::daemon::{RunFolder, living};
use crate::queue::playbook;

const DAY: Duration = Duration::from_hours(24);

impl Door {
    /// How long the project keeps finished tasks.
    pub(in crate::cli) fn keeps(&self) -> Result<Duration, Problem> {
        let days = match self {
            Self::Here(here) => here.project().config.purge.older_than_days,
            Self::Far(far) => {
                let config: Configuration = far.get(&["config"])?;
                let keeps = config
                    .items
                    .iter()
                    .find(|item| item.key == "purge.older_than_days");
                let days = keeps.and_then(|item| u32::try_from(item.value.as_u64()?).ok());
                days.ok_or_else(|| Refusal::InvalidRequest {
                    argument: "--older-than".to_owned(),
                    why: "is missing, and the server does not say how long it keeps tasks"
                        .to_owned(),
                })?
            }
        };
        Ok(DAY * days)
    }

    /// Sessions, newest first.
    pub(in crate::cli) fn sessions(&self) -> Result<List<Session>, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.file()?.sessions(Page::WHOLE))?.value),
            Self::Far(far) => far.whole(&["sessions"], &[]),
        }
    }

    /// One session by id or name.
    pub(in crate::cli) fn session(&self, given: String) -> Result<Session, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.file()?.session(given))?.value),
            Self::Far(far) => far.get(&["sessions", &given]),
        }
    }

    /// Streams, or those of one session, in the order they were made.
    pub(in crate::cli) fn streams(&self, session: Option<String>) -> Result<List<Stream>, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.file()?.streams(session, Page::WHOLE))?.value),
            Self::Far(far) => {
                let of: Vec<_> = session
                    .iter()
                    .map(|given| ("session", given.as_str()))
                    .collect();
                far.whole(&["streams"], &of)
            }
        }
    }

    /// One stream by id or name, with its counts.
    pub(in crate::cli) fn stream(&self, given: String) -> Result<Stream, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.look()?.stream(given))?.value),
            Self::Far(far) => far.get(&["streams", &given]),
        }
    }

    /// The streams that have queued tasks, and how many, most first.
    pub(in crate::cli) fn streams_with_work(&self) -> Result<Vec<(String, u64)>, Problem> {
        if let Self::Here(here) = self {
            return Ok(wait(here.look()?.streams_with_work())?.value);
        }
        let streams = self.streams(None)?.items.into_iter();
        let mut queued: Vec<_> = streams
            .filter(|stream| stream.status == Activity::Active && stream.counts.queued > 0)
            .map(|stream| (stream.name.into(), stream.counts.queued))
            .collect();
        queued.sort_by(|(name, count): &(String, u64), (other, fewer)| {
            fewer.cmp(count).then_with(|| name.cmp(other))
        });
        Ok(queued)
    }

    /// The task that a claim would hand out.
    pub(in crate::cli) fn peek(&self, stream: String) -> Result<Option<Claimed>, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.look()?.peek(stream))?.value),
            Self::Far(far) => far.get(&["streams", &stream, "peek"]),
        }
    }

    /// Tasks, newest first: the first page of them.
    pub(in crate::cli) fn tasks(&self, query: TaskQuery) -> Result<List<Task>, Problem> {
        let far = match self {
            Self::Here(here) => return Ok(wait(here.look()?.tasks(query))?.value),
            Self::Far(far) => far,
        };
        let filter = query.filter;
        let parameters = [
            ("status", filter.status.map(|status| status.to_string())),
            ("stream", filter.stream),
            ("tool", filter.tool),
            ("stale", filter.stale_at.map(|_| "true".to_owned())),
            ("limit", Some(query.page.limit.to_string())),
        ];
        let mut request = Request::get(&["tasks"]);
        for (name, value) in parameters {
            if let Some(value) = value {
                request = request.with(name, value);
            }
        }
        far.look(request)
    }

    /// One task with everything about it.
    pub(in crate::cli) fn task(&self, given: String) -> Result<TaskDetail, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.look()?.task(given))?.value),
            Self::Far(far) => far.get(&["tasks", &given]),
        }
    }

    /// The whole queue in a few numbers, and what runs.
    pub(in crate::cli) fn overview(&self) -> Result<Overview, Problem> {
        match self {
            Self::Here(here) => {
                let mut overview = wait(here.look()?.overview())?.value;
                let living = living(&RunFolder::of(here.project()))?;
                overview.server = living.server;
                overview.watchers = living.watchers;
                Ok(overview)
            }
            Self::Far(far) => far.get(&["status"]),
        }
    }

    /// The tools that tasks can be done with.
    pub(in crate::cli) fn tools(&self) -> Result<List<Tool>, Problem> {
        match self {
            Self::Here(here) => {
                let items = wait(here.file()?.tools())?;
                Ok(List {
                    total: items.len() as u64,
                    items,
                    next_cursor: None,
                })
            }
            Self::Far(far) => far.get(&["tools"]),
        }
    }

    /// The plugins of the project.
    pub(in crate::cli) fn plugins(&self) -> Result<List<Plugin>, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.file()?.plugins())?.value),
            Self::Far(far) => far.get(&["plugins"]),
        }
    }

    /// The newest lines of a plugin's log, or of all of them, oldest first.
    pub(in crate::cli) fn plugin_log(
        &self,
        plugin: Option<String>,
        limit: u32,
    ) -> Result<List<PluginLine>, Problem> {
        let far = match self {
            Self::Here(here) => {
                let page = Page {
                    cursor: None,
                    limit,
                };
                return Ok(wait(here.file()?.plugin_log(plugin, page))?.value);
            }
            Self::Far(far) => far,
        };
        let names = if let Some(name) = plugin {
            vec![name]
        } else {
            let plugins = self.plugins()?.items.into_iter();
            plugins.map(|plugin| plugin.name).collect()
        };
        let mut all = List {
            items: Vec::new(),
            total: 0,
            next_cursor: None,
        };
        for name in names {
            let path = ["plugins", &name, "logs"];
            let request = Request::get(&path).with("limit", limit.to_string());
            let of_it: List<PluginLine> = far.look(request)?;
            all.items.extend(of_it.items);
            all.total += of_it.total;
        }
        all.items.sort_by_key(|line| line.seq);
        let surplus = all.items.len().saturating_sub(limit as usize);
        all.items.drain(..surplus);
        let oldest = all
            .items
            .first()
            .filter(|_| (all.items.len() as u64) < all.total);
        all.next_cursor = oldest.map(|line| line.seq.to_string());
        Ok(all)
    }

    /// One tool.
    pub(in crate::cli) fn tool(&self, name: &str) -> Result<Tool, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.file()?.tool(name))?),
            Self::Far(far) => far.get(&["tools", name]),
        }
    }

    /// The scripts in which every word of `question` is found.
    pub(in crate::cli) fn scripts(&self, question: &str) -> Result<List<Script>, Problem> {
        match self {
            Self::Here(here) => Ok(wait(here.file()?.scripts(Some(question)))?.value),
            Self::Far(far) => far.look(Request::get(&["scripts"]).with("q", question)),
        }
    }

    /// The playbook for the workers of `stream`, else for those of the stream that has most to do. A worker on another
    /// machine is told how to reach the queue from there.
    pub(in crate::cli) fn playbook(&self, stream: Option<String>) -> Result<String, Problem> {
        let far = match self {
            Self::Here(here) => return Ok(wait(here.look()?.playbook(stream))?.value),
            Self::Far(far) => far,
        };
        let chosen = match stream {
            Some(given) => Some(self.stream(given)?),
            None => playbook::busiest(self.streams(None)?.items),
        };
        let way = playbook::Way::Far(far.address().as_str());
        let project = self.overview()?.project;
        Ok(playbook::whole(
            &project,
            way,
            &self.tools()?.items,
            chosen.as_ref(),
        ))
    }
}
