//! Every way to say no to a caller.

mod words;

use crate::code::Code;
use crate::id::TaskId;
use crate::issue::Issue;
use crate::status::{Status, Verb};
use crate::wire::ErrorBody;

pub use words::quote;
use words::{aftermath, known_names, listed, not_loaded, of_plugin, waiting};

/// What a session or stream is called in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A session.
    Session,
    /// A stream.
    Stream,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Stream => "stream",
        }
    }
}

/// A no that the caller can act on. What is ours or a plugin's fault is a `Fault` of the crate where it happens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No task has this id, or an id that starts like this.
    #[error("task {} was not found", quote(.given))]
    TaskNotFound {
        /// What the caller wrote.
        given: String,
    },
    /// Several tasks have an id that starts like this.
    #[error("{} could be any of {}", quote(.given), listed(.candidates.iter().map(TaskId::as_str)))]
    TaskAmbiguous {
        /// What the caller wrote.
        given: String,
        /// The first tasks it could mean.
        candidates: Vec<TaskId>,
    },
    /// No session or stream goes by this id or name.
    #[error("{} {} was not found{}", .kind.word(), quote(.given), known_names(.kind.word(), .known))]
    NotFound {
        /// Which of the two was asked for.
        kind: Kind,
        /// What the caller wrote.
        given: String,
        /// The active ones, likeliest first, at most 20.
        known: Vec<String>,
    },
    /// No plugin defines this tool.
    #[error("tool {} was not found{}{}", quote(.given), known_names("tool", .known), not_loaded(.missing))]
    ToolNotFound {
        /// What the caller wrote.
        given: String,
        /// The tools there are, likeliest first, at most 20.
        known: Vec<String>,
        /// The plugins that are not loaded: it may be a tool of theirs.
        missing: Vec<String>,
    },
    /// No plugin goes by this name.
    #[error("plugin {} was not found{}", quote(.given), known_names("plugin", .known))]
    PluginNotFound {
        /// What the caller wrote.
        given: String,
        /// The plugins there are, likeliest first, at most 20.
        known: Vec<String>,
    },
    /// A plugin may not be called: nobody consented to it, it cannot be loaded, or it is left alone for a while.
    #[error("{why}")]
    PluginUnusable {
        /// Which of the three.
        code: Code,
        /// Why, in a sentence that names the plugin.
        why: String,
        /// What helps.
        hint: Option<String>,
    },
    /// An active one has this name already.
    #[error("an active {} is named `{name}` already", .kind.word())]
    NameTaken {
        /// Session or stream.
        kind: Kind,
        /// The name, as the one that has it spells it.
        name: String,
    },
    /// It is ended, and takes and hands out nothing.
    #[error("{} `{name}` is ended", .kind.word())]
    Ended {
        /// Session or stream.
        kind: Kind,
        /// Its name.
        name: String,
        /// Its id; another one that is active may go by its name.
        id: String,
    },
    /// The task's status does not allow the verb.
    #[error("task `{task}` is {status}, so it cannot be {}{}", .verb.done(), aftermath(.error.as_deref(), .clone.as_ref()))]
    WrongState {
        /// The task.
        task: TaskId,
        /// Its stream's name.
        stream: String,
        /// Its status.
        status: Status,
        /// What was asked.
        verb: Verb,
        /// The error it ended with.
        error: Option<String>,
        /// The clone that has taken its place.
        clone: Option<TaskId>,
    },
    /// The task has been requeued, and its newest clone is the one to look at.
    #[error("task `{task}` was requeued already, as `{clone}`, which is {status}")]
    RequeuedAlready {
        /// The task.
        task: TaskId,
        /// Its newest clone, or a clone's.
        clone: TaskId,
        /// Where the clone stands.
        status: Status,
    },
    /// A claim without a stream; the message lists where there is work.
    #[error("claim needs a stream{}", waiting(.queued))]
    StreamRequired {
        /// The streams with queued tasks, and how many.
        queued: Vec<(String, u64)>,
    },
    /// A value that cannot be what was asked for.
    #[error("{argument}: {} is {why}", quote(.value))]
    InvalidValue {
        /// The argument or field.
        argument: String,
        /// What the caller wrote.
        value: String,
        /// Why not, after "is".
        why: String,
    },
    /// An argument or field that must be there and is not, or the like.
    #[error("{argument} {why}")]
    InvalidRequest {
        /// The argument or field.
        argument: String,
        /// Why not.
        why: String,
    },
    /// A text that is not JSON as SparkQ takes it.
    #[error("{argument} is not valid JSON: {why}")]
    InvalidJson {
        /// The argument or field.
        argument: String,
        /// Where and why.
        why: String,
    },
    /// A file that an argument names cannot be read.
    #[error("{argument}: cannot read {}: {why}", quote(.path))]
    Unreadable {
        /// The argument.
        argument: String,
        /// The file.
        path: String,
        /// The system's words.
        why: String,
    },
    /// More than the limit for its kind.
    #[error("{what} is too large: {bytes} bytes, and at most {limit} are taken")]
    TooLarge {
        /// What is too large.
        what: String,
        /// Its size.
        bytes: usize,
        /// The most that is taken.
        limit: usize,
    },
    /// The tool's schema or plugin found something wrong with the payload.
    #[error("the payload does not fit tool `{tool}`{}", of_plugin(.plugin.as_deref()))]
    PayloadRejected {
        /// The tool.
        tool: String,
        /// Its plugin, where the findings are in the words of one that did not come with SparkQ.
        plugin: Option<String>,
        /// Every finding.
        issues: Vec<Issue>,
    },
    /// The tool's schema of results or its plugin found something wrong with the result; the task stays running.
    #[error("the result does not do for tool `{tool}`{}, and task `{task}` stays running", of_plugin(.plugin.as_deref()))]
    ResultRejected {
        /// The task.
        task: TaskId,
        /// The tool.
        tool: String,
        /// Its plugin, where the findings are in the words of one that did not come with SparkQ.
        plugin: Option<String>,
        /// Every finding.
        issues: Vec<Issue>,
    },
    /// The result has no summary.
    #[error("result.summary is required (string)")]
    SummaryRequired,
    /// One line of a batch was refused, so all were.
    #[error("line {line}: {refusal}")]
    Batch {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        refusal: Box<Refusal>,
    },
    /// A no from the HTTP layer itself, whose code says it all.
    #[error("{message}")]
    Http {
        /// The code.
        code: Code,
        /// What is wrong.
        message: String,
    },
    /// A no about the project, its files or its server.
    #[error("{message}")]
    Project {
        /// The code.
        code: Code,
        /// What is wrong.
        message: String,
        /// What helps; empty for the code's own hint.
        hint: String,
    },
}

