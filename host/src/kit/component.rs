//! What is wrong with a component before it has said a word.

use sparkq_core::PluginRecord;
use sparkq_core::Severity::{Error, Hint, Warning};
use sparkq_runtime::{Fault, FaultKind, Inspection};

use super::finding::Finding;

/// From which size on a component takes long to compile and to load, in bytes.
const LARGE: usize = 64 << 20;

/// The code of a component whose types are not the contract's.
const TYPE: &str = "type";

/// The code of a component with half of what a tool needs, which can tell of itself all the same.
pub(super) const HALF: &str = "half";

/// What helps where bindings and contract do not agree.
const REBUILD: &str = "make its bindings anew from the wit/plugin.wit that sparkq plugin new writes, and build it again";

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
    vec![Finding::new(Warning, "component", "large", message, fix)]
}

/// What is wrong with what it imports and exports.
pub(super) fn look(inspection: &Inspection) -> Vec<Finding> {
    let problems = inspection.problems.iter().map(|problem| misfit(problem));
    problems.collect()
}

fn misfit(problem: &str) -> Finding {
    let imports = problem.starts_with("it imports ");
    let (severity, code, fix) = if imports && problem.contains("`wasi:http") {
        let fix = "leave the network to whoever carries the task out; where the tool chain adds it unasked, switch it off, as in jco componentize --disable http";
        (Error, "import", fix)
    } else if imports && problem.contains("`wasi:") {
        let fix = "build it for WASI 0.2: in Rust for the target wasm32-wasip2, in JavaScript and Python with the build.sh that sparkq plugin new writes";
        (Error, "import", fix)
    } else if imports {
        let fix =
            "leave it out, or link it into the component: wac plug PLUGIN.wasm --plug OTHER.wasm";
        (Error, "import", fix)
    } else if problem.starts_with("it exports none") {
        let fix = "build it for a world of wit/plugin.wit: tool, tool-full or indexer";
        (Error, "no-interface", fix)
    } else if problem.contains(" and not ") {
        let fix = "build it for the world tool or tool-full of wit/plugin.wit";
        (Error, HALF, fix)
    } else if problem.starts_with("it exports ") {
        let fix = "build it with the wit/plugin.wit that sparkq plugin new writes";
        (Warning, "unknown-interface", fix)
    } else {
        (Error, TYPE, REBUILD)
    };
    Finding::new(severity, "component", code, problem, fix)
}

/// A hint for a component that imports the files of its project and asks for none. Components of JavaScript and Python
/// import everything that there is, so it says something of those alone that choose.
pub(super) fn unasked_files(inspection: &Inspection, record: &PluginRecord) -> Option<Finding> {
    let imports = |name: &str| {
        let start = format!("sparkq:plugin/{name}@");
        let mut items = inspection.imports.iter();
        items.any(|item| item.name.starts_with(&start))
    };
    let chooses = !["log", "config", "index"].into_iter().all(imports);
    let mut needs = record.about.needs.iter();
    let asks = needs.any(|need| need.grant.starts_with("files:"));
    (chooses && imports("files") && !asks).then(|| {
        Finding::new(
            Hint,
            "about",
            "unasked-files",
            "it imports `files` and asks for no folder, so every look at a file is denied",
            r#"ask for it in about.get: needs: [{ grant: "files:NAME", why: "…", optional: false }]"#,
        )
    })
}

/// A call that went wrong.
pub(super) fn fault(fault: &Fault) -> Finding {
    let place = match fault.function {
        "load" => "component",
        function => function,
    };
    let fix = match &fault.kind {
        FaultKind::Load => load_fix(&fault.message),
        FaultKind::Trap => {
            "mend what it does there; what it writes to stderr is shown here as its log"
        }
        FaultKind::Fuel | FaultKind::Deadline => {
            "do less in one call, or ask for more with [plugins.NAME] limits in sparkq.toml"
        }
        FaultKind::Memory => {
            "keep less, or ask for more with [plugins.NAME] limits = { memory_mib = … } in sparkq.toml"
        }
        FaultKind::BadOutput if place.starts_with("about") || place.starts_with("tools") => REBUILD,
        FaultKind::BadOutput => "mend what it returns there",
        FaultKind::Plugin { .. } if place.starts_with("tools") => {
            "answer tools.definitions without any grant"
        }
        FaultKind::Plugin { .. } => {
            "mend what it does there, and find fault with a payload by issues"
        }
    };
    // What the engine says last where types do not agree.
    let types = fault.message.find("expected `");
    if let Some(at) = types.filter(|_| fault.kind == FaultKind::Load) {
        let said = &fault.message[at..];
        let message = format!("what it exports has another type than the contract says: {said}");
        return Finding::new(Error, place, TYPE, message, fix);
    }
    Finding::new(Error, place, fault.kind.word(), &fault.message, fix)
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
        REBUILD
    }
}
