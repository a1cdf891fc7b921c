//! Which plugin reads which file: the highest priority wins, then the longest pattern.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobMatcher};
use sparkq_core::script::{Finding, Param};
use sparkq_core::{Script, TaskClass, Timeout};

use super::walk::{Found, Head};
use crate::binding::scripts::{
    Claim as WitClaim, Extracted, Finding as WitFinding, Head as WitHead, Metadata,
};
use crate::fault::{Fault, FaultKind};
use crate::findings::severity;
use crate::limits::{CLAIMED, FAULTS, FINDINGS, LISTED, SCRIPT_HEAD, SENTENCE};
use crate::plugin::Plugin;
use crate::runtime::Runtime;
use crate::text::{passage, sentence};

const CLAIMS: &str = "scripts.claims";
const EXTRACT: &str = "scripts.extract";

/// The plugins that read scripts, and what each wants to see, best claim first.
#[derive(Default)]
pub(crate) struct Readers {
    claims: Vec<Claim>,
    /// The plugins that could not be loaded, which may pass.
    unloaded: Vec<usize>,
    /// Of the plugins that could not say what they read, and so read nothing.
    pub(crate) faults: Vec<Fault>,
}

#[derive(Clone)]
struct Claim {
    /// Which of the runtime's plugins.
    plugin: usize,
    pattern: Option<GlobMatcher>,
    interpreter: Option<String>,
    priority: u32,
    length: usize,
}

/// The faults of one look at the scripts.
#[derive(Default)]
pub(crate) struct Trouble(Vec<(usize, Fault)>);

impl Trouble {
    /// Whether a plugin has had its chances: one that takes long over a fault, or cannot be loaded, has one alone.
    fn is_out(&self, plugin: usize) -> bool {
        let mut of_it = self.0.iter().filter(|(number, _)| *number == plugin);
        let dear = |kind: &FaultKind| {
            matches!(
                kind,
                FaultKind::Fuel | FaultKind::Deadline | FaultKind::Load
            )
        };
        of_it.clone().any(|(_, fault)| dear(&fault.kind)) || of_it.nth(FAULTS - 1).is_some()
    }

    /// The faults, in the order in which they came.
    pub(crate) fn into_faults(self) -> impl Iterator<Item = Fault> {
        self.0.into_iter().map(|(_, fault)| fault)
    }
}

/// No plugin that claims the file could read it.
pub(crate) struct Unread;

impl Readers {
    /// Asks every plugin what it reads. One that is broken stops no other.
    pub(crate) fn of(runtime: &Runtime) -> Self {
        Self::default().and(runtime, 0..runtime.all().len())
    }

    /// Asks those again that could not be loaded; none when there are none.
    pub(crate) fn again(&self, runtime: &Runtime) -> Option<Self> {
        if self.unloaded.is_empty() {
            return None;
        }
        let other = |fault: &&Fault| fault.kind != FaultKind::Load;
        let known = Self {
            claims: self.claims.clone(),
            unloaded: Vec::new(),
            faults: self.faults.iter().filter(other).cloned().collect(),
        };
        Some(known.and(runtime, self.unloaded.iter().copied()))
    }

    /// Whether it knows more plugins than `earlier` did.
    pub(crate) fn has_more_than(&self, earlier: &Self) -> bool {
        self.claims.len() > earlier.claims.len()
    }

    fn and(mut self, runtime: &Runtime, numbers: impl Iterator<Item = usize>) -> Self {
        for number in numbers {
            match claims_of(runtime, number) {
                Ok(found) => self.claims.extend(found),
                Err(fault) => {
                    if fault.kind == FaultKind::Load {
                        self.unloaded.push(number);
                    }
                    self.faults.push(fault);
                }
            }
        }
        self.claims
            .sort_by_key(|claim| Reverse((claim.priority, claim.length)));
        self
    }

