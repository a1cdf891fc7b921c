//! Which tasks are chosen for an act; plain data.

use std::collections::BTreeSet;

/// The chosen tasks, by their place in the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    tasks: BTreeSet<i64>,
    /// The one that was chosen last, from which a range begins.
    last: Option<i64>,
    /// Where the keyboard began to choose along the rows, and where it is.
    walk: Option<(i64, i64)>,
    /// Whether all that match are meant, also those that are not loaded.
    whole: bool,
}

impl Chosen {
    /// Whether a task is chosen.
    pub(super) fn has(&self, task: i64) -> bool {
        self.tasks.contains(&task)
    }

    /// How many are chosen.
    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// The chosen tasks, oldest first.
    pub(super) fn tasks(&self) -> impl Iterator<Item = i64> {
        self.tasks.iter().copied()
    }

    /// Whether all that match are meant.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Means all that match.
    pub(super) fn choose_whole(&mut self) {
        self.whole = true;
    }

    /// Goes on from one task to another, `to`: all from where that began to there are chosen. What is left on a way back
    /// is let go. `listed` are those there are.
    pub(super) fn reach(&mut self, from: i64, to: i64, listed: &[i64]) {
        let begun = self.walk.filter(|(_, at)| *at == from);
        let start = begun.map_or(from, |(start, _)| start);
        let between = |one: i64, other: i64| {
            let range = one.min(other)..=one.max(other);
            listed
                .iter()
                .copied()
                .filter(move |task| range.contains(task))
        };
        for left in between(start, from) {
            self.tasks.remove(&left);
        }
        self.tasks.extend(between(start, to));
        self.whole = false;
        self.last = Some(to);
        self.walk = Some((start, to));
    }

    /// Chooses a task, or no longer.
    pub(super) fn toggle(&mut self, task: i64) {
        self.whole = false;
        self.walk = None;
        self.last = Some(task);
        if !self.tasks.remove(&task) {
            self.tasks.insert(task);
        }
    }

    /// Makes all tasks from the last one that was chosen to `task` what that one is. `listed` are those there are.
    pub(super) fn extend(&mut self, task: i64, listed: impl Iterator<Item = i64>) {
        let Some(last) = self.last else {
            return self.toggle(task);
        };
        let range = last.min(task)..=last.max(task);
        let within = listed.filter(|task| range.contains(task));
        if self.has(last) {
            self.tasks.extend(within);
        } else {
            within.for_each(|task| {
                self.tasks.remove(&task);
            });
        }
        self.whole = false;
        self.walk = None;
        self.last = Some(task);
    }

    /// Chooses all of `listed`.
    pub(super) fn choose(&mut self, listed: impl Iterator<Item = i64>) {
        self.tasks.extend(listed);
    }

    /// Lets go of those that `stay` is not true of.
    pub(super) fn retain(&mut self, stay: impl Fn(i64) -> bool) {
        self.tasks.retain(|task| stay(*task));
    }

    /// Lets go of a task.
    pub(super) fn drop(&mut self, task: i64) {
        self.tasks.remove(&task);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed() -> impl Iterator<Item = i64> {
        (1..=20).rev().filter(|task| task % 2 == 0)
    }

    #[test]
    fn a_range_goes_from_the_last_choice_and_takes_what_is_listed() {
        let mut chosen = Chosen::default();
        chosen.toggle(4);
        chosen.extend(10, listed());
        assert_eq!(chosen.tasks().collect::<Vec<_>>(), [4, 6, 8, 10]);
        chosen.extend(8, listed());
        assert_eq!(chosen.len(), 4);
    }

    #[test]
    fn a_walk_along_the_rows_chooses_and_the_way_back_lets_go() {
        let listed: Vec<i64> = listed().collect();
        let mut chosen = Chosen::default();
        let tasks = |chosen: &Chosen| chosen.tasks().collect::<Vec<_>>();
        chosen.toggle(20);
        for (from, to) in [(10, 8), (8, 6), (6, 4)] {
            chosen.reach(from, to, &listed);
        }
        assert_eq!(tasks(&chosen), [4, 6, 8, 10, 20]);
        chosen.reach(4, 6, &listed);
        chosen.reach(6, 8, &listed);
        chosen.reach(8, 10, &listed);
        chosen.reach(10, 12, &listed);
        assert_eq!(tasks(&chosen), [10, 12, 20]);
        // Another walk leaves what was chosen by the one before.
        chosen.reach(4, 2, &listed);
        assert_eq!(tasks(&chosen), [2, 4, 10, 12, 20]);
    }

    #[test]
    fn a_range_from_what_was_let_go_lets_go() {
        let mut chosen = Chosen::default();
        chosen.choose(listed());
        chosen.toggle(10);
        chosen.extend(4, listed());
        assert_eq!(chosen.tasks().collect::<Vec<_>>(), [2, 12, 14, 16, 18, 20]);
    }

    #[test]
    fn whoever_lets_one_go_no_longer_means_all_that_match() {
        let mut chosen = Chosen::default();
        chosen.choose(listed());
        chosen.choose_whole();
        chosen.toggle(2);
        assert!(!chosen.is_whole() && !chosen.has(2));
    }
}
