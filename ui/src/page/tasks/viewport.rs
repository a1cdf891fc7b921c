//! Which rows of a long list are in the window; plain numbers, in pixels.

use std::ops::Range;

/// How many rows beyond the window are drawn on either side, so that scrolling finds them there.
const AROUND: usize = 8;

/// How the list lies in the window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Viewport {
    /// Where the first row begins, from the window's upper edge.
    pub(super) top: f64,
    /// How high a row is.
    pub(super) row: f64,
    /// How much of the window's upper edge the masthead covers.
    pub(super) covered: f64,
    /// How much of it is covered with the list's own head.
    pub(super) head: f64,
    /// How high the window is, without what is covered at its lower edge.
    pub(super) height: f64,
}

impl Viewport {
    /// Whether the first row can be seen, so that what is put before it is seen too.
    pub(super) fn is_at_top(&self) -> bool {
        self.top >= self.head - 1.0
    }

    /// The first row that can be seen.
    pub(super) fn first(&self) -> usize {
        self.rows_in(self.head - self.top).floor_index()
    }

    /// The rows to be drawn, of `count`.
    pub(super) fn range(&self, count: usize) -> Range<usize> {
        if self.row <= 0.0 {
            return 0..0;
        }
        let end = self.rows_in(self.height - self.top).floor_index() + 1 + AROUND;
        let start = self.first().saturating_sub(AROUND);
        start.min(count)..end.min(count)
    }

    /// How far to scroll so that the whole of a row is seen; 0 when it is.
    pub(super) fn way_to(&self, row: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "far fewer rows than 2^52")]
        let top = self.top + row as f64 * self.row;
        let bottom = top + self.row;
        if top < self.head {
            top - self.head
        } else if bottom > self.height {
            bottom - self.height
        } else {
            0.0
        }
    }

    fn rows_in(&self, pixels: f64) -> f64 {
        if self.row > 0.0 {
            pixels / self.row
        } else {
            0.0
        }
    }
}

/// A number of rows as an index: whole, and not below 0.
trait FloorIndex {
    fn floor_index(self) -> usize;
}

impl FloorIndex for f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held to what an index can be"
    )]
    fn floor_index(self) -> usize {
        self.floor().clamp(0.0, 1e9) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrolled(by: f64) -> Viewport {
        Viewport {
            top: 200.0 - by,
            row: 50.0,
            covered: 60.0,
            head: 100.0,
            height: 800.0,
        }
    }

    #[test]
    fn rows_in_the_window_and_a_few_around_are_drawn() {
        assert_eq!(scrolled(0.0).range(1000), 0..21);
        assert_eq!(scrolled(10_000.0).range(1000), 190..221);
        assert_eq!(scrolled(10_000.0).range(200), 190..200);
        assert_eq!(scrolled(1e12).range(7), 7..7);
        assert_eq!(Viewport::default().range(7), 0..0);
    }

    #[test]
    fn the_top_is_left_once_the_first_row_is_covered() {
        assert!(scrolled(0.0).is_at_top());
        assert!(scrolled(100.0).is_at_top());
        assert!(!scrolled(102.0).is_at_top());
    }

    #[test]
    fn a_row_is_brought_into_view_by_the_shortest_way() {
        let view = scrolled(1000.0);
        assert_eq!(view.first(), 18);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(view.way_to(18), 0.0));
        assert!(close(view.way_to(17), -50.0));
        assert!(close(view.way_to(31), 0.0));
        assert!(close(view.way_to(32), 50.0));
    }
}
