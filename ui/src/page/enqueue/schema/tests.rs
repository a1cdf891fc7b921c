use serde_json::json;

use super::*;

fn kinds(schema: &Value) -> Vec<(String, Kind)> {
    let fields = fields(schema).into_iter();
    fields.map(|field| (field.key, field.kind)).collect()
}

fn kind_of(schema: Value) -> Kind {
    let whole = json!({"type": "object", "properties": {"it": schema}, "$defs": {
        "name": {"type": "string", "description": "a name"},
        "list": {"type": "array", "items": {"$ref": "#/$defs/list"}},
        "self": {"$ref": "#/$defs/self"},
    }});
    fields(&whole).remove(0).kind
}

#[test]
fn the_tools_that_run_scripts_come_to_a_script_arguments_an_environment_and_a_folder() {
    let schema = json!({"type": "object", "required": ["script_path"], "properties": {
        "args": {"type": "array", "items": {"type": "string"}, "title": "Arguments"},
        "script_path": {"type": "string", "minLength": 1, "maxLength": 4096, "title": "Script", "description": "A path"},
        "env": {"type": "object", "propertyNames": {"pattern": "^[A-Z]*$"}, "additionalProperties": {"type": "string"}},
        "cwd": {"type": "string", "maxLength": 4096},
    }, "additionalProperties": false});
    let kind = |key: &str, kind| (key.to_owned(), kind);
    let wanted = [
        kind("script_path", Kind::Script),
        kind("args", Kind::Lines),
        kind("env", Kind::Pairs),
        kind("cwd", Kind::Line),
    ];
    assert_eq!(kinds(&schema), wanted, "what is required comes first");
    let first = fields(&schema).remove(0);
    assert!(first.required && first.title == "Script" && first.help == "A path");
}

#[test]
fn the_tools_with_a_prompt_or_a_text_come_to_room_for_it() {
    for key in ["prompt", "text", "system_prompt"] {
        let schema = json!({"properties": {key: {"type": "string"}}});
        assert_eq!(kinds(&schema), [(key.to_owned(), Kind::Prose)]);
    }
    for schema in [
        json!({"type": "string", "maxLength": 100_000}),
        json!({"type": "string", "contentMediaType": "text/markdown"}),
        json!({"type": "string", "format": "multiline"}),
    ] {
        assert_eq!(kind_of(schema), Kind::Prose);
    }
    assert_eq!(
        kind_of(json!({"type": "string", "maxLength": 100})),
        Kind::Line
    );
}

#[test]
fn choices_switches_and_numbers_say_within_which_bounds() {
    let schema = json!({"properties": {
        "level": {"enum": ["low", 2]},
        "always": {"const": true},
        "dry": {"type": "boolean", "default": true},
        "times": {"type": ["integer", "null"], "minimum": 1, "maximum": 9, "description": "How often"},
        "ratio": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5},
    }});
    let fields = fields(&schema);
    let drawn: Vec<_> = fields
        .iter()
        .map(|field| (field.kind.clone(), field.help.as_str()))
        .collect();
    let (low, two) = (Json::Text("low".to_owned()), Json::Number("2".to_owned()));
    let wanted = [
        (Kind::Choice(vec![low, two]), ""),
        (Kind::Choice(vec![Json::Bool(true)]), ""),
        (Kind::Switch, ""),
        (Kind::Number, "How often · a whole number, from 1 to 9"),
        (Kind::Number, "more than 0, a multiple of 0.5"),
    ];
    assert_eq!(drawn, wanted);
    assert_eq!(fields[2].default, Some(Json::Bool(true)));
}

