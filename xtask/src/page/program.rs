//! The program: cut into the part that every visit needs and those that wait until they are, and bound to the browser.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use walrus::{Export, Module};
use wasm_bindgen_cli_support::Bindgen;

use super::shorten::{self, Names};
use super::{is, wasm};
use crate::build::Files;

/// What the program's files are called.
const NAME: &str = "sparkq";

/// The module that starts the program.
pub(super) const BOOT: &str = "boot.js";

/// The part of the program that every visit needs.
pub(super) const FIRST: &str = "sparkq_bg.wasm";

/// Cuts the program into the part that every visit needs and those that are loaded when they are, and returns them
/// with the JavaScript that binds them. Works in `folder`, which is emptied first.
pub(super) fn program(wasm: &Path, folder: &Path) -> Result<Files> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    let whole = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let first = folder.join("first/part.wasm");
    let parts = folder.join("parts");
    for made in [folder.join("first"), parts.clone()] {
        fs::create_dir_all(&made).with_context(|| format!("cannot make {}", made.display()))?;
    }
    let main_module = format!("./{NAME}.js");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = &parts;
    options.main_out_path = &first;
    options.main_module = &main_module;
    wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the page could not be cut into parts: {error:#}"))?;

    let mut packed = Bindgen::new()
        .input_module(NAME, without_streams(&first)?)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen could not pack the page")?;
    let mut files = Files::new();
    let mut names = Names::default();
    let module = packed.wasm_mut();
    let shared = module.imports.iter_mut().map(|import| &mut import.name);
    shared.for_each(|name| names.shorten(name));
    let shared = module.exports.iter_mut().map(|export| &mut export.name);
    shared.for_each(|name| names.shorten(name));
    let script = shorten::script(&names.in_script(packed.js()));
    files.insert(format!("{NAME}.js"), script.into_bytes());
    let first = wasm::without_notes(&packed.wasm_mut().emit_wasm())?;
    files.insert(FIRST.to_owned(), first);
    let boot = format!(
        "try {{\n\
         const {{ default: init }} = await import('./{NAME}.js');\n\
         await init({{ module_or_path: new URL('./{FIRST}', import.meta.url) }});\n\
         }} catch (error) {{\n\
         const said = document.querySelector('.boot');\n\
         if (said) said.textContent = 'SparkQ could not be loaded. Is its server there? Reload this page.';\n\
         throw error;\n\
         }}\n"
    );
    files.insert(BOOT.to_owned(), boot.into_bytes());
    for (owner, snippets) in packed.snippets() {
        for (index, snippet) in snippets.iter().enumerate() {
            let path = format!("snippets/{owner}/inline{index}.js");
            files.insert(path, snippet.as_bytes().to_vec());
        }
    }
    for (path, module) in packed.local_modules() {
        files.insert(format!("snippets/{path}"), module.as_bytes().to_vec());
    }
    let entries =
        fs::read_dir(&parts).with_context(|| format!("cannot read {}", parts.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut content =
            fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if is(&name, "wasm") {
            content = wasm::without_notes(&content)?;
        } else if let Ok(script) = str::from_utf8(&content) {
            content = shorten::script(script).into_bytes();
        }
        files.insert(name.into_owned(), content);
    }
    Ok(files)
}

/// What the crates tell wasm-bindgen, one after the other.
const TOLD: &str = "__wasm_bindgen_unstable";

/// Takes out what Leptos brings along for answers of server functions that come piece by piece, as the page has none:
/// nobody but JavaScript could call it, and what wasm-bindgen is not told of stays out of that.
fn without_streams(first: &Path) -> Result<Module> {
    let mut module = Module::from_file(first)?;
    let is_stream = |name: &str| {
        name.trim_start_matches("__wbg_")
            .starts_with("intounderlying")
    };
    let exports = module.exports.iter();
    let streams: Vec<_> = exports
        .filter(|export| is_stream(&export.name))
        .map(Export::id)
        .collect();
    for stream in streams {
        module.exports.delete(stream);
    }
    let mut kept = module
        .customs
        .remove_raw(TOLD)
        .context("wasm-bindgen is told nothing")?;
    let data = std::mem::take(&mut kept.data);
    let mut rest = data.as_slice();
    while !rest.is_empty() {
        // The version it is told in, then what is told.
        let start = rest;
        rest = after_one(after_one(rest)?)?;
        let told = &start[..start.len() - rest.len()];
        if !told.windows(14).any(|name| name == b"IntoUnderlying") {
            kept.data.extend_from_slice(told);
        }
    }
    module.customs.add(kept);
    Ok(module)
}

/// What follows the first text of several, each of which comes after its length.
fn after_one(texts: &[u8]) -> Result<&[u8]> {
    let (length, rest) = texts.split_first_chunk().context("a length is cut off")?;
    let length = usize::try_from(u32::from_le_bytes(*length))?;
    rest.get(length..).context("a text is cut off")
}
