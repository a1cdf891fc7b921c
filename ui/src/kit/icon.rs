//! Icons: one path each, drawn in the colour of the text around them.

use leptos::prelude::*;
use sparkq_core::Status;

/// What an icon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    /// The product itself.
    Spark,
    /// A clock.
    Queued,
    /// A triangle that points on.
    Running,
    /// A tick.
    Succeeded,
    /// A cross.
    Failed,
    /// A triangle with an exclamation mark.
    Warning,
    /// An empty tray.
    Empty,
    /// Two sheets.
    Copy,
    /// A magnifying glass.
    Search,
    /// A plus sign.
    Add,
    /// An arrow that turns back to its beginning.
    Again,
    /// A waste bin.
    Purge,
    /// A chevron to the right.
    Onward,
    /// A chevron up.
    Up,
    /// A chevron down.
    Down,
    /// An arrow down into a tray.
    Save,
}

impl From<Status> for Icon {
    fn from(status: Status) -> Self {
        match status {
            Status::Queued => Self::Queued,
            Status::Running => Self::Running,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
        }
    }
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Spark => "M9.4 1.5 3.6 9.1h3.6l-.7 5.4 5.9-7.6H8.8z",
            Self::Queued => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.8V8l2.2 1.4",
            Self::Running => "M5 3.3v9.4L12.6 8z",
            Self::Succeeded => "m3 8.6 3.2 3.2L13 4.8",
            Self::Failed => "m4 4 8 8m0-8-8 8",
            Self::Warning => "M8 2.3 14.4 13.5H1.6zM8 6.6v3m0 1.9v.1",
            Self::Copy => "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9m3.3 7.8 3.2 3.2",
            Self::Add => "M8 3v10M3 8h10",
            Self::Again => "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8",
            Self::Purge => "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
            Self::Onward => "m6 3.5 4.5 4.5L6 12.5",
            Self::Up => "m3.5 10 4.5-4.5 4.5 4.5",
            Self::Down => "m3.5 6 4.5 4.5L12.5 6",
            Self::Save => "M8 2.5v7m-3-3 3 3 3-3M3 13h10",
            Self::Empty => "m2 9.2 2-6.4h8l2 6.4v4H2zm0 0h3.4l1 1.8h3.2l1-1.8H14",
        }
    }
}

/// Draws an icon. It says nothing to a screen reader: the word beside it does.
#[component]
pub(crate) fn Glyph(#[prop(into)] icon: Signal<Icon>) -> impl IntoView {
    view! {
        <svg class="glyph" viewBox="0 0 16 16" aria-hidden="true">
            <path d=move || icon.get().path()></path>
        </svg>
    }
}
