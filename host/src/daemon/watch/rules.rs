//! When a worker is woken. Pure: what is seen comes in, what is to be done goes out.

use std::time::Duration;

use crate::config::WatchTable;

/// How often the flag is looked for while a task is queued.
const FLAG: Duration = Duration::from_millis(25);
/// How soon after a look at the queue a commit has it looked at again, where nothing was queued then.
const SOON: Duration = Duration::from_millis(10);
/// And where a task was queued, so that only the stream's end could be news.
const LATER: Duration = Duration::from_millis(500);

/// How often the queue is looked at though nobody has told of a commit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Polls {
    /// While a worker waits.
    pub(super) idle: Duration,
    /// While none does.
    pub(super) busy: Duration,
}

impl From<&WatchTable> for Polls {
    fn from(table: &WatchTable) -> Self {
        Self {
            idle: Duration::from_secs(table.idle_poll.into()),
            busy: Duration::from_secs(table.busy_poll.into()),
        }
    }
}

/// What a watcher knows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// The worker's ready flag is there.
    pub(super) flag: bool,
    /// What the last look at the queue found.
    pub(super) work: Work,
    /// Something was committed since.
    pub(super) committed: bool,
    /// How long ago the last look was; none before the first.
    pub(super) age: Option<Duration>,
}

/// What the last look at the queue found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Work {
    /// Nothing was queued.
    #[default]
    Nothing,
    /// A task was queued; another worker may have taken it since.
    Some,
    /// A task is queued: the look was only just now.
    Sure,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Look whether a task is queued.
    Look,
    /// A worker waits and there is work: do these, in this order.
    Wake([Effect; 3]),
    /// Nothing, until a commit, or until this long has passed.
    Rest(Duration),
}

/// What is done to the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// The flag has been seen: the worker raises it again for the next task.
    RemoveFlag,
    /// A line that nobody read, because its worker was killed, wakes nobody twice.
    Drain,
    /// One line, for one worker.
    Wake,
}

/// The next act of a watcher that has seen this.
pub(super) fn decide(seen: &Seen, polls: Polls) -> Next {
    let Some(age) = seen.age else {
        return Next::Look;
    };
    let poll = if seen.flag { polls.idle } else { polls.busy };
    let due = match (seen.committed, seen.work) {
        (false, _) => poll,
        (true, Work::Nothing) => SOON.min(poll),
        (true, Work::Some | Work::Sure) => LATER.min(poll),
    };
    let Some(left) = due.checked_sub(age).filter(|left| !left.is_zero()) else {
        return Next::Look;
    };
    match (seen.flag, seen.work) {
        (_, Work::Nothing) => Next::Rest(left),
        (false, _) => Next::Rest(left.min(FLAG)),
        (true, Work::Some) => Next::Look,
        (true, Work::Sure) => Next::Wake([Effect::RemoveFlag, Effect::Drain, Effect::Wake]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLLS: Polls = Polls {
        idle: Duration::from_mins(1),
        busy: Duration::from_mins(2),
    };

    const WAKE: Next = Next::Wake([Effect::RemoveFlag, Effect::Drain, Effect::Wake]);

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    const fn seen(flag: bool, work: Work, committed: bool, age: u64) -> Seen {
        Seen {
            flag,
            work,
            committed,
            age: Some(ms(age)),
        }
    }

    #[test]
    fn a_worker_is_woken_when_its_flag_is_there_and_a_task_is_queued_for_certain() {
        use Work::{Nothing, Some, Sure};
        let (yes, no) = (true, false);
        #[rustfmt::skip]
        let table = [
            // flag, work, committed, age in ms
            (seen(no,  Nothing, no,  0),       Next::Rest(ms(120_000)), "nothing to do"),
            (seen(yes, Nothing, no,  0),       Next::Rest(ms(60_000)),  "a worker waits: the poll is the shorter one"),
            (seen(no,  Sure,    no,  0),       Next::Rest(ms(25)),      "the flag can come at any time"),
            (seen(yes, Some,    no,  20),      Next::Look,              "another worker may have taken the task"),
            (seen(yes, Sure,    no,  0),       WAKE,                    "a worker waits and there is work"),
            (seen(yes, Sure,    yes, 1),       WAKE,                    "a commit meanwhile changes nothing"),
            (seen(no,  Nothing, yes, 50),      Next::Look,              "a commit may have brought a task"),
            (seen(no,  Nothing, yes, 4),       Next::Rest(ms(6)),       "many commits cost a look every 10 ms"),
            (seen(no,  Some,    yes, 50),      Next::Rest(ms(25)),      "it is known that a task is queued"),
            (seen(no,  Some,    yes, 500),     Next::Look,              "though the stream may have ended"),
            (seen(no,  Nothing, no,  120_000), Next::Look,              "the poll is the net under it all"),
            (seen(yes, Nothing, no,  60_000),  Next::Look,              "the same with a worker that waits"),
            (seen(no,  Some,    no,  119_990), Next::Rest(ms(10)),      "never past the poll"),
        ];
        for (seen, next, why) in table {
            assert_eq!(decide(&seen, POLLS), next, "{why}: {seen:?}");
        }
    }

    #[test]
    fn before_anything_else_the_queue_is_looked_at() {
        let fresh = Seen {
            flag: true,
            ..Seen::default()
        };
        assert_eq!(decide(&fresh, POLLS), Next::Look);
    }
}
