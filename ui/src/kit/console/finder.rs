//! The search of a console: counts while it looks, and leads from place to place.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::KeyboardEvent;
use leptos::web_sys::js_sys::Date;

use super::screen::Screen;
use super::search::{MOST, needle, places};
use crate::kit::{Glyph, Icon};

/// How long the page may be kept busy at once, in milliseconds.
const TURN: f64 = 12.0;

/// How long nothing is typed before the search begins, in milliseconds.
const PAUSE: u32 = 120;

/// What is looked for, and where it was found; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Finder {
    screen: Screen,
    /// What is looked for.
    pub(super) needle: RwSignal<Vec<char>>,
    /// The row of each place, in order.
    hits: RwSignal<Vec<usize>>,
    /// At which of the places one is.
    at: RwSignal<usize>,
    searching: RwSignal<bool>,
    /// Counts searches, so that one knows that another has begun.
    turn: StoredValue<u32>,
}

impl Finder {
    /// Makes a search that looks for nothing yet.
    pub(super) fn of(screen: Screen) -> Self {
        Self {
            screen,
            needle: RwSignal::new(Vec::new()),
            hits: RwSignal::new(Vec::new()),
            at: RwSignal::new(0),
            searching: RwSignal::new(false),
            turn: StoredValue::new(0),
        }
    }

    /// The place one is at: its row, and its number within the row.
    pub(super) fn current(self) -> Option<(usize, usize)> {
        let at = self.at.get();
        self.hits.with(|hits| {
            let row = *hits.get(at)?;
            Some((row, at - hits.partition_point(|hit| *hit < row)))
        })
    }

    /// Looks for something else.
    fn look_for(self, words: &str) {
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        let wanted = needle(words);
        spawn_local(async move {
            TimeoutFuture::new(PAUSE).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.hits.set(Vec::new());
            self.at.set(0);
            self.searching.set(!wanted.is_empty());
            self.needle.set(wanted.clone());
            if !wanted.is_empty() {
                self.search(turn, &wanted).await;
            }
        });
    }

    async fn search(self, turn: u32, wanted: &[char]) {
        let mut next = 0;
        while self.turn.try_get_value() == Some(turn) {
            let began = Date::now();
            let mut hits = Vec::new();
            let read = self.screen.read(next, |row, text| {
                hits.extend(places(text, wanted).iter().map(|_| row));
                hits.len() < MOST && Date::now() - began < TURN
            });
            let is_first = self
                .hits
                .try_with_untracked(Vec::is_empty)
                .unwrap_or_default();
            if let (true, Some(row)) = (is_first, hits.first()) {
                self.screen.go_to(*row);
            }
            if !hits.is_empty() {
                self.hits.update(|all| all.extend(hits));
            }
            let all = self.screen.complete.try_get_untracked() == Some(true);
            let is_enough = self.hits.with_untracked(|hits| hits.len() >= MOST);
            if is_enough || (all && read == Some(self.screen.found.get_untracked())) {
                self.searching.set(false);
                return;
            }
            next = read.unwrap_or_default();
            TimeoutFuture::new(0).await;
        }
    }

    /// Goes to the next place, or to the one before; from the last to the first.
    fn step(self, back: bool) {
        let count = self.hits.with_untracked(Vec::len);
        if count == 0 {
            return;
        }
        let at = self.at.get_untracked();
        let at = if back {
            (at + count - 1) % count
        } else {
            (at + 1) % count
        };
        self.at.set(at);
        if let Some(row) = self.hits.with_untracked(|hits| hits.get(at).copied()) {
            self.screen.go_to(row);
        }
    }

    fn tally(self) -> String {
        let count = self.hits.with(Vec::len);
        match (count, self.searching.get()) {
            _ if self.needle.with(Vec::is_empty) => String::new(),
            (0, true) => "searching…".to_owned(),
            (0, false) => "not found".to_owned(),
            (count, searching) => {
                let more = if searching || count >= MOST { "+" } else { "" };
                format!("{} of {count}{more}", self.at.get() + 1)
            }
        }
    }

    /// Draws the field, how many places there are, and the ways between them.
    pub(super) fn draw(self, title: &str) -> AnyView {
        let keys = move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                self.step(event.shift_key());
            }
            "Escape" => self.screen.focus(),
            _ => {}
        };
        let is_lost = move || self.hits.with(Vec::is_empty);
        view! {
            <div class="console-search" role="search">
                <input
                    class="input"
                    type="search"
                    placeholder="Search"
                    spellcheck="false"
                    autocomplete="off"
                    aria-label=format!("Search in {title}")
                    on:input=move |event| self.look_for(&event_target_value(&event))
                    on:keydown=keys
                />
                <span class="tally" role="status">{move || self.tally()}</span>
                <button class="icon-button" aria-label="Previous place" title="Previous place (Shift Enter)" disabled=is_lost on:click=move |_| self.step(true)>
                    <Glyph icon=Icon::Up/>
                </button>
                <button class="icon-button" aria-label="Next place" title="Next place (Enter)" disabled=is_lost on:click=move |_| self.step(false)>
                    <Glyph icon=Icon::Down/>
                </button>
            </div>
        }
        .into_any()
    }
}
