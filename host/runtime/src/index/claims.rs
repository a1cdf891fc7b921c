//! Which plugin reads which file: the highest priority wins, then the longest pattern.

use std::cmp::Reverse;

use globset::{GlobBuilder, GlobMatcher};
use sparkq_core::script::Param;
use sparkq_core::{Script, TaskClass, Timeout};

use super::walk::{Found, Head};
use crate::binding::scripts::{Head as WitHead, Metadata};
use crate::fault::{Fault, FaultKind};
use crate::runtime::Runtime;
use crate::text::{prose, sentence};

const CLAIMS: &str = "scripts.claims";
const EXTRACT: &str = "scripts.extract";

/// The plugins that read scripts, and what each wants to see, best claim first.
pub(crate) struct Readers(Vec<Claim>);

struct Claim {
    /// Which of the runtime's plugins.
    plugin: usize,
    pattern: Option<GlobMatcher>,
    interpreter: Option<String>,
    priority: u32,
    length: usize,
}

impl Readers {
    /// Asks every plugin what it reads.
    pub(crate) fn of(runtime: &Runtime) -> Result<Self, Fault> {
        let mut claims = Vec::new();
        for (number, plugin) in runtime.all().iter().enumerate() {
            let context = runtime.context(plugin, None)?;
            if !plugin.reads_scripts(context)? {
                continue;
            }
            let answer = plugin.call(context, CLAIMS, |store, guest| {
                Some(guest.scripts.as_ref()?.call_claims(store))
            })?;
            for claim in answer {
                let length = claim.pattern.as_ref().map_or(0, String::len);
                let pattern = claim.pattern.map(|pattern| {
                    let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
                    glob.map(|glob| glob.compile_matcher()).map_err(|error| {
                        plugin.fault(
                            CLAIMS,
                            FaultKind::BadOutput,
                            &sentence(&format!("it claims {pattern}: {}", error.kind())),
                        )
                    })
                });
                let pattern = pattern.transpose()?;
                claims.push(Claim {
                    plugin: number,
                    pattern,
                    interpreter: claim.interpreter,
                    priority: claim.priority,
                    length,
                });
            }
        }
        claims.sort_by_key(|claim| Reverse((claim.priority, claim.length)));
        Ok(Self(claims))
    }

    /// What the plugin that claims the file says of it; none when it is no script, or nobody claims it.
    pub(crate) fn read(
        &self,
        runtime: &Runtime,
        path: &str,
        found: Found,
        head: Head,
    ) -> Result<Option<Script>, Fault> {
        let interpreter = interpreter(&head.bytes);
        let Some(claim) = self
            .0
            .iter()
            .find(|claim| claim.matches(path, interpreter.as_deref()))
        else {
            return Ok(None);
        };
        let plugin = &runtime.all()[claim.plugin];
        let context = runtime.context(plugin, None)?;
        let head = WitHead {
            path: path.to_owned(),
            size: found.size,
            executable: found.executable,
            bytes: head.bytes,
            truncated: head.truncated,
        };
        let answer = plugin.call(context, EXTRACT, |store, guest| {
            Some(guest.scripts.as_ref()?.call_extract(store, &head))
        })?;
        for finding in answer.findings {
            let (code, message) = (sentence(&finding.code), sentence(&finding.message));
            tracing::info!(target: "plugin", plugin = %plugin.file.name, "{path}:{}: {message} [{code}]", finding.line);
        }
        Ok(answer
            .metadata
            .map(|metadata| script(path, found, metadata)))
    }
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
fn script(path: &str, found: Found, metadata: Metadata) -> Script {
    let lines = |texts: Vec<String>| texts.iter().map(|text| sentence(text)).collect();
    Script {
        path: path.to_owned(),
        name: sentence(&metadata.name),
        description: prose(&metadata.description),
        language: sentence(&metadata.language),
        tags: lines(metadata.tags),
        outputs: lines(metadata.outputs),
        params: metadata.params.into_iter().map(param).collect(),
        task_class: metadata
            .task_class
            .and_then(|class| TaskClass::try_from(class).ok()),
        timeout: metadata
            .timeout_seconds
            .and_then(|seconds| Timeout::from_seconds(seconds.into()).ok()),
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
