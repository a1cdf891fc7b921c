//! The end of a session, which its streams end with.

use leptos::prelude::*;
use sparkq_core::wire::{Activity, EditSession, Stream};

use super::Page;
use crate::board::Board;
use crate::client;
use crate::kit::{Dialog, Toasts, focus_if_lost, in_shell};
use crate::page::attempt::{Attempt, changed_since};
use crate::words::{are, counted, stay_queued};

/// Says what an end comes to, and asks whether it is meant, while the page says so.
pub(super) fn dialog(page: Page) -> AnyView {
    let attempt = Attempt::told_in_form();
    let toasts = Toasts::expect();
    let name = move || {
        let session = page.ending.get().and_then(|id| page.session(&id));
        session
            .map(|session| session.name.to_string())
            .unwrap_or_default()
    };
    let title = Signal::derive(move || format!("End session {}?", name()));
    let end = move |_| {
        let Some(id) = page.ending.get_untracked() else {
            return;
        };
        let edit = EditSession {
            status: Some(Activity::Ended),
            ..EditSession::default()
        };
        attempt.start(
            client::sessions::edit(id.to_string(), edit),
            move |session| {
                page.end.set(false);
                toasts.say(format!("Session {} has ended.", session.name));
                page.take_over(session);
                // The row may have gone from the list.
                focus_if_lost("main .page-head .primary");
            },
        );
    };
    let streams = streams(page);
    let at_stake = Memo::new(move |_| {
        streams.with(|streams| {
            let sum = |of: fn(&(String, u64, u64)) -> u64| streams.iter().map(of).sum();
            (sum(|stream| stream.1), sum(|stream| stream.2))
        })
    });
    view! {
        <Dialog open=page.end title>
            {attempt.told()}
            {what_ends(streams)}
            {changed_since(page.end, at_stake)}
            {in_shell(Signal::derive(move || format!("sparkq session end {}", name())))}
            <p class="row">
                <button class="button danger" aria-disabled=move || attempt.is_busy().then_some("true") on:click=end>"End the session"</button>
                <button class="button" autofocus on:click=move |_| page.end.set(false)>"Keep it open"</button>
            </p>
        </Dialog>
    }
    .into_any()
}

/// The streams that end with the session: names, and how much waits and runs in each.
fn streams(page: Page) -> Memo<Vec<(String, u64, u64)>> {
    let board = Board::expect();
    Memo::new(move |_| {
        let Some(id) = page.ending.get() else {
            return Vec::new();
        };
        let ends = |stream: &&Stream| stream.session_id == id && stream.status == Activity::Active;
        board.streams().with(|streams| {
            let ending = streams.iter().filter(ends);
            ending
                .map(|stream| {
                    (
                        stream.name.to_string(),
                        stream.counts.queued,
                        stream.counts.running,
                    )
                })
                .collect()
        })
    })
}

fn what_ends(streams: Memo<Vec<(String, u64, u64)>>) -> AnyView {
    (move || {
        let streams = streams.get();
        if streams.is_empty() {
            return view! { <p>"It has no active stream."</p> }.into_any();
        }
        let queued: u64 = streams.iter().map(|(_, queued, _)| queued).sum();
        let running: u64 = streams.iter().map(|(.., running)| running).sum();
        let rest = match queued {
            0 => "No task is queued in them.".to_owned(),
            queued => stay_queued(queued, "session"),
        };
        let run = match running {
            0 => String::new(),
            running => format!(
                "{} {} running, and can still be completed or failed.",
                counted(running, "task"),
                are(running)
            ),
        };
        let item = |(name, queued, running): (String, u64, u64)| {
            view! { <li><b>{name}</b>{format!(" – {queued} queued, {running} running")}</li> }
        };
        view! {
            <p>"These streams end with it, and take and hand out nothing any more:"</p>
            <ul class="ending">{streams.into_iter().map(item).collect_view()}</ul>
            <p>{rest}" "{run}</p>
        }
        .into_any()
    })
    .into_any()
}
