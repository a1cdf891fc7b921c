//! The instructions of a stream: shown as Markdown, and edited beside what they will look like.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use sparkq_core::limits;
use sparkq_core::wire::{EditStream, Stream};

use super::draft::{Draft, Standing};
use super::{Shown, room};
use crate::client::{self, Answer, Asked};
use crate::kit::{CopyButton, Glyph, Icon, Markdown, Toasts, focus_if_lost, focus_soon};
use crate::page::attempt::Attempt;

/// How long a writer rests before the preview follows.
const REST: Duration = Duration::from_millis(120);

/// Shows the instructions, or their editor.
pub(super) fn panel(this: Shown) -> AnyView {
    let now = Memo::new(move |_| this.stream.read().instructions.clone());
    let editing = RwSignal::new(false);
    let kept = this.id.with_value(|id| Draft::kept(id.as_str()));
    let kept = kept.filter(|draft| draft.standing(&now.read_untracked()) != Standing::Same);
    let restored = kept.is_some();
    let editor = Editor {
        this,
        now,
        editing,
        text: RwSignal::new(String::new()),
        base: RwSignal::new(String::new()),
        is_kept: RwSignal::new(true),
        attempt: Attempt::told_in_form(),
    };
    if let Some(draft) = kept {
        editor.open(draft);
    }
    editor.watch();
    view! {
        <section class="panel instructions-panel" aria-label="Instructions">
            {move || {
                if editing.get() {
                    editor.draw(restored)
                } else {
                    editor.reading()
                }
            }}
        </section>
    }
    .into_any()
}

/// The button that begins to edit.
const EDIT: &str = ".instructions-panel [data-act=edit]";

/// The editor; a handle, free to copy.
#[derive(Clone, Copy)]
struct Editor {
    this: Shown,
    /// The instructions as they are by now.
    now: Memo<String>,
    editing: RwSignal<bool>,
    text: RwSignal<String>,
    base: RwSignal<String>,
    /// Whether the tab keeps what is written.
    is_kept: RwSignal<bool>,
    attempt: Attempt,
}

impl Editor {
    fn open(self, draft: Draft) {
        self.text.set(draft.text);
        self.base.set(draft.base);
        self.editing.set(true);
    }

    fn close(self) {
        self.this.id.with_value(|id| Draft::forget(id.as_str()));
        self.editing.set(false);
    }

    fn draft(self) -> Draft {
        Draft {
            base: self.base.get(),
            text: self.text.get(),
        }
    }

    fn standing(self) -> Standing {
        self.draft().standing(&self.now.read())
    }

    /// Keeps what is written, and takes over what others write while nothing is.
    fn watch(self) {
        Effect::new(move |_| {
            if !self.editing.get() {
                return;
            }
            let draft = self.draft();
            if draft.text == draft.base {
                let now = self.now.get();
                if now != draft.base {
                    self.base.set(now.clone());
                    self.text.set(now);
                }
                self.this.id.with_value(|id| Draft::forget(id.as_str()));
            } else {
                let is_kept = self.this.id.with_value(|id| draft.keep(id.as_str()));
                self.is_kept.set(is_kept);
            }
        });
    }

    fn can_save(self) -> bool {
        self.standing() == Standing::Ahead
            && self.text.read().len() <= limits::INSTRUCTIONS
            && !self.attempt.is_busy()
    }

    fn save(self) {
        if !untrack(move || self.can_save()) {
            return;
        }
        let toasts = Toasts::expect();
        let id = self.this.id.with_value(ToString::to_string);
        let wanted = self.text.get_untracked();
        let put = put(id.clone(), self.base.get_untracked(), wanted.clone());
        self.attempt.start(put, move |stream: Stream| {
            if stream.instructions == wanted {
                toasts.say("The instructions are saved.");
                self.saved(&id, wanted);
            }
            // Whoever was faster stands on the page now, beside what was written. By now it may be another stream's page.
            if self.editing.try_get_untracked().is_some() {
                self.this.fetched.take_over(stream);
            }
        });
    }

    /// Closes, unless the writer has gone on: then what was saved is what they go on from.
    fn saved(self, id: &str, text: String) {
        match self.text.try_with_untracked(|now| *now == text) {
            Some(true) => {
                self.close();
                focus_if_lost(EDIT);
            }
            Some(false) => self.base.set(text),
            // The page is gone, and what this tab keeps may be another's by now.
            None if Draft::kept(id).is_some_and(|kept| kept.text == text) => Draft::forget(id),
            None => {}
        }
    }

