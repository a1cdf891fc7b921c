//! Completes what the handlers say of themselves with what is true of all of them.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};
use sparkq_core::wire::{Done, ErrorBody, Event};
use sparkq_core::{Code, Worker};
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::answers::ERRORS;
use super::examples::{self, Example};

/// The groups of addresses, in the order they are shown.
pub(super) const TAGS: &[(&str, &str)] = &[
    ("queue", "The queue as a whole."),
    (
        "sessions",
        "A session is a bounded period of work, with streams in it.",
    ),
    (
        "streams",
        "A stream is a lane of tasks, first in, first out, with instructions for whoever works on it.",
    ),
    (
        "tasks",
        "A task is one thing to do with one tool. It is run once; a requeue makes a clone of it.",
    ),
    (
        "tools",
        "A tool says what payloads it takes and how a worker carries them out.",
    ),
    (
        "plugins",
        "Tools come from plugins, which check payloads in a sandbox.",
    ),
    (
        "events",
        "Every change is an event, kept in a log and sent to whoever follows it.",
    ),
    ("docs", "What you are reading."),
];

/// What every address may answer, whatever it is asked.
const ALWAYS: [u16; 4] = [401, 403, 500, 503];

/// The document, complete.
pub(super) fn complete(mut api: OpenApi) -> Value {
    let components = api.components.get_or_insert_default();
    let mut schemas = Vec::new();
    add::<ErrorBody>(&mut schemas);
    add::<Done>(&mut schemas);
    add::<Worker>(&mut schemas);
    add::<Event>(&mut schemas);
    components.schemas.extend(schemas);
    let mut document = serde_json::to_value(api).unwrap_or_default();
    document["info"] = json!({
        "title": "SparkQ",
        "version": env!("CARGO_PKG_VERSION"),
        "description": include_str!("intro.md"),
    });
    // The server may have a token; one that listens on loopback alone need not.
    document["components"]["securitySchemes"] = json!({
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of the server.",
        },
        "signIn": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sparkq-8420",
            "description": "What a browser is given at /login, for this server's own pages: it holds for 30 days, \
                            or until the token changes. The port in its name is the one in the address; without \
                            one the name is `sparkq`.",
        },
    });
    document["security"] = json!([{}, {"token": []}, {"signIn": []}]);
    document["servers"] =
        json!([{"url": "/", "description": "The server that sends this document."}]);
    document["tags"] = TAGS
        .iter()
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect();
    for operation in operations(&mut document) {
        complete_operation(operation);
    }
    complete_components(&mut document["components"]);
    leave_out_nulls(&mut document);
    document
}

/// Adds a schema that no address answers with by itself.
fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
}

/// Every operation of every path.
fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter();
    let items = paths
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut);
    items.flat_map(Map::values_mut)
}

/// Adds the errors that follow from what the operation takes, and the header of its answers.
fn complete_operation(operation: &mut Value) {
    let takes_parameters = operation["parameters"]
        .as_array()
        .is_some_and(|all| !all.is_empty());
    let takes_body = operation["requestBody"].is_object();
    let mut answers: BTreeMap<String, Value> = BTreeMap::new();
    for (status, mut answer) in operation["responses"]
        .as_object()
        .cloned()
        .unwrap_or_default()
    {
        if answer["description"].as_str().is_none_or(str::is_empty) {
            answer["description"] = if status == "201" { "Made." } else { "Done." }.into();
        }
        if answer["content"]["application/json"].is_object() || status == "204" {
            answer["headers"]["Sparkq-Seq"] = json!({"$ref": "#/components/headers/Sparkq-Seq"});
        }
        answers.insert(status, answer);
    }
    for (status, name, _) in spoken() {
        let applies = ALWAYS.contains(&status)
            || status == 400 && (takes_parameters || takes_body)
            || matches!(status, 413 | 415) && takes_body;
        if applies {
            answers.insert(status.to_string(), reference(name));
        }
    }
    operation["responses"] = Value::Object(answers.into_iter().collect());
    let id = operation["operationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for example in examples::of(&id) {
        show(operation, example);
    }
}

