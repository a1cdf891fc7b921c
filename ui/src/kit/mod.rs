//! The kit: small components that draw what they are given, each with its CSS beside it.

mod badge;
mod banner;
mod copy;
mod dialog;
mod icon;
mod left_alone;
mod masthead;
mod moment;
mod notice;
mod page_head;
mod stream_list;
mod task_table;
mod tiles;
mod toast;

pub(crate) use badge::StatusBadge;
pub(crate) use banner::ConnectionBanner;
pub(crate) use copy::CopyButton;
pub(crate) use dialog::Dialog;
pub(crate) use icon::{Glyph, Icon};
pub(crate) use left_alone::LeftAlone;
pub(crate) use masthead::Masthead;
pub(crate) use moment::{Ago, RunTime};
pub(crate) use notice::Notice;
pub(crate) use page_head::PageHead;
pub(crate) use stream_list::StreamList;
pub(crate) use task_table::TaskTable;
pub(crate) use tiles::CountTiles;
pub(crate) use toast::{ToastRegion, Toasts};
