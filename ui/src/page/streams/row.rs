//! One stream in the list. It stands where it stands, and follows what it shows.

use leptos::prelude::*;
use sparkq_core::StreamId;

use super::lane::Lane;
use crate::board::Board;
use crate::kit::{CountLinks, Glyph, Icon};
use crate::page::watchers::Watchers;

/// Draws the stream `id`.
pub(super) fn draw(board: Board, id: StreamId, watchers: Watchers) -> AnyView {
    let key = id.to_string();
    let lane = Memo::new(move |before: Option<&Option<Lane>>| {
        let found = board.streams().with(|streams| Lane::find(streams, &id));
        // A row that is about to go shows what it showed.
        found.or_else(|| before.cloned().flatten())
    });
    let part = move |of: fn(&Lane) -> String| {
        Memo::new(move |_| lane.read().as_ref().map(of).unwrap_or_default())
    };
    let name = part(|lane| lane.name.to_string());
    let session = part(|lane| lane.session.to_string());
    let beginning = part(|lane| lane.beginning.clone());
    let handle = part(|lane| lane.handle.clone());
    let address = part(Lane::address);
    let counts = Memo::new(move |_| {
        let lane = lane.read();
        lane.as_ref().map(|lane| lane.counts).unwrap_or_default()
    });
    let ended = Memo::new(move |_| lane.read().as_ref().is_some_and(|lane| !lane.is_active));
    view! {
        <li class="stream-row" data-stream=name data-stream-id=key data-ended=move || ended.get().then_some("")>
            <div class="stream-row-head">
                <a class="stream-row-name" data-row="" href=address>{name}</a>
                <a class="stream-row-session" href=move || super::address(Some(&session.read()), false)>{session}</a>
                {move || ended.get().then(|| view! { <span class="ended">"ended"</span> })}
            </div>
            <p class="stream-row-beginning">
                {move || match beginning.get() {
                    words if words.is_empty() => "No instructions".to_owned(),
                    words => words,
                }}
            </p>
            <CountLinks counts stream=handle/>
            {watched(lane, watchers)}
        </li>
    }
    .into_any()
}

/// Says whether a watcher is there, and whether work waits without one.
fn watched(lane: Memo<Option<Lane>>, watchers: Watchers) -> AnyView {
    let state = Memo::new(move |_| {
        let lane = lane.read();
        let lane = lane.as_ref().filter(|lane| lane.is_active)?;
        watchers.are_known().then(|| {
            let is_watched = watchers.of(&lane.name).is_some();
            (is_watched, lane.counts.queued > 0)
        })
    });
    let said = move || {
        match state.get() {
        None => ().into_any(),
        Some((true, _)) => view! { <Glyph icon=Icon::Succeeded/>"watched" }.into_any(),
        Some((false, true)) => view! {
            <span data-tone="stale" title="Queued tasks wait, and no watcher wakes a worker for them">
                <Glyph icon=Icon::Warning/>"has work and no watcher"
            </span>
        }
        .into_any(),
        Some((false, false)) => view! { <span class="faint">"no watcher"</span> }.into_any(),
    }
    };
    view! { <div class="stream-row-watcher">{said}</div> }.into_any()
}
