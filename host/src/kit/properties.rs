//! What holds for every plugin, whatever it does: the tests that its author gets for nothing.

use std::sync::Arc;

use serde_json::{Map, Value};
use sparkq_core::wire::Document;
use sparkq_core::{PluginRecord, ToolDefinition};
use sparkq_runtime::{CheckError, Checked, Index, Isolation, Reported, Runtime, Schema};

use super::around::{Around, Subject};
use super::differ::short;
use super::golden::faulted;
use super::made::{Chance, Maker, mutate, scripts};
use super::outcome::Outcome;

/// How many payloads are made up for each tool.
const PAYLOADS: usize = 200;
/// How many of them are checked in fresh instances too, which takes longer.
const FRESH: usize = 30;
/// How many results are made up for each tool.
const RESULTS: usize = 60;
/// How many files are made up for an indexer.
const SCRIPTS: usize = 80;
/// How many failures of one property are shown.
const SHOWN: usize = 3;

/// A plugin whose properties are looked at.
pub(super) struct Properties<'a> {
    name: &'a str,
    record: &'a PluginRecord,
    /// Its instances serve many calls.
    warm: Arc<Runtime>,
    /// Each call has an instance of its own.
    fresh: Arc<Runtime>,
    /// An index that has every script.
    index: Arc<Index>,
}

impl<'a> Properties<'a> {
    pub(super) fn of(subject: &'a Subject, record: &'a PluginRecord, around: &Around) -> Self {
        let warm = subject.runtime(Isolation::Reuse, around);
        Self {
            name: &subject.name,
            record,
            index: Arc::new(Index::of_everything(Arc::clone(&warm))),
            fresh: subject.runtime(Isolation::Call, around),
            warm,
        }
    }

    /// Looks at all of them, and tells of each how it went.
    pub(super) fn run<E>(&self, tell: &mut impl FnMut(Outcome) -> Result<(), E>) -> Result<(), E> {
        for tool in &self.record.tools {
            let payloads = made_up(tool);
            tell(self.examples(tool))?;
            tell(self.no_fault(tool, &payloads))?;
            tell(self.idempotent(tool, &payloads))?;
            tell(self.same_answers(tool, &payloads))?;
            if self.record.judges {
                tell(self.results(tool))?;
            }
        }
        if let Some(outcome) = self.scripts() {
            tell(outcome)?;
        }
        Ok(())
    }

    fn check(
        &self,
        runtime: &Runtime,
        tool: &ToolDefinition,
        payload: &Map<String, Value>,
    ) -> Result<Checked, CheckError> {
        runtime.check(self.name, tool, payload, &self.index)
    }

    fn outcome(&self, tool: &str, what: &str, mut wrong: Vec<String>) -> Outcome {
        let more = wrong.len().saturating_sub(SHOWN);
        wrong.truncate(SHOWN);
        if more > 0 {
            wrong.push(format!("and {more} more of the kind"));
        }
        Outcome::of(format!("{tool}: {what}"), wrong, Some(&self.warm))
    }

    fn examples(&self, tool: &ToolDefinition) -> Outcome {
        let wrong = tool.examples.iter().filter_map(|example| {
            let payload = example.payload.value();
            let payload = payload.as_object().cloned().unwrap_or_default();
            let why = match self.check(&self.warm, tool, &payload).err()? {
                CheckError::Fault(fault) => faulted(&fault),
                CheckError::Rejected(issues) => {
                    let issues = issues.iter().map(|issue| format!("\n  {issue}"));
                    format!("it is rejected:{}", issues.collect::<String>())
                }
            };
            Some(format!("example `{}`: {why}", example.title))
        });
        self.outcome(&tool.name, "every example passes", wrong.collect())
    }

