//! The list as the page holds it: fetched page by page, changed by what is heard, and left behind for a way back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sparkq_core::wire::{Event, Filter, List, Task};

use super::chosen::Chosen;
use super::focus;
use super::roll::{Heard, Line, Roll};
use super::viewport::Viewport;
use crate::board::{self, Board, News};
use crate::client::{self, Answer, NoAnswer};
use crate::clock;
use crate::kept::Kept;
use crate::pace::Pace;
use crate::route;

/// How many tasks the first page holds. Who reads on is given as many as are there already.
const PAGE: usize = 200;

/// The most that one request asks for.
const MOST: usize = 1000;

/// How close to the end of what is loaded the next page is asked for, in rows.
const NEAR: usize = 100;

/// Which face the list shows.
#[derive(Clone, PartialEq)]
pub(super) enum Face {
    /// Nothing has arrived yet.
    Loading,
    /// There is a list, maybe an empty one.
    Ready,
    /// The server has refused the filter, or did not answer.
    Refused(NoAnswer),
}

/// What there is of the list, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// How many tasks match.
    pub(super) total: u64,
    /// How many are loaded.
    pub(super) loaded: usize,
    /// How many came since and are kept aside.
    pub(super) fresh: usize,
    /// Whether there are more to load.
    pub(super) more: bool,
}

/// The list; a handle, free to copy.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    board: StoredValue<Board>,
    kept: Kept,
    filter: Memo<Filter>,
    roll: StoredValue<Option<Roll>>,
    /// Woken whenever the list has changed.
    changed: Trigger,
    face: RwSignal<Face>,
    busy: RwSignal<bool>,
    /// The fetch whose answer counts.
    ticket: StoredValue<u32>,
    /// Whether there was no answer the last time.
    failed: StoredValue<bool>,
    is_loading_more: StoredValue<bool>,
    pace: Pace,
    recounts: Pace,
    /// Why the next page could not be fetched.
    broken_off: RwSignal<Option<String>>,
    /// How the list lies in the window.
    pub(super) viewport: RwSignal<Viewport>,
    /// How far the window is scrolled, and was when the filter changed.
    scrolled: StoredValue<(f64, f64)>,
    /// Which tasks are chosen.
    pub(super) chosen: RwSignal<Chosen>,
    /// The row that has the focus.
    pub(super) focused: RwSignal<Option<i64>>,
    /// The row that had it last.
    pub(super) entered: StoredValue<Option<i64>>,
    /// The row that is to have it as soon as it is in the document.
    pub(super) heading: RwSignal<Option<i64>>,
    /// Whether rows are being drawn anew at this moment, and which one has lost the focus by it.
    pub(super) redrawn: StoredValue<(bool, Option<i64>)>,
}

/// What is left behind.
struct Left {
    roll: Roll,
    scrolled: f64,
    entered: Option<i64>,
}

impl Desk {
    /// Opens the list that the address asks for, and follows it.
    pub(super) fn open() -> Self {
        let desk = Self {
            board: StoredValue::new(Board::expect()),
            kept: Kept::expect(),
            filter: route::task_filter(),
            roll: StoredValue::new(None),
            changed: Trigger::new(),
            face: RwSignal::new(Face::Loading),
            busy: RwSignal::new(true),
            ticket: StoredValue::new(0),
            failed: StoredValue::new(false),
            is_loading_more: StoredValue::new(false),
            pace: Pace::begin(),
            recounts: Pace::begin(),
            broken_off: RwSignal::new(None),
            viewport: RwSignal::new(Viewport::default()),
            scrolled: StoredValue::new((0.0, 0.0)),
            chosen: RwSignal::new(Chosen::default()),
            focused: RwSignal::new(None),
            entered: StoredValue::new(None),
            heading: RwSignal::new(None),
            redrawn: StoredValue::new((false, None)),
        };
        desk.follow();
        desk
    }

