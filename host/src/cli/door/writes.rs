//! What a command can have done. Each act has a key: one that was lost on the way is asked again, and done once all the
//! same.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::wire::{
    BatchQueued, BulkPurge, Cancel, Check, Checked, Claimed, Complete, EditSession, EditStream,
    Enqueue, EnqueueBatch, Fail, NewSession, NewStream, Purged, Reloaded, Requeue, Session, Stream,
    Task,
};
use sparkq_core::{Worker, limits};

use super::{Door, new_key, wait};
use crate::cli::client::Request;
use crate::cli::ui::Problem;
use crate::config::word;
use crate::queue::{Claim, Progress, Queue, request_key};

/// How long one request waits for work; a longer wait is several requests.
const LONGEST_POLL: Duration = Duration::from_mins(1);

/// The least of an output that is worth sending, in bytes.
const LEAST_OUTPUT: usize = 64 << 10;

/// How close to the largest request what is left of an output brings it, in bytes.
const CLOSE: usize = 16 << 10;

/// How long the line is, at most, that says what is missing of an output, in bytes.
const LINE: usize = 64;

/// A task that was claimed, and what gives it back.
pub(in crate::cli) struct Taken {
    /// The task.
    pub(in crate::cli) task: Claimed,
    stream: String,
    worker: Worker,
    key: String,
}

impl Door {
    /// Has `request` answered, by a server or, where the file is here, by `file`.
    fn write<T: DeserializeOwned>(
        &self,
        request: &Request<'_, impl Serialize>,
        file: impl FnOnce(&Queue, Worker) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        match self {
            Self::Here(here) => here.write(request, file),
            Self::Far(far) => far.write(request),
        }
    }

    pub(in crate::cli) fn create_session(&self, new: NewSession) -> Result<Session, Problem> {
        let key = new_key();
        let request = Request::once(&["sessions"], &new, &key);
        self.write(&request, |queue, actor| {
            let request = request_key(&key, "create_session", &new);
            Ok(wait(queue.create_session(new.clone(), actor, Some(request)))?.value)
        })
    }

    pub(in crate::cli) fn create_stream(&self, new: NewStream) -> Result<Stream, Problem> {
        let key = new_key();
        let request = Request::once(&["streams"], &new, &key);
        self.write(&request, |queue, actor| {
            let request = request_key(&key, "create_stream", &new);
            Ok(wait(queue.create_stream(new.clone(), actor, Some(request)))?.value)
        })
    }

    pub(in crate::cli) fn edit_session(
        &self,
        session: String,
        edit: EditSession,
    ) -> Result<Session, Problem> {
        let path = ["sessions", &session];
        let key = new_key();
        self.write(&Request::put(&path, &edit, &key), |queue, actor| {
            let request = request_key(&key, "edit_session", &(&session, &edit));
            let done = queue.edit_session(session.clone(), edit.clone(), actor, Some(request));
            Ok(wait(done)?.value)
        })
    }

    pub(in crate::cli) fn edit_stream(
        &self,
        stream: String,
        edit: EditStream,
    ) -> Result<Stream, Problem> {
        let path = ["streams", &stream];
        let key = new_key();
        self.write(&Request::put(&path, &edit, &key), |queue, actor| {
            let request = request_key(&key, "edit_stream", &(&stream, &edit));
            let done = queue.edit_stream(stream.clone(), edit.clone(), actor, Some(request));
            Ok(wait(done)?.value)
        })
    }

    pub(in crate::cli) fn check(&self, tool: &str, check: Check) -> Result<Checked, Problem> {
        let path = ["tools", tool, "check"];
        self.write(&Request::ask(&path, &check), |queue, _| {
            Ok(wait(queue.check_payload(tool.to_owned(), check.clone()))?.value)
        })
    }

    pub(in crate::cli) fn enqueue(&self, new: Enqueue) -> Result<Task, Problem> {
        let key = new_key();
        let request = Request::once(&["tasks"], &new, &key)
            .afterwards("look before you give the command again: sparkq tasks");
        self.write(&request, |queue, actor| {
            let request = request_key(&key, "enqueue", &new);
            let done = wait(queue.enqueue(new.clone(), actor, Some(request)))?;
            Ok(done.value.task)
        })
    }

    pub(in crate::cli) fn enqueue_batch(
        &self,
        tasks: Vec<Enqueue>,
    ) -> Result<BatchQueued, Problem> {
        let batch = EnqueueBatch { tasks };
        let key = new_key();
        let request = Request::once(&["tasks", "batch"], &batch, &key)
            .afterwards("look before you give the command again: sparkq tasks");
        self.write(&request, |queue, actor| {
            let request = request_key(&key, "batch", &batch.tasks);
            let tasks = batch.tasks.clone();
            Ok(wait(queue.enqueue_batch(tasks, &actor, Some(request)))?.value)
        })
    }

