//! A console: an output as a terminal shows it, however long, to be read, searched, copied and saved.

mod ansi;
mod draw;
mod file;
mod finder;
mod rows;
mod screen;
mod search;
mod style;
mod window;

use std::sync::Arc;

use leptos::prelude::*;

use self::finder::Finder;
use self::screen::Screen;
use super::{CopyButton, Glyph, Icon};

/// How many lines can be overlooked, so that nobody needs to search them.
const FEW: u32 = 12;

/// Shows `text` under its title. `file` is what it is saved as.
#[component]
pub(crate) fn Console(
    title: &'static str,
    #[prop(into)] text: Arc<str>,
    #[prop(into)] file: String,
) -> impl IntoView {
    let screen = Screen::of(text);
    let finder = Finder::of(screen);
    let size = spell_size(screen.text().len());
    let tally = move || match screen.lines() {
        1 => format!("1 line, {size}"),
        lines => format!("{} lines, {size}", grouped(lines)),
    };
    let is_long = Memo::new(move |_| screen.lines() > FEW);
    let wraps = screen.wraps;
    let save = move |_| {
        // Nothing follows from a file that was not saved.
        let _ = file::save(&file, &screen.text());
    };
    view! {
        <section class="panel console" aria-label=title>
            <div class="console-head">
                <h2>{title}</h2>
                <span class="tally">{tally}</span>
                <Show when=move || is_long.get()>{finder.draw(title)}</Show>
                <div class="console-tools">
                    <button
                        class="button small"
                        aria-pressed=move || wraps.get().to_string()
                        title="Whether long lines go on below"
                        on:click=move |_| wraps.update(|wraps| *wraps = !*wraps)
                    >
                        "Wrap"
                    </button>
                    <Show when=move || is_long.get()>
                        <button class="button small" on:click=move |_| screen.go_to_end()>"To the end"</button>
                    </Show>
                    <CopyButton text=Signal::derive(move || screen.text().to_string()) what=title.to_ascii_lowercase()/>
                    <button class="icon-button" aria-label=format!("Download {title}") title="Download" on:click=save>
                        <Glyph icon=Icon::Save/>
                    </button>
                </div>
            </div>
            {screen.draw(title, finder)}
        </section>
    }
}

/// Spells a number with its thousands apart.
fn grouped(number: u32) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1000), number % 1000),
    }
}

/// Spells how much a text is.
fn spell_size(bytes: usize) -> String {
    let tenths = |unit: usize| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        ..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", tenths(1024)),
        _ => format!("{} MB", tenths(1_048_576)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(
            [7, 1000, 1_234_056].map(grouped),
            ["7", "1,000", "1,234,056"]
        );
    }

    #[test]
    fn sizes_are_told_in_their_largest_unit() {
        assert_eq!(
            [12, 1536, 7_864_320].map(spell_size),
            ["12 B", "1.5 KB", "7.5 MB"]
        );
    }
}