    /// Which tasks are asked for.
    pub(super) fn filter(self) -> Memo<Filter> {
        self.filter
    }

    /// Which face to show.
    pub(super) fn face(self) -> RwSignal<Face> {
        self.face
    }

    /// Whether another list is on its way.
    pub(super) fn busy(self) -> RwSignal<bool> {
        self.busy
    }

    /// Why the next page could not be fetched.
    pub(super) fn broken_off(self) -> RwSignal<Option<String>> {
        self.broken_off
    }

    /// The list in numbers.
    pub(super) fn tally(self) -> Memo<Tally> {
        Memo::new(move |_| {
            self.read(|roll| Tally {
                total: roll.total(),
                loaded: roll.lines().len(),
                fresh: roll.fresh(),
                more: roll.next().is_some(),
            })
        })
    }

    /// The row of a task, and where it stands.
    pub(super) fn line(self, task: i64) -> Option<(usize, Line)> {
        self.read(|roll| {
            let place = roll.place(task)?;
            Some((place, roll.lines()[place].clone()))
        })
    }

    /// Reads the list, and follows it.
    pub(super) fn read<T: Default>(self, look: impl FnOnce(&Roll) -> T) -> T {
        self.changed.track();
        self.peek(look)
    }

    /// Reads the list.
    pub(super) fn peek<T: Default>(self, look: impl FnOnce(&Roll) -> T) -> T {
        let looked = self.roll.try_with_value(|roll| roll.as_ref().map(look));
        looked.flatten().unwrap_or_default()
    }

    /// The tasks that are loaded, newest first.
    pub(super) fn listed(self) -> Vec<i64> {
        self.peek(|roll| roll.lines().iter().map(|line| line.task.seq).collect())
    }

    /// Notes how far the window is scrolled.
    pub(super) fn note_scroll(self, scrolled: f64) {
        self.scrolled.update_value(|at| at.0 = scrolled);
    }

    /// Puts what came since among the lines.
    pub(super) fn show_fresh(self) {
        if self.peek(Roll::is_cut) {
            self.fetch(PAGE);
        } else {
            self.change(Roll::show_fresh);
        }
    }

    /// Fetches the list again, in place.
    pub(super) fn again(self) {
        self.fetch(
            self.peek(|roll| roll.lines().len())
                .min(self.seen_to() + PAGE),
        );
    }

    /// Fetches the next page when its rows are near, and follows the list.
    pub(super) fn approach(self, row: usize) {
        let is_near = self.read(|roll| roll.next().is_some() && row + NEAR >= roll.lines().len());
        if is_near && self.broken_off.with_untracked(Option::is_none) {
            self.more();
        }
    }

    /// Fetches the next page.
    pub(super) fn more(self) {
        let filter = self.filter.get_untracked();
        let cursor = self.peek(|roll| roll.next().map(str::to_owned));
        let Some(cursor) = cursor.filter(|_| !self.is_loading_more.get_value()) else {
            return;
        };
        self.is_loading_more.set_value(true);
        self.broken_off.set(None);
        let ticket = self.ticket.get_value();
        let many = self.peek(|roll| roll.lines().len()).clamp(PAGE, MOST);
        spawn_local(async move {
            let page = client::tasks::list(&filter, many, Some(&cursor)).await;
            if !self.is_due(ticket) {
                return;
            }
            self.is_loading_more.set_value(false);
            // The list may have been replaced, and end elsewhere by now.
            if self.peek(|roll| roll.next() != Some(&cursor)) {
                return;
            }
            match page {
                Ok(page) => self.add(page),
                Err(reason) => self.broken_off.set(Some(reason.to_string())),
            }
        });
    }

    fn add(self, page: Answer<List<Task>>) {
        let now = clock::read();
        match self.board.get_value().heard_since(page.seq) {
            Some(heard) => self.change(|roll| {
                roll.append(page);
                for event in &heard {
                    roll.patch(event, now);
                }
            }),
            None => self.again(),
        }
    }

