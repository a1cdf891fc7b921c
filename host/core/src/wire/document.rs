//! A JSON document that is carried, not looked into.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
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

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(raw.into()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_carried_as_its_text() {
        let text = r#"{"b":1.50,"a":[1e3,"é\u0000"],"c":null}"#;
        let carried: Document = serde_json::from_str(text).expect("JSON");
        assert_eq!(carried.as_str(), text);
        assert_eq!(serde_json::to_string(&carried).expect("JSON"), text);
        assert_eq!(carried.value()["b"], json!(1.5));
        let looked_into: Document = serde_json::from_value(json!({"b": [1]})).expect("JSON");
        assert_eq!(looked_into.as_str(), r#"{"b":[1]}"#);
        assert!(serde_json::from_str::<Document>("{").is_err());
    }
}
