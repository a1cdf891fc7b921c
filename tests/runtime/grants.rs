//! What a plugin sees of the machine: what it was granted, and nothing else.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sparkq_core::Issue;
use sparkq_runtime::{Aside, CheckError, FaultKind, Grants, Runtime, Settings};
use tempfile::TempDir;

use crate::bench::plugin;
use crate::guests::{Guest, guest};
use crate::hostile::Host;

/// A folder to grant, beside one that is not.
struct Folders(TempDir);

impl Folders {
    fn new() -> Self {
        let folders = Self(TempDir::new().expect("a folder"));
        fs::create_dir_all(folders.path("data/sub/deeper")).expect("folders");
        fs::create_dir(folders.path("secret")).expect("a folder");
        fs::write(folders.path("secret/key"), "the key").expect("written");
        fs::write(folders.path("data/a.txt"), "what it says").expect("written");
        fs::write(folders.path("data/sub/b.txt"), "below").expect("written");
        folders
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        let root = self.0.path().canonicalize().expect("there");
        root.join(path)
    }

    /// What the guest answers, with the folder `data` granted.
    fn asked(&self, guest: &Guest) -> Vec<Issue> {
        let grants = Grants {
            files: [("data".to_owned(), self.path("data"))].into(),
            ..Grants::default()
        };
        asked(guest, grants)
    }

    /// What comes back when a guest reads a file of `data`: as what, and what.
    fn read(&self, path: &str) -> (String, String) {
        let mut issues = self.asked(&Guest::reading(path, 1000));
        let issue = issues.remove(0);
        (issue.code, issue.message)
    }

    fn list(&self, path: &str) -> Vec<String> {
        let issues = self.asked(&Guest::listing(path));
        issues.into_iter().map(|issue| issue.message).collect()
    }

    fn link(&self, to: impl AsRef<Path>, path: &str) {
        symlink(to, self.path(path)).expect("a link");
    }
}

fn asked(guest: &Guest, grants: Grants) -> Vec<Issue> {
    let host = Host::with(guest.component(), |file| file.grants = grants);
    match host.check() {
        Ok(checked) => checked.warnings,
        Err(CheckError::Rejected(issues)) => issues,
        Err(CheckError::Fault(fault)) => panic!("{fault}"),
    }
}

fn is(code: &str, message: &str) -> (String, String) {
    (code.to_owned(), message.to_owned())
}

#[test]
fn a_granted_folder_can_be_read_and_nothing_without_a_grant() {
    let folders = Folders::new();
    assert_eq!(folders.read("a.txt"), is("read", "what it says"));
    assert_eq!(folders.read("sub/b.txt"), is("read", "below"));
    assert_eq!(folders.read("missing"), is("not-found", ""));
    assert_eq!(folders.read("a.txt/b"), is("not-found", ""));
    assert_eq!(folders.read("sub"), is("io", "it is a folder"));
    let issues = asked(&Guest::reading("a.txt", 1000), Grants::default());
    assert_eq!(
        (issues[0].code.as_str(), issues[0].message.as_str()),
        ("denied", "no grant `files:data`")
    );
}

#[test]
fn no_path_leads_out_of_a_granted_folder() {
    let folders = Folders::new();
    for path in [
        "../secret/key",
        "sub/../../secret/key",
        "sub/../a.txt",
        "/etc/passwd",
        "//etc/passwd",
        "./a.txt",
        "sub//b.txt",
        "sub/",
        "..",
        "",
        &folders.path("data/a.txt").display().to_string(),
        &"a/".repeat(3000),
    ] {
        let (code, message) = folders.read(path);
        assert_eq!(code, "denied", "{path}: {message}");
    }
}

#[test]
fn a_link_is_followed_as_long_as_it_stays_inside() {
    let folders = Folders::new();
    folders.link("sub/b.txt", "data/inside");
    folders.link("../a.txt", "data/sub/up");
    folders.link("sub", "data/folder");
    assert_eq!(folders.read("inside"), is("read", "below"));
    assert_eq!(folders.read("sub/up"), is("read", "what it says"));
    assert_eq!(folders.read("folder/b.txt"), is("read", "below"));

    folders.link("../secret/key", "data/relative");
    folders.link(folders.path("secret/key"), "data/absolute");
    folders.link(folders.path("data/a.txt"), "data/absolute-inside");
    folders.link("../secret", "data/out");
    folders.link("sub/deeper/../../../secret/key", "data/winding");
    folders.link("/proc/self/root/etc/passwd", "data/proc");
    folders.link("loop", "data/loop");
    for path in [
        "relative",
        "absolute",
        "absolute-inside",
        "out/key",
        "winding",
        "proc",
        "loop",
    ] {
        let (code, message) = folders.read(path);
        assert_eq!(code, "denied", "{path}: {message}");
    }
}

#[test]
fn a_granted_folder_that_became_a_link_leads_nowhere() {
    let folders = Folders::new();
    fs::rename(folders.path("data"), folders.path("moved")).expect("moved");
    folders.link("secret", "data");
    let (code, message) = folders.read("key");
    assert_eq!(code, "denied", "{message}");
    fs::remove_file(folders.path("data")).expect("removed");
    assert_eq!(folders.read("key"), is("not-found", ""));
}

