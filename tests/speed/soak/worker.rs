//! One of those who do the work: it queues a task, claims one, and completes that.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use tokio::sync::mpsc;

use super::ledger::{Ledger, Step};
use super::line::Line;
use crate::cycles::DONE;

/// Of how many tasks one has much to show.
const TALKATIVE: usize = 100;

/// The name of a lane's stream.
pub(crate) fn stream(lane: usize) -> String {
    format!("lane-{lane}")
}

/// A result whose task has printed 20 KB.
pub(crate) fn talkative() -> String {
    let mut lines = String::new();
    for line in 0..400 {
        // As a build prints them, with words that are new to the search index and words that are not.
        let _ = write!(
            lines,
            "   Compiling part-{line:03} v0.{line}.0 in {:>6} ms\\n",
            line * line
        );
    }
    format!(r#"{{"result":{{"summary":"400 parts compiled"}},"stdout":"{lines}"}}"#)
}

/// Takes tasks through the queue until there are none left. Tells of each lane whose last task it has completed.
pub(crate) async fn work(
    name: String,
    mut line: Line,
    ledger: Arc<Ledger>,
    talkative: Arc<str>,
    over: mpsc::UnboundedSender<usize>,
) -> Result<()> {
    while let Some(own) = ledger.next() {
        let stream = stream(ledger.lane_of(own));
        let task = format!(
            r#"{{"tool_name":"run-bash","payload":{{"script_path":"scripts/a.sh","args":["{own}"]}},"stream_id":"{stream}"}}"#
        );
        line.ask("/api/tasks", &format!("enqueue-{own}"), &task, 201)
            .await?;
        ledger.note(own, Step::Enqueued)?;
        // Every claim follows an enqueue into the same stream, so there always is one to be had.
        let path = format!("/api/streams/{stream}/claim?worker={name}");
        let claimed = line
            .ask(&path, &format!("claim-{own}"), "", 200)
            .await
            .context("lost: a task that was queued is not there")?;
        let id = claimed.member("id")?.to_owned();
        let number = claimed.text_after(r#""args":[""#)?.parse()?;
        ledger.note(number, Step::Claimed)?;
        let path = format!("/api/tasks/{id}/complete");
        let result = if number % TALKATIVE == 0 {
            &*talkative
        } else {
            DONE
        };
        line.ask(&path, &format!("complete-{number}"), result, 200)
            .await?;
        if ledger.note(number, Step::Completed)? {
            over.send(ledger.lane_of(number))?;
        }
    }
    Ok(())
}
