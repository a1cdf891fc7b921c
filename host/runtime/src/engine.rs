//! The one wasmtime engine, and the linker with everything a plugin may import.

use std::time::Duration;

use wasmtime::component::{HasSelf, Linker};
use wasmtime::{Config, OptLevel};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;

use crate::binding::{config, files, index, log};
use crate::instance::State;
use crate::limits::STACK;
use crate::ticker::Ticker;

/// How often a running guest can be interrupted.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// What all plugins share.
pub(crate) struct Engine {
    pub(crate) wasm: wasmtime::Engine,
    pub(crate) linker: Linker<State>,
    pub(crate) ticker: Ticker,
}

impl Engine {
    pub(crate) fn start() -> wasmtime::Result<Self> {
        let wasm = wasmtime::Engine::new(&configuration())?;
        let mut linker = Linker::new(&wasm);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        linker.allow_shadowing(true);
        monotonic_clock::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
        linker.allow_shadowing(false);
        log::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
        config::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
        files::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
        index::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
        let ticker = Ticker::start(&wasm, TICK)?;
        tracing::debug!(target: "sparkq_runtime", "wasmtime engine started");
        Ok(Self {
            wasm,
            linker,
            ticker,
        })
    }
}

/// `wasm_multi_memory` stays on: with it off, odd components make `Component::from_binary` panic.
pub(crate) fn configuration() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .concurrency_support(false)
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(STACK)
        .memory_init_cow(true)
        .cranelift_opt_level(OptLevel::Speed);
    config
}
