//! A command's way to the queue: the project's own, or a server on another machine. What a command asks is said in the
//! queue's words, so that none of them knows which it is.

mod far;
mod here;
mod reads;
mod tries;
mod writes;

use crate::entropy;
pub(super) use far::Far;
pub(super) use here::Here;

/// A command's way to the queue.
pub(super) enum Door {
    /// To that of the project here.
    Here(Here),
    /// To that of a server that was named.
    Far(Far),
}

/// A key that no other request has.
fn new_key() -> String {
    let mut random = entropy();
    format!("{:016x}{:016x}", random(), random())
}

/// Runs a method of the queue to its end; with the file right here it never really waits.
pub(super) fn wait<T>(work: impl Future<Output = T>) -> T {
    pollster::block_on(work)
}
