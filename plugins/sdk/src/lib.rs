//! Write SparkQ plugins in Rust: the contract `sparkq:plugin@1.0.0`, bound for guests.
//!
//! Most plugins are a [`Tool`] or several: a payload type, a few texts and two or three functions, exported with
//! [`plugin!`]. The example there is a whole plugin. A tool that also looks at results is a [`Judge`].
//!
//! Beside them stand a few helpers: [`issues`] for findings, [`path`] and [`label`] for what payloads hold, [`look`] for
//! what lies in a granted folder. What the host gives: [`log`], [`config`], [`files`], [`index`], and the vocabulary in
//! [`types`].
//!
//! Build with `cargo build --release --target wasm32-wasip2`; the library is a `cdylib`.
//!
//! # Interface by interface
//!
//! Below that lies the contract itself, one module per interface, each with the trait `Guest` to implement: [`about`],
//! [`tools`], [`payloads`], [`results`], [`scripts`]. A plugin offers any set of them and names the set in [`export!`]:
//!
//! ```
//! use sparkq_plugin::{about, scripts};
//!
//! struct Plugin;
//!
//! impl about::Guest for Plugin {
//!     fn get() -> about::Info {
//!         sparkq_plugin::about_this_crate!()
//!     }
//! }
//!
//! impl scripts::Guest for Plugin {
//!     fn claims() -> Vec<scripts::Claim> {
//!         vec![scripts::Claim { pattern: Some("**/*.awk".to_owned()), interpreter: None, priority: 1 }]
//!     }
//!
//!     fn extract(_head: scripts::Head) -> scripts::Extracted {
//!         scripts::Extracted { metadata: None, findings: Vec::new() }
//!     }
//! }
//!
//! sparkq_plugin::export!(Plugin: about, scripts);
//! ```
//!
//! There, [`define`] makes definitions from literals, [`schema`] from types, [`json`] reads payloads into types, [`result`]
//! judges what workers hand in, and [`fault`] says what goes wrong. What each type and function means is said in
//! `plugin.wit`, and repeated on every item here.

mod bindings;
pub mod define;
pub mod fault;
pub mod issues;
pub mod json;
pub mod label;
pub mod look;
pub mod path;
#[doc(hidden)]
pub mod plugin;
pub mod result;
pub mod schema;
mod tool;

pub use bindings::host::sparkq::plugin::{config, files, index, log, types};
pub use bindings::{about, payloads, results, scripts, tools};
pub use issues::Issues;
pub use tool::{Judge, Need, Normalized, Tool};
pub use tools::Hints;

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
            homepage: $crate::plugin::said(env!("CARGO_PKG_HOMEPAGE")),
            license: $crate::plugin::said(env!("CARGO_PKG_LICENSE")),
            needs: Vec::new(),
            attrs: Vec::new(),
        }
    };
}
