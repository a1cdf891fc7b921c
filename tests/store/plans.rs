//! How SQLite goes about the statements that must stay fast.

use rusqlite::Connection;

use crate::TestStore;

fn plan(sql: &str) -> String {
    let test = TestStore::new();
    let conn = Connection::open(test.folder.path().join("q.db")).expect("a connection");
    let mut explain = conn
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .expect("valid SQL");
    let values = vec![rusqlite::types::Null; explain.parameter_count()];
    let steps = explain
        .query_map(rusqlite::params_from_iter(values), |row| {
            row.get::<_, String>(3)
        })
        .expect("a plan");
    steps
        .collect::<Result<Vec<_>, _>>()
        .expect("steps")
        .join("\n")
}

#[test]
fn a_claim_goes_straight_to_the_oldest_queued_task() {
    let next = format!(
        "SELECT seq {}",
        include_str!("../../host/store/src/sqlite/next.sql")
    );
    insta::assert_snapshot!(plan(&next), @"SEARCH tasks USING COVERING INDEX tasks_next (stream_id=?)");
    let claim = include_str!("../../host/store/src/sqlite/claim.sql");
    insta::assert_snapshot!(plan(claim), @"SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)");
}

#[test]
fn a_finish_goes_straight_to_the_task() {
    let find = "SELECT seq FROM tasks WHERE id = ?1";
    insta::assert_snapshot!(plan(find), @"SEARCH tasks USING COVERING INDEX sqlite_autoindex_tasks_1 (id=?)");
    let finish = include_str!("../../host/store/src/sqlite/finish.sql");
    insta::assert_snapshot!(plan(finish), @"SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)");
}

#[test]
fn the_sweep_looks_at_nothing_but_what_runs() {
    let expire = include_str!("../../host/store/src/sqlite/expire.sql");
    insta::assert_snapshot!(plan(expire), @"
    SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)
    LIST SUBQUERY 1
    SCAN tasks USING INDEX tasks_running
    ");
}

#[test]
fn a_purge_by_age_looks_at_nothing_but_what_is_old() {
    let purge = "SELECT seq, id, stream_id FROM tasks
                 WHERE TRUE AND finished_at <= ? AND status IN ('succeeded', 'failed') LIMIT ?";
    insta::assert_snapshot!(plan(purge), @"SEARCH tasks USING INDEX tasks_finished (finished_at<?)");
}

#[test]
fn the_statistics_read_their_span_alone() {
    let enqueued = "SELECT created_at - created_at % 300000 AS at, count(*) FROM tasks
                    WHERE TRUE AND created_at >= ? GROUP BY at";
    insta::assert_snapshot!(plan(enqueued), @"
    SEARCH tasks USING COVERING INDEX tasks_created (created_at>?)
    USE TEMP B-TREE FOR GROUP BY
    ");
}

#[test]
fn a_watcher_learns_of_work_from_an_index_alone() {
    let lane = include_str!("../../host/store/src/sqlite/lane.sql");
    insta::assert_snapshot!(plan(lane), @"
    SEARCH streams USING INDEX sqlite_autoindex_streams_1 (id=?)
    SEARCH sessions USING INDEX sqlite_autoindex_sessions_1 (id=?)
    CORRELATED SCALAR SUBQUERY 1
    SEARCH tasks USING COVERING INDEX tasks_next (stream_id=?)
    ");
}

#[test]
fn lists_of_a_stream_of_what_runs_and_of_what_failed_begin_at_their_newest_task() {
    let columns = "SELECT seq FROM tasks WHERE TRUE";
    let of_stream =
        format!("{columns} AND stream_id = ? AND seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?");
    insta::assert_snapshot!(plan(&of_stream), @"SEARCH tasks USING COVERING INDEX tasks_in_stream (stream_id=? AND seq>? AND seq<?)");
    let running = format!(
        "{columns} AND status = 'running' AND seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?"
    );
    insta::assert_snapshot!(plan(&running), @"SEARCH tasks USING COVERING INDEX tasks_running (seq>? AND seq<?)");
    let failed = format!(
        "{columns} AND status = 'failed' AND seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?"
    );
    insta::assert_snapshot!(plan(&failed), @"SEARCH tasks USING COVERING INDEX tasks_failed (seq>? AND seq<?)");
    let stale =
        "SELECT count(*) FROM tasks WHERE status = 'running' AND started_at + 1000 * timeout < ?1";
    insta::assert_snapshot!(plan(stale), @"SCAN tasks USING INDEX tasks_running");
}

#[test]
fn a_search_gives_one_page_of_its_rows_in_their_order() {
    let found = format!(
        "SELECT seq {}",
        include_str!("../../host/store/src/sqlite/found.sql")
    );
    insta::assert_snapshot!(plan(&found), @"
    SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)
    LIST SUBQUERY 1
    SCAN search VIRTUAL TABLE INDEX 192:M5<>
    ");
}
