//! How much memory a page takes.

use serde_json::{Value, json};

use crate::browser::Browser;

/// What a page takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weight {
    /// What its objects take, in bytes.
    pub(crate) heap: u64,
    /// What its programs have, in bytes.
    pub(crate) wasm: u64,
    /// How many nodes its documents have, with those that something still holds.
    pub(crate) nodes: u64,
    /// How many listeners there are.
    pub(crate) listeners: u64,
}

/// Notes the memory of every program that is started.
const NOTE_MEMORY: &str = "window.memories = new Set();
    const note = made => Object.values((made.instance ?? made).exports)
        .filter(each => each instanceof WebAssembly.Memory).forEach(each => window.memories.add(each));
    for (const way of ['instantiate', 'instantiateStreaming']) {
        const own = WebAssembly[way];
        WebAssembly[way] = async (...given) => { const made = await own.apply(WebAssembly, given); note(made); return made; };
    }";

impl Browser {
    /// Has every page that is opened from now on be one that can be weighed.
    pub(crate) fn note_memory(&self) {
        let note = json!({ "source": NOTE_MEMORY });
        self.tools("Page.addScriptToEvaluateOnNewDocument", &note);
    }

    /// Weighs the page, without what nobody needs any more.
    pub(crate) async fn weigh(&self) -> Weight {
        for _ in 0..3 {
            self.tools("HeapProfiler.collectGarbage", &json!({}));
        }
        let wasm =
            "return [...window.memories].reduce((sum, each) => sum + each.buffer.byteLength, 0)";
        let counters = self.tools("Memory.getDOMCounters", &json!({}));
        let heap = self.tools("Runtime.getHeapUsage", &json!({}));
        let whole = |value: &Value| value.as_u64().expect("a number");
        Weight {
            heap: whole(&heap["usedSize"]),
            wasm: whole(&self.run(wasm).await),
            nodes: whole(&counters["nodes"]),
            listeners: whole(&counters["jsEventListeners"]),
        }
    }
}
