//! Compiling in a process of its own: a small component can make the compiler take minutes and gigabytes, which is then
//! the child's end and not the host's.

use std::env;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::cache::unreadable;
use crate::engine;
use crate::instance::Failure;
use crate::limits::{ARTEFACT, COMPONENT, Limits};

/// How much longer than its time of the processor a child may take on the clock.
const ON_THE_CLOCK: u32 = 5;

/// How to start the child that compiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiler {
    /// The program, which calls [`compile_as_child`].
    pub program: PathBuf,
    /// What tells it to; its limits follow.
    pub args: Vec<OsString>,
}

impl Compiler {
    /// This very program, told by `argument`; also after its file was replaced, where the system has a way to it.
    #[must_use]
    pub fn itself(argument: &str) -> Option<Self> {
        let program = if cfg!(target_os = "linux") {
            PathBuf::from("/proc/self/exe")
        } else {
            env::current_exe().ok()?
        };
        Some(Self {
            program,
            args: vec![argument.into()],
        })
    }

    /// Compiles `component` and writes the artefact `into` a file.
    pub(crate) fn compile(
        &self,
        component: &[u8],
        limits: &Limits,
        into: &mut (impl Write + Send),
    ) -> Result<(), Failure> {
        // The child counts whole seconds, of the processor alone; the time on the clock is measured here.
        let seconds = limits.compile_time.as_secs() + 1;
        let deadline = Instant::now() + limits.compile_time * ON_THE_CLOCK;
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .arg(limits.compile_memory.to_string())
            .arg(seconds.to_string())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::load(&format!("no process to compile it in: {error}")))?;
        let moved = converse(&mut child, component, into, deadline);
        let left = deadline.saturating_duration_since(Instant::now());
        let status = end(&mut child, left)
            .map_err(|error| Failure::load(&format!("compiling it failed: {error}")))?;
        let Some((written, said)) = moved else {
            return Err(too_long(limits));
        };
        if status.success() {
            return match written {
                Ok(bytes) if bytes <= ARTEFACT => Ok(()),
                Ok(_) => Err(Failure::load(&format!(
                    "it compiles to more than {} MiB",
                    ARTEFACT >> 20
                ))),
                Err(error) => Err(Failure::load(&format!(
                    "what it was compiled to cannot be kept: {error}"
                ))),
            };
        }
        Err(ended_badly(status, &said, limits))
    }
}

/// Hands the child its input and takes what it says until both its outputs end; none when the time is over before.
fn converse(
    child: &mut Child,
    component: &[u8],
    into: &mut (impl Write + Send),
    deadline: Instant,
) -> Option<(io::Result<u64>, String)> {
    let (mut stdin, stdout, stderr) = (
        child.stdin.take()?,
        child.stdout.take()?,
        child.stderr.take()?,
    );
    let (ended, ends) = channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            // A child that ends early has a reason of its own, which its status tells.
            let _ = stdin.write_all(component);
        });
        let artefact_ended = ended.clone();
        let written = scope.spawn(move || {
            let written = io::copy(&mut stdout.take(ARTEFACT + 1), into);
            let _ = artefact_ended.send(());
            written
        });
        let said = scope.spawn(move || {
            let mut said = Vec::new();
            let _ = stderr.take(4096).read_to_end(&mut said);
            let _ = ended.send(());
            String::from_utf8_lossy(&said).into_owned()
        });
        let in_time = (0..2).all(|_| {
            let left = deadline.saturating_duration_since(Instant::now());
            ends.recv_timeout(left).is_ok()
        });
        if !in_time {
            // It may have ended by itself just now; either way its pipes close, and so the threads end.
            let _ = child.kill();
        }
        let written = written.join().ok()?;
        let said = said.join().ok()?;
        in_time.then_some((written, said))
    })
}

/// Waits for the child, which has nothing more to say, and ends it when it stays.
fn end(child: &mut Child, left: Duration) -> io::Result<ExitStatus> {
    let until = Instant::now() + left.min(Duration::from_secs(1));
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() >= until {
            child.kill()?;
            return child.wait();
        }
        thread::sleep(Duration::from_micros(200));
    }
}

fn too_long(limits: &Limits) -> Failure {
    Failure::load(&format!(
        "compiling it took more than {} s",
        limits.compile_time.as_secs_f32()
    ))
}

fn ended_badly(status: ExitStatus, said: &str, limits: &Limits) -> Failure {
    const ABORTED: i32 = 6;
    const KILLED: i32 = 9;
    const OUT_OF_CPU: i32 = 24;
    match status.signal() {
        Some(OUT_OF_CPU | KILLED) => too_long(limits),
        Some(ABORTED) if said.contains("memory allocation") => too_large(limits),
        Some(signal) => Failure::load(&format!("it makes the compiler crash (signal {signal})")),
        // The system's words, and the standard library's where it can go on without.
        None if said.contains("Cannot allocate memory") || said == "out of memory" => {
            too_large(limits)
        }
        None => match said.strip_prefix(SAYS) {
            Some(why) => unreadable(why.trim_end()),
            None => Failure::load("it makes the compiler panic"),
        },
    }
}

fn too_large(limits: &Limits) -> Failure {
    Failure::load(&format!(
        "compiling it took more than {} MiB of memory",
        limits.compile_memory >> 20
    ))
}

/// Before what the child says of the component; anything else is about the child itself.
const SAYS: &str = "component: ";

/// What the child runs: reads a component from stdin and writes what it is compiled to on stdout. Its last two arguments
/// are the memory, in bytes, and the seconds that it may take, to which it confines itself first of all.
#[must_use]
pub fn compile_as_child() -> ExitCode {
    match compile_here() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // Without its stderr there is nobody to tell.
            let _ = io::stderr().write_all(why.as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn compile_here() -> Result<(), String> {
    let given: Vec<u64> = env::args()
        .rev()
        .take(2)
        .filter_map(|word| word.parse().ok())
        .collect();
    let [seconds, memory] = given[..] else {
        return Err("the limits are missing".to_owned());
    };
    confine(memory, seconds).map_err(|error| format!("the limits cannot be set: {error}"))?;
    let mut component = Vec::new();
    io::stdin()
        .take(COMPONENT)
        .read_to_end(&mut component)
        .map_err(|error| error.to_string())?;
    let mut configuration = engine::configuration();
    configuration.parallel_compilation(false);
    let engine = wasmtime::Engine::new(&configuration).map_err(|error| format!("{error:#}"))?;
    let artefact = engine
        .precompile_component(&component)
        .map_err(|error| format!("{SAYS}{error:#}"))?;
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(&artefact)
        .and_then(|()| stdout.flush())
        .map_err(|error| error.to_string())
}

/// Gives up what compiling does not need. Pipes are no files, so none has to be written.
fn confine(memory: u64, seconds: u64) -> rustix::io::Result<()> {
    let at_most = |limit| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    setrlimit(Resource::Core, at_most(0))?;
    setrlimit(Resource::Fsize, at_most(0))?;
    setrlimit(Resource::Nofile, at_most(16))?;
    setrlimit(Resource::Cpu, at_most(seconds))?;
    setrlimit(Resource::As, at_most(memory))
}