    /// What the plugin with the best claim says of the file, or the next best where that one breaks; none when it is
    /// no script, or nobody claims it.
    pub(crate) fn read(
        &self,
        runtime: &Runtime,
        path: &str,
        found: Found,
        head: Head,
        trouble: &mut Trouble,
    ) -> Result<Option<Script>, Unread> {
        let interpreter = interpreter(&head.bytes);
        let head = WitHead {
            path: path.to_owned(),
            size: found.size,
            executable: found.executable,
            bytes: head.bytes,
            truncated: head.truncated,
        };
        let mut asked = BTreeSet::new();
        for claim in &self.claims {
            if !claim.matches(path, interpreter.as_deref()) || !asked.insert(claim.plugin) {
                continue;
            }
            if trouble.is_out(claim.plugin) {
                continue;
            }
            match extract(runtime, claim.plugin, &head) {
                Ok(extracted) => {
                    let findings = findings(&runtime.all()[claim.plugin], path, extracted.findings);
                    let metadata = extracted.metadata;
                    return Ok(metadata.map(|metadata| script(path, found, metadata, findings)));
                }
                Err(fault) => {
                    let message = format!("at `{}`: {}", sentence(path), fault.message);
                    trouble.0.push((claim.plugin, Fault { message, ..fault }));
                }
            }
        }
        if asked.is_empty() {
            return Ok(None);
        }
        Err(Unread)
    }
}

/// How many claims plugin `number` makes; none when it reads no scripts.
pub(crate) fn count(runtime: &Runtime, number: usize) -> Result<Option<usize>, Fault> {
    let plugin = &runtime.all()[number];
    if !plugin.reads_scripts(runtime.context(plugin, None)?)? {
        return Ok(None);
    }
    claims_of(runtime, number).map(|claims| Some(claims.len()))
}

/// What one plugin reads; nothing when it reads no scripts.
fn claims_of(runtime: &Runtime, number: usize) -> Result<Vec<Claim>, Fault> {
    let plugin = &runtime.all()[number];
    let context = runtime.context(plugin, None)?;
    if !plugin.reads_scripts(context)? {
        return Ok(Vec::new());
    }
    let answer = plugin.call(context, CLAIMS, |store, guest| {
        Some(guest.scripts.as_ref()?.call_claims(store))
    })?;
    let bad = |why: &str| plugin.fault(CLAIMS, FaultKind::BadOutput, why);
    if answer.len() > CLAIMED {
        return Err(bad(&format!(
            "it makes {} claims, and at most {CLAIMED} are taken",
            answer.len()
        )));
    }
    let matcher = |pattern: String| {
        if pattern.len() > SENTENCE {
            return Err(bad(&format!(
                "a pattern of it has more than {SENTENCE} bytes"
            )));
        }
        let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
        glob.map(|glob| glob.compile_matcher())
            .map_err(|error| bad(&format!("it claims {pattern}: {}", error.kind())))
    };
    let claim = |claim: WitClaim| {
        Ok(Claim {
            plugin: number,
            length: claim.pattern.as_ref().map_or(0, String::len),
            pattern: claim.pattern.map(matcher).transpose()?,
            interpreter: claim.interpreter,
            priority: claim.priority,
        })
    };
    answer.into_iter().map(claim).collect()
}

/// What plugin `number` says of a file that begins with `bytes`, whether or not it claims it; none when it is no script.
pub(crate) fn read_one(
    runtime: &Runtime,
    number: usize,
    path: &str,
    bytes: &[u8],
) -> Result<Option<Script>, Fault> {
    let found = Found {
        size: bytes.len() as u64,
        modified_ns: 0,
        executable: true,
    };
    let seen = &bytes[..bytes.len().min(SCRIPT_HEAD)];
    let head = WitHead {
        path: path.to_owned(),
        size: found.size,
        executable: found.executable,
        bytes: seen.to_vec(),
        truncated: seen.len() < bytes.len(),
    };
    let extracted = extract(runtime, number, &head)?;
    let findings = findings(&runtime.all()[number], path, extracted.findings);
    let script = |metadata| script(path, found, metadata, findings);
    Ok(extracted.metadata.map(script))
}

