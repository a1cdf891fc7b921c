//! JSON Schemas made from types.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The JSON Schema 2020-12 of a type as it is read: its fields with their doc comments as descriptions, what is optional
/// left out of `required`, and types within types in their place.
///
/// Numbers have bounds and texts lengths where the type says so, as `#[schemars(range(min = 1))]`.
#[must_use]
pub fn of<T: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut schema = Value::from(schema);
    if let Value::Object(schema) = &mut schema {
        // The name of a Rust type says nothing to anybody else.
        schema.remove("title");
    }
    schema
}
