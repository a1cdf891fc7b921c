//! The kit: small components that draw what they are given, each with its CSS beside it.

mod age_bar;
mod badge;
mod banner;
mod bars;
mod copy;
mod dialog;
mod each;
mod icon;
mod keys_help;
mod masthead;
mod moment;
mod notice;
mod page_head;
mod task_table;
mod tiles;
mod toast;

pub(crate) use age_bar::AgeBar;
pub(crate) use badge::StatusBadge;
pub(crate) use banner::ConnectionBanner;
pub(crate) use bars::{Bars, bars};
pub(crate) use copy::CopyButton;
pub(crate) use dialog::Dialog;
pub(crate) use each::each;
pub(crate) use icon::{Glyph, Icon};
pub(crate) use keys_help::KeysHelp;
pub(crate) use masthead::Masthead;
pub(crate) use moment::{Ago, RunTime, spell_local};
pub(crate) use notice::Notice;
pub(crate) use page_head::PageHead;
pub(crate) use task_table::{TaskTable, first_line, title_of};
pub(crate) use tiles::CountTiles;
pub(crate) use toast::{ToastRegion, Toasts};