    /// How many rows reach to the lower edge of the window.
    fn seen_to(self) -> usize {
        self.viewport.get_untracked().range(usize::MAX).end
    }

    fn follow(self) {
        let board = self.board.get_value();
        let board_face = board.face();
        let asked = Memo::new(move |_| {
            let is_ready = board_face.get() == board::Face::Ready;
            is_ready.then(|| self.filter.get())
        });
        Effect::new(move |_| {
            if let Some(filter) = asked.get() {
                self.begin(&filter);
            }
        });
        board.listen(move |news| match news {
            News::Event(event) => self.hear(event),
            News::Anew => self.again_soon(),
            News::Back if self.failed.try_get_value() == Some(true) => self.again(),
            News::Back => {}
        });
        let stale = board.stale();
        Effect::new(move |before: Option<u64>| {
            let stale = stale.get();
            let follows_time = self
                .filter
                .with_untracked(|filter| filter.stale == Some(true));
            if follows_time && before.is_some_and(|before| before != stale) {
                self.again_soon();
            }
            stale
        });
        on_cleanup(move || {
            let roll = self.roll.try_update_value(Option::take).flatten();
            self.leave(roll, self.scrolled.get_value().0);
        });
    }

    /// Fetches again, soon, if there is a list by then.
    fn again_soon(self) {
        self.pace.soon(move || {
            if self.roll.try_with_value(Option::is_some) == Some(true) {
                self.again();
            }
        });
    }

    /// Shows the list of another filter: the one that was left behind, where somebody comes back to it.
    fn begin(self, filter: &Filter) {
        self.scrolled.update_value(|(now, left)| *left = *now);
        self.chosen.set(Chosen::default());
        self.broken_off.set(None);
        let came_back = self.kept.came_back();
        let left = self.kept.take::<Left>(&route::tasks(filter));
        if let Some(left) = left.filter(|_| came_back) {
            let Left {
                roll,
                scrolled,
                entered,
            } = left;
            self.next_ticket();
            self.entered.set_value(entered);
            let heard = self.board.get_value().heard_since(roll.heard());
            self.show(roll, heard.as_deref().unwrap_or_default());
            if heard.is_none() {
                self.again();
            }
            request_animation_frame(move || window().scroll_to_with_x_and_y(0.0, scrolled));
            focus::give_back(self.entered, self.heading);
            return;
        }
        self.busy.set(true);
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.fetch(PAGE);
    }

    /// Fetches at least `wanted` tasks, and shows them when no other fetch was begun meanwhile.
    fn fetch(self, wanted: usize) {
        let ticket = self.next_ticket();
        let filter = self.filter.get_untracked();
        spawn_local(async move {
            let fetched = fetch(&filter, wanted).await;
            if !self.is_due(ticket) {
                return;
            }
            self.failed.set_value(fetched.is_err());
            match fetched {
                Ok(roll) => {
                    let heard = self.board.get_value().heard_since(roll.heard());
                    self.show(roll, heard.as_deref().unwrap_or_default());
                    if heard.is_none() {
                        // The queue is so busy that it has moved on by hundreds meanwhile.
                        self.again_soon();
                    }
                }
                Err(reason) if self.is_shown(&filter) && reason.code.is_empty() => {
                    // What is shown stays; the banner says that there is no connection.
                    self.busy.set(false);
                }
                Err(reason) => {
                    self.roll.set_value(None);
                    self.busy.set(false);
                    self.face.set(Face::Refused(reason));
                }
            }
        });
    }

    fn is_shown(self, filter: &Filter) -> bool {
        self.peek(|roll| roll.filter() == filter)
    }

    /// Drops what is on its way, a next page too.
    fn next_ticket(self) -> u32 {
        self.is_loading_more.set_value(false);
        self.ticket.update_value(|ticket| *ticket += 1);
        self.ticket.get_value()
    }

