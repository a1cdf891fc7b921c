//! What a list shows of a stream; short, so that a change of its counts costs little.

use sparkq_core::wire::{Activity, Counts, Stream};
use sparkq_core::{Name, StreamId};

use crate::kit::markdown;
use crate::route;

/// How much of the instructions is looked at for that, in bytes.
const BEGINNING: usize = 400;

/// One stream as a list shows it.
#[derive(Clone, PartialEq)]
pub(in crate::page) struct Lane {
    pub(in crate::page) name: Name,
    pub(in crate::page) session: Name,
    pub(in crate::page) is_active: bool,
    pub(in crate::page) counts: Counts,
    pub(in crate::page) beginning: String,
    /// What it is asked for by: its name, or its id where the name means another.
    pub(in crate::page) handle: String,
}

impl Lane {
    /// The stream `id` among `streams`.
    pub(in crate::page) fn find(streams: &[Stream], id: &StreamId) -> Option<Self> {
        let stream = streams.iter().find(|stream| stream.id == *id)?;
        Some(Self {
            name: stream.name.clone(),
            session: stream.session_name.clone(),
            is_active: stream.status == Activity::Active,
            counts: stream.counts,
            beginning: beginning(&stream.instructions),
            handle: handle(stream, streams),
        })
    }

    /// Its address.
    pub(in crate::page) fn address(&self) -> String {
        route::stream(&self.handle)
    }
}

/// What a stream is asked for by: a name means the active stream, else the one that ended last, which lists do not tell.
pub(in crate::page) fn handle(stream: &Stream, streams: &[Stream]) -> String {
    let is_namesake = |other: &&Stream| other.id != stream.id && other.name == stream.name;
    let means_it = stream.status == Activity::Active || streams.iter().find(is_namesake).is_none();
    if means_it {
        stream.name.to_string()
    } else {
        stream.id.to_string()
    }
}

/// The first words of instructions, without what they look like.
fn beginning(instructions: &str) -> String {
    let start = instructions.floor_char_boundary(BEGINNING);
    markdown::words(&instructions[..start])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(id: &str, name: &str, status: &str) -> Stream {
        let text = format!(
            r#"{{"id":"{id}","session_id":"ses_00000000","session_name":"today","name":"{name}","status":"{status}",
            "counts":{{"queued":0,"running":0,"succeeded":0,"failed":0}},
            "created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"}}"#
        );
        serde_json::from_str(&text).expect("a stream")
    }

    #[test]
    fn an_ended_stream_whose_name_is_taken_again_is_asked_for_by_its_id() {
        let streams = [
            stream("str_00000001", "auth", "ended"),
            stream("str_00000002", "Auth", "active"),
            stream("str_00000003", "docs", "ended"),
        ];
        let handles = streams.each_ref().map(|one| handle(one, &streams));
        assert_eq!(handles, ["str_00000001", "Auth", "docs"]);
    }

    #[test]
    fn a_list_shows_the_first_words_of_the_instructions() {
        assert_eq!(
            beginning("# Fix it\n\n- *now*\n- [soon](https://example.org)\n"),
            "Fix it · now · soon"
        );
        assert_eq!(beginning(" \n#\n"), "");
        assert!(beginning(&"é".repeat(1000)).len() <= BEGINNING);
    }
}
