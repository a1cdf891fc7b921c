//! WASI as a plugin gets it: there, so that ordinary language run times load, and empty.
//!
//! No arguments, no environment but what was granted, no folders, no sockets, stdin at its end, stdout and stderr into the log, a clock
//! that stands still and chance that is the same each time.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime::component::Resource;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi::p2::{DynPollable, OutputStream, Pollable, StreamResult, subscribe};
use wasmtime_wasi::{Deterministic, HostWallClock, WasiCtx, WasiCtxBuilder, WasiView};

use super::log::{Log, Pipe};
use crate::instance::State;

/// How much a guest may hand over in one write to stdout or stderr, in bytes.
const PERMIT: usize = 64 << 10;

/// How many random bytes a guest may ask for at once.
const RANDOM: u64 = 64 << 10;

/// A context with nothing in it but this environment.
///
/// Granted folders are no preopened ones: to open a pipe there would hang in the host, where no limit reaches it. The
/// `files` interface is the way to them.
pub(crate) fn closed(log: &Arc<Log>, env: &BTreeMap<String, String>) -> WasiCtx {
    let stream = |pipe| LogStream {
        log: Arc::clone(log),
        pipe,
    };
    let mut context = WasiCtxBuilder::new();
    for (name, value) in env {
        context.env(name, value);
    }
    context
        .stdout(stream(Pipe::Stdout))
        .stderr(stream(Pipe::Stderr))
        .wall_clock(StoppedClock)
        .secure_random(Deterministic::new(SEED.to_vec()))
        .insecure_random(Deterministic::new(SEED.to_vec()))
        .insecure_random_seed(0)
        .max_random_size(RANDOM)
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .build()
}

/// What every guest draws, over and over.
const SEED: [u8; 16] = *b"sparkq, no luck!";

struct StoppedClock;

impl HostWallClock for StoppedClock {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

/// In place of WASI's own: on a clock that stands still every sleep is over at once. A guest that really slept would
/// do so in the host, where neither fuel nor deadline reaches it.
impl monotonic_clock::Host for State {
    fn now(&mut self) -> wasmtime::Result<monotonic_clock::Instant> {
        Ok(0)
    }

    fn resolution(&mut self) -> wasmtime::Result<monotonic_clock::Duration> {
        Ok(1)
    }

    fn subscribe_instant(
        &mut self,
        _when: monotonic_clock::Instant,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        self.subscribe_duration(0)
    }

    fn subscribe_duration(
        &mut self,
        _when: monotonic_clock::Duration,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        let table = self.ctx().table;
        let over = table.push(Over)?;
        subscribe(table, over)
    }
}

/// A sleep that is over.
struct Over;

#[wasmtime_wasi::async_trait]
impl Pollable for Over {
    async fn ready(&mut self) {}
}

#[derive(Clone)]
struct LogStream {
    log: Arc<Log>,
    pipe: Pipe,
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for LogStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.log.pipe(self.pipe, &bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PERMIT)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for LogStream {
    async fn ready(&mut self) {}
}

impl AsyncWrite for LogStream {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.log.pipe(self.pipe, bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
