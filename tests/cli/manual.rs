//! The manual for authors of plugins, followed word for word.
//!
//! What stands behind the language of a fenced block says what becomes of it: the name of its chapter, and, where it is
//! a file, its path. Shell blocks of a chapter are one script; a block of text is the error that the block before it ends
//! with.

mod toolchain;

use std::process::{Command, Output};

use crate::bench::TestQueue;
use toolchain::Toolchain;

const MANUAL: &str = include_str!("../../plugins/README.md");

/// One fenced block.
struct Block {
    language: &'static str,
    chapter: &'static str,
    file: Option<&'static str>,
    text: &'static str,
}

/// All blocks of the manual, in order.
fn blocks() -> Vec<Block> {
    let mut rest = MANUAL;
    let mut blocks = Vec::new();
    while let Some((_, opened)) = rest.split_once("\n```") {
        let (words, inside) = opened.split_once('\n').expect("a line");
        let (text, after) = inside.split_once("\n```").expect("its end");
        let mut words = words.split(' ');
        blocks.push(Block {
            language: words.next().unwrap_or_default(),
            chapter: words.next().unwrap_or_default(),
            file: words.next(),
            text,
        });
        // The line break before the next block may be the one after this.
        rest = after;
    }
    blocks
}

/// The shell script of a chapter: its commands, and its files written where they are told.
///
/// Where a chapter teaches a tool something new, its case has to fail before that.
fn script(chapter: &str) -> String {
    let mut lines = Vec::new();
    let all = blocks();
    let mut blocks = all
        .iter()
        .filter(|block| block.chapter == chapter)
        .peekable();
    while let Some(block) = blocks.next() {
        let text = block.text;
        let refused = blocks.peek().filter(|next| next.language == "text");
        if let Some(file) = block.file {
            lines.push(format!("cat > {file} <<'END OF FILE'\n{text}\nEND OF FILE"));
            if file.ends_with("swedish.json") {
                lines.push("! sparkq plugin test .".to_owned());
            }
        } else if let Some(expected) = refused {
            let expected = format!("cat <<'END OF FILE'\n{}\nEND OF FILE", expected.text);
            lines.push(format!("! {text} 2> said"));
            lines.push(format!(
                "sed \"s/$id/tsk_7f3k9q2m/\" said | diff - <({expected}\n) >&2"
            ));
        } else if block.language == "sh" {
            lines.push(text.to_owned());
        }
    }
    assert!(!lines.is_empty(), "the chapter `{chapter}` has commands");
    lines.push(String::new());
    lines.join("\n")
}

/// Runs commands in a folder of their own, with the tools of a language within reach.
fn run(queue: &TestQueue, tools: &Toolchain, script: &str) -> Output {
    let program = queue.command();
    let bin = std::path::Path::new(program.get_program());
    let bin = bin.parent().expect("a folder").display();
    let set = program.get_envs();
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(queue.path(""))
        .env_clear()
        .envs(set.filter_map(|(name, value)| Some((name, value?))))
        .envs(tools.variables.iter().map(|(name, value)| (name, value)))
        .env(
            "PATH",
            format!("{bin}:{}:/usr/local/bin:/usr/bin:/bin", tools.path),
        )
        .stdin(std::process::Stdio::null())
        .output()
        .expect("bash is there")
}

/// Follows a chapter, and gives what it printed.
fn follow(tools: &Toolchain, script: &str) -> String {
    let queue = TestQueue::without_project();
    let output = run(&queue, tools, script);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{out}\n{err}");
    out
}

/// Follows the chapter of a language, and then the one that puts its tool to work. `sparkq plugin add` asks a person, so it is
/// given a terminal.
fn first_tool(tools: &Toolchain, language: &str) {
    let work = if cfg!(target_os = "linux") {
        format!(
            "cd \"$top\"\nmkdir project && cd project && sparkq setup --yes && sparkq session create work\n\
             printf 'yes\\n' | script -qec '{}' /dev/null\n{}sparkq task \"$id\"\n",
            script("add").trim(),
            script("use"),
        )
    } else {
        String::new()
    };
    let out = follow(tools, &format!("top=$PWD\n{}{work}", script(language)));
    assert!(out.contains("is no language that this tool knows"), "{out}");
    if !work.is_empty() {
        assert!(
            out.contains("\"target\":\"docs/guide.de.md\""),
            "claimed: {out}"
        );
        assert!(out.contains("succeeded"), "{out}");
    }
}

