use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rust_embed::RustEmbed;
use serde_json::json;
use sparkq_core::{Code, Refusal};

use super::guest;
use crate::assets;
use crate::cli::ui::{Problem, Ui};
use crate::config::is_name;
use crate::queue::Error;

/// The files of new plugins: `common` to all, and one folder for each language.
#[derive(RustEmbed)]
#[folder = "src/cli/plugin/templates"]
struct Templates;

/// What stands for the plugin's name in them.
const NAME: &str = "{{name}}";

/// Start a plugin of your own: a folder with a working tool, its tests and the plugin contract
///
/// It needs no network and no project. The folder's README.md says how to build the plugin and what to change first.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sparkq plugin new translate-docs --lang js")]
pub(in crate::cli) struct New {
    /// Its name, that of the folder and of its tool: lower-case letters, digits and `-`, a letter first
    name: String,
    /// The language to write it in
    #[arg(long)]
    lang: Lang,
}

/// The languages that there are templates for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    Rust,
    Js,
    Python,
}

impl Lang {
    const fn word(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Js => "js",
            Self::Python => "python",
        }
    }
}

impl New {
    pub(in crate::cli) fn run(self, ui: &Ui) -> Result<(), Problem> {
        let Self { name, lang } = self;
        check_name(&name)?;
        let files = files(&name, lang)?;
        write_all(&name, &files)?;
        if ui.wants_json() {
            let paths: Vec<_> = files.keys().collect();
            return ui
                .json(&json!({"name": name, "lang": lang.word(), "folder": name, "files": paths}));
        }
        ui.line(&name)?;
        ui.status(format_args!(
            "Made {name}/ with {} files. Next: cd {name} && ./build.sh",
            files.len()
        ));
        Ok(())
    }
}

/// Refuses what no plugin can be named, or what nobody could add.
fn check_name(name: &str) -> Result<(), Refusal> {
    if !is_name(name) {
        let why = "no plugin's name: a lower-case letter, then up to 62 lower-case letters, digits or `-`";
        return Err(Refusal::invalid("NAME", name, why));
    }
    if assets::plugins().iter().any(|plugin| plugin.name == name) || name == guest::CRATE {
        return Err(Refusal::invalid(
            "NAME",
            name,
            "a name that SparkQ itself uses",
        ));
    }
    Ok(())
}

/// The files of a new plugin by their path in its folder.
fn files(name: &str, lang: Lang) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    for folder in ["common", lang.word()] {
        let paths = Templates::iter();
        let inside = paths.filter_map(|path| {
            let inside = path.strip_prefix(folder)?.strip_prefix('/')?.to_owned();
            Some((path, inside))
        });
        for (path, inside) in inside {
            let file = Templates::get(&path).map(|file| file.data);
            let text = text(&path, file.unwrap_or_default())?.replace(NAME, name);
            // A file of its real name would hide our own templates from git.
            let inside = if inside == "gitignore" {
                ".gitignore".to_owned()
            } else {
                inside
            };
            files.insert(inside, text);
        }
    }
    files.insert("wit/plugin.wit".to_owned(), guest::CONTRACT.to_owned());
    if lang == Lang::Rust {
        files.extend(guest::files()?);
    }
    Ok(files)
}

/// An embedded file as text, which all of them are.
pub(super) fn text(path: &str, bytes: Cow<'static, [u8]>) -> Result<String, Error> {
    String::from_utf8(bytes.into_owned())
        .map_err(|_| Error::Internal(format!("the embedded {path} is no text")))
}

/// Makes the folder with all its files, or nothing: it is filled beside its place and then renamed.
fn write_all(name: &str, files: &BTreeMap<String, String>) -> Result<(), Problem> {
    let folder = Path::new(name);
    if fs::symlink_metadata(folder).is_ok() {
        return Err(Refusal::Project {
            code: Code::InvalidValue,
            message: format!("NAME: there is a file or folder named `{name}` here already"),
            hint: "choose another name, or go to another folder".to_owned(),
        }
        .into());
    }
    let part = PathBuf::from(format!(".{name}.{}.new", std::process::id()));
    let made = fill(&part, files).and_then(|()| fs::rename(&part, folder));
    made.map_err(|error| {
        // It may not be there.
        let _ = fs::remove_dir_all(&part);
        Refusal::Project {
            code: Code::InvalidValue,
            message: format!("the folder `{name}` cannot be written: {error}"),
            hint: "go to a folder that you may write into".to_owned(),
        }
        .into()
    })
}

fn fill(folder: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    for (path, text) in files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(parent)?;
        let is_script = path.extension().is_some_and(|end| end == "sh");
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(if is_script { 0o755 } else { 0o644 })
            .open(path)?;
        file.write_all(text.as_bytes())?;
    }
    Ok(())
}
