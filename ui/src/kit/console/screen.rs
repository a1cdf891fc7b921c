//! The screen of a console: of all rows only those in view are in the document.
//!
//! Blocks of rows follow each other as the browser lays them out; those that are not drawn are one room before and one
//! after. How much room a block needs is guessed first, and known once it was drawn.

use std::sync::Arc;

use gloo_timers::future::TimeoutFuture;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::draw::fill;
use super::finder::Finder;
use super::rows::{BLOCK, Rows};
use super::window::Window;

/// How much of an output is looked through at once, in bytes.
const BITE: usize = 128 << 10;

/// How many blocks one can scroll through; browsers know no endless height.
const BLOCKS_OF_PART: usize = 8000;

/// How much of the window's height the screen has at most.
const HEIGHT: f64 = 0.7;

/// How many rows one can scroll through.
pub(super) const ROWS_OF_PART: usize = BLOCKS_OF_PART * BLOCK;

/// The size of a row of ten letters, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Grid {
    line: f64,
    letter: f64,
    /// How many letters fit beside each other.
    columns: f64,
}

/// What is shown, and where one looks; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Screen {
    text: StoredValue<Arc<str>>,
    rows: StoredValue<Rows>,
    /// How many rows were found so far.
    pub(super) found: RwSignal<usize>,
    /// Whether all of them were.
    pub(super) complete: RwSignal<bool>,
    /// Whether long lines go on below.
    pub(super) wraps: RwSignal<bool>,
    /// Which part of a very long output one can scroll through.
    pub(super) part: RwSignal<usize>,
    place: NodeRef<html::Div>,
    probe: NodeRef<html::Span>,
    grid: RwSignal<Grid>,
    heights: RwSignal<Vec<f64>>,
    top: RwSignal<f64>,
}

impl Screen {
    /// Makes the screen for a text, and begins to look for its rows.
    pub(super) fn of(text: Arc<str>) -> Self {
        let screen = Self {
            text: StoredValue::new(text),
            rows: StoredValue::new(Rows::begin()),
            found: RwSignal::new(0),
            complete: RwSignal::new(false),
            wraps: RwSignal::new(true),
            part: RwSignal::new(0),
            place: NodeRef::new(),
            probe: NodeRef::new(),
            grid: RwSignal::new(Grid {
                line: 20.0,
                letter: 8.0,
                columns: 100.0,
            }),
            heights: RwSignal::new(Vec::new()),
            top: RwSignal::new(0.0),
        };
        if screen.find_more() {
            spawn_local(async move {
                TimeoutFuture::new(0).await;
                while screen.find_more() {
                    TimeoutFuture::new(0).await;
                }
            });
        }
        screen
    }

    /// Finds more rows. Returns whether there are more, and somebody to show them to.
    fn find_more(self) -> bool {
        let Some(text) = self.text.try_get_value() else {
            return false;
        };
        let found = self
            .rows
            .try_update_value(|rows| (rows.find(&text, BITE), rows.count()));
        let (is_more, count) = found.unwrap_or_default();
        self.found.try_set(count);
        if !is_more {
            self.complete.try_set(true);
        }
        is_more
    }

    /// The whole text.
    pub(super) fn text(self) -> Arc<str> {
        self.text.get_value()
    }

    /// How many lines were found so far.
    pub(super) fn lines(self) -> u32 {
        self.found.track();
        self.rows.with_value(Rows::lines)
    }

    /// What the rows say from `first` on, for as long as `take` wants more of them; none when all of this is gone.
    pub(super) fn read(
        self,
        first: usize,
        mut take: impl FnMut(usize, &str) -> bool,
    ) -> Option<usize> {
        let text = self.text.try_get_value()?;
        self.rows.try_with_value(|rows| {
            let mut rest = first..rows.count();
            rest.find(|place| !take(*place, &rows.plain(&text, *place)))
                .map_or(rows.count(), |last| last + 1)
        })
    }

    /// The blocks of the part one can scroll through.
    fn blocks(self) -> std::ops::Range<usize> {
        let first = self.part.get() * BLOCKS_OF_PART;
        let all = self.found.get().div_ceil(BLOCK);
        first.min(all)..(first + BLOCKS_OF_PART).min(all)
    }

