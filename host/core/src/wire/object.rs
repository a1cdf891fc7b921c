//! Reading objects within objects. A struct could also be read from an array of its fields, which nobody means.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Reads an object whose fields are those of two structs. Documents among them are carried as their text, which a
/// flattened field could not do.
pub(super) fn flat<'de, D: Deserializer<'de>, A: DeserializeOwned, B: DeserializeOwned>(
    reader: D,
) -> Result<(A, B), D::Error> {
    let text = Box::<RawValue>::deserialize(reader)?;
    let one = serde_json::from_str(text.get()).map_err(D::Error::custom)?;
    let other = serde_json::from_str(text.get()).map_err(D::Error::custom)?;
    Ok((one, other))
}

/// Reads a struct from an object alone.
pub(super) fn one<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    reader: D,
) -> Result<T, D::Error> {
    let fields = Map::<String, Value>::deserialize(reader)?;
    serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)
}

/// Reads structs from an array of objects alone.
pub(super) fn many<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    reader: D,
) -> Result<Vec<T>, D::Error> {
    let objects = Vec::<Map<String, Value>>::deserialize(reader)?;
    let read = |fields| serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom);
    objects.into_iter().map(read).collect()
}
