use proptest::prelude::*;
use sparkq_core::wire::{Activity, Document};
use sparkq_core::{Name, SessionId, StreamId, Verb};

use super::*;

/// A queue as the server has it, with its log.
#[derive(Clone, Default)]
struct Queue {
    tasks: Vec<Task>,
    log: Vec<Event>,
}

const NOON: i64 = 1_767_225_600_000;

fn stream_id() -> StreamId {
    StreamId::from_entropy(1)
}

impl Queue {
    fn with(tasks: usize) -> Self {
        let mut queue = Self::default();
        (0..tasks).for_each(|_| queue.enqueue());
        queue
    }

    fn seq(&self) -> i64 {
        self.log.last().map_or(0, |event| event.seq)
    }

    fn now(&self) -> Time {
        Time::from_millis(NOON + 1000 * self.seq())
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.tasks
            .iter()
            .for_each(|task| *counts.of_mut(task.status) += 1);
        counts
    }

    fn tell(&mut self, kind: EventKind, task: usize) {
        let event = Event {
            seq: self.seq() + 1,
            at: self.now(),
            kind,
            actor: "test".to_owned(),
            session_id: None,
            stream_id: Some(stream_id()),
            task_id: Some(self.tasks[task].id.clone()),
            data: None,
            merged: Vec::new(),
            task: None,
        };
        self.log.push(event);
    }

    fn enqueue(&mut self) {
        let seq = self.tasks.len() + 1;
        let now = self.now();
        self.tasks.push(Task {
            seq: i64::try_from(seq).expect("few tasks"),
            id: TaskId::from_entropy(seq as u64),
            stream_id: stream_id(),
            stream_name: name("auth"),
            tool_name: "run-bash".to_owned(),
            plugin: "scripts@0.1.0#0a1b2c3d4e5f".to_owned(),
            task_class: "FAST_SCRIPT".to_owned().try_into().expect("a class"),
            payload: Document::from_json_text("{}".to_owned()),
            label: String::new(),
            dedupe_key: None,
            status: Status::Queued,
            stale: false,
            timeout: Timeout::from_seconds(30).expect("a timeout"),
            attempts: 0,
            worker: None,
            result: None,
            error: None,
            requeued_from: None,
            created_at: now,
            updated_at: now,
            started_at: None,
            finished_at: None,
        });
        self.tell(EventKind::TaskEnqueued, seq - 1);
    }

    /// Does `verb` to a task, where the status table allows it.
    fn act(&mut self, verb: Verb, task: usize) {
        let kind = match verb {
            Verb::Claim => EventKind::TaskClaimed,
            Verb::Release => EventKind::TaskReleased,
            Verb::Complete => EventKind::TaskCompleted,
            Verb::Fail => EventKind::TaskFailed,
            Verb::Expire => EventKind::TaskExpired,
            Verb::Cancel => EventKind::TaskCancelled,
            Verb::Requeue => return,
        };
        let now = self.now();
        let Some(task_) = self.tasks.get_mut(task) else {
            return;
        };
        let Some(next) = task_.status.after(verb) else {
            return;
        };
        task_.status = next;
        task_.started_at = (next != Status::Queued).then(|| task_.started_at.unwrap_or(now));
        self.tell(kind, task);
    }

    fn fetch_tasks(&self, limit: usize) -> Answer<List<Task>> {
        let items = self
            .tasks
            .iter()
            .rev()
            .take(limit)
            .cloned()
            .map(|task| task.seen_at(self.now()))
            .collect();
        Answer {
            body: List {
                items,
                total: self.tasks.len() as u64,
                next_cursor: None,
            },
            seq: self.seq(),
        }
    }

    fn fetch_overview(&self) -> Answer<Overview> {
        let stale = self
            .tasks
            .iter()
            .filter(|task| (*task).clone().seen_at(self.now()).stale)
            .count() as u64;
        let body = Overview {
            project: "test".to_owned(),
            version: "0".to_owned(),
            tasks: self.counts(),
            stale,
            active_sessions: 1,
            active_streams: 1,
            last_seq: self.seq(),
            server: None,
            watchers: Vec::new(),
            quarantined: Vec::new(),
            warnings: Vec::new(),
        };
        Answer {
            body,
            seq: self.seq(),
        }
    }

    fn fetch_streams(&self) -> Answer<List<Stream>> {
        let stream = Stream {
            id: stream_id(),
            session_id: SessionId::from_entropy(1),
            session_name: name("today"),
            name: name("auth"),
            instructions: String::new(),
            status: Activity::Active,
            counts: self.counts(),
            created_at: self.now(),
            updated_at: self.now(),
        };
        Answer {
            body: List {
                items: vec![stream],
                total: 1,
                next_cursor: None,
            },
            seq: self.seq(),
        }
    }

