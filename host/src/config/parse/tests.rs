use super::*;
use crate::config::Project;

fn read(text: &str) -> Result<(Config, Lines), Refusal> {
    parse(text, Path::new("sparkq.toml"))
}

/// The message and the hint of a file that must be refused.
fn refused(text: &str) -> String {
    let refusal = read(text).map(|_| ()).expect_err(text);
    let hint = refusal.hint().map(|hint| format!("\nHint: {hint}"));
    format!("{refusal}{}", hint.unwrap_or_default())
}

fn all_refused(files: &[String]) -> String {
    let refused: Vec<_> = files.iter().map(|text| refused(text)).collect();
    refused.join("\n")
}

#[test]
fn an_empty_file_is_a_project_with_every_default() {
    let (config, lines) = read("").expect("a config");
    assert_eq!(config, Config::default());
    let server = &config.server;
    assert_eq!((server.host.as_str(), server.port), ("127.0.0.1", 8420));
    assert_eq!(config.task_classes.0.len(), 4);
    assert_eq!(config.task_classes.0["LLM_HEAVY"].timeout.seconds(), 900);
    assert_eq!((config.watch.idle_poll, config.watch.busy_poll), (60, 120));
    assert_eq!(
        (config.events.keep_days, config.purge.older_than_days),
        (30, 3)
    );
    assert!(lines.is_empty());
}

#[test]
fn everything_that_may_stand_in_the_file_is_read() {
    let text = format!(
        r#"
        [project]
        name = "shop"
        repo_path = "."
        prd_path = "docs/PRD.md"
        [server]
        host = "0.0.0.0"
        port = 0
        token_file = "token"
        allowed_hosts = ["dev.box", "::1"]
        [database]
        path = "data/queue.db"
        [purge]
        older_than_days = 0
        [scripts]
        dirs = []
        [task_classes]
        FAST_SCRIPT = {{ timeout = 10 }}
        NIGHTLY = {{ timeout = 604800 }}
        [tools.run-migrations]
        uses = "scripts/run-bash"
        description = "Moves the database on."
        task_class = "NIGHTLY"
        timeout = 1800
        [tools.run-bash]
        timeout = 60
        [plugins.acme-deploy]
        path = "plugins/acme-deploy.wasm"
        sha256 = "{}"
        allow = ["files:infra", "env:DEPLOY_ENV"]
        files = {{ infra = "infra" }}
        isolation = "call"
        limits = {{ fuel = 200_000_000, memory_mib = 64, deadline_ms = 2000 }}
        config = {{ region = "eu", deep = {{ er = [1, 2] }} }}
        [watch]
        idle_poll = 1
        busy_poll = 2
        [events]
        keep_days = 1
        "#,
        "0a".repeat(32)
    );
    let (config, lines) = read(&text).expect("a config");
    assert_eq!(config.task_classes.0["FAST_SCRIPT"].timeout.seconds(), 10);
    assert_eq!(config.task_classes.0["LLM_LITE"].timeout.seconds(), 300);
    let tool = &config.tools["run-migrations"];
    assert_eq!(tool.uses.as_deref(), Some("scripts/run-bash"));
    let plugin = &config.plugins["acme-deploy"];
    assert_eq!(plugin.limits.memory_mib, Some(64));
    assert_eq!(plugin.config["region"].as_str(), Some("eu"));
    assert_eq!((lines["project"], lines["server.port"]), (2, 8));
    assert_eq!(lines["task_classes.NIGHTLY.timeout"], 19);
    assert_eq!(lines["tools.run-migrations"], 20);
}

