use std::fs;
use std::os::unix::fs::PermissionsExt;

use sparkq_store::FaultKind;
use sparkq_store::sqlite::SqliteStore;

use crate::{TestStore, counting, task};

#[test]
fn what_was_answered_is_there_for_the_next_connection() {
    let mut test = TestStore::new();
    test.stream("a");
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    let other = SqliteStore::open(&test.folder.path().join("q.db"), counting())
        .expect("a second connection");
    let look = sparkq_store::Store::read(&other).expect("a look");
    assert_eq!(look.task(id.as_str()).expect("the task").task.label, "t");
}

#[test]
fn the_database_is_readable_by_its_owner_alone() {
    let test = TestStore::new();
    for file in fs::read_dir(test.folder.path()).expect("the folder") {
        let file = file.expect("a file");
        let mode = file.metadata().expect("its mode").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[test]
fn what_is_no_queue_of_ours_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("q.db");
    let kind = |open: fn(&std::path::Path) -> Result<SqliteStore, sparkq_store::Fault>| {
        open(&path).expect_err("refused").kind
    };
    let open = |path: &std::path::Path| SqliteStore::open(path, counting());
    let create = |path: &std::path::Path| SqliteStore::create(path, counting());

    assert_eq!(kind(open), FaultKind::Missing);
    assert!(!path.exists(), "opening makes no file");

    fs::write(&path, "x".repeat(5000)).expect("written");
    assert_eq!(
        (kind(open), kind(create)),
        (FaultKind::Foreign, FaultKind::Foreign)
    );
    assert_eq!(fs::read_to_string(&path).expect("read"), "x".repeat(5000));

    fs::remove_file(&path).expect("removed");
    let other = rusqlite::Connection::open(&path).expect("a database");
    other
        .execute_batch("CREATE TABLE theirs (a)")
        .expect("a table");
    drop(other);
    let theirs = fs::read(&path).expect("read");
    assert_eq!(
        (kind(open), kind(create)),
        (FaultKind::Foreign, FaultKind::Foreign)
    );
    assert!(
        fs::read(&path).expect("read") == theirs,
        "not a byte of it changed"
    );
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_not_touched() {
    let test = TestStore::new();
    let path = test.folder.path().join("q.db");
    let other = rusqlite::Connection::open(&path).expect("a connection");
    other.pragma_update(None, "user_version", 99).expect("set");
    let opened = SqliteStore::open(&path, counting()).expect_err("refused");
    let created = SqliteStore::create(&path, counting()).expect_err("refused");
    assert_eq!(
        (opened.kind, created.kind),
        (FaultKind::Newer, FaultKind::Newer)
    );
    assert_eq!(
        other.pragma_query_value(None, "user_version", |row| row.get(0)),
        Ok(99)
    );
}

#[test]
fn a_database_of_an_older_version_is_refused_until_it_is_brought_up_to_date_and_then_has_everything()
 {
    bring_up_to_date(include_bytes!("fixtures/version-1.db"));
    bring_up_to_date(include_bytes!("fixtures/version-2.db"));
    bring_up_to_date(include_bytes!("fixtures/version-3.db"));
    bring_up_to_date(include_bytes!("fixtures/version-4.db"));
}

fn bring_up_to_date(older: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("q.db");
    fs::write(&path, older).expect("written");
    let refused = SqliteStore::open(&path, counting()).expect_err("refused");
    assert!(refused.to_string().contains("older version"), "{refused}");

    let store = SqliteStore::create(&path, counting()).expect("brought up to date");
    let look = sparkq_store::Store::read(&store).expect("a look");
    let tasks = look
        .tasks(&sparkq_store::TaskQuery::default())
        .expect("tasks");
    let statuses: Vec<_> = tasks
        .items
        .iter()
        .map(|task| task.status.as_str())
        .collect();
    assert_eq!(statuses, ["queued", "succeeded"]);
    let stream = look.stream("auth").expect("a stream");
    assert_eq!(stream.instructions, "be kind");
    assert_eq!((stream.counts.queued, stream.counts.succeeded), (1, 1));
    let detail = look.task(tasks.items[1].id.as_str()).expect("the task");
    assert_eq!(detail.stdout.as_deref(), Some("out"));
    assert_eq!(detail.history.events.len(), 3);
    drop(look);
    drop(store);
    SqliteStore::open(&path, counting()).expect("and can be opened from then on");
}