fn extract(runtime: &Runtime, number: usize, head: &WitHead) -> Result<Extracted, Fault> {
    let plugin = &runtime.all()[number];
    let context = runtime.context(plugin, None)?;
    plugin.call(context, EXTRACT, |store, guest| {
        Some(guest.scripts.as_ref()?.call_extract(store, head))
    })
}

/// What is wrong with a header; also logged, because a file that is no script keeps nothing.
fn findings(plugin: &Plugin, path: &str, found: Vec<WitFinding>) -> Vec<Finding> {
    let finding = |found: WitFinding| {
        let (code, message) = (sentence(&found.code), sentence(&found.message));
        tracing::info!(target: "plugin", plugin = %plugin.file.name, "{path}:{}: {message} [{code}]", found.line);
        Finding {
            line: found.line,
            code,
            message,
            severity: severity(found.severity),
        }
    };
    found.into_iter().take(FINDINGS).map(finding).collect()
}

impl Claim {
    /// Every part of a claim that is given must fit.
    fn matches(&self, path: &str, interpreter: Option<&str>) -> bool {
        let by_path = self
            .pattern
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(path));
        let by_interpreter = self
            .interpreter
            .as_deref()
            .is_none_or(|wanted| interpreter == Some(wanted));
        (self.pattern.is_some() || self.interpreter.is_some()) && by_path && by_interpreter
    }
}

/// The base name of the program in a `#!` line; of `#!/usr/bin/env -S bash -e` it is `bash`.
fn interpreter(head: &[u8]) -> Option<String> {
    let line = head
        .strip_prefix(b"#!")?
        .split(|byte| *byte == b'\n')
        .next()?;
    let line = String::from_utf8_lossy(line);
    let base = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let mut words = line.split_whitespace();
    let program = base(words.next()?);
    if program != "env" {
        return Some(program);
    }
    words
        .find(|word| !word.starts_with('-') && !word.contains('='))
        .map(base)
}

/// A class or timeout that cannot be is left out: the header's author was told by a finding, and the script still runs.
fn script(path: &str, found: Found, metadata: Metadata, findings: Vec<Finding>) -> Script {
    let lines = |texts: Vec<String>| {
        let kept = texts.iter().take(LISTED);
        kept.map(|text| sentence(text)).collect()
    };
    Script {
        path: path.to_owned(),
        name: sentence(&metadata.name),
        description: passage(&metadata.description),
        language: sentence(&metadata.language),
        tags: lines(metadata.tags),
        outputs: lines(metadata.outputs),
        params: metadata
            .params
            .into_iter()
            .take(LISTED)
            .map(param)
            .collect(),
        task_class: metadata
            .task_class
            .and_then(|class| TaskClass::try_from(class).ok()),
        timeout: metadata
            .timeout_seconds
            .and_then(|seconds| Timeout::from_seconds(seconds.into()).ok()),
        findings,
        executable: found.executable,
        size: found.size,
        modified_ns: found.modified_ns,
    }
}

fn param(param: crate::binding::scripts::Param) -> Param {
    Param {
        name: sentence(&param.name),
        kind: sentence(&param.kind),
        required: param.required,
        default_value: param.default_value.as_deref().map(sentence),
        description: sentence(&param.description),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interpreter_is_the_program_that_would_run() {
        for (line, program) in [
            ("#!/bin/bash -e\necho", Some("bash")),
            ("#!/usr/bin/env python3", Some("python3")),
            ("#!/usr/bin/env -S LANG=C bash -e", Some("bash")),
            ("# no", None),
            ("#!\n", None),
        ] {
            assert_eq!(interpreter(line.as_bytes()).as_deref(), program, "{line}");
        }
    }
}