#[test]
fn what_cannot_be_drawn_is_typed_as_json() {
    for odd in [
        json!(true),
        json!({}),
        json!("nonsense"),
        json!(null),
        json!({"type": ["string", "integer"]}),
        json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"type": "object", "patternProperties": {"^x": {}}}),
        json!({"type": "object"}),
        json!({"type": "array"}),
        json!({"type": "array", "items": {"type": "object"}}),
        json!({"type": "array", "prefixItems": [{}], "items": {"type": "string"}}),
        json!({"$ref": "#/$defs/self"}),
        json!({"$ref": "#/$defs/list"}),
        json!({"$ref": "https://example.com/schema"}),
        json!({"type": "object", "properties": {}}),
    ] {
        assert_eq!(kind_of(odd.clone()), Kind::Json, "{odd}");
    }
    for no_schema in [
        json!(true),
        json!([]),
        json!({"type": "object"}),
        json!({"$ref": "#"}),
    ] {
        assert_eq!(fields(&no_schema), [], "{no_schema}");
    }
}

#[test]
fn references_and_choices_of_one_are_seen_through() {
    for same in [
        json!({"$ref": "#/$defs/name"}),
        json!({"allOf": [{"$ref": "#/$defs/name"}]}),
        json!({"anyOf": [{"$ref": "#/$defs/name"}, {"type": "null"}]}),
    ] {
        assert_eq!(kind_of(same.clone()), Kind::Line, "{same}");
    }
    assert_eq!(
        kind_of(json!({"type": "array", "items": {"$ref": "#/$defs/name"}})),
        Kind::Lines
    );
}

#[test]
fn a_schema_that_holds_itself_comes_to_an_end() {
    let tree = json!({"type": "object", "required": ["child"], "properties": {
        "name": {"type": "string"}, "child": {"$ref": "#"},
    }});
    let mut depth = 0;
    let mut level = fields(&tree);
    while let Kind::Group(inside) = level.remove(0).kind {
        depth += 1;
        level = inside;
    }
    assert_eq!(depth, DEEPEST - 1);

    let many: serde_json::Map<_, _> = (0..100)
        .map(|number| (format!("f{number}"), json!({"$ref": "#"})))
        .collect();
    let count = fields(&json!({"type": "object", "properties": many}))
        .iter()
        .map(size)
        .sum::<usize>();
    assert!(count <= 100 + MOST, "{count} fields");
}

fn size(field: &Field) -> usize {
    match &field.kind {
        Kind::Group(inside) => 1 + inside.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

#[test]
fn findings_are_shown_at_the_field_or_row_they_are_about() {
    let fields = fields(&json!({"properties": {
        "args": {"type": "array", "items": {"type": "string"}},
        "env": {"type": "object", "additionalProperties": {"type": "string"}},
        "any": {},
        "e~/": {"type": "string"},
        "to": {"type": "object", "properties": {"host": {"type": "string"}}},
    }}));
    let at = |pointer| home(&fields, pointer);
    assert_eq!(at("/args").as_deref(), Some("/args"));
    assert_eq!(at("/args/1/deep").as_deref(), Some("/args/1"));
    assert_eq!(at("/env/HOME").as_deref(), Some("/env/HOME"));
    assert_eq!(at("/any/thing/0").as_deref(), Some("/any"));
    assert_eq!(at("/e~0~1").as_deref(), Some("/e~0~1"));
    assert_eq!(at("/to/host").as_deref(), Some("/to/host"));
    assert_eq!(at("/to/port").as_deref(), Some("/to"));
    assert_eq!(at("/argsx"), None);
    assert_eq!(at(""), None);
}

#[test]
fn what_is_required_and_blank_is_wanting_and_inside_others_once_those_are_there() {
    let fields = fields(&json!({"required": ["a", "to"], "properties": {
        "a": {"type": "string"},
        "to": {"type": "object", "required": ["host"], "properties": {"host": {"type": "string"}}},
    }}));
    let wanting = |payload: &str| {
        let payload = Json::read(payload).expect(payload);
        let wanting = super::wanting(&fields, &payload).into_iter();
        wanting
            .map(|field| field.key.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(wanting("{}"), "a to");
    assert_eq!(wanting(r#"{"a":" ","to":{}}"#), "a host");
    assert_eq!(wanting(r#"{"a":0,"to":{"host":"x"}}"#), "");
}
