//! What is wrong with a component before it has said a word.

use sparkq_core::Severity;
use sparkq_runtime::{Fault, FaultKind};

use super::finding::Finding;

/// From which size on a component takes long to compile and to load, in bytes.
const LARGE: usize = 64 << 20;

/// What its size is worth saying.
pub(super) fn size(bytes: &[u8]) -> Vec<Finding> {
    if bytes.len() <= LARGE {
        return Vec::new();
    }
    let message = format!(
        "it has {} MiB, so its first start takes long",
        bytes.len() >> 20
    );
    let fix = "build it without debug information, and leave out libraries that it does not use";
    vec![Finding::new(
        Severity::Warning,
        "component",
        "large",
        message,
        fix,
    )]
}

/// A call that went wrong.
pub(super) fn fault(fault: &Fault) -> Finding {
    let place = match fault.function {
        "load" => "component",
        function => function,
    };
    let fix = match &fault.kind {
        FaultKind::Load => load_fix(&fault.message),
        FaultKind::Trap => "see what it wrote before it ended: sparkq plugin test DIR",
        FaultKind::Fuel | FaultKind::Deadline => {
            "do less in one call, or ask for more with [plugins.NAME] limits in sparkq.toml"
        }
        FaultKind::Memory => {
            "keep less, or ask for more with [plugins.NAME] limits = { memory_mib = … } in sparkq.toml"
        }
        FaultKind::BadOutput => "build it with the wit/plugin.wit that sparkq plugin new writes",
        FaultKind::Plugin { .. } => "answer about.get and tools.definitions without any grant",
    };
    Finding::new(
        Severity::Error,
        place,
        fault.kind.word(),
        &fault.message,
        fix,
    )
}

/// What to do where a component cannot be loaded, by what the runtime says of it.
fn load_fix(message: &str) -> &'static str {
    let says = |part: &str| message.contains(part);
    if says("core module") {
        "for Rust: cargo build --release --target wasm32-wasip2; for a module of another language: wasm-tools component new FILE -o PLUGIN.wasm"
    } else if says("WebAssembly text") {
        "wasm-tools parse FILE -o PLUGIN.wasm"
    } else if says("cut off") || says("it is empty") {
        "build it again: ./build.sh"
    } else if says("compiled already") {
        "give the component itself, as ./build.sh writes it"
    } else if says("no WebAssembly") {
        "give the .wasm file that ./build.sh writes; to start a plugin: sparkq plugin new NAME --lang rust"
    } else {
        ""
    }
}