#[test]
fn a_folder_behind_a_link_higher_up_leads_nowhere_either() {
    let folders = Folders::new();
    fs::create_dir_all(folders.path("elsewhere/sub")).expect("folders");
    fs::write(folders.path("elsewhere/sub/key"), "the key").expect("written");
    let grants = Grants {
        files: [("data".to_owned(), folders.path("data/sub"))].into(),
        ..Grants::default()
    };
    let read = |path| asked(&Guest::reading(path, 1000), grants.clone()).remove(0);
    assert_eq!(read("b.txt").message, "below");
    fs::rename(folders.path("data"), folders.path("moved")).expect("moved");
    folders.link("elsewhere", "data");
    let issue = read("key");
    assert_eq!(
        (&*issue.code, &*issue.message),
        (
            "denied",
            "the folder of `files:data` is another one than was granted"
        )
    );
}

#[test]
fn a_look_at_files_is_run_aside() {
    static ASIDE: AtomicUsize = AtomicUsize::new(0);
    let folders = Folders::new();
    let mut file = plugin("guest", Guest::reading("a.txt", 1000).component());
    file.grants.files = [("data".to_owned(), folders.path("data"))].into();
    let settings = Settings {
        aside: Aside(|work| {
            ASIDE.fetch_add(1, Ordering::Relaxed);
            work();
        }),
        ..Settings::default()
    };
    let host = Host {
        runtime: Arc::new(Runtime::new(settings, vec![file])),
    };
    let checked = host.check();
    assert!(matches!(checked, Ok(_) | Err(CheckError::Rejected(_))));
    assert_eq!(ASIDE.load(Ordering::Relaxed), 1);
}

#[test]
fn pipes_sockets_and_devices_are_never_opened() {
    let folders = Folders::new();
    let made = Command::new("mkfifo")
        .arg(folders.path("data/pipe"))
        .status();
    assert!(made.expect("mkfifo").success());
    let _listener = UnixListener::bind(folders.path("data/socket")).expect("a socket");
    folders.link("/dev/zero", "data/zero");
    for path in ["pipe", "socket", "zero"] {
        let (code, message) = folders.read(path);
        assert_eq!(code, "denied", "{path}: {message}");
    }
    assert_eq!(folders.list(""), ["a.txt", "sub"]);
}

#[test]
fn a_folder_is_listed_in_the_order_of_bytes_with_what_can_be_read() {
    let folders = Folders::new();
    fs::write(folders.path("data/Z"), "").expect("written");
    fs::write(folders.path("data/ä"), "").expect("written");
    folders.link("../secret", "data/out");
    folders.link("a.txt", "data/in");
    assert_eq!(folders.list(""), ["Z", "a.txt", "in", "sub", "ä"]);
    assert_eq!(folders.list("sub"), ["sub/b.txt", "sub/deeper"]);
    assert_eq!(folders.list("sub/deeper"), [""; 0]);
}

#[test]
fn a_thousand_entries_are_told_at_once_and_a_mebibyte_is_read() {
    let folders = Folders::new();
    for number in 0..1010 {
        fs::write(folders.path(&format!("data/sub/deeper/{number:04}")), "").expect("written");
    }
    // The host keeps a hundred findings of these.
    assert_eq!(folders.list("sub/deeper").len(), 100);
    let issues = folders.asked(&Guest::reading("a.txt", (1 << 20) + 1));
    assert_eq!(issues[0].code, "too-large");
    let issues = folders.asked(&Guest::reading("a.txt", 4));
    assert_eq!(issues[0].message, "what");
}

#[test]
fn a_file_that_may_not_be_read_is_denied() {
    let folders = Folders::new();
    let path = folders.path("data/a.txt");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("closed");
    // Nothing is closed to root.
    if fs::read(&path).is_err() {
        assert_eq!(folders.read("a.txt").0, "denied");
    }
}

#[test]
fn a_plugin_has_its_settings_and_the_variables_it_was_granted() {
    let looks_around = guest("looks-around");
    let grants = Grants {
        env: [("REGION".to_owned(), "eu".to_owned())].into(),
        ..Grants::default()
    };
    let host = Host::with(looks_around.component(), |file| {
        file.grants = grants;
        r#"{"size":3}"#.clone_into(&mut file.config);
    });
    let seen: Vec<(String, String)> = host
        .check()
        .expect("checked")
        .warnings
        .into_iter()
        .map(|issue| (issue.code, issue.message))
        .collect();
    assert_eq!(seen, [is("", r#"{"size":3}"#), is("REGION", "eu")]);
    let seen = asked(&looks_around, Grants::default());
    assert_eq!((seen.len(), seen[0].message.as_str()), (1, "{}"));
}

#[test]
fn nothing_is_granted_while_a_plugin_says_what_it_is() {
    let host = Host::with(guest("starts-bare").component(), |file| {
        file.grants.env = [("REGION".to_owned(), "eu".to_owned())].into();
    });
    host.describe().expect("it started without its variable");
    let fault = host.fault();
    assert_eq!((fault.kind, fault.function), (FaultKind::Trap, "load"));
}

#[test]
fn what_a_plugin_asks_for_is_known_before_anything_is_granted() {
    let about = Host::of(&Guest::reading("a.txt", 1))
        .describe()
        .expect("described")
        .about;
    assert_eq!(
        (
            about.needs[0].grant.as_str(),
            about.needs[0].why.as_str(),
            about.needs[0].optional
        ),
        ("files:data", "to look at it", false)
    );
    for (grant, why) in [
        ("net:example.com", "a grant is `files:NAME` or `env:NAME`"),
        ("files:../x", "a grant is `files:NAME` or `env:NAME`"),
        ("env:LD PRELOAD", "a grant is `files:NAME` or `env:NAME`"),
    ] {
        let greedy = Guest {
            needs: vec![(grant.to_owned(), "because".to_owned())],
            ..Guest::default()
        };
        let flaw = Host::of(&greedy).flaw();
        assert!(flaw.message.ends_with(why), "{flaw}");
    }
}
