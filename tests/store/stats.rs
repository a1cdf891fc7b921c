use sparkq_core::Time;
use sparkq_core::wire::{Bucket, Spread};
use sparkq_store::{StatsQuery, Store};

use crate::{TestStore, broken, done, task};

#[test]
fn each_bucket_tells_what_was_enqueued_and_finished_in_it_and_how_long_that_took() {
    let mut test = TestStore::new();
    test.stream("a");
    test.stream("b");
    test.now = 9_999;
    let now = test.tick();
    let id = test.ask(task("a", "t", now)).expect("queued").task.id;
    test.now = 12_999;
    test.claim("a").expect("the task");
    test.now = 20_999;
    test.finish(&id, done()).expect("ended");
    test.finished("b", broken());
    let query = |stream: Option<&str>| StatsQuery {
        stream: stream.map(str::to_owned),
        tool: None,
        since: Time::from_millis(10_000),
        now: Time::from_millis(39_999),
        width_ms: 10_000,
    };
    let look = test.store.read().expect("a look");
    let stats = look.stats(&query(Some("a"))).expect("stats");
    let spread = |figure| {
        Some(Spread {
            median: figure,
            p95: figure,
        })
    };
    let bucket = |at, enqueued, succeeded| Bucket {
        at: Time::from_millis(at),
        enqueued,
        succeeded,
        failed: 0,
        wait_ms: spread(3_000).filter(|_| succeeded > 0),
        run_ms: spread(8_000).filter(|_| succeeded > 0),
    };
    assert_eq!(
        stats.buckets,
        [
            bucket(10_000, 1, 0),
            bucket(20_000, 0, 1),
            bucket(30_000, 0, 0)
        ]
    );
    let total = bucket(10_000, 1, 1);
    assert_eq!((stats.since, stats.bucket_seconds), (total.at, 10));
    assert_eq!(stats.total, total, "all of it together");
    let all = look.stats(&query(None)).expect("stats").buckets;
    assert_eq!(
        (all[1].enqueued, all[1].succeeded, all[1].failed),
        (1, 1, 1)
    );
    assert!(look.stats(&query(Some("nowhere"))).is_err());
}
