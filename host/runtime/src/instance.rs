//! One instance of a plugin: its store, its limits, and one guarded way to call into it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::ResourceTable;
use wasmtime::{Store, Trap, UpdateDeadline, WasmBacktrace};
use wasmtime_wasi::{I32Exit, WasiCtx, WasiCtxView, WasiView};

use crate::Aside;
use crate::engine::{Engine, TICK};
use crate::fault::{FaultKind, LOAD};
use crate::file::Grants;
use crate::guard::MemoryGuard;
use crate::host::log::Log;
use crate::host::wasi;
use crate::index::Index;
use crate::journal::Journal;
use crate::limits::{Limits, RESOURCES};
use crate::offers::{Guest, Offers};
use crate::text::sentence;

/// What the host functions of one instance see.
pub(crate) struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    guard: MemoryGuard,
    pub(crate) setup: Setup,
    pub(crate) log: Arc<Log>,
    /// The script index of the call that runs; none while a plugin describes itself or reads scripts.
    pub(crate) index: Option<Arc<Index>>,
    deadline: Deadline,
}

/// What an instance has of its plugin for as long as it lives.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) name: Arc<str>,
    /// Its own table of settings, JSON.
    pub(crate) config: Arc<str>,
    /// What it was granted.
    pub(crate) grants: Arc<Grants>,
    pub(crate) journal: Arc<Journal>,
    /// How what may take long is run.
    pub(crate) aside: Aside,
}

/// One call into a guest: what runs, with what, about what.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) function: &'static str,
    pub(crate) limits: &'a Limits,
    pub(crate) index: Option<&'a Arc<Index>>,
    pub(crate) task: Option<&'a str>,
}

/// How much of its time the guest has used, without what it spent in host functions or waited for other plugins.
#[derive(Default)]
struct Deadline {
    started: Option<Instant>,
    in_host: Duration,
    beside: Duration,
    allowed: Duration,
    allowed_in_host: Duration,
    missed: bool,
}

impl Deadline {
    fn left_in_host(&self) -> Duration {
        self.allowed_in_host.saturating_sub(self.in_host)
    }

    fn waited_too_long(&self) -> bool {
        self.in_host > self.allowed_in_host
    }

    fn left(&self) -> Duration {
        if self.waited_too_long() {
            return Duration::ZERO;
        }
        let elapsed = self
            .started
            .map_or(Duration::ZERO, |started| started.elapsed());
        self.allowed
            .saturating_sub(elapsed.saturating_sub(self.in_host + self.beside))
    }
}

impl State {
    /// Runs a host function that may take long, at the host's expense.
    pub(crate) fn at_hosts_expense<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let start = Instant::now();
        let answer = work(self);
        self.deadline.in_host += start.elapsed();
        answer
    }

    /// As [`at_hosts_expense`](Self::at_hosts_expense), and the thread's other work goes on elsewhere meanwhile; none
    /// where nobody ran it.
    pub(crate) fn aside_at_hosts_expense<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let aside = self.setup.aside;
        self.at_hosts_expense(|state| aside.run(|| work(state)))
    }

    /// Runs a look into the script index, where other plugins may take their time: at nobody's expense, until all such
    /// looks of the call together took as long as host functions may. So one look never costs a call its deadline, and
    /// a call cannot look for ever.
    pub(crate) fn beside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        if self.deadline.beside > self.deadline.allowed_in_host {
            return self.at_hosts_expense(work);
        }
        let start = Instant::now();
        let answer = work(self);
        self.deadline.beside += start.elapsed();
        answer
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// A live instance. After a failed call it is dropped, never entered again.
pub(crate) struct Instance {
    store: Store<State>,
    guest: Guest,
    /// Calls it has served, counted by its plugin.
    pub(crate) calls: u32,
}

/// What went wrong in a call, before anybody says in which plugin.
#[derive(Clone)]
pub(crate) struct Failure {
    pub(crate) kind: FaultKind,
    pub(crate) message: String,
}

