//! The plugin `{{name}}`: one tool, which has a document translated.
//!
//! What a tool is made of stands at the trait `Tool`, in `sparkq-plugin/src/tool.rs`.

mod guide;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sparkq_plugin::issues::below;
use sparkq_plugin::results::Run;
use sparkq_plugin::{Hints, Issues, Judge, Normalized, Tool, path};

sparkq_plugin::plugin!(tools: Translate; results: Translate);

const LANGUAGES: [(&str, &str); 10] = [
    ("de", "German"),
    ("en", "English"),
    ("es", "Spanish"),
    ("fr", "French"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("zh", "Chinese"),
];

/// A document, and the language to have it in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The document to translate, relative to the project's folder
    #[schemars(length(min = 1, max = 4000))]
    source: String,
    /// The language to translate into: de, en, es, fr, it, ja, nl, pl, pt, zh
    language: String,
    /// Where the translation goes, relative to the project's folder
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4096))]
    target: Option<String>,
    /// Words that stay as they are
    #[serde(default)]
    keep: Vec<String>,
}

/// What a worker hands in when it is done, besides the `summary` that every result has.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Translation {
    /// The file that was written
    target: String,
    /// What is not translated yet
    open: Vec<String>,
}

/// The tool.
pub struct Translate;

impl Tool for Translate {
    type Payload = Document;
    const NAME: &'static str = "{{name}}";
    const TITLE: &'static str = "Translate a document";
    const DESCRIPTION: &'static str = guide::DESCRIPTION;
    const GUIDE: &'static str = guide::GUIDE;
    const TASK_CLASS: &'static str = "LLM_HEAVY";
    const HINTS: Hints = Hints::IDEMPOTENT;

    fn template() -> Document {
        Document::default()
    }

    fn examples() -> Vec<(&'static str, Document)> {
        vec![
            ("Into German", document("docs/guide.md", "de")),
            (
                "To a place of its own",
                Document {
                    target: Some("docs/fr/README.md".to_owned()),
                    keep: vec!["SparkQ".to_owned()],
                    ..document("README.md", "fr")
                },
            ),
        ]
    }

    /// Every finding at once, so that whoever sent the payload mends it in one go.
    fn validate(payload: &Document, issues: &mut Issues) {
        issues.check_file("/source", &payload.source);
        if language(&payload.language).is_none() {
            let codes: Vec<_> = LANGUAGES.iter().map(|(code, _)| *code).collect();
            let mut issue =
                issues.error("/language", "enum", "is no language that this tool knows");
            let issue = issue.expected(format!("one of: {}", codes.join(", ")));
            if let Some(code) = meant(&payload.language) {
                issue.suggest(code);
            }
        }
        if let Some(target) = &payload.target
            && issues.check_file("/target", target)
            && path::clean(target) == path::clean(&payload.source)
        {
            issues
                .error(
                    "/target",
                    "conflict",
                    "is the document itself, which would be lost",
                )
                .suggest(target_of(payload));
        }
        for (place, word) in payload.keep.iter().enumerate() {
            issues.check_text(below("/keep", place), word);
        }
    }

    /// The payload as it is stored: nothing left out, clean paths.
    fn normalize(mut payload: Document) -> Normalized<Document> {
        let target = payload.target.take().unwrap_or_else(|| target_of(&payload));
        let target = path::clean(&target);
        payload.source = path::clean(&payload.source);
        payload.keep.sort();
        payload.keep.dedup();
        let into = language(&payload.language).unwrap_or(&payload.language);
        let label = format!("{} into {into}", payload.source);
        payload.target = Some(target.clone());
        // Two tasks that would write one file are one.
        Normalized::new(label, payload).dedupe_key(target)
    }
}

impl Judge for Translate {
    type Result = Translation;

    fn judge(payload: &Document, result: &Translation, _run: &Run, issues: &mut Issues) {
        if let Some(target) = &payload.target
            && result.target != *target
        {
            issues
                .error("/target", "conflict", "is not the file that was asked for")
                .expected(target)
                .suggest(target);
        }
        if !result.open.is_empty() {
            issues.error("/open", "conflict", "is not empty, so the work is not done");
        }
    }
}

fn document(source: &str, language: &str) -> Document {
    Document {
        source: source.to_owned(),
        language: language.to_owned(),
        ..Document::default()
    }
}

/// The name of the language with this code.
fn language(code: &str) -> Option<&'static str> {
    let known = LANGUAGES.iter().find(|(known, _)| *known == code);
    known.map(|(_, name)| *name)
}

/// The code that somebody who wrote `DE`, `de-AT` or `German` had in mind.
fn meant(given: &str) -> Option<&'static str> {
    let given = given.to_lowercase();
    let first = given.split(['-', '_']).next()?;
    let meant = LANGUAGES.iter();
    let mut meant = meant.filter(|(code, name)| first == *code || first == name.to_lowercase());
    meant.next().map(|(code, _)| *code)
}

/// `docs/guide.md` and `de` make `docs/guide.de.md`.
fn target_of(payload: &Document) -> String {
    let source = path::clean(&payload.source);
    let language = &payload.language;
    let name = source.rfind('/').map_or(0, |slash| slash + 1);
    match source[name..].rfind('.') {
        Some(dot) if dot > 0 => {
            let (stem, end) = source.split_at(name + dot);
            format!("{stem}.{language}{end}")
        }
        _ => format!("{source}.{language}"),
    }
}
