//! Which blocks of an output are in view, and how much room those before and after them take.

/// How much is drawn before and after what is in view, in pixels.
const AROUND: f64 = 300.0;

/// What is drawn of all blocks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Window {
    /// The first block that is drawn.
    pub(super) first: usize,
    /// The first one after it that is not.
    pub(super) end: usize,
    /// The room of the blocks before, in pixels.
    pub(super) before: f64,
    /// The room of the blocks after.
    pub(super) after: f64,
}

impl Window {
    /// Finds what is drawn where `height` pixels are in view from `top` on: what is in view, and some around it.
    pub(super) fn of(heights: &[f64], top: f64, height: f64) -> Self {
        let (from, until) = (top - AROUND, top + height + AROUND);
        let mut window = Self {
            first: heights.len(),
            end: heights.len(),
            ..Self::default()
        };
        let mut at = 0.0;
        for (block, room) in heights.iter().enumerate() {
            let next = at + room;
            if next <= from {
                window.before += room;
            } else if at >= until {
                window.end = window.end.min(block);
                window.after += room;
            } else {
                window.first = window.first.min(block);
            }
            at = next;
        }
        window
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_view_is_drawn_and_the_rest_keeps_its_room() {
        let heights = [1000.0; 10];
        let window = Window::of(&heights, 5200.0, 400.0);
        assert_eq!((window.first, window.end), (4, 6));
        assert_eq!((window.before, window.after), (4000.0, 4000.0));
        let window = Window::of(&heights, 0.0, 400.0);
        assert_eq!((window.first, window.end), (0, 1));
        assert_eq!(Window::of(&[], 0.0, 400.0).end, 0);
    }
}