impl Instance {
    pub(crate) fn start(
        engine: &Engine,
        offers: &Offers,
        setup: Setup,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        let log = Arc::new(Log::new(&setup.name, limits, &setup.journal));
        let mut table = ResourceTable::new();
        table.set_max_capacity(RESOURCES);
        let state = State {
            wasi: wasi::closed(&log, &setup.grants.env),
            table,
            guard: MemoryGuard::new(limits),
            setup,
            log,
            index: None,
            deadline: Deadline::default(),
        };
        let mut store = Store::new(&engine.wasm, state);
        store.limiter(|state| &mut state.guard);
        store.set_hostcall_fuel(limits.copied);
        store.epoch_deadline_callback(|mut context| {
            let deadline = &mut context.data_mut().deadline;
            let left = deadline.left();
            if left.is_zero() {
                deadline.missed = true;
                return Ok(UpdateDeadline::Interrupt);
            }
            Ok(UpdateDeadline::Continue(ticks(
                left.min(deadline.left_in_host()),
            )))
        });
        let loading = Call {
            function: LOAD,
            limits,
            index: None,
            task: None,
        };
        let guest = guarded(&mut store, engine, loading, |store| offers.start(store))?;
        Ok(Self {
            store,
            guest,
            calls: 0,
        })
    }

    /// Calls into the guest with fresh fuel, a fresh deadline and a fresh log.
    pub(crate) fn call<T>(
        &mut self,
        engine: &Engine,
        call: Call<'_>,
        work: impl FnOnce(&mut Store<State>, &Guest) -> wasmtime::Result<T>,
    ) -> Result<T, Failure> {
        let guest = &self.guest;
        guarded(&mut self.store, engine, call, |store| work(store, guest))
    }
}

fn guarded<T>(
    store: &mut Store<State>,
    engine: &Engine,
    call: Call<'_>,
    work: impl FnOnce(&mut Store<State>) -> wasmtime::Result<T>,
) -> Result<T, Failure> {
    let limits = call.limits;
    let state = store.data_mut();
    state.log.begin(call.function, call.task);
    state.index = call.index.cloned();
    state.guard.forget_refusal();
    state.deadline = Deadline {
        started: Some(Instant::now()),
        allowed: limits.deadline,
        allowed_in_host: limits.host_time,
        ..Deadline::default()
    };
    let answer = store.set_fuel(limits.fuel).and_then(|()| {
        store.set_epoch_deadline(ticks(limits.deadline.min(limits.host_time)));
        let _ticking = engine.ticker.during_call();
        work(store)
    });
    let state = store.data_mut();
    state.index = None;
    state.log.end_of_call();
    answer.map_err(|error| failure(state, limits, &error))
}

/// How wasmtime says that a call used up its `set_hostcall_fuel`; the error has no type of its own.
const COPIED_TOO_MUCH: &str = "fuel allocated for hostcalls";

/// The ticks until a deadline: one more than fit, because the first may come at once.
fn ticks(left: Duration) -> u64 {
    let ticks = left.as_millis() / TICK.as_millis() + 1;
    u64::try_from(ticks).unwrap_or(u64::MAX)
}

fn failure(state: &State, limits: &Limits, error: &wasmtime::Error) -> Failure {
    let trap = error.downcast_ref::<Trap>();
    let (kind, message) = if state.deadline.missed && state.deadline.waited_too_long() {
        (
            FaultKind::Deadline,
            format!(
                "what it asked of the host took more than {} ms",
                limits.host_time.as_millis()
            ),
        )
    } else if state.deadline.missed {
        (
            FaultKind::Deadline,
            format!(
                "it computed for more than {} ms",
                limits.deadline.as_millis()
            ),
        )
    } else if trap == Some(&Trap::OutOfFuel) {
        (
            FaultKind::Fuel,
            format!("it used up its {} units of fuel", limits.fuel),
        )
    } else if let Some(wanted) = state.guard.refused() {
        (FaultKind::Memory, format!("it wanted {wanted}"))
    } else if let Some(trap) = trap {
        (FaultKind::Trap, format!("it trapped: {trap}"))
    } else if let Some(exit) = error.downcast_ref::<I32Exit>() {
        (FaultKind::Trap, format!("it exited with code {}", exit.0))
    } else if format!("{error:#}").contains(COPIED_TOO_MUCH) {
        (
            FaultKind::BadOutput,
            format!("it handed over more than {} bytes", limits.copied),
        )
    } else {
        // Where in its code it was tells nobody anything.
        let what = if error.downcast_ref::<WasmBacktrace>().is_some() {
            error.root_cause().to_string()
        } else {
            format!("{error:#}")
        };
        (FaultKind::BadOutput, sentence(&what))
    };
    Failure { kind, message }
}

impl Failure {
    /// The component cannot be used at all.
    pub(crate) fn load(message: &str) -> Self {
        Self {
            kind: FaultKind::Load,
            message: sentence(message),
        }
    }
}
