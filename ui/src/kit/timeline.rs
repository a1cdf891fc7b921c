//! The course of a task: how long it waited, how long it ran, and how long it may.

use leptos::prelude::*;
use sparkq_core::time::spell_duration;
use sparkq_core::wire::Task;
use sparkq_core::{Status, Time, Timeout};

use super::{Ago, spell_limit};
use crate::clock::Clock;

/// The moments of a task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Course {
    status: Status,
    created_at: Time,
    started_at: Option<Time>,
    finished_at: Option<Time>,
    timeout: Timeout,
}

/// How long each part takes, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shares {
    waited: i64,
    /// Within its timeout.
    ran: i64,
    /// After it.
    over: i64,
    /// What is left of the timeout, while it runs.
    left: i64,
}

impl Course {
    /// The course of `task`.
    pub(crate) fn of(task: &Task) -> Self {
        Self {
            status: task.status,
            created_at: task.created_at,
            started_at: task.started_at,
            finished_at: task.finished_at,
            timeout: task.timeout,
        }
    }

    /// How long it ran until `now`, or has.
    fn ran(self, now: Time) -> Option<i64> {
        Some(self.finished_at.unwrap_or(now).since(self.started_at?))
    }

    fn shares(self, now: Time) -> Shares {
        let left_queue = self.started_at.or(self.finished_at).unwrap_or(now);
        let limit = i64::try_from(self.timeout.seconds()).unwrap_or(i64::MAX) * 1000;
        let all = self.ran(now).unwrap_or_default();
        let is_running = self.status == Status::Running;
        Shares {
            waited: left_queue.since(self.created_at),
            ran: all.min(limit),
            over: (all - limit).max(0),
            left: if is_running { (limit - all).max(0) } else { 0 },
        }
    }

    /// How long it waited, in words.
    fn wait(self, now: Time) -> String {
        let waited = spell_duration(self.shares(now).waited);
        match (self.status, self.started_at) {
            (Status::Queued, _) => format!("waiting for {waited}"),
            (_, None) => format!("waited {waited}, never started"),
            _ => format!("waited {waited}"),
        }
    }

    /// How long it ran, in words.
    fn run(self, now: Time) -> Option<String> {
        let ran = spell_duration(self.ran(now)?);
        let verb = if self.status == Status::Running {
            "running for"
        } else {
            "ran"
        };
        Some(format!(
            "{verb} {ran} of {}",
            spell_limit(self.timeout.seconds())
        ))
    }
}

/// Shows a course as a bar and in words; it grows while the task waits or runs.
#[component]
pub(crate) fn Timeline(course: Memo<Course>) -> impl IntoView {
    let clock = Clock::expect();
    // What is over no longer follows the clock.
    let now = Memo::new(move |_| {
        let course = course.get();
        if course.status.is_final() {
            course.finished_at.unwrap_or(course.created_at)
        } else {
            clock.now()
        }
    });
    let shares = Memo::new(move |_| course.get().shares(now.get()));
    let wait = Memo::new(move |_| course.get().wait(now.get()));
    let run = Memo::new(move |_| course.get().run(now.get()));
    let part = move |tone: fn(Status) -> &'static str, of: fn(Shares) -> i64| {
        view! {
            <span
                data-tone=move || tone(course.get().status)
                data-none=move || (of(shares.get()) == 0).then_some("")
                style:flex-grow=move || of(shares.get()).to_string()
            ></span>
        }
    };
    let moment = |at: Option<Time>| at.map(|at| view! { <Ago at/> });
    let last = move || match course.get().status {
        Status::Failed => "Failed",
        _ => "Finished",
    };
    view! {
        <section class="panel timeline" aria-label="Timeline">
            <div class="timeline-bar" aria-hidden="true">
                {part(|_| "queued", |shares| shares.waited)}
                {part(Status::as_str, |shares| shares.ran)}
                {part(|_| "stale", |shares| shares.over)}
                {part(|_| "left", |shares| shares.left)}
            </div>
            <ol>
                <li><strong>"Queued"</strong>{move || moment(Some(course.get().created_at))}<span>{wait}</span></li>
                {move || course.get().started_at.map(|at| view! {
                    <li><strong>"Started"</strong>{moment(Some(at))}<span>{run}</span></li>
                })}
                {move || course.get().finished_at.map(|at| view! {
                    <li><strong>{last}</strong>{moment(Some(at))}</li>
                })}
            </ol>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(status: Status, started: Option<i64>, finished: Option<i64>) -> Course {
        Course {
            status,
            created_at: Time::from_millis(0),
            started_at: started.map(Time::from_millis),
            finished_at: finished.map(Time::from_millis),
            timeout: Timeout::from_seconds(300).expect("a timeout"),
        }
    }

    #[test]
    fn a_course_is_told_with_its_waits_and_limits() {
        let now = Time::from_millis(365_000);
        let told = |course: Course| (course.wait(now), course.run(now));
        let queued = course(Status::Queued, None, None);
        assert_eq!(told(queued), ("waiting for 6m 05s".into(), None));
        let running = course(Status::Running, Some(120_000), None);
        assert_eq!(
            told(running),
            (
                "waited 2m 00s".into(),
                Some("running for 4m 05s of 5m".into())
            )
        );
        let cancelled = course(Status::Failed, None, Some(1000));
        assert_eq!(told(cancelled), ("waited 1s, never started".into(), None));
    }

    #[test]
    fn what_runs_has_time_left_or_is_over_it() {
        let running = course(Status::Running, Some(1000), None);
        let shares = running.shares(Time::from_millis(61_000));
        assert_eq!(
            shares,
            Shares {
                waited: 1000,
                ran: 60_000,
                over: 0,
                left: 240_000
            }
        );
        let shares = running.shares(Time::from_millis(351_000));
        assert_eq!(
            shares,
            Shares {
                waited: 1000,
                ran: 300_000,
                over: 50_000,
                left: 0
            }
        );
        let failed = course(Status::Failed, Some(1000), Some(2000));
        assert_eq!(failed.shares(Time::from_millis(9000)).left, 0);
    }
}
