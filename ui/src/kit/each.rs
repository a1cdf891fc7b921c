//! A list whose items stay as they are drawn while others come, go and move.
//!
//! One piece of code for all lists: a list of each type of its own would weigh as much as a page.

use std::sync::Arc;

use leptos::prelude::*;

/// An item that can be drawn.
struct Item {
    key: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// Draws `items` in their order, each once for as long as an item with its key is there.
pub(crate) fn each<T: Send + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> String + Send + Sync + 'static,
    draw: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let draw = Arc::new(draw);
    let item = move |one: T| {
        let (key, draw) = (key(&one), Arc::clone(&draw));
        Item {
            key,
            draw: Box::new(move || draw(one)),
        }
    };
    list(Box::new(move || items().into_iter().map(&item).collect()))
}

fn list(items: Box<dyn Fn() -> Vec<Item> + Send + Sync>) -> AnyView {
    view! { <For each=items key=|item| item.key.clone() children=|item| (item.draw)()/> }.into_any()
}
