//! Every tool that can be enqueued: those of the plugins, and those that `sparkq.toml` names or changes.

use sparkq_core::nearest::nearest;
use sparkq_core::wire::Tool;
use sparkq_core::{Limits, PluginRecord, Refusal, TaskClass, ToolDefinition};

use super::{Error, Queue};
use crate::config::{Project, ToolTable};

/// The tools of one project.
#[derive(Debug)]
pub(super) struct Catalogue {
    entries: Vec<Entry>,
    /// What `sparkq.toml` says of tools that this program does not have.
    pub(super) warnings: Vec<String>,
}

/// One tool.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The tool as the project knows it.
    pub(super) tool: Tool,
    /// The name of its plugin.
    pub(super) plugin: String,
    /// Whether its plugin judges results.
    pub(super) judges: bool,
    /// The tool as its plugin defines it, and by the plugin's name for it.
    pub(super) own: ToolDefinition,
    /// What `[tools.NAME]` says of its class and timeout.
    pub(super) project: Limits,
}

impl Entry {
    fn of(plugin: &PluginRecord, own: &ToolDefinition) -> Self {
        let mut definition = own.clone();
        definition.guide = own.guide_for_workers(&plugin.name, plugin.built_in);
        Self {
            tool: Tool {
                definition,
                plugin: plugin.stamp(),
                built_in: plugin.built_in,
                uses: None,
            },
            plugin: plugin.name.clone(),
            judges: plugin.judges,
            own: own.clone(),
            project: Limits::default(),
        }
    }

    /// The tool as the project's entry has it.
    fn changed(mut self, name: &str, entry: &ToolTable) -> Self {
        let definition = &mut self.tool.definition;
        name.clone_into(&mut definition.name);
        if let Some(description) = &entry.description {
            definition.description.clone_from(description);
        }
        if let Some(class) = &entry.task_class {
            definition.task_class = class.clone();
        }
        definition.timeout = entry.timeout.or(definition.timeout);
        self.tool.uses.clone_from(&entry.uses);
        self.project = Limits {
            class: entry.task_class.clone(),
            timeout: entry.timeout,
        };
        self
    }

    /// The tool with the timeout that a task of it gets: its own, else its class's.
    fn shown(&self, project: &Project) -> Tool {
        let mut tool = self.tool.clone();
        let definition = &mut tool.definition;
        if definition.timeout.is_none() {
            definition.timeout = project
                .class_timeout(&definition.task_class)
                .or(Some(TaskClass::DEFAULT_TIMEOUT));
        }
        tool
    }

    /// The plugin that a refusal names, because it did not come with SparkQ.
    pub(super) fn other_plugin(&self) -> Option<String> {
        self.tool.other_plugin().map(str::to_owned)
    }

    /// Whether anything but its summary is asked of a result.
    pub(super) fn judges_results(&self) -> bool {
        self.judges || self.own.result_schema.is_some()
    }

    /// What is said of its class and timeout, the weakest first.
    pub(super) fn limits(&self) -> [Limits; 2] {
        let own = Limits {
            class: Some(self.own.task_class.clone()),
            timeout: self.own.timeout,
        };
        [own, self.project.clone()]
    }
}

