//! The parameters that several addresses share, for the `params` of their descriptions.

use sparkq_core::limits;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{KnownFormat, Required, SchemaFormat};

use crate::api::request::{Actor, Key, LONGEST_KEY};

/// The task in the address.
pub(crate) struct OfTask;
/// The stream in the address.
pub(crate) struct OfStream;
/// The session in the address.
pub(crate) struct OfSession;
/// The tool in the address.
pub(crate) struct OfTool;
/// The plugin in the address.
pub(crate) struct OfPlugin;
/// The event that an interrupted reader saw last.
pub(crate) struct LastEvent;

macro_rules! parameters {
    ($($of:ident: $name:literal in $place:ident, $description:literal, $schema:expr;)*) => {
        $(
            impl IntoParams for $of {
                fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                    let place = ParameterIn::$place;
                    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
                    vec![
                        ParameterBuilder::new()
                            .name($name)
                            .parameter_in(place)
                            .required(required)
                            .description(Some($description))
                            .schema(Some($schema))
                            .build(),
                    ]
                }
            }
        )*
    };
}

parameters! {
    OfTask: "id" in Path, "The task's id, or its beginning: `tsk_` and at least 4 characters.", text().examples(["tsk_7f3k9m2p"]);
    OfStream: "id" in Path, "The stream's id or name. A name means the active stream, else the one ended last.", text().examples(["auth"]);
    OfSession: "id" in Path, "The session's id or name. A name means the active session, else the one ended last.", text().examples(["release"]);
    OfTool: "name" in Path, "The tool's name.", text().examples(["run-bash"]);
    OfPlugin: "name" in Path, "The plugin's name.", text().examples(["acme-deploy"]);
    Actor: "Sparkq-Actor" in Header,
        "Who asks, for the event log: any name, percent-encoded where it is not ASCII. None is `api`.",
        text().pattern(Some("^[!-~]([ -~]*[!-~])?$")).max_length(Some(limits::WORKER)).examples(["claude-1"]);
    Key: "Idempotency-Key" in Header,
        "Makes the request safe to send again: the same key with the same request gets the first answer, with another request it is refused.",
        text().pattern(Some("^[!-~]+$")).max_length(Some(LONGEST_KEY)).examples(["4f1c2d-1"]);
    LastEvent: "Last-Event-ID" in Header,
        "The last event that the reader has seen, as a browser sends it when it connects again.",
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0));
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
}
