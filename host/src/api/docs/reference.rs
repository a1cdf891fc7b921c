//! The document as Markdown: what `host/API.md` holds, and what the page is made from.

use std::fmt::Write as _;

use serde_json::Value;

use super::document::TAGS;
use super::examples::{self, Example};
use super::spell::{anchor, spell};
use super::tables::{self, table};

/// The address that the examples are sent to.
const SERVER: &str = "http://127.0.0.1:8420";

/// The whole reference.
pub(super) fn markdown(document: &Value) -> String {
    let mut text = format!(
        "# The HTTP API of SparkQ {}\n\n",
        document["info"]["version"].as_str().unwrap_or_default()
    );
    text += "Made from the code, not by hand. The same for programs is `/api/openapi.json`, an OpenAPI 3.1 document; \
             the same to be read in a browser is `/api/docs`. A test sends every example to a server, and the answers are \
             what it said; long ones are shortened.\n\n";
    text += document["info"]["description"].as_str().unwrap_or_default();
    text += &tables::limits();
    let operations = operations(document);
    text += "\n## Addresses\n\n";
    for (tag, _) in TAGS {
        for operation in operations.iter().filter(|operation| operation.tag == *tag) {
            let title = operation.title();
            let _ = writeln!(
                text,
                "- [`{title}`](#{}) {}",
                anchor(&title),
                operation.get("summary")
            );
        }
    }
    for (tag, description) in TAGS {
        let _ = write!(
            text,
            "\n## {}{}\n\n{description}\n",
            &tag[..1].to_uppercase(),
            &tag[1..]
        );
        for operation in operations.iter().filter(|operation| operation.tag == *tag) {
            text += &operation.section();
        }
        if *tag == "events" {
            text += &tables::kinds();
        }
    }
    text += &objects(document);
    text += &tables::errors();
    text
}

/// One operation of the document.
struct Operation<'a> {
    method: String,
    path: &'a str,
    tag: &'a str,
    described: &'a Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, described) in item.as_object().into_iter().flatten() {
            operations.push(Operation {
                method: method.to_uppercase(),
                path,
                tag: described["tags"][0].as_str().unwrap_or_default(),
                described,
            });
        }
    }
    operations
}

impl Operation<'_> {
    fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn get(&self, field: &str) -> &str {
        self.described[field].as_str().unwrap_or_default()
    }

    fn section(&self) -> String {
        let mut text = format!("\n### {}\n\n{}\n", self.title(), self.get("summary"));
        if !self.get("description").is_empty() {
            let _ = write!(text, "\n{}\n", self.get("description"));
        }
        text += &self.parameters();
        let body = &self.described["requestBody"];
        if let Some(content) = body["content"].as_object() {
            let kinds: Vec<_> = content
                .iter()
                .map(|(kind, content)| format!("`{kind}`: {}", spell(&content["schema"])))
                .collect();
            let may = if body["required"] == true {
                ""
            } else {
                " It may be left out."
            };
            let _ = write!(text, "\nBody: {}.{may}\n", kinds.join(", or "));
        }
        text += &self.answers();
        for example in examples::of(self.get("operationId")) {
            text += &self.example(example);
        }
        text
    }

    fn parameters(&self) -> String {
        let Some(parameters) = self.described["parameters"].as_array() else {
            return String::new();
        };
        let rows = parameters.iter().map(|parameter| {
            let text = |field: &str| parameter[field].as_str().unwrap_or_default().to_owned();
            [
                format!("`{}`", text("name")),
                text("in"),
                spell(&parameter["schema"]),
                text("description"),
            ]
        });
        table(["Parameter", "In", "Type", "Meaning"], rows)
    }

    fn answers(&self) -> String {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (status, answer) in self.described["responses"]
            .as_object()
            .into_iter()
            .flatten()
        {
            if answer["$ref"].is_string() {
                bad.push(format!("`{status}`"));
                continue;
            }
            let content = answer["content"]
                .as_object()
                .and_then(|content| content.iter().next());
            let what = match content {
                Some((kind, content)) if kind == "application/json" => spell(&content["schema"]),
                Some((kind, _)) => format!("`{kind}`"),
                None => "nothing".to_owned(),
            };
            let said = answer["description"].as_str().unwrap_or_default();
            let said = if ["Done.", "Made."].contains(&said) {
                String::new()
            } else {
                format!(" ({})", said.trim_end_matches('.'))
            };
            good.push(format!("`{status}` {what}{said}"));
        }
        format!(
            "\nAnswers: {}. Errors: {}.\n",
            good.join(", "),
            bad.join(", ")
        )
    }

    /// The example as a command, and what it answers.
    fn example(&self, example: &Example) -> String {
        let mut path = self.path.to_owned();
        for (name, value) in &example.path {
            path = path.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default());
        }
        let query = example
            .query
            .as_ref()
            .map_or_else(String::new, |query| format!("?{query}"));
        let mut command = "curl".to_owned();
        match (self.method.as_str(), example.content()) {
            ("GET", _) | ("POST", Some(_)) => {}
            (method, _) => {
                let _ = write!(command, " -X {method}");
            }
        }
        let _ = write!(command, " '{SERVER}{path}{query}'");
        if let Some((body, kind)) = example.content() {
            let flag = if kind == "application/json" {
                "-d"
            } else {
                "--data-binary"
            };
            let _ = write!(
                command,
                " \\\n  -H 'Content-Type: {kind}' \\\n  {flag} '{}'",
                body.trim_end().replace('\'', r"'\''")
            );
        }
        let answer = match &example.answer {
            Some(Value::String(text)) => format!("\n```text\n{text}\n```\n"),
            Some(answer) => format!("\n```json\n{answer:#}\n```\n"),
            None => String::new(),
        };
        format!("\n```sh\n{command}\n```\n\n`{}`\n{answer}", example.status)
    }
}

/// Every schema: its fields, or what it is.
fn objects(document: &Value) -> String {
    let mut text = "\n## Objects\n\nA field marked `?` may be missing.\n".to_owned();
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let description = schema["description"].as_str().unwrap_or_default();
        let _ = write!(text, "\n### {name}\n\n");
        if !description.is_empty() {
            let _ = writeln!(text, "{description}");
        }
        let parts = schema["allOf"].as_array();
        let parts = parts.map_or_else(|| vec![schema], |parts| parts.iter().collect());
        for part in parts {
            match part["properties"].as_object() {
                Some(properties) => {
                    let required = |name: &str| {
                        part["required"]
                            .as_array()
                            .is_some_and(|all| all.iter().any(|one| one == name))
                    };
                    let rows = properties.iter().map(|(name, field)| {
                        let mark = if required(name) { "" } else { " ?" };
                        let meaning = field["description"].as_str().unwrap_or_default();
                        [format!("`{name}`{mark}"), spell(field), meaning.to_owned()]
                    });
                    text += &table(["Field", "Type", "Meaning"], rows);
                }
                None if part["$ref"].is_string() => {
                    let _ = write!(text, "\nEvery field of {}, and:\n", spell(part));
                }
                None => {
                    let _ = write!(text, "\nOn the wire: {}.\n", spell(part));
                }
            }
        }
    }
    text
}