/// Shows an example at its body and at its answer.
fn show(operation: &mut Value, example: &Example) {
    let name = &example.operation;
    if let Some((text, kind)) = example.content() {
        let value = example.body.clone().unwrap_or(Value::String(text));
        operation["requestBody"]["content"][kind]["examples"][name] = json!({"value": value});
    }
    let contents = operation["responses"][example.status.to_string()].get_mut("content");
    let content = contents.and_then(|contents| contents.as_object_mut()?.values_mut().next());
    if let (Some(content), Some(answer)) = (content, &example.answer) {
        content["examples"][name] = json!({"value": answer});
    }
}

fn reference(answer: &str) -> Value {
    json!({"$ref": format!("#/components/responses/{answer}")})
}

/// The error statuses that some code has.
fn spoken() -> impl Iterator<Item = (u16, &'static str, &'static str)> {
    let has_code = |status: u16| Code::ALL.iter().any(|code| code.http_status() == status);
    ERRORS
        .iter()
        .copied()
        .filter(move |(status, _, _)| has_code(*status))
}

fn complete_components(components: &mut Value) {
    components["headers"]["Sparkq-Seq"] = json!({
        "description": "The newest event that the answer includes: follow /api/events from there. \
                        Of an error, the newest that this server has answered with, and 0 where the door is closed.",
        "required": true,
        "schema": {"type": "integer", "format": "int64", "minimum": 0},
    });
    for (status, name, when) in spoken() {
        let codes = Code::ALL.iter().filter(|code| code.http_status() == status);
        let codes: Vec<_> = codes.map(|code| format!("`{}`", code.as_str())).collect();
        components["responses"][name] = json!({
            "description": format!("{when} {}.", codes.join(", ")),
            "headers": {"Sparkq-Seq": {"$ref": "#/components/headers/Sparkq-Seq"}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
        });
    }
    components["schemas"]["Code"]["x-codes"] = Code::ALL
        .iter()
        .map(|code| {
            json!({
                "code": code.as_str(),
                "status": code.http_status(),
                "meaning": code.meaning(),
                "hint": code.hint(),
            })
        })
        .collect();
}

/// An answer leaves out what has no value, so nothing in it is null. A request may send null for what it leaves out.
fn leave_out_nulls(document: &mut Value) {
    let mut taken = HashSet::new();
    for operation in operations(document) {
        operation["parameters"]
            .as_array_mut()
            .into_iter()
            .flatten()
            .for_each(without_null);
        if operation["parameters"].is_null() {
            operation
                .as_object_mut()
                .and_then(|fields| fields.remove("parameters"));
        }
        // A body that may be left out must be an object when it is there.
        without_null(&mut operation["requestBody"]);
        if operation["requestBody"].is_null() {
            operation
                .as_object_mut()
                .and_then(|fields| fields.remove("requestBody"));
        }
        references(&operation["requestBody"], &mut taken);
    }
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
        return;
    };
    let mut seen = HashSet::new();
    while let Some(name) = taken.difference(&seen).next().cloned() {
        references(schemas.get(&name).unwrap_or(&Value::Null), &mut taken);
        seen.insert(name);
    }
    for (_, schema) in schemas
        .iter_mut()
        .filter(|(name, _)| !taken.contains(*name))
    {
        without_null(schema);
    }
}

/// Notes the names of the schemas that `value` refers to.
fn references(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str);
            found.extend(name.and_then(|name| Some(name.rsplit_once('/')?.1.to_owned())));
            fields.values().for_each(|field| references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// Takes the alternative null out of every schema in `value`.
fn without_null(value: &mut Value) {
    let null = json!({"type": "null"});
    match value {
        Value::Object(fields) => {
            if let Some(kind) = fields.get_mut("type")
                && let Value::Array(kinds) = kind
            {
                kinds.retain(|kind| kind != "null");
                if kinds.len() == 1 {
                    *kind = kinds.remove(0);
                }
            }
            if let Some(Value::Array(choices)) = fields.get_mut("oneOf")
                && choices.contains(&null)
            {
                choices.retain(|choice| *choice != null);
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    fields.remove("oneOf");
                    fields.extend(only);
                }
            }
            fields.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}
