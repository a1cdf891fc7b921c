use serde_json::Value;
use sparkq_core::limits::shorten_output;
use sparkq_core::wire::{Complete, Document, Fail, Task};
use sparkq_core::{Refusal, Worker, json, limits};
use sparkq_store::{Done, FinishTask, Finished, Outcome, RequestKey};

use super::{Answer, Queue};

impl Queue {
    /// Completes a running task with a result that has a summary.
    pub(crate) async fn complete(
        &self,
        task: String,
        complete: Complete,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Task> {
        check_result(&complete.result)?;
        let word = self.judge(&task, &complete, request.as_ref()).await?;
        self.finish(FinishTask {
            task,
            outcome: Outcome::Completed(word.result.unwrap_or(complete.result)),
            unchecked: word.unchecked,
            stdout: complete.stdout,
            stderr: complete.stderr,
            request,
            actor,
            now: self.now(),
        })
        .await
    }

    /// Ends a running task that could not be done.
    pub(crate) async fn fail(
        &self,
        task: String,
        fail: Fail,
        actor: Worker,
        request: Option<RequestKey>,
    ) -> Answer<Task> {
        if fail.error.trim().is_empty() {
            return Err(Refusal::invalid("error", fail.error, "blank; say what went wrong").into());
        }
        Refusal::check_size("error", fail.error.len(), limits::ERROR)?;
        self.finish(FinishTask {
            task,
            outcome: Outcome::Failed(fail.error),
            unchecked: None,
            stdout: fail.stdout,
            stderr: fail.stderr,
            request,
            actor,
            now: self.now(),
        })
        .await
    }

    async fn finish(&self, finish: FinishTask) -> Answer<Task> {
        let finish = FinishTask {
            stdout: finish.stdout.map(shorten_output),
            stderr: finish.stderr.map(shorten_output),
            ..finish
        };
        let done = self.access.write(finish).await?;
        match done.value {
            Finished::Ended(task) => Ok(Done {
                value: *task,
                seq: done.seq,
            }),
            Finished::Late(refusal) => Err(refusal.into()),
        }
    }
}

fn check_result(result: &Document) -> Result<(), Refusal> {
    Refusal::check_size("result", result.as_str().len(), limits::RESULT)?;
    let fields = json::parse_object(result.as_str()).map_err(|error| Refusal::InvalidJson {
        argument: "result".to_owned(),
        why: error.to_string(),
    })?;
    match fields.get("summary") {
        Some(Value::String(summary)) if !summary.trim().is_empty() => Ok(()),
        _ => Err(Refusal::SummaryRequired),
    }
}
