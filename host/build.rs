//! Finds the built-in plugins and the web page, which `cargo xtask build` writes beside the build.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Embedded by `sparkq plugin new`, new files among them.
    println!("cargo::rerun-if-changed=src/cli/plugin/templates");
    println!("cargo::rerun-if-changed=../plugins/sdk");
    let out_dir = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    let assets = out_dir
        .ancestors()
        .map(|folder| folder.join("sparkq-assets"))
        .find(|assets| assets.join("ui/index.html").is_file() && assets.join("plugins").is_dir());
    if let Some(assets) = assets {
        println!("cargo::rerun-if-changed={}", assets.display());
        println!("cargo::rustc-env=SPARKQ_ASSETS={}", assets.display());
    } else {
        println!(
            "cargo::error=the built-in plugins and the web page are not built yet: \
             run `cargo xtask build` (or `cargo xtask run`)"
        );
    }
}