#[test]
fn a_first_tool_in_javascript_is_built_tested_installed_and_put_to_work() {
    if let Some(tools) = Toolchain::javascript() {
        first_tool(&tools, "js");
    }
}

#[test]
fn a_first_tool_in_python_is_built_tested_installed_and_put_to_work() {
    if let Some(tools) = Toolchain::python() {
        first_tool(&tools, "python");
    }
}

#[test]
fn a_first_tool_in_rust_is_built_tested_installed_and_put_to_work() {
    first_tool(&Toolchain::rust(), "rust");
}

#[test]
fn a_language_for_the_script_index() {
    let Some(tools) = Toolchain::javascript() else {
        return;
    };
    let script = format!(
        "sparkq plugin new awk-index --lang js >&2\ncd awk-index\n{}",
        script("indexer")
    );
    let out = follow(&tools, &script);
    assert!(out.contains("scripts"), "{out}");
}

#[test]
fn a_plugin_that_looks_into_a_folder() {
    let Some(tools) = Toolchain::javascript() else {
        return;
    };
    let case = r#"{"tool":"review-doc","files":{"docs":{"guide.md":"text"}},"#;
    let script = format!(
        "sparkq plugin new review-docs --lang js >&2\ncd review-docs\nrm tests/*\n{}\n\
         echo '{case}\"payload\":{{\"document\":\"guide.md\"}},\"normalized\":{{\"payload\":{{\"document\":\"guide.md\"}},\"label\":\"review guide.md\"}}}}' > tests/there.json\n\
         echo '{case}\"payload\":{{\"document\":\"gide.md\"}},\"issues\":[{{\"pointer\":\"/document\",\"code\":\"not-found\",\"suggestion\":\"guide.md\"}}]}}' > tests/missing.json\n\
         sparkq plugin test .",
        script("review")
    );
    follow(&tools, &script);
}

/// What is shared is what the first chapters made.
#[test]
fn a_plugin_that_is_shared() {
    let Some(tools) = Toolchain::javascript() else {
        return;
    };
    let made = "sparkq plugin new translate-docs --lang js && cd translate-docs && ./build.sh";
    let out = follow(&tools, &format!("{made}\n{}", script("share")));
    assert!(out.matches("translate-docs").count() > 2, "{out}");
}

#[test]
fn every_block_belongs_to_a_chapter_that_is_followed() {
    let known = [
        "js", "python", "rust", "indexer", "review", "add", "use", "share",
    ];
    for block in blocks() {
        let plain = block.chapter.is_empty() && block.language == "toml";
        assert!(plain || known.contains(&block.chapter), "{}", block.text);
    }
}

#[test]
fn the_limits_in_the_manual_are_those_in_force() {
    let limits = sparkq_runtime::Limits::default();
    let spelled = |number: u64| {
        let digits = number.to_string();
        let groups = digits.as_bytes().rchunks(3).rev();
        let groups = groups.map(|group| String::from_utf8_lossy(group).into_owned());
        groups.collect::<Vec<_>>().join(",")
    };
    let deadline = u64::try_from(limits.deadline.as_millis()).expect("it fits");
    for row in [
        format!(
            "| fuel of a call, about one unit an instruction | {} |",
            spelled(limits.fuel)
        ),
        format!("| memory of an instance | {} MiB |", limits.memory >> 20),
        format!("| computing in a call | {} ms |", spelled(deadline)),
        format!(
            "| a document that it gives back | {} MiB |",
            limits.document >> 20
        ),
        format!(
            "| everything that a call hands over | {} MiB |",
            limits.copied >> 20
        ),
        format!(
            "| log of a call | {} lines, {} KiB |",
            limits.log_lines,
            limits.log_bytes >> 10
        ),
        format!(
            "| compiling it, once on each machine | {} s, {} GiB |",
            limits.compile_time.as_secs(),
            limits.compile_memory >> 30
        ),
    ] {
        assert!(MANUAL.contains(&row), "{row}");
    }
}
