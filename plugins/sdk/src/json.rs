//! Payloads into types of one's own, and back into their canonical form.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::fault;
use crate::types::{Fault, Json};

/// Reads a document into a type of the plugin's own; `#[serde(deny_unknown_fields)]` makes it strict.
///
/// The host has checked the tool's schema before, so what does not fit is a mistake of the plugin and a fault.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Fault> {
    serde_json::from_str(json).map_err(fault::internal)
}

/// Writes a document in its canonical form: no needless space, the keys of every object sorted.
pub fn write(document: &impl Serialize) -> Result<Json, Fault> {
    let mut document = serde_json::to_value(document).map_err(fault::internal)?;
    document.sort_all_objects();
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_written_in_order_at_every_depth() {
        let written = write(&json!({"b": {"d": 1, "c": [{"f": 1, "e": 2}]}, "a": null}));
        let expected = r#"{"a":null,"b":{"c":[{"e":2,"f":1}],"d":1}}"#;
        assert_eq!(written.expect("written"), expected);
    }

    #[test]
    fn what_does_not_fit_is_a_fault_and_no_panic() {
        let fault = read::<Vec<String>>("{}").expect_err("no list");
        assert_eq!(fault.code, "internal");
    }
}