    fn no_fault(&self, tool: &ToolDefinition, payloads: &[Map<String, Value>]) -> Outcome {
        let mut wrong = Vec::new();
        for payload in payloads {
            if let Err(CheckError::Fault(fault)) = self.check(&self.warm, tool, payload) {
                wrong.push(format!("{}: {}", shown(payload), faulted(&fault)));
            }
        }
        let schema = Schema::compile(tool.payload_schema.as_str());
        let fits = |payload: &&Map<String, Value>| {
            let payload = Value::from((*payload).clone());
            schema.as_ref().is_ok_and(|schema| schema.accepts(&payload))
        };
        let what = format!(
            "{} made-up payloads, none a fault ({} of them fit the schema)",
            payloads.len(),
            payloads.iter().filter(fits).count()
        );
        self.outcome(&tool.name, &what, wrong)
    }

    fn idempotent(&self, tool: &ToolDefinition, payloads: &[Map<String, Value>]) -> Outcome {
        let mut wrong = Vec::new();
        for payload in payloads {
            let Ok(checked) = self.check(&self.warm, tool, payload) else {
                continue;
            };
            let once = checked.payload.value();
            let again = once.as_object().cloned().unwrap_or_default();
            match self.check(&self.warm, tool, &again) {
                Ok(twice) if twice.payload.value() == once => {}
                Ok(twice) => wrong.push(format!(
                    "{} becomes {}, and that {}",
                    shown(payload),
                    short(&once),
                    short(&twice.payload.value())
                )),
                Err(CheckError::Rejected(issues)) => {
                    let why = issues.first().map(ToString::to_string);
                    wrong.push(format!(
                        "{} becomes {}, which is rejected: {}",
                        shown(payload),
                        short(&once),
                        why.unwrap_or_default()
                    ));
                }
                Err(CheckError::Fault(fault)) => {
                    wrong.push(format!("{}: {}", short(&once), faulted(&fault)));
                }
            }
        }
        let what = "normalize changes nothing the second time";
        self.outcome(&tool.name, what, wrong)
    }

    fn same_answers(&self, tool: &ToolDefinition, payloads: &[Map<String, Value>]) -> Outcome {
        let payloads = &payloads[..payloads.len().min(FRESH)];
        let expected: Vec<_> = payloads
            .iter()
            .map(|payload| self.check(&self.fresh, tool, payload))
            .collect();
        let mut order: Vec<usize> = (0..payloads.len()).collect();
        Chance::of(&tool.name).shuffle(&mut order);
        let mut wrong = Vec::new();
        for place in order {
            let got = self.check(&self.warm, tool, &payloads[place]);
            if got != expected[place] {
                wrong.push(format!(
                    "{}: a fresh instance says {}, one that has served others {}",
                    shown(&payloads[place]),
                    said(&expected[place]),
                    said(&got)
                ));
            }
        }
        let what = "fresh and warm instances give the same answers, in any order";
        self.outcome(&tool.name, what, wrong)
    }

    fn results(&self, tool: &ToolDefinition) -> Outcome {
        let payload = tool.examples.iter().find_map(|example| {
            let payload = example.payload.value();
            let checked = self.check(&self.warm, tool, payload.as_object()?).ok()?;
            Some(checked.payload)
        });
        let payload = payload.or_else(|| Some(tool.examples.first()?.payload.clone()));
        let payload = payload.unwrap_or_else(|| Document::from(Map::new()));
        let mut chance = Chance::of(&format!("{} results", tool.name));
        let schema = tool.result_schema.as_ref().map(Document::value);
        let mut wrong = Vec::new();
        for _ in 0..RESULTS {
            let result = result(schema.as_ref(), &mut chance);
            let stdout = chance.one_in(3).then(|| short(&result));
            let reported = Reported {
                task: None,
                payload: payload.as_str(),
                result: &result.to_string(),
                stdout: stdout.as_deref(),
                stderr: None,
                duration_ms: 1_000,
            };
            let judged = self
                .warm
                .judge(self.name, true, tool, &reported, &self.index);
            if let Err(CheckError::Fault(fault)) = judged {
                wrong.push(format!("{}: {}", short(&result), faulted(&fault)));
            }
        }
        let what = format!("{RESULTS} made-up results, none a fault");
        self.outcome(&tool.name, &what, wrong)
    }

