//! What a component imports and exports, by name, and whether it fits; nothing of it is run.

use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

use crate::offers::INTERFACES;
use crate::text::sentence;

/// What a component wants and has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Its size, in bytes.
    pub size: u64,
    /// Its SHA-256, 64 lower-case hex digits.
    pub digest: String,
    /// What it imports, in its order.
    pub imports: Vec<Item>,
    /// What it exports, in its order.
    pub exports: Vec<Item>,
    /// The interfaces of the contract that it exports, and that are used: `tools`.
    pub interfaces: Vec<&'static str>,
    /// Why it cannot be used, or not for what it seems to be for; empty when it fits. Each is a lower-case fragment.
    pub problems: Vec<String>,
}

/// One import or export of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name: `sparkq:plugin/tools@1.0.0`.
    pub name: String,
    /// The functions in it, or itself if it is one.
    pub functions: Vec<String>,
}

/// What a plugin may import besides WASI, of version 1.
const OWN: [&str; 5] = ["types", "log", "config", "files", "index"];

/// The interfaces of WASI 0.2 that there are, however empty.
const WASI: [(&str, &[&str]); 6] = [
    (
        "cli",
        &[
            "environment",
            "exit",
            "stdin",
            "stdout",
            "stderr",
            "terminal-input",
            "terminal-output",
            "terminal-stdin",
            "terminal-stdout",
            "terminal-stderr",
        ],
    ),
    ("clocks", &["monotonic-clock", "wall-clock"]),
    ("filesystem", &["types", "preopens"]),
    ("io", &["error", "poll", "streams"]),
    ("random", &["random", "insecure", "insecure-seed"]),
    (
        "sockets",
        &[
            "network",
            "instance-network",
            "ip-name-lookup",
            "tcp",
            "tcp-create-socket",
            "udp",
            "udp-create-socket",
        ],
    ),
];

/// The imports of a component.
pub(crate) fn imports(engine: &Engine, component: &Component) -> Vec<Item> {
    let kind = component.component_type();
    let items = kind.imports(engine);
    items
        .map(|(name, found)| item(engine, name, &found.ty))
        .collect()
}

/// The exports of a component.
pub(crate) fn exports(engine: &Engine, component: &Component) -> Vec<Item> {
    let kind = component.component_type();
    let items = kind.exports(engine);
    items
        .map(|(name, found)| item(engine, name, &found.ty))
        .collect()
}

/// The interfaces of the contract among these.
pub(crate) fn interfaces(exports: &[Item]) -> Vec<&'static str> {
    let used = INTERFACES.into_iter();
    used.filter(|name| offers(exports, name)).collect()
}

fn item(engine: &Engine, name: &str, kind: &ComponentItem) -> Item {
    let functions = match kind {
        ComponentItem::ComponentInstance(instance) => instance
            .exports(engine)
            .filter(|(_, found)| matches!(found.ty, ComponentItem::ComponentFunc(_)))
            .map(|(name, _)| sentence(name))
            .collect(),
        ComponentItem::ComponentFunc(_) => vec![sentence(name)],
        _ => Vec::new(),
    };
    Item {
        name: sentence(name),
        functions,
    }
}

/// Why a component does not fit, as far as names tell: first what makes it unusable, then what else is odd.
pub(crate) fn problems(imports: &[Item], exports: &[Item]) -> Vec<String> {
    let mut problems = unusable(imports, exports);
    let offered = |name: &str| offers(exports, name);
    if INTERFACES.iter().any(|name| offered(name)) {
        for (has, wants) in [
            ("tools", "payloads"),
            ("payloads", "tools"),
            ("results", "tools"),
        ] {
            if offered(has) && !offered(wants) {
                problems.push(format!(
                    "it exports `{has}` and not `{wants}`, without which none of its tools can be used"
                ));
            }
        }
    }
    problems.extend(exports.iter().filter_map(|item| why_unused(&item.name)));
    problems
}

/// Why a component cannot be loaded at all.
pub(crate) fn unusable(imports: &[Item], exports: &[Item]) -> Vec<String> {
    let missing = imports.iter().filter_map(|item| why_missing(&item.name));
    let mut problems: Vec<String> = missing.collect();
    if INTERFACES.iter().any(|name| offers(exports, name)) {
        return problems;
    }
    let names: Vec<String> = exports
        .iter()
        .take(8)
        .map(|item| format!("`{}`", item.name))
        .collect();
    let has = match &names[..] {
        [] => "nothing at all".to_owned(),
        names => names.join(", "),
    };
    problems.push(format!(
        "it exports none of the interfaces of sparkq:plugin@1.0.0 ({}); what it exports is {has}",
        INTERFACES.join(", ")
    ));
    problems
}

fn offers(exports: &[Item], name: &str) -> bool {
    exports.iter().any(|item| is_ours(&item.name, name))
}

/// Whether an export is the interface `name` of the contract, in a version that fits.
fn is_ours(export: &str, name: &str) -> bool {
    Name::read(export).is_some_and(|export| {
        export.package == "sparkq:plugin"
            && export.interface == name
            && export.track() == Some((1, 0))
    })
}

