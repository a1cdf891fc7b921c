//! The web page: the UI compiled to wasm, its JavaScript, one stylesheet, and the shell around them.
//!
//! Every file but the shell lies in a folder whose name has a hash of all that is in it, so browsers may keep it for ever.

mod program;
mod shorten;
mod squeeze;
mod styles;
mod wasm;
mod weight;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::build::{Files, PAGE_TARGET};
use crate::cargo::{Workspace, cargo, run};

/// The script that shows the theme which was chosen, before the program is there.
const THEME: &str = "theme.js";

/// Builds the page and returns it as `ui/index.html` and `ui/assets/NAME-HASH/…`, each file compressed beside itself.
pub(crate) fn build(workspace: &Workspace) -> Result<Files> {
    let mut command = cargo(&format!(
        "build --locked -p sparkq-ui --target {PAGE_TARGET} --profile ui --config"
    ));
    // A list of strings is the same in JSON and in TOML.
    let flags = serde_json::to_string(&flags()).context("flags")?;
    command.arg(format!("target.{PAGE_TARGET}.rustflags={flags}"));
    run(command)?;
    let wasm = workspace
        .target_dir
        .join(PAGE_TARGET)
        .join("ui/sparkq-ui.wasm");
    let ui = workspace.root.join("ui");
    let mut page = Page::default();
    let styles = styles::styles(&ui.join("src"))?;
    let style = shorten::style(&styles.first).into_bytes();
    let theme = fs::read(ui.join(THEME)).with_context(|| format!("cannot read {THEME}"))?;
    let looks = [("page.css".to_owned(), style), (THEME.to_owned(), theme)];
    let css = page.add("sparkq", Files::from(looks));
    let mut program = program::program(&wasm, &workspace.build_dir.join("sparkq-page"))?;
    let style = shorten::style(&styles.parts).into_bytes();
    program.insert("parts.css".to_owned(), style);
    // What the program imports is fetched with it, not after it.
    let modules: Vec<String> = program
        .keys()
        .filter(|path| is(path, "js") && *path != program::BOOT)
        .cloned()
        .collect();
    let program = page.add("sparkq", program);
    let at = |path: &str| format!("{program}/{path}");
    let addresses = [
        ("{{css}}", vec![format!("{css}/page.css")]),
        ("{{theme}}", vec![format!("{css}/{THEME}")]),
        ("{{boot}}", vec![at(program::BOOT)]),
        ("{{js}}", modules.iter().map(|path| at(path)).collect()),
        ("{{wasm}}", vec![at(program::FIRST)]),
    ];
    page.add_shell(&ui.join("index.html"), &addresses)?;
    squeeze::squeeze(&mut page.files, &workspace.assets())?;
    eprintln!("{}", weight::told(&page.files));
    Ok(page.files)
}

/// What the page's compiler is told. Where parts are cut out stands in the linker's notes; a page is the same
/// wherever it is built, so it names nobody's folders.
fn flags() -> Vec<String> {
    let mut flags = vec![
        "-Clink-args=--emit-relocs".to_owned(),
        "--cfg=erase_components".to_owned(),
    ];
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| Some(env::home_dir()?.join(".cargo")));
    if let Some(sources) = cargo.map(|cargo| cargo.join("registry/src")) {
        flags.push(format!("--remap-path-prefix={}=", sources.display()));
    }
    flags
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

    /// Adds the shell with addresses in it. A line with a placeholder is written once for each of its addresses.
    fn add_shell(&mut self, shell: &Path, addresses: &[(&str, Vec<String>)]) -> Result<()> {
        let template = fs::read_to_string(shell)
            .with_context(|| format!("cannot read {}", shell.display()))?;
        if let Some((placeholder, _)) = addresses.iter().find(|(name, _)| !template.contains(name))
        {
            bail!("{} has no `{placeholder}`", shell.display());
        }
        let mut html = String::new();
        for line in template.lines() {
            match addresses.iter().find(|(name, _)| line.contains(name)) {
                None => html.extend([line, "\n"]),
                Some((placeholder, addresses)) => {
                    for address in addresses {
                        html.extend([&line.replace(placeholder, address), "\n"]);
                    }
                }
            }
        }
        let named = html.split('"').filter(|part| part.starts_with("/assets/"));
        for address in named {
            if !self.files.contains_key(&format!("ui{address}")) {
                bail!("{} names {address}, which is not made", shell.display());
            }
        }
        self.files
            .insert("ui/index.html".to_owned(), html.into_bytes());
        Ok(())
    }
}

/// Whether a file's name has this ending.
fn is(path: &str, ending: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| extension == ending)
}

fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    bytes.fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn the_shell_names_every_module_of_the_first_visit() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let shell = folder.path().join("index.html");
        fs::write(&shell, "<head>\n<link href=\"{{js}}\">\n</head>\n")?;
        let mut page = Page::default();
        let modules = vec!["/a.js".to_owned(), "/b.js".to_owned()];
        page.add_shell(&shell, &[("{{js}}", modules)])?;
        assert_eq!(
            String::from_utf8_lossy(&page.files["ui/index.html"]),
            "<head>\n<link href=\"/a.js\">\n<link href=\"/b.js\">\n</head>\n"
        );
        assert!(page.add_shell(&shell, &[("{{css}}", Vec::new())]).is_err());
        Ok(())
    }
}
