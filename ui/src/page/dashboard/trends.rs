//! How it went over time: how much was done, and how long it took.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::time::spell_duration;
use sparkq_core::wire::{Bucket, Stats};

use crate::board::{Board, News};
use crate::client::stats;
use crate::kit::{Bars, Icon, Notice, bars, spell_local};
use crate::route;

/// The spans one can look at.
const SPANS: [&str; 4] = ["1h", "24h", "7d", "30d"];

/// How often the charts are drawn anew at most, while tasks end.
const PACE: Duration = Duration::from_secs(10);

/// Draws throughput and duration over the span that the address asks for: `?since=24h`.
pub(super) fn trends(board: Board, chosen: Memo<Option<String>>) -> AnyView {
    let asked = route::asked_for("since");
    let span = Memo::new(move |_| {
        let asked = asked.get().unwrap_or_default();
        SPANS
            .into_iter()
            .find(|span| *span == asked)
            .unwrap_or("24h")
    });
    let shown = RwSignal::new(None::<Result<Stats, String>>);
    let asked_last = StoredValue::new(0);
    let fetch = move || {
        asked_last.update_value(|number| *number += 1);
        let number = asked_last.get_value();
        let (span, stream) = (
            span.get_untracked(),
            chosen.get_untracked().unwrap_or_default(),
        );
        spawn_local(async move {
            let answer = stats::over(span, &stream, "").await;
            // An answer to what was asked before is not what is to be shown now.
            if asked_last.try_get_value() == Some(number) {
                shown.try_set(Some(
                    answer
                        .map(|answer| answer.body)
                        .map_err(|reason| reason.what),
                ));
            }
        });
    };
    Effect::new(move |_| {
        span.track();
        chosen.track();
        fetch();
    });
    let waits = StoredValue::new(false);
    board.listen(move |news| {
        if let News::Event(event) = news
            && event.task.is_none()
        {
            return;
        }
        // However much happens, one look every while is enough.
        if !waits.get_value() {
            waits.set_value(true);
            set_timeout(
                move || {
                    if waits.try_set_value(false).is_none() {
                        fetch();
                    }
                },
                PACE,
            );
        }
    });
    let choice = move |each: &'static str| {
        let address = move || {
            let stream = chosen.get().unwrap_or_default();
            route::with_query("/", &[("stream", &stream), ("since", each)])
        };
        view! { <a href=address aria-current=move || (span.get() == each).then_some("true")>{each}</a> }
    };
    view! {
        <section class="panel" aria-labelledby="trends">
            <div class="panel-head">
                <h2 id="trends">"Over time"</h2>
                <span class="choice" role="group" aria-label="Span">{SPANS.map(choice).collect_view()}</span>
            </div>
            {move || match shown.get() {
                None => view! { <div class="frame trends"><Notice icon=Icon::Spark title="Loading…" busy=true/></div> }.into_any(),
                Some(Err(reason)) => view! { <div class="frame trends"><Notice icon=Icon::Failed title="No figures"><p>{reason}</p></Notice></div> }.into_any(),
                Some(Ok(stats)) => charts(&stats),
            }}
        </section>
    }
    .into_any()
}

fn charts(stats: &Stats) -> AnyView {
    let total = &stats.total;
    let when = |bucket: &Bucket| spell_local(bucket.at);
    let done = Bars {
        values: stats
            .buckets
            .iter()
            .map(|bucket| vec![bucket.succeeded, bucket.failed])
            .collect(),
        tones: &["succeeded", "failed"],
        titles: stats
            .buckets
            .iter()
            .map(|bucket| {
                format!(
                    "{}: {} succeeded, {} failed, {} enqueued",
                    when(bucket),
                    bucket.succeeded,
                    bucket.failed,
                    bucket.enqueued
                )
            })
            .collect(),
        label: format!(
            "{} tasks succeeded and {} failed",
            total.succeeded, total.failed
        ),
    };
    let millis = |figure: Option<i64>| {
        figure
            .and_then(|millis| u64::try_from(millis).ok())
            .unwrap_or_default()
    };
    let of = |bucket: &Bucket| {
        let median = millis(bucket.run_ms.map(|run| run.median));
        vec![
            median,
            millis(bucket.run_ms.map(|run| run.p95)).saturating_sub(median),
        ]
    };
    let spell = |bucket: &Bucket| match bucket.run_ms {
        Some(run) => format!(
            "{}: half within {}, 95 of 100 within {}",
            when(bucket),
            spell_duration(run.median),
            spell_duration(run.p95)
        ),
        None => format!("{}: nothing ended", when(bucket)),
    };
    let told = match total.run_ms {
        Some(run) => format!(
            "half within {}, 95 of 100 within {}",
            spell_duration(run.median),
            spell_duration(run.p95)
        ),
        None => "nothing ended".to_owned(),
    };
    let took = Bars {
        values: stats.buckets.iter().map(of).collect(),
        tones: &["running", "faint"],
        titles: stats.buckets.iter().map(spell).collect(),
        label: format!("Tasks took: {told}"),
    };
    view! {
        <div class="frame trends">
            <figure>
                <figcaption><b>"Ended"</b><span>{format!("{} succeeded · {} failed · {} enqueued", total.succeeded, total.failed, total.enqueued)}</span></figcaption>
                {bars(done)}
            </figure>
            <figure>
                <figcaption><b>"Took"</b><span>{told}</span></figcaption>
                {bars(took)}
            </figure>
        </div>
    }
    .into_any()
}
