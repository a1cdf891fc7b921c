//! Every table and key that `sparkq.toml` may hold, and what a value must be. The one list: what is refused, what is
//! suggested and what a refusal says all follow it.

use std::net::IpAddr;
use std::path::{Component, Path};

use sparkq_core::{TaskClass, Timeout};
use toml::de::DeValue;

/// One key, or one table.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    /// Whether its table makes no sense without it.
    pub(super) required: bool,
}

/// What stands behind a key. `wants` says in words what fits, after "is not".
#[derive(Debug)]
pub(super) enum Holds {
    /// One value.
    Value {
        wants: &'static str,
        fits: fn(&DeValue<'_>) -> bool,
    },
    /// A table of these keys.
    Table(&'static [Key]),
    /// A table of tables, each named by whoever writes it.
    Named {
        wants: &'static str,
        fits: fn(&str) -> bool,
        keys: &'static [Key],
    },
}

/// The whole file.
pub(super) const FILE: &[Key] = &[
    table("project", PROJECT),
    table("server", SERVER),
    table(
        "database",
        &[value("path", "the path of a file", is_some_text)],
    ),
    table(
        "purge",
        &[value(
            "older_than_days",
            "a whole number of days, 0 or more",
            is_days,
        )],
    ),
    table(
        "scripts",
        &[value(
            "dirs",
            "a list of folders, as in [\"scripts\"]",
            is_texts,
        )],
    ),
    named(
        "task_classes",
        "a task class: capitals, digits and `_`, as in FAST_SCRIPT",
        is_class,
        &[required("timeout", TIMEOUT, is_timeout)],
    ),
    named("tools", NAME, is_name, TOOL),
    named("plugins", NAME, is_name, PLUGIN),
    table("watch", WATCH),
    table(
        "events",
        &[value(
            "keep_days",
            "a whole number of days, 1 or more",
            |value| int(value).is_some_and(|days| (1..=MANY).contains(&days)),
        )],
    ),
];

const PROJECT: &[Key] = &[
    value("name", "a name: text that is not blank", is_some_text),
    value("repo_path", "the path of a folder", is_some_text),
    value("prd_path", "the path of a file, or \"\" for none", is_text),
];

const SERVER: &[Key] = &[
    value(
        "host",
        "an address of this machine, as in \"127.0.0.1\"; names that it goes by stand in allowed_hosts",
        |value| {
            let host = value.as_str();
            host.is_some_and(|host| host == "localhost" || host.parse::<IpAddr>().is_ok())
        },
    ),
    value("port", "a port: a whole number from 0 to 65535", |value| {
        int(value).is_some_and(|port| (0..=65_535).contains(&port))
    }),
    value("token_file", "the path of a file", is_some_text),
    value(
        "allowed_hosts",
        "a list of host names without a port, as in [\"dev.box\"]",
        |value| all(value, is_host),
    ),
];

const TOOL: &[Key] = &[
    value(
        "uses",
        "the name of a tool, as in \"run-bash\" or \"PLUGIN/TOOL\"",
        |value| {
            let uses = value.as_str();
            uses.is_some_and(|uses| uses.split('/').count() <= 2 && uses.split('/').all(is_name))
        },
    ),
    value("description", "text of at most 2048 bytes", |value| {
        value
            .as_str()
            .is_some_and(|text| !text.trim().is_empty() && text.len() <= 2048)
    }),
    value(
        "task_class",
        "a task class: capitals, digits and `_`, as in \"FAST_SCRIPT\"",
        |value| value.as_str().is_some_and(is_class),
    ),
    value("timeout", TIMEOUT, is_timeout),
];

const PLUGIN: &[Key] = &[
    required(
        "path",
        "the path of a .wasm file inside the project",
        |value| {
            let path = value.as_str();
            path.is_some_and(|path| {
                is_inside(path) && Path::new(path).extension().is_some_and(|end| end == "wasm")
            })
        },
    ),
    required("sha256", "a SHA-256: 64 digits of 0-9 and a-f", |value| {
        let digest = value.as_str();
        digest.is_some_and(|digest| {
            let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            digest.len() == 64 && digest.bytes().all(hex)
        })
    }),
    value(
        "allow",
        "a list of grants, as in [\"files:infra\", \"env:DEPLOY_ENV\"]",
        |value| all(value, is_grant),
    ),
    value(
        "files",
        "a table of folders inside the project, as in { infra = \"infra\" }",
        |value| {
            let files = value.as_table();
            files.is_some_and(|files| {
                let folder = |value: &DeValue<'_>| value.as_str().is_some_and(is_inside);
                files.values().all(|value| folder(value.get_ref()))
            })
        },
    ),
    value("isolation", "\"reuse\" or \"call\"", |value| {
        matches!(value.as_str(), Some("reuse" | "call"))
    }),
    table(
        "limits",
        &[
            value("fuel", ONE_OR_MORE, is_one_or_more),
            value("memory_mib", "a whole number from 1 to 4096", |value| {
                int(value).is_some_and(|mib| (1..=4096).contains(&mib))
            }),
            value(
                "deadline_ms",
                "a whole number of milliseconds from 1 to 3600000",
                |value| int(value).is_some_and(|ms| (1..=3_600_000).contains(&ms)),
            ),
        ],
    ),
    value("config", "a table", is_table),
];

const WATCH: &[Key] = &[
    value("idle_poll", SECONDS, is_timeout),
    value("busy_poll", SECONDS, is_timeout),
];

const NAME: &str = "a name: a lower-case letter, then up to 62 lower-case letters, digits or `-`";
const TIMEOUT: &str = "a timeout: whole seconds, from 1 to 604800 (7 days)";
const SECONDS: &str = "a whole number of seconds from 1 to 604800 (7 days)";
const ONE_OR_MORE: &str = "a whole number, 1 or more";

/// More days than anybody keeps anything, and few enough to be counted in milliseconds.
const MANY: i64 = 1_000_000;

const fn value(name: &'static str, wants: &'static str, fits: fn(&DeValue<'_>) -> bool) -> Key {
    Key {
        name,
        holds: Holds::Value { wants, fits },
        required: false,
    }
}

const fn required(name: &'static str, wants: &'static str, fits: fn(&DeValue<'_>) -> bool) -> Key {
    Key {
        name,
        holds: Holds::Value { wants, fits },
        required: true,
    }
}

const fn table(name: &'static str, keys: &'static [Key]) -> Key {
    Key {
        name,
        holds: Holds::Table(keys),
        required: false,
    }
}

const fn named(
    name: &'static str,
    wants: &'static str,
    fits: fn(&str) -> bool,
    keys: &'static [Key],
) -> Key {
    Key {
        name,
        holds: Holds::Named { wants, fits, keys },
        required: false,
    }
}

fn int(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn all(value: &DeValue<'_>, fits: fn(&str) -> bool) -> bool {
    value.as_array().is_some_and(|items| {
        items
            .iter()
            .all(|item| item.get_ref().as_str().is_some_and(fits))
    })
}

fn is_text(value: &DeValue<'_>) -> bool {
    value.is_str()
}

fn is_some_text(value: &DeValue<'_>) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

fn is_table(value: &DeValue<'_>) -> bool {
    value.is_table()
}

fn is_texts(value: &DeValue<'_>) -> bool {
    all(value, |text| !text.trim().is_empty())
}

fn is_days(value: &DeValue<'_>) -> bool {
    int(value).is_some_and(|days| (0..=MANY).contains(&days))
}

fn is_one_or_more(value: &DeValue<'_>) -> bool {
    int(value).is_some_and(|number| number >= 1)
}

fn is_timeout(value: &DeValue<'_>) -> bool {
    let seconds = int(value).and_then(|seconds| u64::try_from(seconds).ok());
    seconds.is_some_and(|seconds| Timeout::from_seconds(seconds).is_ok())
}

fn is_class(text: &str) -> bool {
    TaskClass::try_from(text.to_owned()).is_ok()
}

/// Whether a tool or plugin can be called this.
pub(crate) fn is_name(text: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let starts = text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_lowercase());
    starts && text.len() <= 63 && text.bytes().all(part)
}

fn is_host(text: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    text.parse::<IpAddr>().is_ok() || (!text.is_empty() && text.bytes().all(part))
}

fn is_grant(text: &str) -> bool {
    let name = text
        .strip_prefix("files:")
        .or_else(|| text.strip_prefix("env:"));
    name.is_some_and(|name| {
        let part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        !name.is_empty() && name.bytes().all(part)
    })
}

/// Whether a path is relative and never leaves the folder it starts from.
fn is_inside(path: &str) -> bool {
    let inside = |part| matches!(part, Component::CurDir | Component::Normal(_));
    !path.is_empty() && Path::new(path).components().all(inside)
}
