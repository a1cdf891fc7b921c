//! What a component is, in one document: what `plugin inspect` answers.

use serde::Serialize;
use sparkq_core::{Need, ToolDefinition};
use sparkq_runtime::Item;

use super::examine::Examination;

/// What a component is, and what it says of itself if it can be asked.
#[derive(Debug, Serialize)]
pub(crate) struct Portrait<'a> {
    /// In bytes.
    pub(crate) size: u64,
    /// 64 lower-case hex digits.
    pub(crate) sha256: &'a str,
    /// The interfaces of the plugin contract that it exports.
    pub(crate) interfaces: &'a [&'static str],
    /// Everything that it imports.
    pub(crate) imports: Vec<&'a str>,
    /// Everything that it exports.
    pub(crate) exports: Vec<&'a str>,
    /// Its own version; none when it could not be asked.
    pub(crate) version: Option<&'a str>,
    /// Where to read on.
    pub(crate) homepage: Option<&'a str>,
    /// The terms it comes under.
    pub(crate) license: Option<&'a str>,
    /// What it asks to be granted.
    pub(crate) needs: &'a [Need],
    /// Whether it judges what workers hand in.
    pub(crate) judges: bool,
    /// Its tools.
    pub(crate) tools: &'a [ToolDefinition],
    /// Why it cannot be added, a fragment each.
    pub(crate) problems: Vec<&'a str>,
}

impl<'a> Portrait<'a> {
    /// The portrait of what was examined; none when it is no component.
    pub(crate) fn of(found: &'a Examination) -> Option<Self> {
        let inspection = found.inspection.as_ref()?;
        let record = found.record.as_ref();
        let about = record.map(|record| &record.about);
        let errors = found.findings.iter().filter(|finding| finding.is_error());
        Some(Self {
            size: inspection.size,
            sha256: &inspection.digest,
            interfaces: &inspection.interfaces,
            imports: names(&inspection.imports),
            exports: names(&inspection.exports),
            version: record.map(|record| record.version.as_str()),
            homepage: about.and_then(|about| about.homepage.as_deref()),
            license: about.and_then(|about| about.license.as_deref()),
            needs: about.map_or(&[], |about| &about.needs),
            judges: record.is_some_and(|record| record.judges),
            tools: record.map_or(&[], |record| &record.tools),
            problems: errors.map(|finding| finding.message.as_str()).collect(),
        })
    }
}

fn names(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.name.as_str()).collect()
}