/// Why the host does not have what is imported; none where it has it.
fn why_missing(import: &str) -> Option<String> {
    let Some(name) = Name::read(import) else {
        return Some(format!(
            "it imports `{import}`, which is no interface: plugins import those of SparkQ and of WASI alone"
        ));
    };
    let why = match name.package {
        "sparkq:plugin" if name.track() != Some((1, 0)) => {
            "it is built for another version of the contract than sparkq:plugin@1.0.0".to_owned()
        }
        "sparkq:plugin" if OWN.contains(&name.interface) => return None,
        "sparkq:plugin" => "a newer SparkQ may have it".to_owned(),
        "wasi:http" => "plugins have no network".to_owned(),
        package => {
            let package = package.strip_prefix("wasi:");
            let known = WASI
                .iter()
                .find(|(known, _)| Some(*known) == package)
                .is_some_and(|(_, interfaces)| interfaces.contains(&name.interface));
            match name.track() {
                Some((0, 2)) if known => return None,
                _ if package.is_some() => "of WASI there is 0.2 with `cli`, `clocks`, `filesystem`, `io`, `random` and `sockets`".to_owned(),
                _ => "plugins import the interfaces of SparkQ and of WASI alone".to_owned(),
            }
        }
    };
    Some(format!("it imports `{import}`, which is not there: {why}"))
}

/// Why an export that looks like one of the contract is not used; none where there is nothing to say.
fn why_unused(export: &str) -> Option<String> {
    let name = Name::read(export)?;
    if name.package != "sparkq:plugin" || INTERFACES.iter().any(|known| is_ours(export, known)) {
        return None;
    }
    let why = if name.track() == Some((1, 0)) {
        "which this SparkQ does not know"
    } else {
        "and this SparkQ takes version 1.0.0"
    };
    Some(format!("it exports `{export}`, {why}"))
}

/// The name of an interface: `sparkq:plugin/tools@1.0.0`.
struct Name<'a> {
    package: &'a str,
    interface: &'a str,
    version: &'a str,
}

impl<'a> Name<'a> {
    fn read(name: &'a str) -> Option<Self> {
        let (path, version) = name.split_once('@').unwrap_or((name, ""));
        let (package, interface) = path.split_once('/')?;
        Some(Self {
            package,
            interface,
            version,
        })
    }

    /// What its version is compatible with: 1.2.3 with all of 1, 0.2.3 with all of 0.2.
    fn track(&self) -> Option<(u64, u64)> {
        let version = self
            .version
            .split_once('+')
            .map_or(self.version, |(version, _)| version);
        let numbers: Vec<u64> = version
            .split('.')
            .map(|number| number.parse().ok())
            .collect::<Option<_>>()?;
        match numbers[..] {
            [0, minor, _] => Some((0, minor)),
            [major, _, _] => Some((major, 0)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(names: &[&str]) -> Vec<Item> {
        let item = |name: &&str| Item {
            name: (*name).to_owned(),
            functions: Vec::new(),
        };
        names.iter().map(item).collect()
    }

    const TOOL: [&str; 2] = ["sparkq:plugin/tools@1.0.0", "sparkq:plugin/payloads@1.3.0"];

    #[test]
    fn what_the_host_has_in_any_compatible_version_is_no_problem() {
        let imports = [
            "sparkq:plugin/types@1.0.0",
            "sparkq:plugin/files@1.4.0",
            "wasi:cli/stdin@0.2.0",
            "wasi:sockets/udp@0.2.99",
        ];
        assert_eq!(problems(&items(&imports), &items(&TOOL)), [""; 0]);
    }

    #[test]
    fn every_import_that_is_not_there_is_named() {
        let imports = [
            "wasi:http/outgoing-handler@0.2.4",
            "wasi:cli/stdin@0.3.0",
            "sparkq:plugin/log@2.0.0",
            "sparkq:plugin/network@1.2.0",
            "acme:tools/run@1.0.0",
            "run",
        ];
        let found = problems(&items(&imports), &items(&TOOL));
        assert_eq!(found.len(), imports.len(), "{found:?}");
        for (found, import) in found.iter().zip(imports) {
            assert!(
                found.starts_with(&format!("it imports `{import}`, which is")),
                "{found}"
            );
        }
        assert!(found[0].ends_with("plugins have no network"));
        assert!(found[2].ends_with("than sparkq:plugin@1.0.0"));
    }

    #[test]
    fn a_component_for_another_version_is_told_what_it_exports() {
        assert_eq!(
            problems(&[], &items(&["sparkq:plugin/tools@2.0.0"])),
            [
                "it exports none of the interfaces of sparkq:plugin@1.0.0 (about, tools, payloads, scripts, results); \
                 what it exports is `sparkq:plugin/tools@2.0.0`",
                "it exports `sparkq:plugin/tools@2.0.0`, and this SparkQ takes version 1.0.0",
            ]
        );
        assert!(problems(&[], &[])[0].ends_with("nothing at all"));
    }

    #[test]
    fn tools_without_a_check_of_their_payloads_are_of_no_use() {
        let found = problems(&[], &items(&TOOL[..1]));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("it exports `tools` and not `payloads`"));
    }
}
