//! Chance that is the same in every run, so that what failed once fails again.

/// A row of numbers that look drawn.
#[derive(Debug, Clone)]
pub(in crate::kit) struct Chance(u64);

impl Chance {
    /// The row that belongs to a name.
    pub(in crate::kit) fn of(name: &str) -> Self {
        let fold = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(name.bytes().fold(0xcbf2_9ce4_8422_2325, fold))
    }

    /// The next number: the generator SplitMix64.
    pub(in crate::kit) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 where there is none.
    pub(in crate::kit) fn below(&mut self, limit: usize) -> usize {
        let drawn = usize::try_from(self.next() >> 1).unwrap_or(usize::MAX);
        drawn.checked_rem(limit).unwrap_or_default()
    }

    /// Whether the one of `of` came.
    pub(in crate::kit) fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    /// One of these; none where there is none.
    pub(in crate::kit) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// These in another order.
    pub(in crate::kit) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}
