//! Links that a cloned repository may contain: none leads SparkQ to a file of its user's.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use crate::bench::TestQueue;

/// A file of somebody's, outside of the project.
struct Precious {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Precious {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("mine.done");
        fs::write(&file, "precious").expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("set");
        Self { folder, file }
    }

    fn is_untouched(&self) {
        let there = fs::read_dir(self.folder.path()).expect("there").count();
        assert_eq!(there, 1, "nothing else was made");
        assert_eq!(fs::read_to_string(&self.file).expect("there"), "precious");
        let mode = fs::metadata(&self.file).expect("there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o640);
    }
}

fn put_link(queue: &TestQueue, to: &Path, name: &str) {
    let link = queue.path(name);
    let _ = fs::remove_file(&link);
    fs::create_dir_all(link.parent().expect("a folder")).expect("made");
    symlink(to, link).expect("linked");
}

#[test]
fn setup_writes_through_no_link_and_then_writes_nothing_at_all() {
    for name in ["WORKER_PLAYBOOK.md", "sparkq-watcher.sh"] {
        let (queue, mine) = (TestQueue::without_project(), Precious::new());
        put_link(&queue, &mine.file, name);
        let refused = queue.run(["setup", "--yes"]);
        assert!(
            refused.contains(&format!(
                "Error: [FOLDER]/{name} is a symbolic link, and SparkQ follows none there\n"
            )) && refused.contains("Hint: remove the link: rm "),
            "{refused}"
        );
        assert!(!queue.path("sparkq.toml").exists() && !queue.path("sparkq.db").exists());
        mine.is_untouched();
    }
}

#[test]
fn a_link_in_the_place_of_the_project_file_stays_one() {
    let queue = TestQueue::without_project();
    queue.write("real.toml", "[project]\nname = \"shop\"\n");
    symlink("real.toml", queue.path("sparkq.toml")).expect("linked");
    queue.ok(["setup", "--yes"]);
    assert!(queue.path("sparkq.toml").is_symlink());
    let text = fs::read_to_string(queue.path("real.toml")).expect("there");
    assert!(text.contains("port = 8420"), "{text}");
}

#[test]
fn a_server_follows_no_link_to_its_lock_its_log_or_the_lock_of_a_stream() {
    let queue = TestQueue::new();
    let starts = [
        ("sparkq.lock", &["run", "--no-watch"][..]),
        ("server.log", &["run", "--no-watch", "--detach"]),
        ("auth.lock", &["watch", "auth"]),
    ];
    for (name, args) in starts {
        let mine = Precious::new();
        put_link(&queue, &mine.file, &format!(".sparkq/run/{name}"));
        let refused = queue.command().args(args).output().expect("it starts");
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(
            said.contains(&format!(
                "/.sparkq/run/{name} is a symbolic link, and SparkQ follows none there\n"
            )),
            "{said}"
        );
        mine.is_untouched();
        fs::remove_file(queue.path(".sparkq/run").join(name)).expect("the link");
    }
}

#[test]
fn no_command_uses_a_run_folder_that_is_a_link() {
    for name in [".sparkq", ".sparkq/run"] {
        let (queue, mine) = (TestQueue::new(), Precious::new());
        fs::remove_dir_all(queue.path(".sparkq")).expect("removed");
        put_link(&queue, mine.folder.path(), name);
        let commands = [
            &["run", "--no-watch"][..],
            &["run", "--no-watch", "--detach"],
            &["watch", "auth"],
            &["setup", "--yes"],
            &["status"],
            &["stop"],
            &["claim", "--stream", "auth"],
            &["teardown", "--yes"],
        ];
        for args in commands {
            let refused = queue.command().args(args).output().expect("it starts");
            assert_eq!(refused.status.code(), Some(1), "{args:?}: {refused:?}");
            let said = String::from_utf8_lossy(&refused.stderr);
            assert!(
                said.contains(&format!("/{name} is a symbolic link")),
                "{args:?}: {said}"
            );
        }
        mine.is_untouched();
    }
}

#[test]
fn the_database_is_not_written_through_links_beside_it() {
    for end in ["-wal", "-shm", "-journal"] {
        let (queue, mine) = (TestQueue::new(), Precious::new());
        put_link(&queue, &mine.file, &format!("sparkq.db{end}"));
        // SQLite refuses some of them, and removes others.
        let _ = queue.output(["session", "create", "t"]);
        mine.is_untouched();
    }
}

#[test]
fn a_pipe_in_the_place_of_a_lock_or_log_is_refused_and_holds_nobody_up() {
    for (name, command) in [
        ("sparkq.lock", ["run", "--no-watch", "--detach"]),
        ("server.log", ["run", "--no-watch", "--detach"]),
        ("auth.lock", ["watch", "auth", "-v"]),
    ] {
        let queue = TestQueue::new();
        let path = queue.path(".sparkq/run").join(name);
        let _ = std::fs::remove_file(&path);
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo is there").success());
        let shown = queue.run(command);
        assert!(
            shown.contains(&format!("{name} is no regular file")),
            "{shown}"
        );
        queue.ok(["status"]);
        queue.enqueue("auth", "scripts/a.sh");
        queue.ok(["stop"]);
    }
}
