//! Reading objects within objects. A struct could also be read from an array of its fields, which nobody means.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

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
