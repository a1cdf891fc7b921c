//! The examples of the docs are sent to a server, in their order, and what it answers is what the docs show.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::bench::{Server, TestQueue, kept_in};

const EXAMPLES: &str = "host/src/api/docs/examples.json";

/// What ids end with in the docs, in the order they turn up.
const ENDS: [&str; 12] = [
    "c04tq8wz", "2mdk7p0g", "7f3k9m2p", "n5e2v9ya", "hx6b1rj3", "w8zs4q6d", "k1vj5t9c", "y3ap7x2e",
    "r6gn0b8h", "d9wc3m5f", "j2te8v4q", "x7kz1s6a",
];

/// When everything was made, in the docs, when it was begun, and when it was done.
const CREATED: &str = "2026-01-05T09:30:00.000Z";
const STARTED: &str = "2026-01-05T09:30:04.000Z";
const FINISHED: &str = "2026-01-05T09:31:10.000Z";

#[test]
fn every_example_of_the_docs_is_answered_as_they_say() {
    let queue = TestQueue::with_no_session();
    let config = std::fs::read_to_string(queue.path("sparkq.toml")).expect("a config");
    let named = config.lines().map(|line| match line.split_once(" = ") {
        Some(("name", _)) => "name = \"my-saas-app\"\n".to_owned(),
        _ => format!("{line}\n"),
    });
    queue.write("sparkq.toml", &named.collect::<String>());
    let server = Server::start(&queue);
    let document = server.get("/api/openapi.json").body;
    let addresses = addresses(&document);

    let path = format!("{}/../{EXAMPLES}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the examples");
    let examples: Vec<Map<String, Value>> = serde_json::from_str(&text).expect("examples");
    let folder = std::fs::canonicalize(queue.path("")).expect("a folder");
    let mut ids = Ids {
        shown: HashMap::new(),
        folder: folder.display().to_string(),
    };
    let mut answered = Vec::new();
    for mut example in examples {
        let operation = example["operation"].as_str().expect("a name").to_owned();
        let (method, path) = addresses
            .get(&operation)
            .unwrap_or_else(|| panic!("no address is called {operation}"));
        let status = ids.send(&server, method, path, &mut example);
        let known = document["paths"][path][method]["responses"].get(status.to_string());
        assert!(
            known.is_some(),
            "{operation} answered {status}, which is not described"
        );
        answered.push(Value::Object(example));
    }
    let lines: Vec<_> = answered
        .iter()
        .map(|example| format!("  {example}"))
        .collect();
    kept_in(EXAMPLES, &format!("[\n{}\n]\n", lines.join(",\n")));

    for operation in addresses.keys() {
        let shown =
            |example: &Value| example["operation"] == **operation && example["quiet"] != true;
        let exempt = ["docs_page", "docs_style"].contains(&operation.as_str());
        assert!(
            exempt || answered.iter().any(shown),
            "{operation} has no example: add it to {EXAMPLES}"
        );
    }
}

/// Method and path of each operation.
fn addresses(document: &Value) -> HashMap<String, (String, String)> {
    let mut addresses = HashMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let tag = &operation["tags"][0];
            let tags = document["tags"].as_array().expect("tags");
            assert!(
                tags.iter().any(|known| known["name"] == *tag),
                "{path} is in no group that is shown: {tag}"
            );
            let id = operation["operationId"].as_str().expect("an id");
            let before = addresses.insert(id.to_owned(), (method.clone(), path.clone()));
            assert_eq!(before, None, "two operations are called {id}");
        }
    }
    addresses
}

/// The ids a server gave out, and what stands for them in the docs.
struct Ids {
    shown: HashMap<String, String>,
    folder: String,
}