    fn fetch(&self, limit: usize) -> Snapshot {
        Snapshot {
            tasks: self.fetch_tasks(limit),
            overview: self.fetch_overview(),
            streams: self.fetch_streams(),
        }
    }

    /// The events after `seq` as they are sent by now: each with its task as that stands now.
    fn sent_after(&self, seq: i64) -> Vec<Event> {
        let of = |event: &Event| {
            self.tasks
                .iter()
                .find(|task| Some(&task.id) == event.task_id.as_ref())
                .cloned()
                .map(Box::new)
        };
        self.log
            .iter()
            .filter(|event| event.seq > seq)
            .map(|event| Event {
                task: of(event),
                ..event.clone()
            })
            .collect()
    }
}

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

/// Leaves of several events of one task only the last, as one write to a reader does.
fn coalesced(events: Vec<Event>) -> Vec<Event> {
    let is_last = |(at, event): &(usize, &Event)| {
        !events[at + 1..]
            .iter()
            .any(|later| later.task_id == event.task_id)
    };
    events
        .iter()
        .enumerate()
        .filter(is_last)
        .map(|(_, event)| event.clone())
        .collect()
}

fn follow(ledger: &mut Ledger, events: &[Event]) {
    for event in events {
        ledger.apply(event);
    }
}

fn catch_up(ledger: &mut Ledger, queue: &Queue) {
    follow(ledger, &queue.sent_after(ledger.seq()));
}

#[test]
fn a_task_that_is_enqueued_becomes_the_first_row_and_is_counted() {
    let mut queue = Queue::with(1);
    let mut ledger = Ledger::start(queue.fetch(200), 200);
    queue.enqueue();
    let touched = ledger.apply(&queue.sent_after(ledger.seq())[0]);
    assert_eq!(
        touched,
        Touched {
            counts: true,
            streams: true,
            rows: true,
            ..Touched::default()
        }
    );
    assert_eq!(ledger.counts().queued, 2);
    assert_eq!(ledger.rows()[0].seq, 2);
}

#[test]
fn a_claim_changes_one_row_where_it_stands() {
    let mut queue = Queue::with(2);
    let mut ledger = Ledger::start(queue.fetch(200), 200);
    queue.act(Verb::Claim, 0);
    let touched = ledger.apply(&queue.sent_after(ledger.seq())[0]);
    assert_eq!(touched.row.as_ref(), Some(&queue.tasks[0].id));
    assert!(!touched.rows);
    assert_eq!(ledger.rows()[1].status, Status::Running);
    assert_eq!(
        ledger.counts(),
        Counts {
            queued: 1,
            running: 1,
            ..Counts::default()
        }
    );
}

#[test]
fn an_event_that_arrives_twice_counts_once() {
    let mut queue = Queue::with(1);
    let mut ledger = Ledger::start(queue.fetch(200), 200);
    queue.act(Verb::Claim, 0);
    let event = &queue.sent_after(0)[1];
    ledger.apply(event);
    assert_eq!(ledger.apply(event), Touched::default());
    assert_eq!(
        ledger.counts(),
        Counts {
            running: 1,
            ..Counts::default()
        }
    );
}

#[test]
fn a_task_that_is_no_row_is_counted_by_the_kind_of_its_event() {
    let mut queue = Queue::with(5);
    queue.act(Verb::Claim, 0);
    let mut ledger = Ledger::start(queue.fetch(2), 2);
    queue.act(Verb::Complete, 0);
    queue.act(Verb::Claim, 1);
    catch_up(&mut ledger, &queue);
    assert_eq!(ledger.missing(), Missing::Nothing);
    assert_eq!(ledger.counts(), queue.counts());
    assert_eq!(
        ledger.rows().iter().map(|row| row.seq).collect::<Vec<_>>(),
        [5, 4]
    );
}

#[test]
fn the_oldest_row_makes_room_for_a_new_one() {
    let mut queue = Queue::with(3);
    let mut ledger = Ledger::start(queue.fetch(2), 2);
    queue.enqueue();
    catch_up(&mut ledger, &queue);
    assert_eq!(
        ledger.rows().iter().map(|row| row.seq).collect::<Vec<_>>(),
        [4, 3]
    );
}

#[test]
fn a_task_whose_whole_life_arrives_as_one_event_is_counted_once() {
    let mut queue = Queue::with(1);
    let mut ledger = Ledger::start(queue.fetch(200), 200);
    queue.enqueue();
    queue.act(Verb::Claim, 1);
    queue.act(Verb::Complete, 1);
    let sent = coalesced(queue.sent_after(ledger.seq()));
    follow(&mut ledger, &sent);
    assert_eq!(ledger.missing(), Missing::Nothing);
    assert_eq!(
        ledger.counts(),
        Counts {
            queued: 1,
            succeeded: 1,
            ..Counts::default()
        }
    );
}

