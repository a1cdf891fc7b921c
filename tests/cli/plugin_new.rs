use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use crate::bench::TestQueue;

/// Every file below a folder, by its path in it.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("inside");
            let text = fs::read_to_string(&path).expect("text");
            found.push((name.to_string_lossy().into_owned(), text));
        }
    }
    found.sort();
    found
}

fn names(files: &[(String, String)]) -> String {
    let outside = files.iter().map(|(name, _)| name.as_str());
    let outside: Vec<_> = outside
        .filter(|name| !name.starts_with("sparkq-plugin/"))
        .collect();
    outside.join(" ")
}

#[test]
fn a_new_plugin_has_source_build_contract_cases_and_a_readme_in_each_language() {
    let queue = TestQueue::without_project();
    let made = |lang: &str| {
        queue.ok(["plugin", "new", &format!("my-{lang}"), "--lang", lang]);
        files(&queue.path(&format!("my-{lang}")))
    };
    let (js, python, rust) = (made("js"), made("python"), made("rust"));
    insta::assert_snapshot!([names(&js), names(&python), names(&rust)].join("\n"), @"
    .gitignore README.md build.sh package.json src/plugin.js tests/everything-wrong.json tests/onto-itself.json tests/plain.json tests/result-fits.json tests/result-is-not-done.json wit/plugin.wit
    .gitignore README.md build.sh requirements.txt src/plugin.py tests/everything-wrong.json tests/onto-itself.json tests/plain.json tests/result-fits.json tests/result-is-not-done.json wit/plugin.wit
    .gitignore Cargo.toml README.md build.sh src/guide.rs src/lib.rs tests/everything-wrong.json tests/onto-itself.json tests/plain.json tests/result-fits.json tests/result-is-not-done.json wit/plugin.wit
    ");
    for (lang, files) in [("js", &js), ("python", &python), ("rust", &rust)] {
        for (name, text) in files {
            assert!(!text.contains("{{"), "{lang}: {name}");
        }
        let of_name = |name: &str| {
            let found = files.iter().find(|(known, _)| known == name);
            &found.expect("it is there").1
        };
        assert!(of_name("build.sh").contains(&format!("my-{lang}.wasm")));
        let contract = include_str!("../../wit/sparkq-plugin@1.0.0/plugin.wit");
        assert_eq!(of_name("wit/plugin.wit"), contract);
        let build = fs::metadata(queue.path(&format!("my-{lang}/build.sh"))).expect("there");
        assert_eq!(build.permissions().mode() & 0o111, 0o111, "executable");
    }
    let guest = rust
        .iter()
        .filter(|(name, _)| name.starts_with("sparkq-plugin/"));
    assert!(guest.count() > 8, "the guest crate");
}

#[test]
fn the_cases_of_a_new_plugin_are_about_its_tool_and_of_every_kind() {
    let queue = TestQueue::without_project();
    queue.ok(["plugin", "new", "a", "--lang", "js"]);
    let cases: Vec<Value> = files(&queue.path("a/tests"))
        .iter()
        .map(|(_, text)| serde_json::from_str(text).expect("JSON"))
        .collect();
    let with = |key: &str| cases.iter().filter(|case| !case[key].is_null()).count();
    assert!(cases.iter().all(|case| case["tool"] == "a"));
    assert!(with("issues") >= 2 && with("normalized") >= 1 && with("verdict") >= 2);
}

#[test]
fn a_name_that_no_plugin_can_have_is_refused() {
    let queue = TestQueue::without_project();
    insta::assert_snapshot!(queue.run(["plugin", "new", "My_Tool", "--lang", "js"]), @"
    exit: 1
    ----- stderr -----
    Error: NAME: `My_Tool` is no plugin's name: a lower-case letter, then up to 62 lower-case letters, digits or `-`
    Hint: see sparkq plugin new --help
    ");
    insta::assert_snapshot!(queue.run(["plugin", "new", "scripts", "--lang", "js"]), @"
    exit: 1
    ----- stderr -----
    Error: NAME: `scripts` is a name that SparkQ itself uses
    Hint: see sparkq plugin new --help
    ");
    for name in ["", "1a", "-a", "a/b", "..", "a.b", "ä", &"a".repeat(64)] {
        let shown = queue.run(["plugin", "new", "--lang", "rust", "--", name]);
        assert!(shown.starts_with("exit: 1\n"), "{name}: {shown}");
    }
    assert_eq!(names(&files(&queue.path(""))), "");
}

#[test]
fn a_folder_that_is_there_is_left_as_it_is() {
    let queue = TestQueue::without_project();
    queue.write("mine/notes.txt", "keep me\n");
    insta::assert_snapshot!(queue.run(["plugin", "new", "mine", "--lang", "python"]), @"
    exit: 1
    ----- stderr -----
    Error: NAME: there is a file or folder named `mine` here already
    Hint: choose another name, or go to another folder
    ");
    assert_eq!(names(&files(&queue.path(""))), "mine/notes.txt");
}

#[test]
fn where_nothing_can_be_written_nothing_is_left() {
    let queue = TestQueue::without_project();
    queue.write("readonly/x", "");
    let folder = queue.path("readonly");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).expect("set");
    let mut command = queue.command();
    command
        .args(["plugin", "new", "a", "--lang", "js"])
        .current_dir(&folder);
    let output = command.output().expect("it starts");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("set");
    // Whoever may write anywhere has made it.
    if !output.status.success() {
        assert_eq!(names(&files(&folder)), "x");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.starts_with("Error: the folder `a` cannot be written: "),
            "{said}"
        );
    }
}

#[test]
fn it_tells_a_program_what_it_has_made() {
    let queue = TestQueue::without_project();
    let made = queue.json(["--json", "plugin", "new", "a", "--lang", "js"]);
    assert_eq!(
        (&made["name"], &made["lang"], &made["folder"]),
        (&"a".into(), &"js".into(), &"a".into())
    );
    assert!(
        made["files"]
            .as_array()
            .expect("a list")
            .contains(&"src/plugin.js".into())
    );
}
