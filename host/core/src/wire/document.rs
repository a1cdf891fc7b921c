//! A JSON document that is carried, not looked into.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// A JSON document kept as its text, because the queue stores it and hands it on far more often than it reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(Box<str>);

impl Document {
    /// Takes over a text that is JSON already, as the store's columns are. A text that is not makes serialising fail.
    #[must_use]
    pub fn from_json_text(text: String) -> Self {
        Self(text.into())
    }

    /// The document's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The document, looked into; null when the text is no JSON.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl From<Map<String, Value>> for Document {
    fn from(map: Map<String, Value>) -> Self {
        Value::Object(map).into()
    }
}

impl From<Value> for Document {
    fn from(value: Value) -> Self {
        Self(value.to_string().into())
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer)
            .map(Self::from)
            .map_err(de::Error::custom)
    }
}