impl Refusal {
    /// A value that cannot be what was asked for: `--timeout: "0" is …`.
    pub fn invalid(
        argument: impl Into<String>,
        value: impl Into<String>,
        why: impl ToString,
    ) -> Self {
        Self::InvalidValue {
            argument: argument.into(),
            value: value.into(),
            why: why.to_string(),
        }
    }

    /// Refuses `what` when it has more bytes than `limit`.
    pub fn check_size(what: &str, bytes: usize, limit: usize) -> Result<(), Self> {
        if bytes > limit {
            return Err(Self::TooLarge {
                what: what.to_owned(),
                bytes,
                limit,
            });
        }
        Ok(())
    }

    /// The code, from the one table.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::TaskNotFound { .. } => Code::TaskNotFound,
            Self::TaskAmbiguous { .. } => Code::TaskAmbiguous,
            Self::NotFound {
                kind: Kind::Session,
                ..
            } => Code::SessionNotFound,
            Self::NotFound {
                kind: Kind::Stream, ..
            } => Code::StreamNotFound,
            Self::ToolNotFound { .. } => Code::ToolNotFound,
            Self::PluginNotFound { .. } => Code::PluginNotFound,
            Self::NameTaken { .. } => Code::NameTaken,
            Self::Ended {
                kind: Kind::Session,
                ..
            } => Code::SessionEnded,
            Self::Ended {
                kind: Kind::Stream, ..
            } => Code::StreamEnded,
            Self::WrongState { .. } | Self::RequeuedAlready { .. } => Code::WrongState,
            Self::StreamRequired { .. } => Code::StreamRequired,
            Self::InvalidValue { .. } | Self::InvalidRequest { .. } | Self::Unreadable { .. } => {
                Code::InvalidValue
            }
            Self::InvalidJson { .. } => Code::InvalidJson,
            Self::TooLarge { .. } => Code::TooLarge,
            Self::PayloadRejected { .. } => Code::PayloadRejected,
            Self::SummaryRequired | Self::ResultRejected { .. } => Code::ResultRejected,
            Self::Batch { refusal, .. } => refusal.code(),
            Self::Http { code, .. }
            | Self::Project { code, .. }
            | Self::PluginUnusable { code, .. } => *code,
        }
    }

    /// The command or sentence that helps, if any does.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let own = match self {
            Self::WrongState {
                task,
                stream,
                status,
                verb,
                clone,
                ..
            } => Some(wrong_state_hint(
                task,
                stream,
                *status,
                *verb,
                clone.as_ref(),
            )),
            Self::NameTaken { kind, name } => {
                let kind = kind.word();
                Some(format!(
                    "choose another name, or rename that one: sparkq {kind} edit {name} --name NEW"
                ))
            }
            Self::RequeuedAlready {
                clone,
                status: Status::Failed,
                ..
            } => Some(format!("requeue that one: sparkq requeue {clone}")),
            Self::RequeuedAlready { clone, .. } => Some(format!("see it: sparkq task {clone}")),
            Self::Ended { kind, id, .. } => {
                let kind = kind.word();
                Some(format!("reopen it: sparkq {kind} reopen {id}"))
            }
            Self::NotFound { kind, known, .. } if known.is_empty() => Some(match kind {
                Kind::Session => "create one: sparkq session create NAME".to_owned(),
                Kind::Stream => {
                    "create one: sparkq stream create NAME --session SESSION".to_owned()
                }
            }),
            Self::StreamRequired { queued } => queued
                .first()
                .map(|(stream, _)| format!("sparkq claim --stream {stream}")),
            Self::PluginUnusable { hint, .. } => hint.clone(),
            Self::ToolNotFound { missing, .. } if !missing.is_empty() => Some(
                "see all tools: sparkq tools; and why a plugin is not loaded: sparkq plugin list"
                    .to_owned(),
            ),
            Self::PayloadRejected { tool, .. } => {
                Some(format!("see what it takes: sparkq tools {tool}"))
            }
            Self::ResultRejected { task, .. } => Some(format!(
                r#"mend it and complete the task, or: sparkq fail {task} --error "what went wrong""#
            )),
            Self::SummaryRequired => Some(
                r#"--result '{"summary":"what was done"}', or --summary "what was done""#
                    .to_owned(),
            ),
            Self::Batch { refusal, .. } => refusal.hint(),
            Self::Project { hint, .. } => Some(hint.clone()),
            _ => None,
        };
        own.filter(|hint| !hint.is_empty())
            .or_else(|| Some(self.code().hint().to_owned()))
            .filter(|hint| !hint.is_empty())
    }

    /// The findings at single fields.
    #[must_use]
    pub fn fields(&self) -> &[Issue] {
        match self {
            Self::PayloadRejected { issues, .. } | Self::ResultRejected { issues, .. } => issues,
            Self::Batch { refusal, .. } => refusal.fields(),
            _ => &[],
        }
    }

    /// The refusal as both fronts answer it.
    #[must_use]
    pub fn to_body(&self) -> ErrorBody {
        ErrorBody {
            error: self.to_string(),
            code: self.code().as_str().to_owned(),
            hint: self.hint(),
            fields: self.fields().to_vec(),
            done: None,
        }
    }
}

