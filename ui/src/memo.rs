//! Memos for what is drawn many times, such as rows.

use leptos::prelude::*;
use leptos::reactive::graph::{Subscriber, ToAnySubscriber};

/// Makes a memo whose sources forget it when whoever made it is gone.
///
/// A signal keeps everybody who ever followed it, gone or not, and tells them all of each change. So what comes and goes
/// follows what stays, as a row does its page, through one of these, or a page grows for as long as it is open.
pub(crate) fn memo<T: PartialEq + Send + Sync + 'static>(
    value: impl Fn(Option<&T>) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let memo = ArcMemo::new(value);
    let node = memo.to_any_subscriber();
    on_cleanup(move || node.clear_sources(&node));
    memo.into()
}
