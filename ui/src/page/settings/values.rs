//! The table of values in force.

use leptos::prelude::*;
use serde_json::Value;
use sparkq_core::wire::Setting;

/// What the source of a value is called that nobody has set.
const DEFAULT: &str = "default";

/// Shows the values by their tables, in the order they come in. `file` is the one that most come from.
pub(super) fn table(file: &str, settings: Vec<Setting>) -> AnyView {
    let groups = grouped(settings).into_iter().map(|(name, settings)| {
        let rows: Vec<_> = settings.into_iter().map(|setting| row(file, &name, setting)).collect();
        view! {
            <tbody>
                <tr class="setting-group"><th colspan="3" scope="rowgroup">{format!("[{name}]")}</th></tr>
                {rows}
            </tbody>
        }
    });
    view! {
        <div class="frame">
            <table class="settings">
                <thead class="unseen">
                    <tr><th scope="col">"Key"</th><th scope="col">"Value"</th><th scope="col">"Source"</th></tr>
                </thead>
                {groups.collect_view()}
            </table>
        </div>
    }
    .into_any()
}

fn row(file: &str, table: &str, setting: Setting) -> AnyView {
    let source = source(file, &setting);
    let is_default = setting.source == DEFAULT;
    let key = setting.key.clone();
    let short = key
        .strip_prefix(table)
        .and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(&key)
        .to_owned();
    view! {
        <tr data-key=key>
            <th scope="row"><code>{short}</code></th>
            <td><code>{spell(&setting.value)}</code></td>
            <td class="setting-source" data-default=is_default.then_some("") title=setting.source>{source}</td>
        </tr>
    }
    .into_any()
}

/// Puts settings together that stand next to each other and have the same table.
fn grouped(settings: Vec<Setting>) -> Vec<(String, Vec<Setting>)> {
    let mut groups: Vec<(String, Vec<Setting>)> = Vec::new();
    for setting in settings {
        let table = setting.key.split_once('.').map_or("", |(table, _)| table);
        match groups.last_mut() {
            Some((name, group)) if name == table => group.push(setting),
            _ => groups.push((table.to_owned(), vec![setting])),
        }
    }
    groups
}

/// Where a value comes from, as short as it can be told beside `file`.
fn source(file: &str, setting: &Setting) -> String {
    let line = setting.line.map(|line| format!("line {line}"));
    match line {
        Some(line) if setting.source == file => line,
        Some(line) => format!("{}, {line}", setting.source),
        None => setting.source.clone(),
    }
}

/// Spells a value as `sparkq.toml` would have it.
fn spell(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(spell).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(key, value)| format!("{key} = {}", spell(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn setting(key: &str, source: &str, line: Option<usize>) -> Setting {
        Setting {
            key: key.to_owned(),
            value: json!(1),
            source: source.to_owned(),
            line,
        }
    }

    #[test]
    fn values_of_one_table_stand_together_and_say_where_they_come_from() {
        let settings = vec![
            setting("server.host", "/p/sparkq.toml", Some(7)),
            setting("server.port", "default", None),
            setting("watch.idle_poll", "/elsewhere.toml", Some(2)),
        ];
        let told = |setting: &Setting| source("/p/sparkq.toml", setting);
        let sources: Vec<_> = settings.iter().map(told).collect();
        assert_eq!(sources, ["line 7", "default", "/elsewhere.toml, line 2"]);
        let groups: Vec<_> = grouped(settings)
            .into_iter()
            .map(|(name, group)| (name, group.len()))
            .collect();
        assert_eq!(groups, [("server".to_owned(), 2), ("watch".to_owned(), 1)]);
    }

    #[test]
    fn a_value_is_spelled_as_in_the_file() {
        let value = json!({"a": ["x", 2], "b": true});
        assert_eq!(spell(&value), r#"{ a = ["x", 2], b = true }"#);
    }
}
