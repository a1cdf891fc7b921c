//! What setup asks: the questions as data, how an answer is read, and what stands in brackets.

use sparkq_core::refusal::quote;
use sparkq_core::{Timeout, time};
use toml_edit::{Array, Value};

use crate::cli::ui::{Problem, complain, visible};
use crate::config::{Config, Draft};
use crate::queue::Error;

/// One question.
#[derive(Debug)]
pub(super) struct Question {
    ask: &'static str,
    /// The key that the answer is for.
    key: &'static [&'static str],
    kind: Kind,
}

/// What an answer is.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    /// Text, or `-` for none.
    MayBeNone,
    Folders,
    Timeout,
    Port,
}

const fn question(ask: &'static str, key: &'static [&'static str], kind: Kind) -> Question {
    Question { ask, key, kind }
}

/// All questions, in the order they are asked.
const QUESTIONS: [Question; 9] = [
    question("Project name", &["project", "name"], Kind::Text),
    question("Repository", &["project", "repo_path"], Kind::Text),
    question(
        "Requirements document (- for none)",
        &["project", "prd_path"],
        Kind::MayBeNone,
    ),
    question(
        "Script folders, with commas between",
        &["scripts", "dirs"],
        Kind::Folders,
    ),
    question(
        "Timeout of FAST_SCRIPT",
        &["task_classes", "FAST_SCRIPT", "timeout"],
        Kind::Timeout,
    ),
    question(
        "Timeout of MEDIUM_SCRIPT",
        &["task_classes", "MEDIUM_SCRIPT", "timeout"],
        Kind::Timeout,
    ),
    question(
        "Timeout of LLM_LITE",
        &["task_classes", "LLM_LITE", "timeout"],
        Kind::Timeout,
    ),
    question(
        "Timeout of LLM_HEAVY",
        &["task_classes", "LLM_HEAVY", "timeout"],
        Kind::Timeout,
    ),
    question("Port of the server", &["server", "port"], Kind::Port),
];

/// Puts a question to whoever answers. Given are why the answer before could not be, the question, and what stands in
/// brackets.
pub(super) type Ask<'a> = &'a mut dyn FnMut(Option<&str>, &str, &str) -> Result<String, Problem>;

/// Asks everything, and sets each answer in `draft`. `config` has the values in force. An answer that cannot be is
/// asked for again, with the reason.
pub(super) fn ask_all(config: &Config, draft: &mut Draft, ask: Ask<'_>) -> Result<(), Problem> {
    for question in &QUESTIONS {
        let default = question.default(config);
        let mut reason = None;
        let value = loop {
            let answer = ask(reason.as_deref(), question.ask, &default)?;
            match question.parse(&answer) {
                Ok(value) => break value,
                Err(why) => reason = Some(format!("{} is {why}", quote(answer.trim()))),
            }
        };
        draft.set(question.key, value);
    }
    Ok(())
}

impl Question {
    /// The value in force, as it would be typed.
    fn default(&self, config: &Config) -> String {
        let class = |name: &str| {
            let class = config.task_classes.0.get(name);
            class.map_or_else(String::new, |class| class.timeout.to_string())
        };
        match self.key {
            ["project", "name"] => config.project.name.clone(),
            ["project", "repo_path"] => config.project.repo_path.clone(),
            ["project", ..] if config.project.prd_path.is_empty() => "-".to_owned(),
            ["project", ..] => config.project.prd_path.clone(),
            ["scripts", ..] if config.scripts.dirs.is_empty() => "-".to_owned(),
            ["scripts", ..] => config.scripts.dirs.join(", "),
            ["server", ..] => config.server.port.to_string(),
            ["task_classes", name, ..] => class(name),
            _ => String::new(),
        }
    }

    /// The value that an answer means. An error says why it cannot be, after "is".
    fn parse(&self, answer: &str) -> Result<Value, String> {
        let answer = answer.trim();
        match self.kind {
            Kind::MayBeNone if answer == "-" => Ok("".into()),
            Kind::Text | Kind::MayBeNone if answer.is_empty() => Err("blank".to_owned()),
            Kind::Text | Kind::MayBeNone => Ok(answer.into()),
            Kind::Folders => {
                let folders = answer.split(',').map(str::trim);
                let folders = folders.filter(|folder| !folder.is_empty() && *folder != "-");
                let outside = |folder: &&str| {
                    folder.starts_with('/') || folder.split('/').any(|part| part == "..")
                };
                match folders.clone().find(outside) {
                    Some(folder) => Err(format!(
                        "no list of folders in the project: `{folder}` lies outside"
                    )),
                    None => Ok(folders.collect::<Array>().into()),
                }
            }
            Kind::Timeout => {
                let seconds = time::parse_duration(answer).map_err(|error| error.to_string())?;
                let timeout = Timeout::from_seconds(seconds).map_err(|error| error.to_string())?;
                Ok(i64::try_from(timeout.seconds()).unwrap_or(i64::MAX).into())
            }
            Kind::Port => match answer.parse::<u16>() {
                Ok(port) => Ok(i64::from(port).into()),
                Err(_) => Err("not a port: a whole number from 0 to 65535".to_owned()),
            },
        }
    }
}

/// Asks a person on the terminal.
pub(super) fn on_terminal(
    reason: Option<&str>,
    question: &str,
    default: &str,
) -> Result<String, Problem> {
    if let Some(reason) = reason {
        complain(&visible(reason));
    }
    let asked = dialoguer::Input::<String>::new()
        .with_prompt(question)
        .default(default.to_owned())
        .interact_text();
    asked.map_err(|error| {
        complain("");
        Error::Internal(format!(
            "setup was interrupted, and nothing was written: {error}"
        ))
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers in order; an empty one takes what stands in brackets. Gives the file and all that was asked.
    fn dialogue(text: &str, answers: &[&str]) -> (String, Vec<String>) {
        let config: Config = toml::from_str(text).expect("a config");
        let mut draft = Draft::of(text);
        let (mut asked, mut next) = (Vec::new(), answers.iter());
        let mut ask = |reason: Option<&str>, question: &str, default: &str| {
            let reason = reason
                .map(|reason| format!("{reason}\n"))
                .unwrap_or_default();
            asked.push(format!("{reason}{question} [{default}]"));
            let answer = next.next().copied().unwrap_or_default();
            Ok(if answer.is_empty() { default } else { answer }.to_owned())
        };
        assert!(ask_all(&config, &mut draft, &mut ask).is_ok());
        (draft.text(), asked)
    }

    const FILE: &str = "\
# Ours.
[project]
name = \"shop\" # by the name
prd_path = \"docs/PRD.md\"

[server]
port = 8500
";

    #[test]
    fn each_question_shows_the_value_in_force_and_enter_keeps_it_and_its_comments() {
        let (text, asked) = dialogue(FILE, &[]);
        insta::assert_snapshot!(asked.join("\n"), @"
        Project name [shop]
        Repository [.]
        Requirements document (- for none) [docs/PRD.md]
        Script folders, with commas between [scripts]
        Timeout of FAST_SCRIPT [30s]
        Timeout of MEDIUM_SCRIPT [300s]
        Timeout of LLM_LITE [300s]
        Timeout of LLM_HEAVY [900s]
        Port of the server [8500]
        ");
        assert!(
            text.starts_with("# Ours.\n[project]\nname = \"shop\" # by the name\n"),
            "{text}"
        );
        assert!(text.contains("port = 8500\n"), "{text}");
    }

    #[test]
    fn answers_are_read_as_they_are_meant() {
        let answers = [
            "web",
            "src",
            "-",
            "scripts, tools/bin",
            "45",
            "10m",
            "2h",
            "1d",
            "9000",
        ];
        let (text, _) = dialogue(FILE, &answers);
        insta::assert_snapshot!(text, @r#"
        # Ours.
        [project]
        name = "web" # by the name
        prd_path = ""
        repo_path = "src"

        [server]
        port = 9000

        [scripts]
        dirs = ["scripts", "tools/bin"]

        [task_classes]
        FAST_SCRIPT = { timeout = 45 }
        MEDIUM_SCRIPT = { timeout = 600 }
        LLM_LITE = { timeout = 7200 }
        LLM_HEAVY = { timeout = 86400 }
        "#);
    }

    #[test]
    fn an_answer_that_cannot_be_is_asked_for_again_with_the_reason() {
        let answers = [
            " ", "web", "", "", "../x", "/etc", "", "soon", "0", "8d", "30", "", "", "", "99999",
            "-1", "80",
        ];
        let (text, asked) = dialogue("", &answers);
        let again: Vec<_> = asked
            .into_iter()
            .filter(|prompt| prompt.starts_with('`'))
            .collect();
        insta::assert_snapshot!(again.join("\n"), @"
        `` is blank
        Project name []
        `../x` is no list of folders in the project: `../x` lies outside
        Script folders, with commas between [scripts]
        `/etc` is no list of folders in the project: `/etc` lies outside
        Script folders, with commas between [scripts]
        `soon` is not a duration: a whole number and a unit, as in 90, 90s, 9m, 2h or 3d
        Timeout of FAST_SCRIPT [30s]
        `0` is not a timeout: from 1 second to 7 days (604800 seconds)
        Timeout of FAST_SCRIPT [30s]
        `8d` is not a timeout: from 1 second to 7 days (604800 seconds)
        Timeout of FAST_SCRIPT [30s]
        `99999` is not a port: a whole number from 0 to 65535
        Port of the server [8420]
        `-1` is not a port: a whole number from 0 to 65535
        Port of the server [8420]
        ");
        assert!(text.contains("port = 80\n"), "{text}");
    }
}
