//! What the author of a plugin has: `plugin check`, `inspect`, `test` and `dev`. One file per verb.

mod check;
mod dev;
mod inspect;
mod test;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::bench::TestQueue;
use crate::guests::{Guest, Tool};

impl TestQueue {
    /// Writes a file that can be run.
    pub(crate) fn script(&self, path: &str, text: &str) {
        self.write(path, text);
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.path(path), executable).expect("changed");
    }

    /// Writes a component, or what is none.
    fn bytes(&self, path: &str, bytes: &[u8]) {
        self.write(path, "");
        fs::write(self.path(path), bytes).expect("written");
    }

    /// A plugin's folder, whose build takes a guest from beside it.
    fn folder(&self, name: &str, guest: &Guest) {
        self.bytes(&format!("{name}.wasm"), &guest.component());
        let script = format!("#!/bin/sh\nset -e\ncp '../{name}.wasm' plugin.wasm\n");
        self.script(&format!("{name}/build.sh"), &script);
    }

    fn case(&self, path: &str, case: &Value) {
        self.write(path, &case.to_string());
    }

    /// What `plugin check` says of a component.
    fn checked(&self, bytes: &[u8]) -> String {
        self.bytes("acme.wasm", bytes);
        self.run(["plugin", "check", "acme.wasm"])
    }

    /// What it says of each of several.
    fn all_checked<const N: usize>(&self, all: [(&str, Vec<u8>); N]) -> String {
        let mut said = String::new();
        for (what, bytes) in all {
            said += &["-- ", what, "\n", &self.checked(&bytes)].concat();
        }
        said
    }
}

/// A core instance that traps when it is asked what it is.
const TRAP: &str = r#"(core module $module
    (memory (export "memory") 1)
    (func (export "get") (result i32) unreachable))
  (core instance $guest (instantiate $module))"#;

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("WebAssembly")
}

/// A built-in plugin's component.
pub(crate) fn built_in(name: &str) -> Vec<u8> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/sparkq-assets/plugins");
    fs::read(assets.join(name).with_extension("wasm")).expect("built by cargo xtask build")
}

/// A guest that finds nothing to say against itself.
fn fine() -> Guest {
    Guest::with_tool(|tool| {
        tool.schema = json!({
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string", "maxLength": 9}, "to": {"enum": ["de", "fr"]}},
            "additionalProperties": false,
        })
        .to_string();
        r#"{"text":"Hello"}"#.clone_into(&mut tool.example);
    })
}

fn with_tool(change: impl FnOnce(&mut Tool)) -> Vec<u8> {
    let mut guest = fine();
    change(&mut guest.tools[0]);
    guest.component()
}
