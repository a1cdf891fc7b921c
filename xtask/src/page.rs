//! The web page: the UI compiled to wasm, its JavaScript, one stylesheet, and the shell around them.
//!
//! Every file but the shell carries a hash of its content in its name, so browsers may keep it for ever.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::{Files, PAGE_TARGET};
use crate::cargo::{Workspace, cargo, run};

/// The stylesheets that others build on, in their order.
const FIRST_STYLES: [&str; 2] = ["style/tokens.css", "style/base.css"];

/// Builds the page and returns it as `ui/index.html` and `ui/assets/NAME-HASH.EXT`.
pub(crate) fn build(workspace: &Workspace) -> Result<Files> {
    run(cargo(&format!(
        "build --locked -p sparkq-ui --target {PAGE_TARGET} --profile ui"
    )))?;
    let wasm = workspace
        .target_dir
        .join(PAGE_TARGET)
        .join("ui/sparkq-ui.wasm");
    let ui = workspace.root.join("ui");
    let mut page = Page::default();
    let css = page.add("sparkq", "css", styles(&ui.join("src"))?.into_bytes());
    let js = page.add_program(&wasm)?;
    page.add_shell(&ui.join("index.html"), &css, &js)?;
    eprintln!("the page is {}", page.size());
    Ok(page.files)
}

#[derive(Default)]
struct Page {
    files: Files,
}

impl Page {
    /// Adds a file and returns its name, which holds the hash of its content.
    fn add(&mut self, name: &str, extension: &str, content: Vec<u8>) -> String {
        let hash = hex(Sha256::digest(&content).iter().take(8));
        let name = format!("{name}-{hash}.{extension}");
        self.files.insert(format!("ui/assets/{name}"), content);
        name
    }

    /// Adds the wasm, its JavaScript, and the module that starts them, whose name is returned.
    fn add_program(&mut self, wasm: &Path) -> Result<String> {
        let mut packed = Bindgen::new()
            .input_path(wasm)
            .web(true)?
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate_output()
            .context("wasm-bindgen could not pack the page")?;
        let inline = packed
            .snippets()
            .iter()
            .find(|(_, files)| !files.is_empty());
        let foreign = inline
            .map(|(owner, _)| owner)
            .or(packed.local_modules().keys().next());
        if let Some(owner) = foreign {
            // Such files are imported by fixed names, which a browser must not keep for ever.
            bail!(
                "`{owner}` brings JavaScript of its own, which xtask/src/page.rs cannot pack yet"
            );
        }
        let js = self.add("sparkq-ui", "js", packed.js().as_bytes().to_vec());
        let wasm = self.add("sparkq-ui_bg", "wasm", packed.wasm_mut().emit_wasm());
        let boot = format!(
            "import init from './{js}';\n\
             await init({{ module_or_path: new URL('./{wasm}', import.meta.url) }});\n"
        );
        Ok(self.add("boot", "js", boot.into_bytes()))
    }

    /// Adds the shell with the addresses of stylesheet and program in it.
    fn add_shell(&mut self, shell: &Path, css: &str, js: &str) -> Result<()> {
        let mut html = fs::read_to_string(shell)
            .with_context(|| format!("cannot read {}", shell.display()))?;
        for (placeholder, name) in [("{{css}}", css), ("{{js}}", js)] {
            if !html.contains(placeholder) {
                bail!("{} has no `{placeholder}`", shell.display());
            }
            html = html.replace(placeholder, &format!("/assets/{name}"));
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
    fn a_file_is_named_after_its_content() {
        let mut page = Page::default();
        assert_eq!(
            page.add("sparkq", "css", b"".to_vec()),
            "sparkq-e3b0c44298fc1c14.css"
        );
        assert!(
            page.files
                .contains_key("ui/assets/sparkq-e3b0c44298fc1c14.css")
        );
    }
}