    fn reading(self) -> AnyView {
        let now = self.now;
        let begin = move |_| {
            self.open(Draft::of(&now.read_untracked()));
            focus_soon(".editor textarea");
        };
        let is_empty = Memo::new(move |_| now.read().trim().is_empty());
        view! {
            <div class="panel-head">
                <h2>"Instructions"</h2>
                <span class="row">
                    <CopyButton text=now what="the instructions"/>
                    <button class="button" data-act="edit" on:click=begin>"Edit"</button>
                </span>
            </div>
            <div class="frame padded">
                <Show
                    when=move || !is_empty.get()
                    fallback=|| view! {
                        <p class="faint">"None yet. What every worker of this stream has to keep in mind stands here."</p>
                    }
                >
                    <Markdown text=now/>
                </Show>
            </div>
        }
        .into_any()
    }

    fn draw(self, restored: bool) -> AnyView {
        let settled = settled(self.text);
        let keys = move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("s") {
                event.prevent_default();
                self.save();
            }
        };
        let leave = move |_| {
            self.close();
            focus_soon(EDIT);
        };
        let state = move || match self.standing() {
            Standing::Same => "No changes yet.",
            Standing::Ahead if !self.is_kept.get() => "Unsaved; this browser keeps nothing of it.",
            Standing::Ahead if restored => "Unsaved; this tab had kept it, and goes on to.",
            Standing::Ahead => "Unsaved; this tab keeps it.",
            Standing::Crossed => "Unsaved: decide first whose to keep.",
        };
        view! {
            <div class="panel-head">
                <h2>"Instructions"</h2>
                <span class="row">
                    <span class="faint" role="status">{state}</span>
                    <button class="button" on:click=leave>
                        {move || if self.standing() == Standing::Same { "Close" } else { "Discard" }}
                    </button>
                    <button class="button primary" disabled=move || !self.can_save() on:click=move |_| self.save()>
                        "Save "<kbd>"Ctrl S"</kbd>
                    </button>
                </span>
            </div>
            {self.attempt.told()}
            {self.crossing()}
            <div class="editor" on:keydown=keys>
                <textarea
                    class="input"
                    aria-label="Instructions, in Markdown"
                    spellcheck="true"
                    prop:value=self.text
                    on:input=move |event| self.text.set(event_target_value(&event))
                ></textarea>
                <div class="frame padded" role="region" aria-label="Preview" tabindex="0">
                    <Markdown text=settled/>
                </div>
            </div>
            {room(self.text)}
        }
        .into_any()
    }

    /// What somebody else has written meanwhile, and the way to decide.
    fn crossing(self) -> AnyView {
        let crossed = Memo::new(move |_| self.standing() == Standing::Crossed);
        let keep_mine = move |_| self.base.set(self.now.get_untracked());
        let take_theirs = move |_| {
            let now = self.now.get_untracked();
            self.base.set(now.clone());
            self.text.set(now);
        };
        view! {
            <div role="alert">
                <Show when=move || crossed.get()>
                    <div class="crossing" data-tone="stale">
                        <p><Glyph icon=Icon::Warning/>"These instructions were changed elsewhere while you wrote. Theirs:"</p>
                        <pre tabindex="0"><code>{self.now}</code></pre>
                        <p class="row">
                            <button class="button" on:click=keep_mine>"Keep mine"</button>
                            <button class="button danger" on:click=take_theirs>"Take theirs, drop mine"</button>
                        </p>
                    </div>
                </Show>
            </div>
        }
        .into_any()
    }
}

/// Saves, unless somebody else was faster; then it only brings theirs.
async fn put(id: String, base: String, text: String) -> Asked<Stream> {
    let there: Answer<Stream> = client::streams::one(id.clone()).await?;
    if there.body.instructions != base {
        return Ok(there);
    }
    let edit = EditStream {
        instructions: Some(text),
        ..EditStream::default()
    };
    client::streams::edit(id, edit).await
}

/// Follows `text` once it has rested for a moment.
fn settled(text: RwSignal<String>) -> Signal<String> {
    let settled = RwSignal::new(text.get_untracked());
    Effect::new(move |_| {
        let text = text.get();
        let waiting = set_timeout_with_handle(
            move || {
                settled.try_set(text.clone());
            },
            REST,
        );
        on_cleanup(move || {
            if let Ok(waiting) = waiting {
                waiting.clear();
            }
        });
    });
    settled.into()
}