    /// Claims the oldest queued task, and waits up to `patience` for one, also while a server starts anew.
    pub(in crate::cli) fn claim(
        &self,
        stream: String,
        worker: Worker,
        patience: Duration,
    ) -> Result<Option<Taken>, Problem> {
        let end = Instant::now() + patience;
        loop {
            let key = new_key();
            let claimed = self.claim_until(&stream, &worker, &key, end)?;
            if let Some(task) = claimed {
                return Ok(Some(Taken {
                    task,
                    stream,
                    worker,
                    key,
                }));
            }
            if Instant::now() >= end {
                return Ok(None);
            }
        }
    }

    /// One request of a claim that waits until `end`.
    fn claim_until(
        &self,
        stream: &str,
        worker: &Worker,
        key: &str,
        end: Instant,
    ) -> Result<Option<Claimed>, Problem> {
        let path = ["streams", stream, "claim"];
        let request = Request::once(&path, &(), key)
            .with("worker", worker.as_str())
            .waiting(end, LONGEST_POLL)
            .afterwards("look whether a task is yours by now: sparkq tasks --status running");
        match self {
            Self::Far(far) => far.write(&request),
            Self::Here(here) => here.write(&request, |queue, _| {
                here.sweep(queue);
                let claim = Claim {
                    stream: stream.to_owned(),
                    worker: worker.clone(),
                    request: Some(request_key(key, "claim", &(stream, worker.as_str()))),
                };
                let stopping = tokio::sync::watch::channel(false).1;
                let left = end.saturating_duration_since(Instant::now());
                let part = left.min(LONGEST_POLL);
                Ok(wait(queue.claim_within(claim, part, stopping, || true))?.value)
            }),
        }
    }

    /// Queues a task again that nobody has read of, and says whether it could. Where the file is here it is written to,
    /// also beside a server.
    pub(in crate::cli) fn give_back(&self, taken: &Taken) -> Result<bool, Problem> {
        let released = match self {
            Self::Here(here) => {
                let asked = (taken.stream.as_str(), taken.worker.as_str());
                let request = request_key(&taken.key, "claim", &asked);
                wait(here.file()?.release_claim(taken.worker.clone(), request))?.value
            }
            Self::Far(far) => {
                let path = ["streams", &taken.stream, "claim"];
                let request = Request::delete(&path)
                    .with("key", taken.key.as_str())
                    .with("worker", taken.worker.as_str());
                far.write(&request)?
            }
        };
        Ok(released.released)
    }

    pub(in crate::cli) fn complete(
        &self,
        task: String,
        complete: Complete,
    ) -> Result<Task, Problem> {
        let path = ["tasks", &task, "complete"];
        let key = new_key();
        let complete = self.fitting(complete, |complete, most| Complete {
            stdout: fit(complete.stdout.as_deref(), most),
            stderr: fit(complete.stderr.as_deref(), most),
            result: complete.result.clone(),
        })?;
        let request = Request::once(&path, &complete, &key);
        self.write(&request, |queue, actor| {
            let request = request_key(&key, "complete", &(&task, &complete));
            let done = queue.complete(task.clone(), complete.clone(), actor, Some(request));
            Ok(wait(done)?.value)
        })
    }

    pub(in crate::cli) fn fail(&self, task: String, fail: Fail) -> Result<Task, Problem> {
        let path = ["tasks", &task, "fail"];
        let key = new_key();
        let fail = self.fitting(fail, |fail, most| Fail {
            stdout: fit(fail.stdout.as_deref(), most),
            stderr: fit(fail.stderr.as_deref(), most),
            error: fail.error.clone(),
        })?;
        let request = Request::once(&path, &fail, &key);
        self.write(&request, |queue, actor| {
            let request = request_key(&key, "fail", &(&task, &fail));
            let done = queue.fail(task.clone(), fail.clone(), actor, Some(request));
            Ok(wait(done)?.value)
        })
    }

    /// What a worker hands in, as one request can carry it. Two outputs of which 8 MiB each are kept do not fit into one
    /// beside the result, still less where JSON spells a byte with several: a server on another machine is then sent as
    /// much of them as does fit, which costs neither the task nor its result. The file takes them whole.
    fn fitting<T: Serialize>(
        &self,
        work: T,
        shortened: impl Fn(&T, usize) -> T,
    ) -> Result<T, Problem> {
        match self {
            Self::Here(_) => Ok(work),
            Self::Far(_) => within_a_request(work, limits::BODY, shortened),
        }
    }

    pub(in crate::cli) fn requeue(&self, task: String, requeue: Requeue) -> Result<Task, Problem> {
        let path = ["tasks", &task, "requeue"];
        let key = new_key();
        // With --force another clone is made, however soon the first is done.
        let look = format!(
            "look whether it is queued again by now: sparkq task {}",
            word(&task)
        );
        let request = Request::once(&path, &requeue, &key).afterwards(look);
        self.write(&request, |queue, actor| {
            let request = request_key(&key, "requeue", &(&task, &requeue));
            let done = queue.requeue(task.clone(), requeue.clone(), actor, Some(request));
            Ok(wait(done)?.value.task)
        })
    }