impl Catalogue {
    /// The plugins' tools with what `project` makes of them. An entry that fits no tool is refused with its place.
    pub(super) fn new(plugins: &[PluginRecord], project: &Project) -> Result<Self, Refusal> {
        let tools = plugins
            .iter()
            .flat_map(|plugin| plugin.tools.iter().map(|own| Entry::of(plugin, own)));
        let base: Vec<Entry> = tools.collect();
        let mut catalogue = Self {
            entries: Vec::with_capacity(base.len()),
            warnings: Vec::new(),
        };
        for entry in &base {
            catalogue.add(entry, project);
        }
        for (name, entry) in &project.config.tools {
            let mut entries = catalogue.entries.iter();
            let own_name = entries.position(|entry| entry.tool.definition.name == *name);
            if let (Some(_), Some(_)) = (own_name, &entry.uses) {
                let hint = format!(
                    "give it another name, or leave `uses` out to change the limits of `{name}`"
                );
                let what = format!("[tools.{name}]: a plugin has a tool of this name already");
                return Err(project.invalid(&format!("tools.{name}"), &what, hint));
            }
            let wanted = entry.uses.as_deref().unwrap_or(name);
            match base.iter().find(|base| base.goes_by(wanted)) {
                Some(found) => {
                    let changed = found.clone().changed(name, entry);
                    match own_name {
                        Some(place) => catalogue.entries[place] = changed,
                        None => catalogue.entries.push(changed),
                    }
                }
                // It may be a tool of a plugin that this program does not load.
                None if !project.config.plugins.is_empty() => catalogue.warnings.push(format!(
                    "[tools.{name}] is left out: no plugin that is loaded has a tool `{wanted}`"
                )),
                None => return Err(nothing(project, name, entry, &base)),
            }
        }
        Ok(catalogue)
    }

    /// Adds a tool by its own name, unless another plugin's has it: then it goes by the names that the project gives it.
    fn add(&mut self, entry: &Entry, project: &Project) {
        let name = &entry.own.name;
        let mut entries = self.entries.iter();
        let Some(first) = entries.find(|first| first.own.name == *name) else {
            self.entries.push(entry.clone());
            return;
        };
        let full = format!("{}/{name}", entry.plugin);
        let mut aliases = project.config.tools.values();
        if !aliases.any(|alias| alias.uses.as_deref() == Some(&full)) {
            self.warnings.push(format!(
                "tool `{full}` is left out: plugin `{}` has a tool `{name}` too; give it another name: [tools.NAME] uses = \"{full}\"",
                first.plugin
            ));
        }
    }

    /// The tool of this name.
    pub(super) fn entry(&self, name: &str) -> Result<&Entry, Refusal> {
        let found = self
            .entries
            .iter()
            .find(|entry| entry.tool.definition.name == name);
        // By its plugin's name and its own it is known as well.
        let found = found.or_else(|| {
            let mut entries = self.entries.iter();
            name.contains('/')
                .then(|| entries.find(|entry| entry.tool.uses.is_none() && entry.goes_by(name)))?
        });
        found.ok_or_else(|| Refusal::ToolNotFound {
            given: name.to_owned(),
            known: nearest(name, names(&self.entries)),
            missing: Vec::new(),
        })
    }

    /// Whether the results of any tool are judged.
    pub(super) fn judges_results(&self) -> bool {
        self.entries.iter().any(Entry::judges_results)
    }

    /// How many tools there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// All tools: the plugins', then those that `sparkq.toml` names.
    pub(super) fn tools(&self, project: &Project) -> Vec<Tool> {
        self.entries
            .iter()
            .map(|entry| entry.shown(project))
            .collect()
    }
}

impl Entry {
    /// Whether `uses` means this tool: by its name, or with its plugin's in front.
    fn goes_by(&self, uses: &str) -> bool {
        match uses.split_once('/') {
            Some((plugin, tool)) => self.plugin == plugin && self.own.name == tool,
            None => self.own.name == uses,
        }
    }
}

/// The refusal of an entry that no tool fits.
fn nothing(project: &Project, name: &str, entry: &ToolTable, base: &[Entry]) -> Refusal {
    let (key, given, what) = match &entry.uses {
        Some(uses) => (
            format!("tools.{name}.uses"),
            uses.as_str(),
            format!("[tools.{name}] uses: there is no tool `{uses}`"),
        ),
        None => (
            format!("tools.{name}"),
            name,
            format!(
                "[tools.{name}]: there is no tool `{name}`, and no `uses` says which one it is on"
            ),
        ),
    };
    let known = if given.contains('/') {
        let full = |entry: &Entry| format!("{}/{}", entry.plugin, entry.own.name);
        nearest(given, base.iter().map(full))
    } else {
        nearest(given, names(base))
    };
    let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    let verb = if known.len() == 1 { "is" } else { "are" };
    let what = format!("{what}; there {verb} {}", known.join(", "));
    project.invalid(&key, &what, "correct the entry, then look: sparkq reload")
}

