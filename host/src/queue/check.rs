use sparkq_core::timeout::resolve;
use sparkq_core::wire::{Check, Checked};
use sparkq_core::{Limits, Refusal, Timeout, limits};
use sparkq_store::Done;

use super::{Answer, Error, Queue};

impl Queue {
    /// Says what an enqueue of this payload would come to. Writes nothing, and a rejected payload is an answer.
    pub(crate) async fn check_payload(&self, tool: String, check: Check) -> Answer<Checked> {
        let payload = check.payload.as_str().to_owned();
        Refusal::check_size("payload", payload.len(), limits::PAYLOAD)?;
        let timeout = check
            .timeout
            .map(|seconds| {
                Timeout::from_seconds(seconds)
                    .map_err(|error| Refusal::invalid("timeout", seconds.to_string(), error))
            })
            .transpose()?;
        let checked = match self.check(vec![(tool, payload)]).await {
            Ok(mut passed) => {
                let passed = passed
                    .pop()
                    .ok_or_else(|| Error::Internal("a check without an answer".to_owned()))?;
                let [own, changed] = passed.tool_limits;
                let flag = Limits {
                    class: None,
                    timeout,
                };
                let layers = [own, changed, passed.checked.limits, flag];
                let project = self.project();
                let (class, timeout) = resolve(&layers, |class| project.class_timeout(class));
                Checked {
                    ok: true,
                    issues: passed.checked.warnings,
                    payload: Some(passed.checked.payload),
                    label: Some(passed.checked.label),
                    task_class: Some(class),
                    timeout: Some(timeout),
                }
            }
            Err((_, Error::Refusal(Refusal::PayloadRejected { issues, .. }))) => Checked {
                ok: false,
                issues,
                payload: None,
                label: None,
                task_class: None,
                timeout: None,
            },
            Err((_, error)) => return Err(error),
        };
        Ok(Done {
            value: checked,
            seq: self.last_seq().await?,
        })
    }
}