    /// Whether the fetch of `ticket` still counts, and the page is still there.
    fn is_due(self, ticket: u32) -> bool {
        self.ticket.try_get_value() == Some(ticket)
    }

    /// Shows a list that has just arrived, after what was heard since.
    fn show(self, mut roll: Roll, heard: &[Event]) {
        let now = clock::read();
        let viewport = self.viewport.get_untracked();
        for event in heard {
            roll.hear(event, viewport.is_at_top(), now);
        }
        let row = viewport.first();
        let is_same = self.is_shown(roll.filter());
        let anchor = self.peek(|old| old.lines().get(row).map(|line| line.task.seq));
        let moved = match anchor.filter(|_| is_same && !viewport.is_at_top()) {
            Some(anchor) => roll.place_for(anchor).cast_signed() - row.cast_signed(),
            None => 0,
        };
        let old = self
            .roll
            .try_update_value(|held| held.replace(roll))
            .flatten();
        if is_same {
            self.let_go_of_the_missing();
        } else {
            self.leave(old, self.scrolled.get_value().1);
        }
        self.busy.set(false);
        self.face.set(Face::Ready);
        self.changed.notify();
        if moved != 0 {
            #[expect(clippy::cast_precision_loss, reason = "far fewer rows than 2^52")]
            let way = moved as f64 * viewport.row;
            request_animation_frame(move || window().scroll_by_with_x_and_y(0.0, way));
        }
        self.recount_if_in_doubt();
    }

    /// What was purged, or is no longer listed, is no longer chosen.
    fn let_go_of_the_missing(self) {
        let mut chosen = self.chosen.get_untracked();
        self.peek(|roll| chosen.retain(|task| roll.may_list(task)));
        if self.chosen.with_untracked(|held| *held != chosen) {
            self.chosen.set(chosen);
        }
    }

    fn leave(self, roll: Option<Roll>, scrolled: f64) {
        if let Some(roll) = roll {
            let key = route::tasks(roll.filter());
            let entered = self.entered.get_value();
            let left = Left {
                roll,
                scrolled,
                entered,
            };
            self.kept.leave(key, left);
        }
    }

    fn hear(self, event: &Event) {
        let at_top = self.viewport.get_untracked().is_at_top();
        let now = clock::read();
        let heard = self.roll.try_update_value(|roll| match roll {
            Some(roll) => roll.hear(event, at_top, now),
            None => Heard::Nothing,
        });
        // After a purge the board says that everything is new.
        if heard == Some(Heard::Changed) {
            self.changed.notify();
            self.recount_if_in_doubt();
        }
    }

    fn change(self, act: impl FnOnce(&mut Roll)) {
        self.roll.update_value(|roll| {
            if let Some(roll) = roll {
                act(roll);
            }
        });
        self.changed.notify();
    }

    fn recount_if_in_doubt(self) {
        if self.peek(Roll::is_in_doubt) {
            self.recounts.soon(move || self.recount());
        }
    }

    /// Asks for the total alone.
    fn recount(self) {
        let Some(filter) = self.filter.try_get_untracked() else {
            return;
        };
        spawn_local(async move {
            let page = client::tasks::list(&filter, 1, None).await;
            if let Ok(page) = page
                && self.is_shown(&filter)
            {
                self.change(|roll| roll.recount(page.body.total, page.seq));
                self.recount_if_in_doubt();
            }
        });
    }
}

async fn fetch(filter: &Filter, wanted: usize) -> Result<Roll, NoAnswer> {
    let page = client::tasks::list(filter, wanted.clamp(PAGE, MOST), None).await?;
    let mut roll = Roll::start(filter.clone(), page);
    while roll.lines().len() < wanted
        && let Some(cursor) = roll.next().map(str::to_owned)
    {
        let rest = (wanted - roll.lines().len()).min(MOST);
        roll.append(client::tasks::list(filter, rest, Some(&cursor)).await?);
    }
    Ok(roll)
}
