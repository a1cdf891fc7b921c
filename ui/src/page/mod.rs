//! Pages: each composes kit components from the board and the route.

mod dashboard;
mod lost;

pub(crate) use dashboard::Dashboard;
pub(crate) use lost::Lost;
