//! Write SparkQ plugins in Rust: the contract `sparkq:plugin@1.0.0`, bound for guests.
//!
//! What the host gives: [`log`], [`config`], [`files`], [`index`], and the vocabulary in [`types`].
//! What a plugin can offer, one module per interface, each with the trait `Guest` to implement: [`about`], [`tools`],
//! [`payloads`], [`results`], [`scripts`]. A plugin offers any set of them and names the set in [`export!`]:
//!
//! ```ignore
//! use sparkq_plugin::{about, payloads, tools};
//!
//! struct Plugin;
//!
//! impl about::Guest for Plugin { /* … */ }
//! impl tools::Guest for Plugin { /* … */ }
//! impl payloads::Guest for Plugin { /* … */ }
//!
//! sparkq_plugin::export!(Plugin: about, tools, payloads);
//! ```
//!
//! Beside the contract stand a few helpers that most plugins want: [`define`] for tools as literals, [`json`] for
//! payloads as types, [`issues`] for findings, [`path`] and [`label`] for what payloads hold, [`fault`] for what goes
//! wrong, and [`about_this_crate!`].
//!
//! Build with `cargo build --target wasm32-wasip2`; the library is a `cdylib`. What each type and function means is
//! said in `plugin.wit`, and repeated on every item here.

mod bindings;
pub mod define;
pub mod fault;
pub mod issues;
pub mod json;
pub mod label;
pub mod path;
pub mod result;

pub use bindings::host::sparkq::plugin::{config, files, index, log, types};
pub use bindings::{about, payloads, results, scripts, tools};

/// Makes a type's implementations the exports of this component: `export!(Plugin: about, scripts)`.
///
/// Does nothing on other targets than `wasm32`, so that a plugin's rules can be tested natively.
#[macro_export]
macro_rules! export {
    ($plugin:ident: $($interface:ident),+ $(,)?) => {
        $(
            #[cfg(target_arch = "wasm32")]
            $crate::$interface::export!($plugin);
        )+
    };
}

/// Who the plugin is, as the manifest of the crate that calls this says it; it needs no grant.
///
/// Its value is an [`about::Info`].
#[macro_export]
macro_rules! about_this_crate {
    () => {
        $crate::about::Info {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            homepage: None,
            license: Some(env!("CARGO_PKG_LICENSE").to_owned()),
            needs: Vec::new(),
            attrs: Vec::new(),
        }
    };
}