    pub(in crate::cli) fn cancel(&self, task: String, cancel: Cancel) -> Result<Task, Problem> {
        let path = ["tasks", &task, "cancel"];
        let key = new_key();
        self.write(&Request::once(&path, &cancel, &key), |queue, actor| {
            let request = request_key(&key, "cancel", &(&task, &cancel));
            let done = queue.cancel(task.clone(), cancel.clone(), actor, Some(request));
            Ok(wait(done)?.value)
        })
    }

    pub(in crate::cli) fn purge(
        &self,
        purge: &BulkPurge,
        progress: &Progress,
    ) -> Result<Purged, Problem> {
        let key = new_key();
        let request = Request::once(&["tasks", "purge"], purge, &key).patient();
        self.write(&request, |queue, actor| {
            let request = request_key(&key, "purge", purge);
            let progress = Arc::clone(progress);
            Ok(wait(queue.purge(purge.clone(), actor, Some(request), progress))?.value)
        })
    }

    /// Has the server read everything anew, and tells whether there was one. Without one it is only looked at.
    pub(in crate::cli) fn reload(&self) -> Result<(Reloaded, bool), Problem> {
        let told = Cell::new(true);
        let request = Request::ask(&["reload"], &()).afterwards("give the command again");
        let reloaded = self.write(&request, |queue, actor| {
            told.set(false);
            Ok(wait(queue.check_all(&actor))?)
        })?;
        Ok((reloaded, told.get()))
    }
}

/// The work with as much of its outputs as a request of `largest` bytes can carry.
fn within_a_request<T: Serialize>(
    work: T,
    largest: usize,
    shortened: impl Fn(&T, usize) -> T,
) -> Result<T, Problem> {
    let fits = |work: &T| Ok::<_, Problem>(Request::ask(&[], work).to_bytes()?.len() <= largest);
    if fits(&work)? {
        return Ok(work);
    }
    // Always from what there was, so that the words between beginning and end count all that is missing.
    let whole = shortened(&work, limits::OUTPUT);
    if fits(&whole)? {
        return Ok(whole);
    }
    let (mut most, mut too_much) = (LEAST_OUTPUT, limits::OUTPUT);
    while too_much - most > CLOSE {
        let middle = usize::midpoint(most, too_much);
        if fits(&shortened(&work, middle))? {
            most = middle;
        } else {
            too_much = middle;
        }
    }
    Ok(shortened(&work, most))
}

/// An output of at most `most` bytes, so that nobody has to shorten it once more.
fn fit(output: Option<&str>, most: usize) -> Option<String> {
    let text = output?;
    Some(if text.len() > most {
        limits::shorten(text, most - LINE)
    } else {
        text.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is sent of two outputs, where a request has so much room for both.
    fn sent(outputs: [&str; 2], room: usize) -> [String; 2] {
        let fail = Fail {
            error: "broken".to_owned(),
            stdout: Some(outputs[0].to_owned()),
            stderr: Some(outputs[1].to_owned()),
        };
        let around = Fail {
            stdout: Some(String::new()),
            stderr: Some(String::new()),
            ..fail.clone()
        };
        let around = Request::ask(&[], &around).to_bytes().expect("JSON").len();
        let shortened = |fail: &Fail, most| Fail {
            stdout: fit(fail.stdout.as_deref(), most),
            stderr: fit(fail.stderr.as_deref(), most),
            error: fail.error.clone(),
        };
        let sent = within_a_request(fail, room + around, shortened).expect("shortened");
        [sent.stdout, sent.stderr].map(|output| output.expect("there is one"))
    }

    #[test]
    fn outputs_that_fit_into_a_request_are_sent_as_they_are() {
        let text = "x".repeat(1 << 20);
        assert!(sent([&text, &text], 2 << 20) == [text.clone(), text]);
    }

    #[test]
    fn of_outputs_that_do_not_fit_as_much_is_sent_as_does_and_all_that_is_missing_is_counted() {
        let (text, room) = ("x".repeat(3 << 20), 2 << 20);
        let sent = sent([&text, &text], room);
        for output in &sent {
            let lines: Vec<_> = output.lines().collect();
            let kept = lines[0].len() + lines[2].len();
            let left_out = format!("[sparkq: {} bytes left out here]", text.len() - kept);
            assert_eq!(lines[1], left_out);
        }
        let length = sent[0].len() + sent[1].len();
        assert!(
            (room - 2 * CLOSE - 4 * LINE..=room).contains(&length),
            "{length} of {room}"
        );
    }

    #[test]
    fn a_short_output_is_sent_whole_beside_a_long_one() {
        let long = "x".repeat(3 << 20);
        let sent = sent(["short", &long], 2 << 20);
        assert_eq!(sent[0], "short");
        assert!(sent[1].len() > (2 << 20) - 2 * CLOSE, "{}", sent[1].len());
    }
}
