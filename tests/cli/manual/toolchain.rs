//! The tools of each language, with what they fetch fetched once, so that chapters need no network after that.

use std::env;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a chapter finds in its environment.
pub(super) struct Toolchain {
    /// The folders with its programs, with `:` between them.
    pub(super) path: String,
    /// What keeps it to what was fetched.
    pub(super) variables: Vec<(&'static str, String)>,
}

impl Toolchain {
    /// node and npm with the package that `plugin new` names, if they are there.
    pub(super) fn javascript() -> Option<Self> {
        let path = programs("node", &["-p", "process.execPath"])?;
        let kept = kept("npm");
        let template = include_str!("../../../host/src/cli/plugin/templates/js/package.json");
        let fetch =
            "mkdir -p fetch && cd fetch && cat > package.json && npm install --no-audit --no-fund";
        let variables = vec![("npm_config_cache", kept.join("cache").display().to_string())];
        fetched(
            &kept,
            "JavaScript",
            fetch,
            &template.replace("{{name}}", "fetch"),
            &variables,
        )?;
        let offline = ("npm_config_offline", "true".to_owned());
        Some(Self {
            path,
            variables: [variables, vec![offline]].concat(),
        })
    }

    /// Python with the package that `plugin new` names, if it is there.
    pub(super) fn python() -> Option<Self> {
        let path = programs("python3", &["-c", "import sys; print(sys.executable)"])?;
        let kept = kept("pip");
        let template =
            include_str!("../../../host/src/cli/plugin/templates/python/requirements.txt");
        let fetch = "cat > requirements.txt && python3 -m pip download --quiet --dest wheels -r requirements.txt";
        fetched(&kept, "Python", fetch, template, &[])?;
        let wheels = kept.join("wheels").display().to_string();
        Some(Self {
            path,
            variables: vec![("PIP_NO_INDEX", "1".to_owned()), ("PIP_FIND_LINKS", wheels)],
        })
    }

    /// The compiler that has compiled this, with the crates that this workspace was built from.
    pub(super) fn rust() -> Self {
        let home = |variable: &str, name: &str| {
            let named = env::var(variable).ok();
            named.unwrap_or_else(|| format!("{}/{name}", env::var("HOME").unwrap_or_default()))
        };
        let cargo = home("CARGO_HOME", ".cargo");
        Self {
            path: format!("{cargo}/bin"),
            variables: vec![
                ("CARGO_TARGET_DIR", kept("cargo").display().to_string()),
                ("CARGO_NET_OFFLINE", "true".to_owned()),
                ("RUSTUP_HOME", home("RUSTUP_HOME", ".rustup")),
                (
                    "RUSTUP_TOOLCHAIN",
                    env::var("RUSTUP_TOOLCHAIN").unwrap_or_else(|_| "stable".to_owned()),
                ),
                ("CARGO_HOME", cargo),
            ],
        }
    }
}

/// The folder in which a program really lies, as it says itself; says so where there is none.
fn programs(program: &str, asked: &[&str]) -> Option<String> {
    let output = Command::new(program).args(asked).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        skipped(&format!("`{program}` is not there"));
        return None;
    };
    let file = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Some(Path::new(&file).parent()?.display().to_string())
}

/// A folder that stays from one run of the tests to the next.
fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("manual")
        .join(name);
    fs::create_dir_all(&folder).expect("made");
    folder
}

/// Fetches once what the tools need, by a command that reads what is wanted; says so where that does not work.
fn fetched(
    kept: &Path,
    language: &str,
    fetch: &str,
    wanted: &str,
    variables: &[(&'static str, String)],
) -> Option<()> {
    // Tests are processes of their own, and run side by side.
    let lock = File::create(kept.join("lock")).expect("created");
    lock.lock().expect("locked");
    let done = kept.join("done");
    if fs::read_to_string(&done).is_ok_and(|fetched| fetched == wanted) {
        return Some(());
    }
    let wanted_file = kept.join("wanted");
    fs::write(&wanted_file, wanted).expect("written");
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", fetch])
        .current_dir(kept)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdin(File::open(&wanted_file).expect("there"))
        .output()
        .expect("bash is there");
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        skipped(&format!(
            "what {language} needs cannot be fetched: {}",
            why.trim()
        ));
        return None;
    }
    fs::write(done, wanted).expect("written");
    Some(())
}

/// Says that a chapter was not followed. `.config/nextest.toml` has it shown although the test passes.
fn skipped(why: &str) {
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED: a chapter of the manual was not followed, because {why}"
    );
}
