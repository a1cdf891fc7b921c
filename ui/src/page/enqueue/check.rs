//! Has the tool's plugin look at the payload while it is being typed.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::{Draft, Verdict};
use crate::board::{Board, News};
use crate::client;
use crate::pace::Pace;
use crate::page::catalogue::changes_catalogue;

/// How long nothing may have been typed before it is looked at.
const PAUSE: Duration = Duration::from_millis(300);

/// Keeps what is known of `draft` up to date. An answer to what has been changed since is dropped.
pub(crate) fn follow(draft: Draft, tool: String) {
    let turn = StoredValue::new(0_u32);
    let reloads = RwSignal::new(0_u32);
    let pace = Pace::begin();
    Board::expect().listen(move |news| {
        if matches!(news, News::Anew | News::Back)
            || matches!(news, News::Event(event) if changes_catalogue(event.kind))
        {
            pace.soon(move || reloads.update(|reloads| *reloads += 1));
        }
    });
    let question = Memo::new(move |_| draft.is_begun().then(|| draft.question()));
    Effect::new(move |_| {
        reloads.track();
        let question = question.get();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let is_mine = move || turn.try_get_value() == Some(mine);
        let Some(question) = question else {
            draft.verdict().set(Verdict::Open);
            return;
        };
        let tool = tool.clone();
        let ask = move || {
            if !is_mine() {
                return;
            }
            spawn_local(async move {
                let verdict = match client::tools::check(&tool, &question).await {
                    Ok(answer) => Verdict::Said(answer.body),
                    Err(reason) => Verdict::Unasked(reason),
                };
                if is_mine() {
                    draft.verdict().set(verdict);
                }
            });
        };
        set_timeout(ask, PAUSE);
    });
}
