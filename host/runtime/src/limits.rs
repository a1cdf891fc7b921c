//! How much of everything one call of a plugin may use. One table of defaults, settable per plugin.

use std::time::Duration;

/// What one call of a plugin may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Fuel of one call; about one unit for each WebAssembly instruction.
    pub fuel: u64,
    /// How long the guest itself may compute in one call; time spent in host functions is not counted.
    pub deadline: Duration,
    /// How long host functions may take in one call, all together.
    pub host_time: Duration,
    /// Bytes of linear memory of one instance, all its memories together.
    pub memory: usize,
    /// Elements of all tables of one instance together.
    pub table_elements: usize,
    /// Core instances, and memories, and tables, of one component instance.
    pub instances: usize,
    /// Bytes of one document that a plugin returns.
    pub document: usize,
    /// Bytes that one call may copy out of the guest, arguments of host functions included per host call.
    pub copied: usize,
    /// Log lines of one call.
    pub log_lines: usize,
    /// Bytes of log of one call.
    pub log_bytes: usize,
    /// Address space, in bytes, of the process that compiles it.
    pub compile_memory: u64,
    /// How long compiling it may keep a processor busy; on the clock five times that, because others want the processor too.
    pub compile_time: Duration,
    /// Calls that one warm instance serves before a fresh one takes its place.
    pub calls_per_instance: u32,
    /// Warm instances kept for each plugin.
    pub warm_instances: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 1_000_000_000,
            deadline: Duration::from_secs(2),
            host_time: Duration::from_secs(10),
            memory: 64 << 20,
            table_elements: 100_000,
            instances: 64,
            document: 1 << 20,
            copied: 4 << 20,
            log_lines: 200,
            log_bytes: 64 << 10,
            compile_memory: 2 << 30,
            compile_time: Duration::from_mins(2),
            calls_per_instance: 1_000,
            warm_instances: 8,
        }
    }
}

/// Bytes of WebAssembly stack; part of the engine, so the same for every plugin.
pub(crate) const STACK: usize = 512 << 10;
/// WASI resources, such as streams, that one instance holds at a time.
pub(crate) const RESOURCES: usize = 1_000;
/// Bytes of one JSON Schema.
pub(crate) const SCHEMA: usize = 64 << 10;
/// Bytes of a tool's description, and of its guide.
pub(crate) const PROSE: usize = 2 << 10;
/// Bytes of a message, of an expectation, of any other short text of a plugin.
pub(crate) const SENTENCE: usize = 1 << 10;
/// Characters of a label.
pub(crate) const LABEL: usize = 120;
/// Bytes of a dedupe key.
pub(crate) const DEDUPE_KEY: usize = 256;
/// Grants that one plugin asks for.
pub(crate) const NEEDS: usize = 32;
/// Tools of one plugin.
pub(crate) const TOOLS: usize = 64;
/// Bytes of what the work printed that a plugin sees of each output when it judges a result: its end.
pub(crate) const OUTPUT_TAIL: usize = 64 << 10;
/// Examples of one tool.
pub(crate) const EXAMPLES: usize = 16;
/// Bytes of one example, and of a template.
pub(crate) const EXAMPLE: usize = 64 << 10;
/// Bytes that a payload may gain, besides four times its own, when it is normalized.
pub(crate) const GAIN: usize = 64 << 10;
/// Issues that one check reports.
pub(crate) const ISSUES: usize = 100;
/// Bytes of a script that an indexer sees.
pub(crate) const SCRIPT_HEAD: usize = 16 << 10;
/// Claims to scripts of one plugin.
pub(crate) const CLAIMED: usize = 64;
/// Tags of one script, and its outputs, and its parameters.
pub(crate) const LISTED: usize = 64;
/// Findings about one script that are kept.
pub(crate) const FINDINGS: usize = 20;
/// Faults of one plugin in one look at the scripts after which it reads no more of them.
pub(crate) const FAULTS: usize = 8;
/// Bytes of one log line, as it is kept.
pub(crate) const LOG_LINE: usize = 4 << 10;
/// Paths that a plugin can ask for at once.
pub(crate) const NEAREST: usize = 100;
/// Bytes of a path that a plugin asks for; Linux knows none that is longer.
pub(crate) const LONGEST_PATH: usize = 4096;
/// Lines that wait in the journal until somebody takes them.
pub(crate) const JOURNAL: usize = 2_000;
/// Bytes of what they say, all together.
pub(crate) const JOURNAL_BYTES: usize = 1 << 20;
/// Bytes of what a component is compiled to.
pub(crate) const ARTEFACT: u64 = 512 << 20;
/// Bytes of a component.
pub(crate) const COMPONENT: u64 = 128 << 20;
/// Bytes of a granted file that a plugin reads at once.
pub(crate) const READ: u32 = 1 << 20;
/// Entries of a granted folder that a plugin is told at once.
pub(crate) const ENTRIES: usize = 1_000;
/// Entries of a granted folder that the host looks at for it.
pub(crate) const LOOKED_AT: usize = 100_000;
