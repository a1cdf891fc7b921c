//! The web page: the UI compiled to wasm, its JavaScript, one stylesheet, and the shell around them.
//!
//! Every file but the shell lies in a folder whose name has a hash of all that is in it, so browsers may keep it for ever.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::{Files, PAGE_TARGET};
use crate::cargo::{Workspace, cargo, run};

/// What the program's files are called.
const NAME: &str = "sparkq";

/// The module that starts the program.
const BOOT: &str = "boot.js";

/// The stylesheets that others build on, in their order.
const FIRST_STYLES: [&str; 2] = ["style/tokens.css", "style/base.css"];

/// Builds the page and returns it as `ui/index.html` and `ui/assets/NAME-HASH/…`.
pub(crate) fn build(workspace: &Workspace) -> Result<Files> {
    // Where parts of the page are cut out is told by the linker's notes.
    run(cargo(&format!(
        "build --locked -p sparkq-ui --target {PAGE_TARGET} --profile ui \
         --config target.{PAGE_TARGET}.rustflags=[\"-Clink-args=--emit-relocs\"]"
    )))?;
    let wasm = workspace
        .target_dir
        .join(PAGE_TARGET)
        .join("ui/sparkq-ui.wasm");
    let ui = workspace.root.join("ui");
    let mut page = Page::default();
    let style = styles(&ui.join("src"))?.into_bytes();
    let css = page.add("sparkq", Files::from([("page.css".to_owned(), style)]));
    let program = program(&wasm, &workspace.build_dir.join("sparkq-page"))?;
    let program = page.add("sparkq", program);
    let shell = ui.join("index.html");
    let addresses = [
        ("{{css}}", format!("{css}/page.css")),
        ("{{boot}}", format!("{program}/{BOOT}")),
        ("{{js}}", format!("{program}/{NAME}.js")),
        ("{{wasm}}", format!("{program}/{NAME}_bg.wasm")),
    ];
    page.add_shell(&shell, &addresses)?;
    eprintln!("the page is {}", page.size());
    Ok(page.files)
}

/// Cuts the program into the part that every visit needs and those that are loaded when they are, and returns them
/// with the JavaScript that binds them. Works in `folder`, which is emptied first.
fn program(wasm: &Path, folder: &Path) -> Result<Files> {
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
        .input_path(&first)
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
    files.insert(format!("{NAME}.js"), packed.js().as_bytes().to_vec());
    files.insert(format!("{NAME}_bg.wasm"), packed.wasm_mut().emit_wasm());
    let boot = format!(
        "import init from './{NAME}.js';\n\
         await init({{ module_or_path: new URL('./{NAME}_bg.wasm', import.meta.url) }});\n"
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
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        files.insert(name.into_owned(), content);
    }
    Ok(files)
}

#[derive(Default)]
struct Page {
    files: Files,
}

impl Page {
    /// Adds a folder of files and returns its address, which holds the hash of all that is in it.
    fn add(&mut self, name: &str, files: Files) -> String {
        let mut hash = Sha256::new();
        for (path, content) in &files {
            hash.update(path);
            hash.update(content.len().to_le_bytes());
            hash.update(content);
        }
        let hash = hex(hash.finalize().iter().take(8));
        let folder = format!("assets/{name}-{hash}");
        for (path, content) in files {
            self.files.insert(format!("ui/{folder}/{path}"), content);
        }
        format!("/{folder}")
    }

    /// Adds the shell with the addresses of stylesheet and program in it.
    fn add_shell(&mut self, shell: &Path, addresses: &[(&str, String)]) -> Result<()> {
        let mut html = fs::read_to_string(shell)
            .with_context(|| format!("cannot read {}", shell.display()))?;
        for (placeholder, address) in addresses {
            if !html.contains(placeholder) {
                bail!("{} has no `{placeholder}`", shell.display());
            }
            html = html.replace(placeholder, address);
        }
        self.files
            .insert("ui/index.html".to_owned(), html.into_bytes());
        Ok(())
    }

    /// What a first visit transfers, compressed as a server would where this machine has gzip.
    fn size(&self) -> String {
        let plain: usize = self.files.values().map(Vec::len).sum();
        let packed: Option<usize> = self.files.values().map(|file| gzipped(file)).sum();
        match packed {
            Some(packed) => format!("{} KiB, {} KiB gzipped", plain / 1024, packed / 1024),
            None => format!("{} KiB", plain / 1024),
        }
    }
}

/// All stylesheets below `src` in one: the tokens, the base, then the rest by path.
fn styles(src: &Path) -> Result<String> {
    let mut found = Vec::new();
    find_styles(src, &mut found)?;
    found.sort_by_key(|path| {
        let rank = FIRST_STYLES.iter().position(|first| path.ends_with(first));
        (rank.unwrap_or(FIRST_STYLES.len()), path.clone())
    });
    let mut all = String::new();
    for path in found {
        let style =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        all.push_str(style.trim_end());
        all.push('\n');
    }
    Ok(all)
}

fn find_styles(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find_styles(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "css") {
            found.push(path);
        }
    }
    Ok(())
}

fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    bytes.fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The size of `content` after gzip, if there is one.
fn gzipped(content: &[u8]) -> Option<usize> {
    let mut gzip = Command::new("gzip")
        .args(["-9", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = gzip.stdin.take()?;
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(move || stdin.write_all(content).is_ok());
        let output = gzip.wait_with_output().ok()?;
        Some((writer.join().ok()?, output))
    });
    let (true, output) = written? else {
        return None;
    };
    output.status.success().then_some(output.stdout.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_base_come_before_the_styles_that_use_them() -> Result<()> {
        let src = tempfile::tempdir()?;
        for style in [
            "kit/badge.css",
            "app.css",
            "style/base.css",
            "style/tokens.css",
        ] {
            let path = src.path().join(style);
            fs::create_dir_all(path.parent().unwrap_or(src.path()))?;
            fs::write(path, format!("/* {style} */\n\n"))?;
        }
        fs::write(src.path().join("main.rs"), "fn main() {}")?;
        assert_eq!(
            styles(src.path())?,
            "/* style/tokens.css */\n/* style/base.css */\n/* app.css */\n/* kit/badge.css */\n"
        );
        Ok(())
    }

    #[test]
    fn a_folder_is_named_after_all_that_is_in_it() {
        let named = |path: &str, content: &str| {
            let files = Files::from([(path.to_owned(), content.as_bytes().to_vec())]);
            Page::default().add("sparkq", files)
        };
        assert_eq!(named("a.js", "1"), named("a.js", "1"));
        assert_ne!(named("a.js", "1"), named("a.js", "2"));
        assert_ne!(named("a.js", "1"), named("b.js", "1"));
        assert!(named("a.js", "1").starts_with("/assets/sparkq-"));
    }
}