    /// Guesses how much room each block needs.
    fn lay_out(self) {
        let (grid, wraps) = (self.grid.get(), self.wraps.get());
        let lines_of = |bytes: usize| {
            #[expect(clippy::cast_precision_loss, reason = "a row has some thousand bytes")]
            let lines = (bytes as f64 / grid.columns).ceil();
            if wraps { lines.max(1.0) } else { 1.0 }
        };
        let height = |block: usize| {
            let lines = |rows: &Rows| rows.sizes(block).map(lines_of).sum::<f64>();
            self.rows.with_value(lines) * grid.line
        };
        self.heights.set(self.blocks().map(height).collect());
    }

    /// Measures a row.
    fn measure_grid(self) {
        let (Some(probe), Some(place)) = (self.probe.get_untracked(), self.place.get_untracked())
        else {
            return;
        };
        let size = probe.get_bounding_client_rect();
        let letter = (size.width() / 10.0).max(1.0);
        let columns = f64::from(place.client_width()) / letter - 8.0;
        let grid = Grid {
            line: size.height().max(1.0),
            letter,
            columns: columns.max(10.0),
        };
        if self.grid.get_untracked() != grid {
            self.grid.set(grid);
        }
    }

    /// Measures the blocks that are drawn.
    fn measure_blocks(self) {
        let (Some(place), Some(part)) = (
            self.place.try_get_untracked().flatten(),
            self.part.try_get_untracked(),
        ) else {
            return;
        };
        let Ok(drawn) = place.query_selector_all(".console-block") else {
            return;
        };
        let first = part * BLOCKS_OF_PART;
        let measure = |nth: u32| {
            let block = drawn.item(nth)?.dyn_into::<Element>().ok()?;
            let number: usize = block.get_attribute("data-block")?.parse().ok()?;
            Some((
                number.checked_sub(first)?,
                block.get_bounding_client_rect().height(),
            ))
        };
        let measured: Vec<(usize, f64)> = (0..drawn.length()).filter_map(measure).collect();
        let differs = |heights: &Vec<f64>| {
            let mut measured = measured.iter();
            measured.any(|(block, height)| {
                heights
                    .get(*block)
                    .is_some_and(|known| (known - height).abs() > 0.5)
            })
        };
        if self.heights.try_with_untracked(differs).unwrap_or_default() {
            self.heights.update(|heights| {
                for (block, height) in measured {
                    if let Some(known) = heights.get_mut(block) {
                        *known = height;
                    }
                }
            });
        }
    }

    /// Notes where one looks.
    fn look(self) {
        if let Some(place) = self.place.try_get_untracked().flatten() {
            self.top.set(f64::from(place.scroll_top()));
        }
    }

    /// Brings a row into view.
    pub(super) fn go_to(self, row: usize) {
        self.part.set(row / ROWS_OF_PART);
        request_animation_frame(move || {
            let Some(place) = self.place.try_get_untracked().flatten() else {
                return;
            };
            let block = (row / BLOCK) % BLOCKS_OF_PART;
            let above = self
                .heights
                .with_untracked(|heights| heights.iter().take(block).sum::<f64>());
            #[expect(clippy::cast_precision_loss, reason = "less than a block's rows")]
            let within = (row % BLOCK) as f64 * self.grid.get_untracked().line;
            let middle = f64::from(place.client_height()) / 3.0;
            #[expect(clippy::cast_possible_truncation, reason = "whole pixels")]
            place.set_scroll_top((above + within - middle) as i32);
            self.look();
            request_animation_frame(move || self.reveal(row));
        });
    }

    /// Corrects where one looks, now that the row is drawn; sideways too, where something in it was looked for.
    fn reveal(self, row: usize) {
        let Some(place) = self.place.try_get_untracked().flatten() else {
            return;
        };
        let found = |css: &str| place.query_selector(css).ok().flatten();
        let row = format!("[data-place=\"{row}\"]");
        let aim = found(&format!("{row} mark[aria-current]")).or_else(|| found(&row));
        if let Some(aim) = aim {
            let how = ScrollIntoViewOptions::new();
            how.set_block(ScrollLogicalPosition::Nearest);
            how.set_inline(ScrollLogicalPosition::Nearest);
            aim.scroll_into_view_with_scroll_into_view_options(&how);
        }
    }

