//! Which tasks are chosen for an act; plain data.

use std::collections::BTreeSet;

/// The chosen tasks, by their place in the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    tasks: BTreeSet<i64>,
    /// The one that was chosen last, from which a range begins.
    last: Option<i64>,
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

    /// Chooses a task, or no longer.
    pub(super) fn toggle(&mut self, task: i64) {
        self.whole = false;
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