#[test]
fn a_task_turns_stale_as_time_passes_without_an_event() {
    let mut queue = Queue::with(1);
    queue.act(Verb::Claim, 0);
    let ledger = Ledger::start(queue.fetch(200), 200);
    let started = queue.tasks[0]
        .started_at
        .expect("it was claimed")
        .as_millis();
    assert_eq!(ledger.stale_at(Time::from_millis(started + 30_000)), 0);
    assert_eq!(ledger.stale_at(Time::from_millis(started + 30_001)), 1);
}

#[test]
fn a_stale_task_that_is_no_row_is_counted_until_it_ends() {
    let mut queue = Queue::with(1);
    queue.act(Verb::Claim, 0);
    (0..40).for_each(|_| queue.enqueue());
    let mut ledger = Ledger::start(queue.fetch(2), 2);
    assert_eq!(ledger.stale_at(queue.now()), 1);
    queue.act(Verb::Fail, 0);
    catch_up(&mut ledger, &queue);
    assert_eq!(ledger.stale_at(queue.now()), 0);
}

#[test]
fn counts_that_cannot_be_right_are_fetched_again_once_the_queue_rests() {
    let mut queue = Queue::with(1);
    let mut ledger = Ledger::start(Queue::default().fetch(200), 200);
    queue.act(Verb::Claim, 0);
    let claim = Event {
        merged: Vec::new(),
        task: None,
        ..queue.sent_after(1)[0].clone()
    };
    ledger.apply(&claim);
    assert_eq!(ledger.missing(), Missing::Rest);
}

#[test]
fn an_event_of_an_unknown_stream_asks_for_the_streams() {
    let mut queue = Queue::default();
    let mut snapshot = queue.fetch(200);
    snapshot.streams.body.items.clear();
    let mut ledger = Ledger::start(snapshot, 200);
    queue.enqueue();
    catch_up(&mut ledger, &queue);
    assert_eq!(ledger.missing(), Missing::Streams);
    ledger.load_counts(queue.fetch_overview(), queue.fetch_streams());
    assert_eq!(ledger.missing(), Missing::Nothing);
    assert_eq!(ledger.streams()[0].counts, queue.counts());
}

/// What happens to a queue, one act at a time.
fn acts() -> impl Strategy<Value = Vec<(Option<Verb>, usize)>> {
    let verb = proptest::sample::select(
        [
            None,
            Some(Verb::Claim),
            Some(Verb::Release),
            Some(Verb::Complete),
            Some(Verb::Fail),
        ]
        .as_slice(),
    );
    proptest::collection::vec((verb, 0usize..12), 0..60)
}

fn play(queue: &mut Queue, acts: &[(Option<Verb>, usize)]) {
    for &(verb, task) in acts {
        match verb {
            None => queue.enqueue(),
            Some(verb) => queue.act(verb, task),
        }
    }
}

proptest! {
    /// The fetches lie apart, events arrive late, in several writes, some twice; in the end the page holds what the server holds.
    #[test]
    fn whatever_happens_and_however_it_arrives_the_counts_are_the_servers(
        before in acts(), between in acts(), then in acts(), after in acts(), late in acts(),
        limit in 1usize..20, merge: bool, again in 0usize..40,
    ) {
        let mut queue = Queue::default();
        play(&mut queue, &before);
        // Several events that arrive as one can be told apart only for tasks that were seen.
        let limit = if merge { 1000 } else { limit };
        let tasks = queue.fetch_tasks(limit);
        play(&mut queue, &between);
        let overview = queue.fetch_overview();
        play(&mut queue, &then);
        let streams = queue.fetch_streams();
        let mut ledger = Ledger::start(Snapshot { tasks, overview, streams }, limit);

        for more in [after, late] {
            play(&mut queue, &more);
            let mut sent = queue.sent_after(ledger.seq());
            if merge { sent = coalesced(sent); }
            follow(&mut ledger, &sent);
            let repeated = &sent[..again.min(sent.len())];
            follow(&mut ledger, repeated);
        }

        // Only where several events of one task arrive as one, and the fetches lie apart, must the page wait for the queue to rest.
        if merge && ledger.missing() == Missing::Rest {
            ledger.load_counts(queue.fetch_overview(), queue.fetch_streams());
            prop_assert_eq!(ledger.missing(), Missing::Nothing);
        }
        prop_assert_eq!(ledger.counts(), queue.counts());
        prop_assert_eq!(ledger.streams()[0].counts, queue.counts());
        let rows: Vec<Task> = ledger.rows().iter().map(|row| row.clone().seen_at(queue.now())).collect();
        prop_assert_eq!(rows, queue.fetch_tasks(limit).body.items);
    }
}
