//! How the types that are one word on the wire are described in the OpenAPI document.

use std::borrow::Cow;

use utoipa::openapi::schema::{AdditionalProperties, Object, ObjectBuilder, Schema, SchemaType};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::id::{SessionId, StreamId, TaskId};
use crate::name::{self, Name};
use crate::time::Time;
use crate::timeout::{TaskClass, Timeout};
use crate::wire::{Document, EventKind};
use crate::worker::Worker;
use crate::{Code, limits};

/// What may stand after an id's prefix.
const ID_REST: &str = "[0-9a-hjkmnp-tv-z]{8}$";

macro_rules! described {
    ($($name:ident: $schema:expr;)*) => {
        $(
            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    RefOr::T(Schema::Object($schema.build()))
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed(stringify!($name))
                }
            }
        )*
    };
}

described! {
    SessionId: id("session", SessionId::PREFIX);
    StreamId: id("stream", StreamId::PREFIX);
    TaskId: id("task", TaskId::PREFIX);
    Name: text("A letter or digit, then up to 63 letters, digits, `.`, `_` or `-`; not starting as an id does.")
        .pattern(Some(format!("^[A-Za-z0-9][A-Za-z0-9._-]{{0,{}}}$", name::LONGEST - 1)))
        .examples(["auth"]);
    Time: text("A moment: RFC 3339 in UTC with milliseconds.")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .examples(["2026-01-05T09:30:00.000Z"]);
    Timeout: ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Integer))
        .description(Some("How long a task may run, in seconds: from 1 second to 7 days."))
        .minimum(Some(1))
        .maximum(Some(Timeout::LONGEST.seconds()))
        .examples([300]);
    TaskClass: text("A word that stands for a default timeout: FAST_SCRIPT, MEDIUM_SCRIPT, LLM_LITE, LLM_HEAVY, or one that a plugin or the project brings.")
        .pattern(Some("^[A-Z][A-Z0-9_]*$"))
        .max_length(Some(64))
        .examples(["MEDIUM_SCRIPT"]);
    Worker: text("The name someone acts under: any text that is not blank, at most 256 bytes of UTF-8.")
        .pattern(Some(r"\S"))
        .max_length(Some(limits::WORKER))
        .examples(["claude-1"]);
    Document: ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Object))
        .description(Some("A JSON object whose fields are not SparkQ's own: a tool's, a worker's or a plugin's."))
        .additional_properties(Some(AdditionalProperties::FreeForm(true)));
    EventKind: text("What kind of change an event tells of.")
        .enum_values(Some(EventKind::ALL.iter().map(|kind| kind.as_str())));
    Code: text("What went wrong, for programs.")
        .enum_values(Some(Code::ALL.iter().map(|code| code.as_str())));
}

/// A result: what it holds beside its summary is the worker's affair.
pub(crate) fn result() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::Object))
        .description(Some("What came of the work; at most 1 MiB of JSON. Its tool may ask for more than a summary."))
        .property("summary", text("What was done, in a few words.").pattern(Some(r"\S")))
        .required("summary")
        .examples([serde_json::json!({"summary": "3 of 3 tests pass"})])
        .build()
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .description(Some(description))
}

fn id(what: &str, prefix: &str) -> ObjectBuilder {
    text(&format!(
        "The id of a {what}: `{prefix}` and eight characters of 0-9 a-z without i l o u."
    ))
    .pattern(Some(format!("^{prefix}{ID_REST}")))
    .examples([format!("{prefix}7f3k9m2p")])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Cancel, EditSession, EditStream, Fail, NewSession, NewStream};

    #[test]
    fn the_pattern_of_an_id_has_exactly_the_letters_of_ids() {
        let class = ID_REST.trim_end_matches("{8}$").trim_matches(['[', ']']);
        let mut letters = Vec::new();
        let bytes: Vec<u8> = class.bytes().collect();
        let mut at = 0;
        while at < bytes.len() {
            let end = if bytes.get(at + 1) == Some(&b'-') {
                bytes[at + 2]
            } else {
                bytes[at]
            };
            letters.extend(bytes[at]..=end);
            at += if end == bytes[at] { 1 } else { 3 };
        }
        assert_eq!(letters, crate::id::ALPHABET);
    }

    #[test]
    fn the_lengths_in_the_descriptions_are_those_of_the_table() {
        let longest = |schema: RefOr<Schema>, field: &str| {
            let schema = serde_json::to_value(schema).expect("JSON");
            schema["properties"][field]["maxLength"].as_u64()
        };
        for (described, field, limit) in [
            (NewSession::schema(), "description", limits::DESCRIPTION),
            (EditSession::schema(), "description", limits::DESCRIPTION),
            (NewStream::schema(), "instructions", limits::INSTRUCTIONS),
            (EditStream::schema(), "instructions", limits::INSTRUCTIONS),
            (Fail::schema(), "error", limits::ERROR),
            (Cancel::schema(), "reason", limits::ERROR),
        ] {
            assert_eq!(longest(described, field), Some(limit as u64), "{field}");
        }
    }
}