impl Ids {
    /// Sends an example and keeps its answer in it.
    fn send(
        &mut self,
        server: &Server,
        method: &str,
        path: &str,
        example: &mut Map<String, Value>,
    ) -> u16 {
        let mut url = path.to_owned();
        for (name, value) in example
            .get("path")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            url = url.replace(&format!("{{{name}}}"), value.as_str().expect("a text"));
        }
        if let Some(query) = example.get("query").and_then(Value::as_str) {
            url = format!("{url}?{query}");
        }
        let url = self.as_given(&url);
        if path == "/api/events" {
            let event: Vec<_> = server
                .follow(&url)
                // A comment comes first.
                .skip_while(|line| line.is_empty() || line.starts_with(':'))
                .take_while(|line| !line.is_empty())
                .collect();
            let event = event.iter().map(|line| self.line_as_shown(line));
            example.insert("status".to_owned(), json!(200));
            example.insert(
                "answer".to_owned(),
                event.collect::<Vec<_>>().join("\n").into(),
            );
            return 200;
        }
        let lines = example.get("lines").and_then(Value::as_array).map(|lines| {
            let lines: Vec<_> = lines.iter().map(Value::to_string).collect();
            lines.join("\n") + "\n"
        });
        let kind = if lines.is_some() {
            "application/x-ndjson"
        } else {
            "application/json"
        };
        let body = lines.or_else(|| example.get("body").map(Value::to_string));
        let body = body.map(|body| self.as_given(&body));
        let mut answer = server.send(
            &method.to_uppercase(),
            &url,
            body.as_deref().map(|body| (kind, body)),
        );
        example.insert("status".to_owned(), json!(answer.status));
        if answer.body.is_object() && !path.starts_with("/api/openapi") {
            self.as_shown("", &mut answer.body);
            example.insert("answer".to_owned(), answer.body);
        }
        answer.status
    }

    /// A text of the docs with the ids that the server knows.
    fn as_given(&self, text: &str) -> String {
        let given = |text: String, (given, shown): (&String, &String)| text.replace(shown, given);
        self.shown.iter().fold(text.to_owned(), given)
    }

    fn line_as_shown(&mut self, line: &str) -> String {
        let Some(data) = line.strip_prefix("data: ") else {
            return line.to_owned();
        };
        let mut data = serde_json::from_str(data).expect("JSON");
        self.as_shown("", &mut data);
        format!("data: {data}")
    }

    /// Takes out of an answer what differs from run to run, and what is too long to be read.
    fn as_shown(&mut self, key: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                let claimed = fields.contains_key("attempts") && fields.contains_key("started_at");
                let last = match (fields.contains_key("finished_at"), claimed) {
                    (true, _) => FINISHED,
                    (false, true) => STARTED,
                    (false, false) => CREATED,
                };
                for (key, field) in fields.iter_mut() {
                    match key.as_str() {
                        "created_at" | "at" | "since" => *field = CREATED.into(),
                        "started_at" => *field = if claimed { STARTED } else { CREATED }.into(),
                        "finished_at" => *field = FINISHED.into(),
                        "updated_at" => *field = last.into(),
                        _ => self.as_shown(key, field),
                    }
                }
            }
            Value::Array(items) => {
                let long = items
                    .first()
                    .is_some_and(|item| item["payload_schema"].is_object());
                items.truncate(if long { 1 } else { 2 });
                for item in items {
                    self.as_shown("", item);
                }
            }
            Value::Number(_) => match key {
                "pid" => *value = json!(4211),
                "modified_ns" => *value = json!(1_767_605_400_000_000_000_u64),
                "waited_ms" | "median" => *value = json!(4_000),
                "ran_ms" | "p95" => *value = json!(66_000),
                _ => {}
            },
            Value::String(text) => *text = self.text_as_shown(key, text),
            _ => {}
        }
    }

    fn text_as_shown(&mut self, key: &str, text: &str) -> String {
        if key == "address" {
            return "http://127.0.0.1:8420".to_owned();
        }
        if key == "digest" {
            return "0a1b2c3d4e5f".repeat(6)[..64].to_owned();
        }
        if let Some((plugin, _)) = text.split_once('#').filter(|_| key == "plugin") {
            return format!("{plugin}#0a1b2c3d4e5f");
        }
        let is_id = text.len() == 12
            && ["ses_", "str_", "tsk_"]
                .iter()
                .any(|prefix| text.starts_with(prefix));
        if is_id {
            let next = ENDS.get(self.shown.len()).expect("an end for every id");
            let shown = self.shown.entry(text.to_owned());
            return shown
                .or_insert_with(|| format!("{}{next}", &text[..4]))
                .clone();
        }
        let text = text.replace(&self.folder, "/home/you/my-saas-app");
        match text.char_indices().nth(120) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

#[test]
fn the_page_needs_no_other_host_and_every_link_in_it_leads_somewhere() {
    let queue = TestQueue::with_no_session();
    let server = Server::start(&queue);
    let answer = server.get("/api/docs");
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("style-src 'self'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    let page = answer.body.as_str().expect("a page");
    for inline in ["<script", "<style", " style=", "src=", "href=\"http"] {
        assert!(!page.contains(inline), "{inline}");
    }
    for target in page
        .split("href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(
            page.contains(&format!("id=\"{target}\"")),
            "nothing is called {target}"
        );
    }
    let anchors: Vec<_> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let once: std::collections::HashSet<_> = anchors.iter().collect();
    assert_eq!(once.len(), anchors.len(), "two headings have one anchor");
    for path in [
        "/api/tasks",
        "/api/streams/{id}/claim",
        "PAYLOAD_REJECTED",
        "task.claimed",
        "curl",
    ] {
        assert!(page.contains(path), "{path}");
    }
    let style = server.get("/api/docs.css");
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, Some("text/css; charset=utf-8"))
    );
}
