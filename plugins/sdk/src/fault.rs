//! The two faults that every plugin may have to report.

use std::fmt::Display;

use crate::types::Fault;

/// The host asked about a tool that this plugin does not define.
#[must_use]
pub fn unknown_tool(name: &str) -> Fault {
    Fault {
        code: "unknown-tool".to_owned(),
        message: format!("there is no tool `{name}` here"),
    }
}

/// The plugin itself went wrong.
pub fn internal(why: impl Display) -> Fault {
    Fault {
        code: "internal".to_owned(),
        message: why.to_string(),
    }
}