#[test]
fn what_does_not_belong_is_refused_with_its_place_and_what_was_probably_meant() {
    let files = [
        "[server]\nprot = 1\n",
        "[server]\nPort = 1\n",
        "[Server]\nport = 1\n",
        "port = 1\n",
        "[project]\nport = 1\n",
        "[purge]\npath = \"x\"\n",
        "[plugin.acme]\npath = \"x.wasm\"\n",
        "[tools.deploy]\nuse = \"run-bash\"\n",
        "[task_classes]\nFAST_SCRIPT = { timeout = 1, class = 2 }\n",
        "[watch]\nidle = 1\n",
        "[server.tls]\n",
    ];
    let all: String = files.map(|text| format!("{}\n\n", refused(text))).concat();
    insta::assert_snapshot!(all, @"
    sparkq.toml:2:1: unknown key `prot` in [server]; did you mean `port`?
    Hint: the keys of [server] are `host`, `port`, `token_file`, `allowed_hosts`

    sparkq.toml:2:1: unknown key `Port` in [server]; did you mean `port`?
    Hint: the keys of [server] are `host`, `port`, `token_file`, `allowed_hosts`

    sparkq.toml:1:2: unknown table [Server]; did you mean `server`?
    Hint: the tables are `project`, `server`, `database`, `purge`, `scripts`, `task_classes`, `tools`, `plugins`, `watch`, `events`

    sparkq.toml:1:1: unknown key `port` outside any table; `port` is a key of [server]
    Hint: the tables are `project`, `server`, `database`, `purge`, `scripts`, `task_classes`, `tools`, `plugins`, `watch`, `events`

    sparkq.toml:2:1: unknown key `port` in [project]; `port` is a key of [server]
    Hint: the keys of [project] are `name`, `repo_path`, `prd_path`

    sparkq.toml:2:1: unknown key `path` in [purge]; `path` is a key of [database]
    Hint: the keys of [purge] are `older_than_days`

    sparkq.toml:1:2: unknown table [plugin]; did you mean `plugins`?
    Hint: the tables are `project`, `server`, `database`, `purge`, `scripts`, `task_classes`, `tools`, `plugins`, `watch`, `events`

    sparkq.toml:2:1: unknown key `use` in [tools.deploy]; did you mean `uses`?
    Hint: the keys of [tools.deploy] are `uses`, `description`, `task_class`, `timeout`

    sparkq.toml:2:30: unknown key `class` in [task_classes.FAST_SCRIPT]; did you mean `timeout`?
    Hint: the keys of [task_classes.FAST_SCRIPT] are `timeout`

    sparkq.toml:2:1: unknown key `idle` in [watch]; did you mean `idle_poll`?
    Hint: the keys of [watch] are `idle_poll`, `busy_poll`

    sparkq.toml:1:9: unknown key `tls` in [server]; did you mean `host`?
    Hint: the keys of [server] are `host`, `port`, `token_file`, `allowed_hosts`
    ");
}

#[test]
fn a_value_that_does_not_fit_is_refused_with_its_place_and_what_would_fit() {
    let table = |name: &str, rest: &str| format!("[{name}]\n{rest}\n");
    let files = [
        table("project", "name = ' '"),
        table("project", "repo_path = 1"),
        table("project", "prd_path = false"),
        table("server", "host = \"dev.box\""),
        table("server", "port = \"x\""),
        table("server", "port = 65536"),
        table("server", "token_file = ''"),
        table("server", "allowed_hosts = 'dev.box'"),
        table("server", "allowed_hosts = ['http://dev.box']"),
        table("database", "path = ''"),
        table("purge", "older_than_days = -1"),
        table("scripts", "dirs = 'scripts'"),
        table("scripts", "dirs = ['']"),
        table("task_classes", "fast-script = { timeout = 1 }"),
        table("task_classes", "FAST_SCRIPT = 30"),
        table("task_classes", "FAST_SCRIPT = { timeout = 0 }"),
        table("task_classes", "FAST_SCRIPT = {}"),
        table("watch", "idle_poll = 0"),
        table("watch", "busy_poll = '2m'"),
        table("events", "keep_days = 0"),
        "[project\n".to_owned(),
        "[server]\nport = 1\nport = 2\n".to_owned(),
        "server = 'x'\n".to_owned(),
    ];
    insta::assert_snapshot!(all_refused(&files), @r#"
    sparkq.toml:2:8: [project] name: `' '` is not a name: text that is not blank
    sparkq.toml:2:13: [project] repo_path: `1` is not the path of a folder
    sparkq.toml:2:12: [project] prd_path: `false` is not the path of a file, or "" for none
    sparkq.toml:2:8: [server] host: `"dev.box"` is not an address of this machine, as in "127.0.0.1"; names that it goes by stand in allowed_hosts
    sparkq.toml:2:8: [server] port: `"x"` is not a port: a whole number from 0 to 65535
    sparkq.toml:2:8: [server] port: `65536` is not a port: a whole number from 0 to 65535
    sparkq.toml:2:14: [server] token_file: `''` is not the path of a file
    sparkq.toml:2:17: [server] allowed_hosts: `'dev.box'` is not a list of host names without a port, as in ["dev.box"]
    sparkq.toml:2:17: [server] allowed_hosts: `['http://dev.box']` is not a list of host names without a port, as in ["dev.box"]
    sparkq.toml:2:8: [database] path: `''` is not the path of a file
    sparkq.toml:2:19: [purge] older_than_days: `-1` is not a whole number of days, 0 or more
    sparkq.toml:2:8: [scripts] dirs: `'scripts'` is not a list of folders, as in ["scripts"]
    sparkq.toml:2:8: [scripts] dirs: `['']` is not a list of folders, as in ["scripts"]
    sparkq.toml:2:1: [task_classes] `fast-script` is not a task class: capitals, digits and `_`, as in FAST_SCRIPT
    Hint: did you mean `FAST_SCRIPT`?
    sparkq.toml:2:15: [task_classes] FAST_SCRIPT: `30` is not a table, as in { timeout = … }
    sparkq.toml:2:27: [task_classes.FAST_SCRIPT] timeout: `0` is not a timeout: whole seconds, from 1 to 604800 (7 days)
    sparkq.toml:2:1: [task_classes.FAST_SCRIPT] needs the key `timeout`
    sparkq.toml:2:13: [watch] idle_poll: `0` is not a whole number of seconds from 1 to 604800 (7 days)
    sparkq.toml:2:13: [watch] busy_poll: `'2m'` is not a whole number of seconds from 1 to 604800 (7 days)
    sparkq.toml:2:13: [events] keep_days: `0` is not a whole number of days, 1 or more
    sparkq.toml:1:9: unclosed table, expected `]`
    sparkq.toml:3:1: duplicate key
    sparkq.toml:1:10: server: `'x'` is not a table, as in { host = … }
    "#);
}

#[test]
fn an_entry_of_tools_or_plugins_that_does_not_fit_is_refused_in_the_same_way() {
    let digest = "0a".repeat(32);
    let plugin = |rest: &str| {
        format!("[plugins.acme]\npath = \"acme.wasm\"\nsha256 = \"{digest}\"\n{rest}\n")
    };
    let tool = |rest: &str| format!("[tools.deploy]\n{rest}\n");
    let table = |name: &str, rest: &str| format!("[{name}]\n{rest}\n");
    let files = [
        table("tools.Deploy_It", "timeout = 1"),
        table("tools", "deploy = 'run-bash'"),
        tool("uses = 'a/b/c'"),
        tool("description = ''"),
        tool("task_class = 'fast'"),
        tool("timeout = 604801"),
        table("plugins.Acme", "path = 'x.wasm'"),
        table("plugins.acme", "path = 'x.wasm'"),
        table("plugins.acme", &format!("sha256 = '{digest}'")),
        table(
            "plugins.acme",
            &format!("path = '../x.wasm'\nsha256 = '{digest}'"),
        ),
        table(
            "plugins.acme",
            &format!("path = 'x.cwasm'\nsha256 = '{digest}'"),
        ),
        table("plugins.acme", "path = 'x.wasm'\nsha256 = '0A'"),
        plugin("allow = ['network']"),
        plugin("files = { infra = '/etc' }"),
        plugin("isolation = 'none'"),
        plugin("limits = { fuel = 0 }"),
        plugin("limits = { memory_mib = 1.5 }"),
        plugin("limits = { deadline_ms = 0 }"),
        plugin("config = 'eu'"),
    ];
    insta::assert_snapshot!(all_refused(&files), @r#"
    sparkq.toml:1:8: [tools] `Deploy_It` is not a name: a lower-case letter, then up to 62 lower-case letters, digits or `-`
    Hint: did you mean `deploy-it`?
    sparkq.toml:2:10: [tools] deploy: `'run-bash'` is not a table, as in { uses = … }
    sparkq.toml:2:8: [tools.deploy] uses: `'a/b/c'` is not the name of a tool, as in "run-bash" or "PLUGIN/TOOL"
    sparkq.toml:2:15: [tools.deploy] description: `''` is not text of at most 2048 bytes
    sparkq.toml:2:14: [tools.deploy] task_class: `'fast'` is not a task class: capitals, digits and `_`, as in "FAST_SCRIPT"
    sparkq.toml:2:11: [tools.deploy] timeout: `604801` is not a timeout: whole seconds, from 1 to 604800 (7 days)
    sparkq.toml:1:10: [plugins] `Acme` is not a name: a lower-case letter, then up to 62 lower-case letters, digits or `-`
    Hint: did you mean `acme`?
    sparkq.toml:1:10: [plugins.acme] needs the key `sha256`
    sparkq.toml:1:10: [plugins.acme] needs the key `path`
    sparkq.toml:2:8: [plugins.acme] path: `'../x.wasm'` is not the path of a .wasm file inside the project
    sparkq.toml:2:8: [plugins.acme] path: `'x.cwasm'` is not the path of a .wasm file inside the project
    sparkq.toml:3:10: [plugins.acme] sha256: `'0A'` is not a SHA-256: 64 digits of 0-9 and a-f
    sparkq.toml:4:9: [plugins.acme] allow: `['network']` is not a list of grants, as in ["files:infra", "env:DEPLOY_ENV"]
    sparkq.toml:4:9: [plugins.acme] files: `{ infra = '/etc' }` is not a table of folders inside the project, as in { infra = "infra" }
    sparkq.toml:4:13: [plugins.acme] isolation: `'none'` is not "reuse" or "call"
    sparkq.toml:4:19: [plugins.acme.limits] fuel: `0` is not a whole number, 1 or more
    sparkq.toml:4:25: [plugins.acme.limits] memory_mib: `1.5` is not a whole number from 1 to 4096
    sparkq.toml:4:26: [plugins.acme.limits] deadline_ms: `0` is not a whole number of milliseconds from 1 to 3600000
    sparkq.toml:4:10: [plugins.acme] config: `'eu'` is not a table
    "#);
}

#[test]
fn every_value_in_force_is_told_with_the_line_it_came_from() {
    let text = "[server]\n\nport = 9\n[tools.run-bash]\ntimeout = 5\n";
    let values = Project::of(text, Path::new("/tmp/sparkq.toml"))
        .expect("a project")
        .values();
    let told = |key: &str| {
        let item = values.items.iter().find(|item| item.key == key).expect(key);
        format!("{} {} {:?}", item.value, item.source, item.line)
    };
    assert_eq!(told("server.port"), "9 /tmp/sparkq.toml Some(3)");
    assert_eq!(told("tools.run-bash.timeout"), "5 /tmp/sparkq.toml Some(5)");
    assert_eq!(told("project.name"), "\"tmp\" default None");
    assert_eq!(told("task_classes.LLM_HEAVY.timeout"), "900 default None");
    assert_eq!(told("server.allowed_hosts"), "[] default None");
}
