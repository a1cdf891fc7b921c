//! Which tool, and which stream: both stand in the address, so that a link can say them.

use leptos::prelude::*;
use sparkq_core::wire::{Activity, Stream, Tool};

use crate::board::{Board, Face};
use crate::kit::{FieldIds, ToolLine, framed, labels, select};
use crate::route::{self, Place};

/// What is chosen; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Picks {
    tools: Signal<Option<Vec<Tool>>>,
    /// The tool that the address names, whether there is one or not.
    pub(super) named: Memo<Option<String>>,
    /// The stream that the task goes to: an active one.
    pub(super) stream: Memo<Option<String>>,
    asked_stream: Memo<Option<String>>,
    active: Memo<Vec<Stream>>,
}

impl Picks {
    /// Follows the address.
    pub(super) fn new(tools: Signal<Option<Vec<Tool>>>) -> Self {
        let board = Board::expect();
        let active = Memo::new(move |_| {
            let streams = board.streams().get().into_iter();
            streams
                .filter(|stream| stream.status == Activity::Active)
                .collect::<Vec<_>>()
        });
        let asked_stream = route::asked_for("stream");
        let stream = Memo::new(move |_| {
            let name = |stream: &Stream| stream.name.to_string();
            active.with(|active| match (asked_stream.get(), active.as_slice()) {
                (Some(asked), active) => active
                    .iter()
                    .find(|stream| is_called(stream, &asked))
                    .map(name),
                (None, [only]) => Some(name(only)),
                (None, _) => None,
            })
        });
        Self {
            tools,
            named: route::asked_for("tool"),
            stream,
            asked_stream,
            active,
        }
    }

    /// The tool that the address names.
    pub(super) fn tool(self) -> Option<Tool> {
        let name = self.named.get()?;
        self.tools.with(|tools| {
            tools
                .iter()
                .flatten()
                .find(|tool| tool.definition.name == name)
                .cloned()
        })
    }

    /// Goes to the form for a tool and a stream; what is `None` stays as it is.
    pub(super) fn choose(self, tool: Option<&str>, stream: Option<&str>) {
        let tool = tool.map_or_else(
            || self.named.get_untracked().unwrap_or_default(),
            str::to_owned,
        );
        let stream = stream.map_or_else(
            || self.asked_stream.get_untracked().unwrap_or_default(),
            str::to_owned,
        );
        Place::here().replace(&route::enqueue(&tool, &stream, ""));
    }

    /// A menu of the tools, those of other plugins marked with the plugin's name.
    pub(super) fn tool_field(self) -> AnyView {
        let ids = FieldIds::of("tool");
        let name = |tool: &Tool| tool.definition.name.clone();
        let choices = move || {
            let chosen = self.named.get();
            let tools = self.tools.get().unwrap_or_default();
            let choice = |tool: &Tool| {
                let of = tool
                    .other_plugin()
                    .map(|plugin| format!(" (plugin {plugin})"));
                let is_chosen = chosen.as_ref() == Some(&name(tool));
                (
                    format!("{}{}", name(tool), of.unwrap_or_default()),
                    is_chosen,
                )
            };
            tools.iter().map(choice).collect()
        };
        let choose = move |place: usize| {
            let chosen = self
                .tools
                .with_untracked(|tools| tools.iter().flatten().nth(place).map(name));
            self.choose(chosen.as_deref(), None);
        };
        let menu = select(&ids, choices, Signal::from(false), choose);
        let label = labels(&ids, "Tool".to_owned(), false);
        plain(&ids, label, "", menu)
    }

    /// A menu of the active streams, with how much waits in each; the way to make one where there is none.
    pub(super) fn stream_field(self) -> AnyView {
        let ids = FieldIds::of("stream");
        let board_face = Board::expect().face();
        let choices = move || {
            let chosen = self.stream.get();
            let active = self.active.get();
            let choice = |stream: &Stream| {
                let name = stream.name.to_string();
                let is_chosen = chosen.as_deref() == Some(name.as_str());
                (
                    format!("{name} – {} queued", stream.counts.queued),
                    is_chosen,
                )
            };
            let mut choices = vec![("Choose a stream".to_owned(), chosen.is_none())];
            choices.extend(active.iter().map(choice));
            choices
        };
        let choose = move |place: usize| {
            let active = self.active.get_untracked();
            let stream = place.checked_sub(1).and_then(|place| active.get(place));
            self.choose(None, Some(stream.map_or("", |stream| stream.name.as_str())));
        };
        let none = Memo::new(move |_| self.active.with(Vec::is_empty));
        let remark = move || {
            if none.get() && board_face.get() == Face::Ready {
                return Some(view! { <p class="field-help">"There is no active stream: "<a href=route::STREAMS>"create one"</a>"."</p> }.into_any());
            }
            let asked = self
                .asked_stream
                .get()
                .filter(|_| self.stream.get().is_none() && board_face.get() == Face::Ready)?;
            Some(view! { <p class="field-help" data-tone="stale"><strong>{asked}</strong>" is no active stream."</p> }.into_any())
        };
        let menu = select(&ids, choices, Signal::from(false), choose);
        let label = labels(&ids, "Stream".to_owned(), true);
        plain(&ids, label, "", view! { {menu}{remark} }.into_any())
    }

    /// All tools, to choose one.
    pub(super) fn chooser(self) -> AnyView {
        let brought = route::asked_for("payload");
        let line = move |tool: Tool| {
            let stream = self.asked_stream.get_untracked().unwrap_or_default();
            let name = tool.definition.name.clone();
            // What a link brings goes along.
            let payload = brought.get_untracked().unwrap_or_default();
            let address = route::enqueue(&name, &stream, &payload);
            view! { <li><a class="tool-card" href=address data-tool=name><ToolLine tool/></a></li> }
        };
        let tools = move || {
            self.tools
                .get()
                .unwrap_or_default()
                .into_iter()
                .map(line)
                .collect_view()
        };
        view! {
            <section class="panel">
                <div class="panel-head"><h2>"With which tool?"</h2></div>
                <ul class="tool-cards">{tools}</ul>
            </section>
        }
        .into_any()
    }
}

fn plain(ids: &FieldIds, label: AnyView, help: &str, control: AnyView) -> AnyView {
    let issues = Memo::new(|_| Vec::new());
    framed(
        (ids, label),
        help.to_owned(),
        (issues, Callback::new(|_| ())),
        control,
    )
}

fn is_called(stream: &Stream, asked: &str) -> bool {
    stream.name.as_str().eq_ignore_ascii_case(asked) || stream.id.as_str() == asked
}
