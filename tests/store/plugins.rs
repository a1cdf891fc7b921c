//! What is kept of plugins: which there are, what they log, and how they fail.

use sparkq_core::wire::{EventKind, PluginFaults};
use sparkq_core::{About, PluginRecord, Time};
use sparkq_store::{
    NewPluginLine, PluginFailed, PluginLog, RestorePlugin, SavePluginLog, SavePlugins, Store,
};

use crate::TestStore;

impl TestStore {
    fn keep(&mut self, plugins: &[(&str, &str, bool)]) {
        let record = |(name, digest, built_in): &(&str, &str, bool)| PluginRecord {
            name: (*name).to_owned(),
            version: "1".to_owned(),
            digest: digest.repeat(32),
            config: "{}".to_owned(),
            built_in: *built_in,
            judges: false,
            about: About::default(),
            tools: Vec::new(),
        };
        let now = self.tick();
        let plugins = plugins.iter().map(record).collect();
        self.ask(SavePlugins { plugins, now }).expect("kept");
    }

    fn fails(&mut self, digest: &str) -> PluginFaults {
        let now = self.tick();
        let failed = PluginFailed {
            plugin: "acme".to_owned(),
            digest: digest.repeat(32),
            kind: "trap".to_owned(),
            fault: "it trapped".to_owned(),
            now,
        };
        self.ask(failed).expect("counted")
    }

    fn restore(&mut self) -> bool {
        let now = self.tick();
        let restore = RestorePlugin {
            plugin: "acme".to_owned(),
            actor: None,
            now,
        };
        self.ask(restore).expect("forgotten")
    }

    fn plugin_events(&self) -> Vec<(EventKind, String)> {
        let look = self.store.read().expect("a look");
        let events = look.events(0, 1000).expect("events");
        let about_plugins = events.into_iter().filter_map(|event| {
            let data = event.data?.value();
            let plugin = data.get("plugin")?.as_str()?.to_owned();
            Some((event.kind, plugin))
        });
        about_plugins.collect()
    }
}

#[test]
fn plugins_of_others_that_come_change_and_go_are_told_of_and_those_of_sparkq_are_not() {
    let mut test = TestStore::new();
    test.keep(&[("scripts", "aa", true)]);
    test.keep(&[("scripts", "bb", true), ("acme", "aa", false)]);
    test.keep(&[("scripts", "bb", true), ("acme", "aa", false)]);
    assert_eq!(
        test.plugin_events(),
        [(EventKind::PluginAdded, "acme".to_owned())]
    );
    test.keep(&[("acme", "bb", false)]);
    test.keep(&[("zeta", "aa", false)]);
    let kinds: Vec<_> = test.plugin_events().into_iter().skip(1).collect();
    assert_eq!(
        kinds,
        [
            (EventKind::PluginAdded, "acme".to_owned()),
            (EventKind::PluginRemoved, "acme".to_owned()),
            (EventKind::PluginAdded, "zeta".to_owned()),
        ]
    );
}

#[test]
fn a_plugin_that_fails_five_times_in_a_row_is_left_alone_until_a_call_goes_well() {
    let mut test = TestStore::new();
    let first: Vec<_> = (0..4).map(|_| test.fails("aa").until).collect();
    assert_eq!(first, [None; 4]);
    let fifth = test.fails("aa");
    assert_eq!(fifth.in_row, 5);
    assert!(fifth.is_quarantined(fifth.at));
    let rest =
        |faults: &PluginFaults| faults.until.expect("a moment").as_millis() - faults.at.as_millis();
    assert_eq!(rest(&fifth), 60_000);
    let after = Time::from_millis(fifth.at.as_millis() + 60_000);
    assert!(!fifth.is_quarantined(after), "one call may try it then");
    let under_way = test.fails("aa");
    assert_eq!(
        (under_way.in_row, under_way.until),
        (5, fifth.until),
        "that is known"
    );
    test.now += 60_000;
    assert_eq!(rest(&test.fails("aa")), 120_000);

    let look = test.store.read().expect("a look");
    assert_eq!(look.plugin_faults().expect("faults")[0].in_row, 6);
    let at = Time::from_millis(test.now);
    let status = look.overview(at).expect("the status");
    assert_eq!(status.quarantined.len(), 1);
    drop(look);

    assert!(test.restore(), "it was left alone");
    assert!(!test.restore(), "and is not any more");
    assert_eq!(test.fails("aa").in_row, 1);
    let kinds: Vec<_> = test
        .plugin_events()
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    let (rests, back) = (EventKind::PluginQuarantined, EventKind::PluginRestored);
    assert_eq!(kinds, [rests, rests, back]);
}

#[test]
fn a_component_that_has_been_replaced_starts_with_a_clean_slate() {
    let mut test = TestStore::new();
    for _ in 0..5 {
        test.fails("aa");
    }
    let other = test.fails("bb");
    assert_eq!((other.in_row, other.until), (1, None));
}

#[test]
fn of_each_plugins_log_the_newest_thousand_lines_are_kept() {
    let mut test = TestStore::new();
    let line = |plugin: &str, number: usize| NewPluginLine {
        plugin: plugin.to_owned(),
        level: "info".to_owned(),
        function: "payloads.validate".to_owned(),
        task: None,
        message: number.to_string(),
    };
    for part in [0..600, 600..1200] {
        let now = test.tick();
        let mut lines: Vec<_> = part.map(|number| line("loud", number)).collect();
        lines.push(line("quiet", 0));
        test.ask(SavePluginLog { lines, now }).expect("kept");
    }
    let look = test.store.read().expect("a look");
    let lines = |plugin: Option<&str>, limit| {
        let query = PluginLog {
            plugin: plugin.map(str::to_owned),
            before: None,
            limit,
        };
        look.plugin_log(&query).expect("lines").items
    };
    let loud = lines(Some("loud"), 5000);
    assert_eq!((loud.len(), loud[0].message.as_str()), (1000, "200"));
    assert_eq!(lines(Some("quiet"), 5000).len(), 2);
    let newest: Vec<_> = lines(None, 2).into_iter().map(|line| line.plugin).collect();
    assert_eq!(newest, ["loud", "quiet"]);
}
