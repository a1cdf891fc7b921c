//! Two projects whose databases lie in one folder.

use std::fs;

use crate::bench::{Server, TestQueue};

#[test]
fn a_command_of_one_project_leaves_the_server_of_another_in_the_same_folder_alone() {
    let queue = TestQueue::new();
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("there");
    queue.write("other.toml", &config.replace("sparkq.db", "other.db"));
    queue.ok(["--config", "other.toml", "setup", "--yes"]);
    let server = Server::start_with(&queue, ["run", "--session", "s"]);
    let commands = [
        &["session", "create", "t"][..],
        &["run", "--no-watch"],
        &["run", "--no-watch", "--detach"],
        &["reload"],
        &["stop"],
        &["status"],
        &["setup", "--yes"],
        &["watch", "auth"],
        &["teardown", "--yes"],
    ];
    let folder = fs::canonicalize(queue.path("")).expect("there");
    let folder = folder.display();
    let (pid, address) = (server.pid(), &server.address);
    for args in commands {
        let mut command = queue.command();
        command.args(["--config", "other.toml"]).args(args);
        let refused = command.output().expect("it starts");
        let said = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{args:?}: {said}");
        assert_eq!(
            said,
            format!(
                "Error: a server (process {pid} at {address}) of another project holds {folder}/.sparkq/run: \
                 its database is {folder}/sparkq.db, and this project's is {folder}/other.db\n\
                 Hint: give this project's database a folder of its own, [database] path in its sparkq.toml, \
                 or end the other project's process: kill {pid}\n"
            ),
            "{args:?}"
        );
    }
    let sessions = |config| queue.json(["--config", config, "session", "list", "--json"]);
    assert_eq!(sessions("other.toml")["total"], 0);
    assert_eq!(sessions("sparkq.toml")["total"], 1);
    queue.ok([
        "--config",
        "other.toml",
        "--direct",
        "session",
        "create",
        "t",
    ]);
    assert_eq!(sessions("other.toml")["total"], 1);
    assert_eq!(sessions("sparkq.toml")["total"], 1);
    queue.ok(["stop"]);
    assert_eq!(server.ended().code(), Some(0));
    queue.ok(["--config", "other.toml", "stop"]);
}