fn names(entries: &[Entry]) -> impl Iterator<Item = &str> {
    entries
        .iter()
        .map(|entry| entry.tool.definition.name.as_str())
}

impl Queue {
    /// All tools, as the project knows them.
    pub(crate) async fn tools(&self) -> Result<Vec<Tool>, Error> {
        let current = self.current();
        let known = self.known_of(&current).await?;
        Ok(known.catalogue.tools(&current.project))
    }

    /// One tool by its name.
    pub(crate) async fn tool(&self, name: &str) -> Result<Tool, Error> {
        let current = self.current();
        let known = self.known_of(&current).await?;
        let entry = known.entry(name, &current.project)?;
        Ok(entry.shown(&current.project))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;
    use sparkq_core::About;

    use super::*;

    fn plugin(name: &str, tools: &[&str]) -> PluginRecord {
        let tool = |name: &&str| {
            let definition = json!({
                "name": name, "title": "T", "description": "D", "guide": "G",
                "task_class": "MEDIUM_SCRIPT", "timeout": 300, "payload_schema": {}, "template": {}, "examples": [],
                "hints": {"read_only": false, "destructive": false, "idempotent": false, "open_world": false},
            });
            serde_json::from_value(definition).expect("a definition")
        };
        PluginRecord {
            judges: false,
            config: "{}".to_owned(),
            built_in: true,
            about: About::default(),
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            digest: "0a".repeat(32),
            tools: tools.iter().map(tool).collect(),
        }
    }

    fn catalogue(text: &str) -> Result<Catalogue, Refusal> {
        let project = Project::of(text, Path::new("/tmp/sparkq.toml")).expect(text);
        let plugins = [
            plugin("scripts", &["run-bash", "run-python"]),
            plugin("other", &["summarize"]),
        ];
        Catalogue::new(&plugins, &project)
    }

    #[test]
    fn an_alias_has_its_own_name_and_limits_on_the_tool_that_it_uses() {
        let text = "[tools.migrate]\nuses = 'scripts/run-bash'\ndescription = 'Moves on.'\ntask_class = 'NIGHTLY'\n";
        let catalogue = catalogue(text).expect("a catalogue");
        let alias = catalogue.entry("migrate").expect("the alias");
        let shown = &alias.tool.definition;
        assert_eq!(
            (shown.name.as_str(), shown.description.as_str()),
            ("migrate", "Moves on.")
        );
        assert_eq!(
            (alias.own.name.as_str(), shown.guide.as_str()),
            ("run-bash", "G")
        );
        let [own, project] = alias.limits();
        let classes = [own.class, project.class].map(|class| class.map(String::from));
        assert_eq!(
            classes,
            [Some("MEDIUM_SCRIPT".into()), Some("NIGHTLY".into())]
        );
        assert_eq!(
            (own.timeout, project.timeout.is_none()),
            (shown.timeout, true)
        );
        let plain = catalogue.entry("run-bash").expect("the tool");
        assert_eq!(plain.tool.definition.task_class.as_str(), "MEDIUM_SCRIPT");
        assert_eq!(catalogue.entries.len(), 4);
    }

    #[test]
    fn an_entry_without_uses_changes_the_limits_of_the_tool_of_its_name() {
        let catalogue = catalogue("[tools.run-bash]\ntimeout = 7\n").expect("a catalogue");
        let changed = catalogue.entry("run-bash").expect("the tool");
        assert_eq!(changed.limits()[1].timeout.map(u64::from), Some(7));
        assert_eq!(changed.tool.definition.timeout.map(u64::from), Some(7));
        assert_eq!(changed.own.timeout.map(u64::from), Some(300));
        assert_eq!(catalogue.entries.len(), 3);
    }

    #[test]
    fn an_entry_that_fits_no_tool_is_refused_with_its_line_and_the_nearest_names() {
        let refused = |text: &str| catalogue(text).map(|_| ()).expect_err(text).to_string();
        let all = [
            "\n[tools.migrate]\ntimeout = 5\nuses = 'run-bsh'\n",
            "[tools.migrate]\nuses = 'other/run-bash'\n",
            "[tools.run-bsh]\ntimeout = 5\n",
            "[tools.run-bash]\nuses = 'run-python'\n",
            "[tools.a]\nuses = 'run-bash'\n[tools.b]\nuses = 'a'\n",
        ];
        insta::assert_snapshot!(all.map(refused).join("\n"), @"
        /tmp/sparkq.toml:4: [tools.migrate] uses: there is no tool `run-bsh`; there are `run-bash`, `run-python`, `summarize`
        /tmp/sparkq.toml:2: [tools.migrate] uses: there is no tool `other/run-bash`; there are `other/summarize`, `scripts/run-bash`, `scripts/run-python`
        /tmp/sparkq.toml:1: [tools.run-bsh]: there is no tool `run-bsh`, and no `uses` says which one it is on; there are `run-bash`, `run-python`, `summarize`
        /tmp/sparkq.toml:1: [tools.run-bash]: a plugin has a tool of this name already
        /tmp/sparkq.toml:4: [tools.b] uses: there is no tool `a`; there are `run-bash`, `run-python`, `summarize`
        ");
    }

    #[test]
    fn an_alias_on_a_tool_of_a_plugin_that_is_not_loaded_is_left_out_with_a_warning() {
        let text = format!(
            "[plugins.acme]\npath = 'acme.wasm'\nsha256 = '{}'\n[tools.ship]\nuses = 'acme/deploy'\n",
            "0a".repeat(32)
        );
        let catalogue = catalogue(&text).expect("a catalogue");
        assert!(catalogue.entry("ship").is_err());
        assert_eq!(
            catalogue.warnings,
            ["[tools.ship] is left out: no plugin that is loaded has a tool `acme/deploy`"]
        );
    }

    #[test]
    fn the_last_layer_that_speaks_wins_from_the_class_to_the_command_line() {
        let seconds = |seconds| sparkq_core::Timeout::from_seconds(seconds).ok();
        let class = |text: &str| TaskClass::try_from(text.to_owned()).ok();
        let settle = |text: &str, payload: Limits, flag| {
            let project = Project::of(text, Path::new("/tmp/sparkq.toml")).expect(text);
            let mut plugin = plugin("scripts", &["run-bash"]);
            plugin.tools[0].timeout = None;
            let catalogue = Catalogue::new(&[plugin], &project).expect("a catalogue");
            let [own, changed] = catalogue.entry("run-bash").expect("the tool").limits();
            let flag = Limits {
                class: None,
                timeout: flag,
            };
            let layers = [own, changed, payload, flag];
            let (class, timeout) =
                sparkq_core::timeout::resolve(&layers, |class| project.class_timeout(class));
            (String::from(class), timeout.seconds())
        };
        let none = Limits::default;
        let class_default = "[task_classes]\nMEDIUM_SCRIPT = { timeout = 77 }\n";
        let both = "[task_classes]\nNIGHTLY = { timeout = 88 }\n[tools.run-bash]\ntask_class = 'NIGHTLY'\n";
        let medium = || "MEDIUM_SCRIPT".to_owned();
        assert_eq!(settle("", none(), None), (medium(), 300));
        assert_eq!(settle(class_default, none(), None), (medium(), 77));
        assert_eq!(settle(both, none(), None), ("NIGHTLY".to_owned(), 88));
        let entry = "[tools.run-bash]\ntimeout = 5\n";
        assert_eq!(settle(entry, none(), None), (medium(), 5));
        let header = Limits {
            class: class("FAST_SCRIPT"),
            timeout: seconds(6),
        };
        assert_eq!(
            settle(entry, header.clone(), None),
            ("FAST_SCRIPT".to_owned(), 6)
        );
        assert_eq!(
            settle(entry, header, seconds(7)),
            ("FAST_SCRIPT".to_owned(), 7)
        );
    }
}
