//! Addresses: the only file that knows how a page and its filters are spelled in the URL.

mod history;

use leptos::prelude::*;
use leptos::web_sys::js_sys::{decode_uri_component, encode_uri_component};
use sparkq_core::wire::Filter;

pub(crate) use history::Place;

/// The table of tasks.
pub(crate) const TASKS: &str = "/tasks";
/// The form that enqueues.
pub(crate) const ENQUEUE: &str = "/enqueue";
/// The streams.
pub(crate) const STREAMS: &str = "/streams";
/// The sessions.
pub(crate) const SESSIONS: &str = "/sessions";
/// The tools.
pub(crate) const TOOLS: &str = "/tools";
/// The plugins.
pub(crate) const PLUGINS: &str = "/plugins";
/// The script index.
pub(crate) const SCRIPTS: &str = "/scripts";
/// What is configured.
pub(crate) const SETTINGS: &str = "/settings";

/// Follows the stream that the address asks for: `?stream=NAME`.
pub(crate) fn stream_filter() -> Memo<Option<String>> {
    asked_for("stream")
}

/// Follows one value of the address's query; an empty one is none.
pub(crate) fn asked_for(key: &'static str) -> Memo<Option<String>> {
    Place::here().asked_for(key)
}

/// Follows the page that the address asks for: the first segment of the path, empty for the dashboard, and whether
/// another one follows.
pub(crate) fn place() -> Memo<(String, bool)> {
    let path = Place::here().path();
    Memo::new(move |_| path.with(|path| segments(path)))
}

/// Follows the second segment of the address: the task's id, or the stream's name.
pub(crate) fn named() -> Memo<String> {
    let path = Place::here().path();
    Memo::new(move |_| path.with(|path| decoded(path.split('/').nth(2).unwrap_or_default())))
}

/// What a part of an address stands for; as it is where it is spelled wrongly.
fn decoded(part: &str) -> String {
    decode_uri_component(part).map_or_else(|_| part.to_owned(), String::from)
}

/// The place on the page that the address asks for: `#NAME`.
pub(crate) fn mark() -> Option<String> {
    let mark = window().location().hash().ok()?;
    let mark = mark.strip_prefix('#').filter(|mark| !mark.is_empty())?;
    Some(decoded(mark))
}

/// Splits a path into its first segment and whether there is a second; more than two lead nowhere.
fn segments(path: &str) -> (String, bool) {
    let mut segments = path.trim_matches('/').split('/');
    let first = segments.next().unwrap_or_default().to_owned();
    let named = segments.next().is_some();
    if segments.next().is_some() {
        return ("…".to_owned(), named);
    }
    (first, named)
}

/// Goes to `address`.
pub(crate) fn go(address: &str) {
    Place::here().go(address);
}

/// Spells the dashboard's address, of one stream or of all. Names need no escaping.
pub(crate) fn dashboard(stream: Option<&str>) -> String {
    match stream {
        Some(name) => format!("/?stream={name}"),
        None => "/".to_owned(),
    }
}

/// Follows which tasks the address of their table asks for.
pub(crate) fn task_filter() -> Memo<Filter> {
    let [status, stream, tool, stale, q] =
        ["status", "stream", "tool", "stale", "q"].map(asked_for);
    Memo::new(move |_| Filter {
        status: status.get(),
        stream: stream.get(),
        tool: tool.get(),
        stale: stale.get().map(|stale| stale != "false"),
        q: q.get().filter(|q| !q.trim().is_empty()),
        older_than: None,
    })
}

/// Spells the address of the table of those tasks that `filter` means.
pub(crate) fn tasks(filter: &Filter) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let stale = if filter.stale == Some(true) {
        "true"
    } else {
        ""
    };
    let query = [
        ("status", text(&filter.status)),
        ("stale", stale.to_owned()),
        ("stream", text(&filter.stream)),
        ("tool", text(&filter.tool)),
        ("q", text(&filter.q)),
    ];
    with_query(
        TASKS,
        &query.each_ref().map(|(key, value)| (*key, value.as_str())),
    )
}

/// Spells a task's address.
pub(crate) fn task(id: &str) -> String {
    format!("{TASKS}/{id}")
}

/// Spells the address of a tool among the others.
pub(crate) fn tool(name: &str) -> String {
    format!("{TOOLS}#{name}")
}

/// Spells a stream's address: by its name, or by its id where the name means another.
pub(crate) fn stream(name: &str) -> String {
    format!("{STREAMS}/{name}")
}

/// Spells the address of the form that enqueues, with what it starts from.
pub(crate) fn enqueue(tool: &str, stream: &str, payload: &str) -> String {
    let query = [("tool", tool), ("stream", stream), ("payload", payload)];
    with_query(ENQUEUE, &query)
}

/// Spells an address with a query; values that are empty are left out.
pub(crate) fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (key, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(key);
        address.push('=');
        address.push_str(&String::from(encode_uri_component(value)));
    }
    address
}

/// Leaves for the sign-in, which leads back here. Where it stands in the history, nobody comes back to a page without
/// an answer.
pub(crate) fn sign_in_first() {
    let location = window().location();
    let here = [location.pathname(), location.search()].map(Result::unwrap_or_default);
    let next = encode_uri_component(&here.concat());
    // A browser that leaves for nowhere shows why the server has refused.
    let _ = location.replace(&format!("/login?next={next}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_page_and_maybe_a_name() {
        let told = [
            "/",
            "/tasks",
            "/tasks/",
            "/tasks/tsk_1",
            "/tasks/tsk_1/more",
        ]
        .map(segments);
        let told = told
            .each_ref()
            .map(|(first, named)| (first.as_str(), *named));
        let wanted = [
            ("", false),
            ("tasks", false),
            ("tasks", false),
            ("tasks", true),
            ("…", true),
        ];
        assert_eq!(told, wanted);
    }
}
