//! How a worker gets at the tasks of a stream, and who wakes it.

use leptos::prelude::*;
use sparkq_core::wire::WatcherInfo;

use super::Shown;
use crate::client;
use crate::kit::{Ago, Command, Glyph, Icon, Toasts};
use crate::page::attempt::Attempt;

/// Shows the commands for workers, and the watcher.
pub(super) fn panel(this: Shown) -> AnyView {
    let command =
        move |spell: fn(&str) -> String| Signal::derive(move || spell(&this.handle.read()));
    let claim = command(|name| format!("sparkq claim --stream {name} --wait 9m"));
    let playbook = command(|name| format!("sparkq playbook --stream {name}"));
    let watch = command(|name| format!("sparkq watch {name}"));
    let shown = command(client::streams::playbook);
    let open = move || {
        view! {
            <p>"A worker takes the next task, or waits for one:"</p>
            <Command text=claim/>
            <p>
                "What it has to know is its "
                <a href=shown rel="external noreferrer" target="_blank">"playbook"</a>
                ":"
            </p>
            <Command text=playbook/>
            {watcher(this, watch)}
        }
    };
    let ended = || view! { <p class="faint">"It hands out no tasks while it is ended."</p> };
    view! {
        <section class="panel worker-panel" aria-label="Workers">
            <div class="panel-head"><h2>"Workers"</h2></div>
            <Show when=move || !this.ended.get() fallback=ended>{open()}</Show>
        </section>
    }
    .into_any()
}

/// Says whether a watcher is there, and stops it.
fn watcher(this: Shown, command: Signal<String>) -> AnyView {
    let watcher = Memo::new(move |_| this.watchers.of(&this.stream.read().name));
    let waits = Memo::new(move |_| this.stream.read().counts.queued > 0);
    let known = Memo::new(move |_| this.watchers.are_known());
    (move || match (known.get(), watcher.get(), waits.get()) {
        (false, ..) => ().into_any(),
        (_, Some(watcher), _) => alive(this, watcher),
        (_, None, true) => view! {
            <p class="watcher-state" data-tone="stale">
                <Glyph icon=Icon::Warning/>"It has work and no watcher. One wakes workers that wait:"
            </p>
            <Command text=command/>
        }
        .into_any(),
        (_, None, false) => view! {
            <p class="watcher-state">"No watcher. One wakes workers that wait:"</p>
            <Command text=command/>
        }
        .into_any(),
    })
    .into_any()
}

fn alive(this: Shown, watcher: WatcherInfo) -> AnyView {
    let attempt = Attempt::told_in_toasts();
    let toasts = Toasts::expect();
    let stop = move |_| {
        let id = this.id.with_value(ToString::to_string);
        attempt.start(client::streams::stop_watcher(id), move |answer| {
            this.watchers.again();
            toasts.say(if answer.stopped {
                format!("The watcher of {} has ended.", answer.stream)
            } else {
                format!("The server has no watcher of {}.", answer.stream)
            });
        });
    };
    let place = if watcher.in_server {
        "in the server".to_owned()
    } else {
        format!("as process {}", watcher.pid)
    };
    let button = watcher.in_server.then(|| {
        view! { <button class="button" disabled=move || attempt.is_busy() on:click=stop>"Stop the watcher"</button> }
    });
    let command = (!watcher.in_server).then(|| {
        let command = format!("sparkq stop --stream {}", watcher.stream);
        view! { <p>"It is stopped in a terminal:"</p><Command text=command/> }
    });
    view! {
        <p class="watcher-state" data-tone="succeeded" data-watched="">
            <Glyph icon=Icon::Succeeded/>
            <span>"Watched "{place}", begun "<Ago at=watcher.since/></span>
        </p>
        {button}
        {command}
    }
    .into_any()
}
