use proptest::prelude::*;
use sparkq_core::Verb;
use sparkq_core::wire::EventKind;

use super::super::made;
use super::*;

/// A queue as the server has it, with its log.
#[derive(Default)]
struct Queue {
    tasks: Vec<Task>,
    log: Vec<Event>,
}

impl Queue {
    fn with(statuses: &[Status]) -> Self {
        let mut queue = Self::default();
        for status in statuses {
            queue.enqueue(*status);
        }
        queue.log.clear();
        queue
    }

    fn enqueue(&mut self, status: Status) {
        let seq = i64::try_from(self.tasks.len()).expect("few") + 1;
        self.tasks.push(made::task(seq, status));
        self.tell(EventKind::TaskEnqueued, self.tasks.len() - 1);
    }

    fn act(&mut self, verb: Verb, place: usize) {
        let kind = match verb {
            Verb::Claim => EventKind::TaskClaimed,
            Verb::Release => EventKind::TaskReleased,
            Verb::Complete => EventKind::TaskCompleted,
            Verb::Fail => EventKind::TaskFailed,
            Verb::Expire => EventKind::TaskExpired,
            Verb::Cancel => EventKind::TaskCancelled,
            Verb::Requeue => return,
        };
        let Some(next) = self.tasks[place].status.after(verb) else {
            return;
        };
        self.tasks[place].status = next;
        self.tell(kind, place);
    }

    fn tell(&mut self, kind: EventKind, place: usize) {
        let seq = self.log.last().map_or(0, |event| event.seq) + 1;
        let event = format!(
            r#"{{"seq":{seq},"at":"2026-01-01T00:00:00.000Z","kind":"{kind}","actor":"a"}}"#
        );
        let mut event: Event = serde_json::from_str(&event).expect("an event");
        event.task = Some(Box::new(self.tasks[place].clone()));
        self.log.push(event);
    }

    fn meant(&self, filter: &Filter) -> Vec<&Task> {
        let now = Time::from_millis(0);
        let tasks = self.tasks.iter().rev();
        tasks
            .filter(|task| filter::fits(filter, task, now))
            .collect()
    }

    /// Answers as the server does, at most `limit` after the cursor.
    fn page(&self, filter: &Filter, limit: usize, cursor: Option<&str>) -> Answer<List<Task>> {
        let before = cursor.map_or(i64::MAX, |cursor| cursor.parse().expect("a number"));
        let meant = self.meant(filter);
        let total = meant.len() as u64;
        let mut rest = meant.into_iter().filter(|task| task.seq < before);
        let items: Vec<Task> = rest.by_ref().take(limit).cloned().collect();
        let next_cursor = rest
            .next()
            .and(items.last())
            .map(|last| last.seq.to_string());
        Answer {
            body: List {
                items,
                total,
                next_cursor,
            },
            seq: self.log.last().map_or(0, |event| event.seq),
        }
    }
}

fn of(status: Status) -> Filter {
    Filter {
        status: Some(status.to_string()),
        ..Filter::default()
    }
}

fn hear(roll: &mut Roll, queue: &Queue, at_top: bool) {
    for event in &queue.log {
        roll.hear(event, at_top, Time::from_millis(0));
    }
}

fn seqs(roll: &Roll) -> Vec<i64> {
    roll.lines().iter().map(|line| line.task.seq).collect()
}

#[test]
fn what_is_gone_from_what_is_loaded_is_known_to_be_and_what_is_not_loaded_is_not() {
    let mut queue = Queue::with(&[Status::Failed; 6]);
    queue.tasks.remove(4);
    let filter = Filter::default();
    let roll = Roll::start(filter.clone(), queue.page(&filter, 3, None));
    assert_eq!(seqs(&roll), [6, 4, 3]);
    let may: Vec<bool> = (1..=6).map(|task| roll.may_list(task)).collect();
    assert_eq!(may, [true, true, true, true, false, true]);
}

#[test]
fn a_new_task_goes_on_top_for_who_is_there_and_waits_for_who_is_not() {
    let filter = Filter::default();
    let mut queue = Queue::with(&[Status::Queued, Status::Queued]);
    let mut roll = Roll::start(filter.clone(), queue.page(&filter, 10, None));
    queue.enqueue(Status::Queued);
    hear(&mut roll, &queue, true);
    assert_eq!((seqs(&roll), roll.fresh()), (vec![3, 2, 1], 0));
    queue.enqueue(Status::Queued);
    queue.enqueue(Status::Queued);
    hear(&mut roll, &queue, false);
    assert_eq!(
        (seqs(&roll), roll.fresh(), roll.total()),
        (vec![3, 2, 1], 2, 5)
    );
    roll.show_fresh();
    assert_eq!((seqs(&roll), roll.fresh()), (vec![5, 4, 3, 2, 1], 0));
}

#[test]
fn a_row_that_no_longer_fits_stays_where_it_is_and_is_not_counted() {
    let filter = of(Status::Running);
    let mut queue = Queue::with(&[Status::Running, Status::Running]);
    let mut roll = Roll::start(filter.clone(), queue.page(&filter, 10, None));
    queue.act(Verb::Fail, 0);
    hear(&mut roll, &queue, true);
    assert_eq!((seqs(&roll), roll.total()), (vec![2, 1], 1));
    assert!(roll.lines()[1].gone && !roll.lines()[0].gone);
}

