//! Payloads, results and scripts that are made up: many, odd, and the same in every run.

mod chance;
mod mutate;
mod pattern;
mod schema;
mod script;
mod text;

pub(super) use chance::Chance;
pub(super) use mutate::mutate;
pub(super) use schema::Maker;
pub(super) use script::scripts;