fn wrong_state_hint(
    task: &TaskId,
    stream: &str,
    status: Status,
    verb: Verb,
    clone: Option<&TaskId>,
) -> String {
    match (status, verb) {
        (Status::Queued, Verb::Complete | Verb::Fail) => {
            format!("claim it first: sparkq claim --stream {stream}")
        }
        (Status::Queued, Verb::Requeue) => {
            format!("it waits for a worker: sparkq claim --stream {stream}")
        }
        (Status::Succeeded, Verb::Requeue) if clone.is_none() => {
            format!("do it once more all the same: sparkq requeue {task} --force")
        }
        (Status::Running, Verb::Requeue | Verb::Cancel) => {
            format!("end it first: sparkq fail {task} --error 'why'")
        }
        _ => format!(
            "see what became of it: sparkq task {}",
            clone.unwrap_or(task)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completing_a_queued_task_names_the_stream_to_claim_from() {
        let refusal = Refusal::WrongState {
            task: TaskId::from_entropy(0),
            stream: "auth".into(),
            status: Status::Queued,
            verb: Verb::Complete,
            error: None,
            clone: None,
        };
        insta::assert_snapshot!(refusal, @"task `tsk_00000000` is queued, so it cannot be completed");
        assert_eq!(
            refusal.hint().as_deref(),
            Some("claim it first: sparkq claim --stream auth")
        );
    }

    #[test]
    fn a_late_completion_is_told_why_the_task_failed_and_which_clone_took_its_place() {
        let refusal = Refusal::WrongState {
            task: TaskId::from_entropy(0),
            stream: "auth".into(),
            status: Status::Failed,
            verb: Verb::Complete,
            error: Some("Auto-failed: task exceeded 2x timeout\nmore".into()),
            clone: Some(TaskId::from_entropy(1)),
        };
        insta::assert_snapshot!(refusal, @"task `tsk_00000000` is failed, so it cannot be completed (Auto-failed: task exceeded 2x timeout); it was requeued as `tsk_10000000`");
    }

    #[test]
    fn a_callers_text_cannot_write_to_the_terminal() {
        assert_eq!(quote("a\u{1b}[31m\nb"), r"`a\u{1b}[31m\nb`");
        assert_eq!(quote(&"x".repeat(100)).chars().count(), 83);
    }
}