    /// None for a plugin that reads no scripts.
    fn scripts(&self) -> Option<Outcome> {
        match self.warm.claims(self.name) {
            Ok(None) => return None,
            Ok(Some(_)) => {}
            Err(fault) => return Some(self.outcome("scripts", "claims", vec![faulted(&fault)])),
        }
        let mut chance = Chance::of(self.name);
        let mut files = scripts(SCRIPTS, &mut chance);
        let read = |runtime: &Runtime, (path, bytes): &(String, Vec<u8>)| {
            runtime.read_script(self.name, path, bytes)
        };
        let mut first = Vec::new();
        let mut wrong = Vec::new();
        for file in &files {
            let got = read(&self.warm, file);
            if let Err(fault) = &got {
                wrong.push(format!("{}: {}", odd(&file.1), faulted(fault)));
            }
            first.push((file.0.clone(), got));
        }
        chance.shuffle(&mut files);
        for (number, file) in files.iter().enumerate() {
            let runtime = if number < FRESH {
                &self.fresh
            } else {
                &self.warm
            };
            let got = read(runtime, file);
            let before = first.iter().find(|(path, _)| *path == file.0);
            if before.is_some_and(|(_, before)| *before != got) {
                wrong.push(format!(
                    "{}: answered differently the second time",
                    odd(&file.1)
                ));
            }
        }
        let what = format!("{SCRIPTS} made-up files, none a fault, and the order changes nothing");
        Some(self.outcome("scripts", &what, wrong))
    }
}

/// Payloads for a tool: its examples, what its schema makes, and both with something wrong in them.
fn made_up(tool: &ToolDefinition) -> Vec<Map<String, Value>> {
    let mut chance = Chance::of(&tool.name);
    let schema = tool.payload_schema.value();
    let maker = Maker::new(&schema);
    let examples = tool.examples.iter();
    let mut payloads: Vec<Map<String, Value>> = examples
        .filter_map(|example| example.payload.value().as_object().cloned())
        .collect();
    let given = payloads.clone();
    while payloads.len() < PAYLOADS {
        let made = maker.make(&mut chance);
        let made = made.as_object().cloned().unwrap_or_default();
        match chance.below(4) {
            0 => {
                let example = chance.pick(&given).cloned().unwrap_or_default();
                payloads.push(mutate(&example, &mut chance));
            }
            1 => payloads.push(mutate(&made, &mut chance)),
            _ => payloads.push(made),
        }
    }
    payloads
}

/// A result with a summary, which the host sees to.
fn result(schema: Option<&Value>, chance: &mut Chance) -> Value {
    let anything = Value::Bool(true);
    let made = Maker::new(schema.unwrap_or(&anything)).make(chance);
    let mut result = made.as_object().cloned().unwrap_or_default();
    if chance.one_in(3) {
        result = mutate(&result, chance);
    }
    let has = matches!(result.get("summary"), Some(Value::String(text)) if !text.trim().is_empty());
    if !has {
        result.insert("summary".to_owned(), "Done".into());
    }
    result.into()
}

fn shown(payload: &Map<String, Value>) -> String {
    short(&Value::from(payload.clone()))
}

/// Bytes as they are written in a program.
fn odd(bytes: &[u8]) -> String {
    let some = &bytes[..bytes.len().min(80)];
    format!("`{}`", some.escape_ascii())
}

fn said(answer: &Result<Checked, CheckError>) -> String {
    match answer {
        Ok(checked) => checked.payload.as_str().to_owned(),
        Err(CheckError::Rejected(issues)) => {
            let issues: Vec<_> = issues.iter().map(ToString::to_string).collect();
            format!("no ({})", issues.join("; "))
        }
        Err(CheckError::Fault(fault)) => faulted(fault),
    }
}
