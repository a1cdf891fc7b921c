//! All tests of a plugin: its cases, and the properties that every plugin has.

use std::path::Path;

use serde::Serialize;
use sparkq_core::{Code, PluginRecord, Refusal};

use super::around::{Around, Subject};
use super::case::{self, Golden};
use super::golden;
use super::outcome::Outcome;
use super::properties::Properties;

/// The folder of the cases below a plugin's.
const CASES: &str = "tests";

/// How all tests went.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Tally {
    pub(crate) ok: bool,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) tests: Vec<Outcome>,
}

/// Tests a component that can be described, with the cases below `folder` where there is one, and tells of each test as
/// soon as it is over.
pub(crate) fn test<E: From<Refusal>>(
    bytes: &[u8],
    record: &PluginRecord,
    folder: Option<&Path>,
    mut tell: impl FnMut(&Outcome) -> Result<(), E>,
) -> Result<Tally, E> {
    let no_place = |error: std::io::Error| {
        E::from(Refusal::Project {
            code: Code::InvalidValue,
            message: format!("there is no place for what the tests need: {error}"),
            hint: "make room in the folder of temporary files, or set TMPDIR to another".to_owned(),
        })
    };
    let subject = Subject::new(&record.name, bytes.to_vec()).map_err(no_place)?;
    let mut around = Around::nothing().map_err(no_place)?;
    let mut tally = Tally::default();
    let mut keep = |outcome: Outcome| -> Result<(), E> {
        tell(&outcome)?;
        tally.tests.push(outcome);
        Ok(())
    };
    let tools: Vec<_> = record.tools.iter().map(|tool| tool.name.as_str()).collect();
    let mut nothing_granted = true;
    for file in folder
        .map(|folder| case::files(&folder.join(CASES)))
        .into_iter()
        .flatten()
    {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{CASES}/{name}");
        let outcome = match Golden::read(&file, &tools) {
            Err(why) => Outcome::of(name, vec![why], None),
            Ok(Golden::Script(case)) => case.run(&subject, &around, &name),
            Ok(Golden::Tool(case)) => {
                if nothing_granted && case.grants() {
                    around = Around::of(&case).map_err(no_place)?;
                    nothing_granted = false;
                }
                golden::run(&subject, record, &name, &case)
            }
        };
        keep(outcome)?;
    }
    Properties::of(&subject, record, &around).run(&mut keep)?;
    tally.passed = tally.tests.iter().filter(|outcome| outcome.ok).count();
    tally.failed = tally.tests.len() - tally.passed;
    tally.ok = tally.failed == 0;
    Ok(tally)
}