#[test]
fn one_that_came_and_no_longer_fits_does_not_wait_any_more() {
    let filter = of(Status::Queued);
    let mut queue = Queue::with(&[Status::Queued]);
    let mut roll = Roll::start(filter.clone(), queue.page(&filter, 10, None));
    queue.enqueue(Status::Queued);
    queue.act(Verb::Cancel, 1);
    hear(&mut roll, &queue, false);
    assert_eq!((roll.fresh(), roll.total()), (0, 1));
}

#[test]
fn what_lies_beyond_the_loaded_pages_is_counted_and_comes_with_them() {
    let filter = of(Status::Failed);
    let mut queue = Queue::with(&[Status::Running, Status::Failed, Status::Failed]);
    let mut roll = Roll::start(filter.clone(), queue.page(&filter, 1, None));
    queue.act(Verb::Fail, 0);
    hear(&mut roll, &queue, true);
    assert_eq!((seqs(&roll), roll.total()), (vec![3], 3));
    let cursor = roll.next().map(str::to_owned);
    roll.append(queue.page(&filter, 10, cursor.as_deref()));
    assert_eq!((seqs(&roll), roll.next()), (vec![3, 2, 1], None));
}

#[test]
fn an_event_that_is_older_than_a_page_changes_nothing_of_it() {
    let filter = Filter::default();
    let mut queue = Queue::with(&[Status::Queued, Status::Queued]);
    let mut roll = Roll::start(filter.clone(), queue.page(&filter, 1, None));
    queue.act(Verb::Claim, 0);
    queue.act(Verb::Complete, 0);
    let cursor = roll.next().map(str::to_owned);
    roll.append(queue.page(&filter, 10, cursor.as_deref()));
    assert_eq!(roll.lines()[1].task.status, Status::Succeeded);
    roll.hear(&queue.log[0], true, Time::from_millis(0));
    assert_eq!(roll.lines()[1].task.status, Status::Succeeded);
}

#[test]
fn a_total_that_words_decide_is_in_doubt_until_it_is_asked_for() {
    let filter = Filter {
        q: Some("scripts".into()),
        ..Filter::default()
    };
    let mut queue = Queue::with(&[Status::Queued]);
    let mut roll = Roll::start(filter.clone(), queue.page(&filter, 10, None));
    assert!(!roll.is_in_doubt());
    queue.enqueue(Status::Queued);
    hear(&mut roll, &queue, true);
    assert_eq!(seqs(&roll), [2, 1]);
    assert!(roll.is_in_doubt());
    roll.recount(2, 1);
    assert_eq!((roll.total(), roll.is_in_doubt()), (2, false));
}

#[test]
fn a_purge_has_the_list_fetched_again() {
    let filter = Filter::default();
    let mut queue = Queue::with(&[Status::Failed]);
    let mut roll = Roll::start(filter.clone(), queue.page(&filter, 10, None));
    queue.tell(EventKind::TaskPurged, 0);
    let heard = roll.hear(&queue.log[0], true, Time::from_millis(0));
    assert_eq!(heard, Heard::Anew);
}

#[test]
fn a_line_keeps_the_first_line_of_what_came_of_its_task() {
    let mut task = made::task(1, Status::Failed);
    task.error = Some("\n  it broke \nat line 3".into());
    assert_eq!(outcome(&task).as_deref(), Some("it broke"));
    task.error = None;
    task.result = Some(serde_json::json!({"summary": "all done"}).into());
    let line = Line::new(&task, task.status, 1);
    assert_eq!(line.outcome.as_deref(), Some("all done"));
    assert_eq!((line.task.result, line.task.payload.as_str()), (None, "{}"));
}

proptest! {
    /// However the queue moves, and whenever pages are fetched, the list holds what the filter means and counts it.
    #[test]
    fn the_list_stays_true(
        acts in proptest::collection::vec((0_usize..9, 0_usize..12, any::<bool>()), 0..60),
        wanted in proptest::sample::select(Status::ALL.as_slice()),
        limit in 1_usize..5,
    ) {
        let filter = of(wanted);
        let mut queue = Queue::with(&[Status::Queued, Status::Running, Status::Failed, Status::Queued]);
        let mut roll = Roll::start(filter.clone(), queue.page(&filter, limit, None));
        for (act, place, at_top) in acts {
            let place = place % queue.tasks.len();
            match act {
                0 => queue.enqueue(Status::Queued),
                1 => {
                    // What is told may lag behind what is fetched.
                    if let Some(cursor) = roll.next().map(str::to_owned) {
                        roll.append(queue.page(&filter, limit, Some(&cursor)));
                    }
                }
                2 => hear(&mut roll, &queue, at_top),
                act => queue.act(Verb::ALL[act - 3], place),
            }
        }
        hear(&mut roll, &queue, false);
        let meant = queue.meant(&filter);
        prop_assert_eq!(roll.total(), meant.len() as u64);
        roll.show_fresh();
        let shown: Vec<i64> = roll.lines().iter().filter(|line| !line.gone).map(|line| line.task.seq).collect();
        let reach = if roll.next().is_some() { roll.lines().last().map_or(i64::MAX, |last| last.task.seq) } else { 0 };
        let meant: Vec<i64> = meant.iter().map(|task| task.seq).filter(|seq| *seq >= reach).collect();
        prop_assert_eq!(shown, meant);
    }
}
