//! A plugin of two tools, as the host would call it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::results::Output;
use crate::tools::{Guest as _, Hints};
use crate::{Need, Normalized};

/// How many cups, and of what.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    /// How many
    #[schemars(range(min = 1))]
    cups: u32,
    #[serde(default)]
    of: Drink,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Drink {
    #[default]
    Tea,
    Coffee,
}

/// What was brewed.
#[derive(Deserialize, JsonSchema)]
struct Brewed {
    cups: u32,
}

struct Brew;

impl Tool for Brew {
    type Payload = Order;
    const NAME: &'static str = "brew";
    const TITLE: &'static str = "Brew";
    const DESCRIPTION: &'static str = " Brews.\n";
    const GUIDE: &'static str = "Brew.";
    const HINTS: Hints = Hints::IDEMPOTENT;
    const NEEDS: &'static [Need] = &[Need {
        grant: "env:KETTLE",
        why: "to know where it stands",
        optional: true,
    }];

    fn template() -> Order {
        Order {
            cups: 0,
            of: Drink::Tea,
        }
    }

    fn examples() -> Vec<(&'static str, Order)> {
        vec![(
            "Two",
            Order {
                cups: 2,
                of: Drink::Coffee,
            },
        )]
    }

    fn validate(payload: &Order, issues: &mut Issues) {
        if payload.cups > 9 {
            issues.error("/cups", "range", "are too many").suggest(9);
        }
    }

    fn normalize(payload: Order) -> Normalized<Order> {
        Normalized::new(format!("{} cups\nof it", payload.cups), payload)
            .dedupe_key("kettle")
            .task_class("FAST_SCRIPT")
            .timeout_seconds(60)
    }
}

impl Judge for Brew {
    type Result = Brewed;

    fn judge(payload: &Order, result: &Brewed, _run: &Run, issues: &mut Issues) {
        if result.cups != payload.cups {
            issues.error("/cups", "conflict", "are not those ordered");
        }
    }
}

/// A tool that leaves all it may to the trait.
struct Rest;

impl Tool for Rest {
    type Payload = Order;
    const NAME: &'static str = "rest";
    const TITLE: &'static str = "Rest";
    const DESCRIPTION: &'static str = "Rests.";
    const GUIDE: &'static str = "Rest.";
    const NEEDS: &'static [Need] = &[Need {
        grant: "env:KETTLE",
        why: "to rest beside it",
        optional: false,
    }];

    fn template() -> Order {
        Brew::template()
    }

    fn examples() -> Vec<(&'static str, Order)> {
        Brew::examples()
    }

    fn normalize(payload: Order) -> Normalized<Order> {
        Normalized::new("rest", payload)
    }
}

crate::plugin!(tools: Brew, Rest; results: Brew);

fn run(tool: &str, reported: &str) -> Checked {
    use crate::results::Guest as _;
    let output = || Output {
        tail: Vec::new(),
        total_bytes: 0,
    };
    let run = Run {
        tool: tool.to_owned(),
        payload: r#"{"cups":2,"of":"tea"}"#.to_owned(),
        stdout: output(),
        stderr: output(),
        reported: reported.to_owned(),
        duration_ms: 1,
    };
    Exported::check(run).expect("an answer")
}

#[test]
fn a_definition_has_the_schema_of_its_types_in_one_piece() {
    let [brew, rest] = Exported::definitions()
        .expect("definitions")
        .try_into()
        .expect("two");
    let schema: Value = json::read(&brew.payload_schema).expect("JSON");
    assert_eq!(schema["description"], "How many cups, and of what.");
    assert_eq!(schema["required"], json!(["cups"]));
    assert_eq!(schema["properties"]["cups"]["minimum"], 1);
    assert_eq!(schema["properties"]["of"]["enum"], json!(["tea", "coffee"]));
    assert_eq!(schema["additionalProperties"], false);
    assert!(schema.get("$defs").is_none() && schema.get("title").is_none());
    assert_eq!(brew.description, "Brews.");
    assert_eq!(brew.examples[0].payload, r#"{"cups":2,"of":"coffee"}"#);
    assert_eq!(brew.template, r#"{"cups":0,"of":"tea"}"#);
    assert!(
        brew.result_schema
            .is_some_and(|schema| schema.contains("cups"))
    );
    assert_eq!(
        (rest.result_schema, rest.task_class.as_str()),
        (None, "MEDIUM_SCRIPT")
    );
}

#[test]
fn a_call_goes_to_the_tool_that_it_names() {
    use crate::payloads::Guest as _;
    let many = || r#"{"cups":10}"#.to_owned();
    let found = Exported::validate("brew".to_owned(), many()).expect("an answer");
    assert_eq!(
        (found.len(), found[0].suggestion.as_deref()),
        (1, Some("9"))
    );
    assert!(
        Exported::validate("rest".to_owned(), many())
            .expect("an answer")
            .is_empty()
    );
    let fault = Exported::validate("bake".to_owned(), many()).expect_err("no such tool");
    assert_eq!(fault.code, "unknown-tool");
    let stored = Exported::normalize("brew".to_owned(), many()).expect("an answer");
    assert_eq!(stored.payload, r#"{"cups":10,"of":"tea"}"#);
    assert_eq!(
        (stored.label.as_str(), stored.timeout_seconds),
        ("10 cups", Some(60))
    );
}

#[test]
fn a_result_is_judged_where_it_fits_and_else_left_to_its_schema() {
    for (reported, verdict) in [
        (r#"{"summary":"done","cups":2}"#, Verdict::Succeeded),
        (r#"{"summary":"done","cups":3}"#, Verdict::Failed),
        (r#"{"summary":"done","cups":"two"}"#, Verdict::Unsure),
        (r#"{"summary":"done"}"#, Verdict::Unsure),
    ] {
        assert_eq!(run("brew", reported).verdict, verdict, "{reported:?}");
    }
    assert_eq!(
        run("rest", r#"{"summary":"done"}"#).verdict,
        Verdict::Unsure
    );
}

#[test]
fn what_several_tools_ask_for_is_asked_once_and_needed_where_one_needs_it() {
    use crate::about::Guest as _;
    let needs = Exported::get().needs;
    assert_eq!((needs.len(), needs[0].optional), (1, false));
    assert_eq!(needs[0].why, "to know where it stands");
}
