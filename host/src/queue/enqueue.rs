use sparkq_core::timeout::resolve;
use sparkq_core::wire::{BatchQueued, Enqueue};
use sparkq_core::{Limits, Refusal, Timeout, Worker, json, limits};
use sparkq_store::{Done, EnqueueTask, EnqueueTasks, Queued, RequestKey};

use super::plugins::Passed;
use super::{Answer, Error, Queue};

impl Queue {
    /// Puts one task into a stream. The plugin looks at the payload first, and a payload it rejects costs no write.
    pub(crate) async fn enqueue(
        &self,
        new: Enqueue,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Queued> {
        if let Some(done) = self.queued_by(request.as_ref()).await? {
            return Ok(done);
        }
        let mut task = self.checked(new, actor).await?;
        task.request = request;
        self.access.write(task).await
    }

    /// What an earlier request with the same key came to. It is not checked again: its script may be gone by now.
    pub(super) async fn queued_by(
        &self,
        key: Option<&RequestKey>,
    ) -> Result<Option<Done<Queued>>, Error> {
        let Some(key) = key.cloned() else {
            return Ok(None);
        };
        let done = self.access.read(move |store| store.queued_by(&key)).await?;
        let seq = done.seq;
        Ok(done.value.map(|value| Done { value, seq }))
    }

    /// Has the plugin look at the payload; gives the task as it would be kept.
    pub(super) async fn checked(&self, new: Enqueue, actor: Worker) -> Result<EnqueueTask, Error> {
        let timeout = check_form(&new)?;
        let payload = (new.tool_name.clone(), new.payload.as_str().to_owned());
        let mut passed = self
            .check(vec![payload])
            .await
            .map_err(|(_, error)| error)?;
        let passed = passed
            .pop()
            .ok_or_else(|| Error::Internal("a check without an answer".to_owned()))?;
        self.request(new, timeout, passed, actor)
    }

    /// Puts many tasks into streams, all or none. A refusal names the line, from 1.
    pub(crate) async fn enqueue_batch(
        &self,
        tasks: Vec<Enqueue>,
        actor: &Worker,
        request: Option<RequestKey>,
    ) -> Answer<BatchQueued> {
        if let Some(key) = request.clone() {
            let done = self.access.read(move |store| store.answered(&key)).await?;
            if let Some(ids) = done.value {
                return Ok(Done {
                    value: BatchQueued { ids },
                    seq: done.seq,
                });
            }
        }
        let timeouts: Vec<_> = tasks
            .iter()
            .enumerate()
            .map(|(at, new)| check_form(new).map_err(|error| at_line(at, error.into())))
            .collect::<Result<_, _>>()?;
        let payloads = tasks
            .iter()
            .map(|new| (new.tool_name.clone(), new.payload.as_str().to_owned()))
            .collect();
        let passed = self
            .check(payloads)
            .await
            .map_err(|(at, error)| at_line(at, error))?;
        let requests = tasks.into_iter().zip(timeouts).zip(passed).enumerate().map(
            |(at, ((new, timeout), passed))| {
                self.request(new, timeout, passed, actor.clone())
                    .map_err(|error| at_line(at, error))
            },
        );
        let request = EnqueueTasks {
            tasks: requests.collect::<Result<_, _>>()?,
            request,
        };
        let done = self.access.write(request).await?;
        Ok(Done {
            value: BatchQueued {
                ids: done.value.ids,
            },
            seq: done.seq,
        })
    }

    /// The request for a payload that has passed, with class and timeout settled.
    fn request(
        &self,
        new: Enqueue,
        timeout: Option<Timeout>,
        passed: Passed,
        actor: Worker,
    ) -> Result<EnqueueTask, Error> {
        let [tool, changed] = passed.tool_limits;
        let layers = [
            tool,
            changed,
            passed.checked.limits,
            Limits {
                class: None,
                timeout,
            },
        ];
        let project = self.project();
        let (class, timeout) = resolve(&layers, |class| project.class_timeout(class));
        let stream = new.stream_id.ok_or_else(no_stream)?;
        Ok(EnqueueTask {
            stream,
            tool: passed.tool,
            plugin: passed.stamp,
            class,
            timeout,
            payload: passed.checked.payload,
            label: passed.checked.label,
            dedupe_key: passed.checked.dedupe_key,
            request: None,
            actor,
            now: self.now(),
        })
    }
}

/// Reads a batch: one JSON object a line, as `{"tool_name", "payload", "stream_id"?, "timeout"?}`. What names no
/// stream is for `stream`. The first line is 1.
pub(crate) fn parse_batch(text: &str, stream: Option<&str>) -> Result<Vec<Enqueue>, Refusal> {
    let parse = |(at, line): (usize, &str)| {
        let mut new = parse_line(line).map_err(|refusal| Refusal::Batch {
            line: at + 1,
            refusal: Box::new(refusal),
        })?;
        new.stream_id = new.stream_id.or_else(|| stream.map(str::to_owned));
        Ok(new)
    };
    text.lines().enumerate().map(parse).collect()
}

fn parse_line(line: &str) -> Result<Enqueue, Refusal> {
    let argument = || "the line".to_owned();
    if line.trim().is_empty() {
        return Err(Refusal::InvalidRequest {
            argument: argument(),
            why: "is blank".to_owned(),
        });
    }
    let task = json::parse_object(line).map_err(|error| Refusal::InvalidJson {
        argument: argument(),
        why: error.to_string().replace(" at line 1 column", " at column"),
    })?;
    serde_json::from_value(task.into()).map_err(|error| Refusal::InvalidRequest {
        argument: argument(),
        why: format!("is no task: {error}"),
    })
}

/// What can be refused without a plugin. Gives the timeout that the enqueuer asks for.
fn check_form(new: &Enqueue) -> Result<Option<Timeout>, Refusal> {
    Refusal::check_size("payload", new.payload.as_str().len(), limits::PAYLOAD)?;
    if new.stream_id.is_none() {
        return Err(no_stream());
    }
    let parse = |seconds: u64| {
        Timeout::from_seconds(seconds)
            .map_err(|error| Refusal::invalid("timeout", seconds.to_string(), error))
    };
    new.timeout.map(parse).transpose()
}

fn no_stream() -> Refusal {
    Refusal::InvalidRequest {
        argument: "stream_id".to_owned(),
        why: "is missing: name the stream the task is for".to_owned(),
    }
}

fn at_line(at: usize, error: Error) -> Error {
    match error {
        Error::Refusal(refusal) => Refusal::Batch {
            line: at + 1,
            refusal: Box::new(refusal),
        }
        .into(),
        fault => fault,
    }
}