    /// Brings the end into view.
    pub(super) fn go_to_end(self) {
        let last = self.found.get_untracked().saturating_sub(1);
        self.part.set(last / ROWS_OF_PART);
        // What was guessed is corrected as it is drawn, so the end may move.
        self.approach_end(4);
    }

    fn approach_end(self, tries: u32) {
        request_animation_frame(move || {
            let Some(place) = self.place.try_get_untracked().flatten() else {
                return;
            };
            place.set_scroll_top(place.scroll_height());
            self.look();
            if tries > 0 {
                self.approach_end(tries - 1);
            }
        });
    }

    /// Shows the part before or after, from its near end.
    fn turn(self, part: usize, to_end: bool) {
        self.part.set(part);
        if to_end {
            self.approach_end(4);
        } else if let Some(place) = self.place.get_untracked() {
            place.set_scroll_top(0);
            self.look();
        }
    }

    /// Draws the screen.
    pub(super) fn draw(self, title: &'static str, finder: Finder) -> AnyView {
        Effect::new(move |_| {
            if self.probe.get().is_some() {
                self.measure_grid();
            }
        });
        let resizing = window_event_listener(leptos::ev::resize, move |_| self.measure_grid());
        on_cleanup(move || resizing.remove());
        Effect::new(move |_| self.lay_out());

        let height = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64())
            .unwrap_or(1000.0)
            * HEIGHT;
        let shown = Memo::new(move |_| {
            self.heights
                .with(|heights| Window::of(heights, self.top.get(), height))
        });
        Effect::new(move |_| {
            shown.track();
            self.heights.track();
            request_animation_frame(move || self.measure_blocks());
        });
        let blocks = move || {
            let (first, shown) = (self.part.get() * BLOCKS_OF_PART, shown.get());
            first + shown.first.min(shown.end)..first + shown.end
        };
        let digits = move || self.lines().max(1).ilog10() + 1;
        view! {
            <div
                class="console-screen"
                node_ref=self.place
                tabindex="0"
                role="group"
                aria-label=format!("Lines of {title}")
                data-wraps=move || self.wraps.get().then_some("")
                style=("--digits", move || digits().to_string())
                on:scroll=move |_| self.look()
            >
                <span class="console-probe" aria-hidden="true" node_ref=self.probe>"0000000000"</span>
                {move || self.turner(self.part.get().checked_sub(1), "Earlier lines", true)}
                <div style:height=move || format!("{}px", shown.get().before)></div>
                <For each=blocks key=|block| *block children=move |block| self.draw_block(block, finder)/>
                <div style:height=move || format!("{}px", shown.get().after)></div>
                {move || {
                    let next = self.part.get() + 1;
                    self.turner((next * ROWS_OF_PART < self.found.get()).then_some(next), "Later lines", false)
                }}
            </div>
        }
        .into_any()
    }

    fn turner(self, part: Option<usize>, name: &'static str, to_end: bool) -> Option<AnyView> {
        let part = part?;
        let turn = move |_| self.turn(part, to_end);
        Some(view! { <button class="button console-turn" on:click=turn>{name}</button> }.into_any())
    }

    fn draw_block(self, block: usize, finder: Finder) -> AnyView {
        let count = Memo::new(move |_| {
            self.found.track();
            self.rows.with_value(|rows| rows.rows_of(block).len())
        });
        let current = Memo::new(move |_| finder.current().filter(|(row, _)| row / BLOCK == block));
        let place = NodeRef::<html::Div>::new();
        Effect::new(move |_| {
            count.track();
            let (text, current) = (self.text(), current.get());
            let rows = self.rows.with_value(|rows| rows.block(&text, block));
            if let Some(place) = place.get() {
                finder
                    .needle
                    .with(|needle| fill(&place, rows, needle, current));
            }
        });
        view! { <div class="console-block" node_ref=place data-block=block.to_string()></div> }
            .into_any()
    }

    /// Puts the keyboard onto the screen, so that its keys scroll.
    pub(super) fn focus(self) {
        if let Some(place) = self.place.get_untracked() {
            // Nothing follows from a screen that cannot be focused.
            let _ = HtmlElement::focus(&place);
        }
    }
}
