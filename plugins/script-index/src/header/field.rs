//! The values of a header's fields.

use sparkq_plugin::scripts::Param;

/// The longest timeout in seconds: 7 days.
const LONGEST: u64 = 7 * 24 * 60 * 60;

/// The task classes that every project has.
const CLASSES: [&str; 4] = ["FAST_SCRIPT", "MEDIUM_SCRIPT", "LLM_LITE", "LLM_HEAVY"];

/// Words that stand for an empty list.
const NOTHING: [&str; 4] = ["none", "-", "n/a", "nothing"];

/// A timeout in seconds: `90`, `90s`, `9m`, `2h`, `3d`.
pub(super) fn seconds(text: &str) -> Result<u32, String> {
    let text = text.trim();
    let (number, unit) = match text.find(|c: char| !c.is_ascii_digit()) {
        Some(at) => (&text[..at], text[at..].trim()),
        None => (text, "s"),
    };
    let unit = match unit {
        "s" | "sec" | "seconds" => Some(1),
        "m" | "min" | "minutes" => Some(60),
        "h" | "hours" => Some(3600),
        "d" | "days" => Some(86_400),
        _ => None,
    };
    let seconds = number
        .parse::<u64>()
        .ok()
        .zip(unit)
        .and_then(|(number, unit)| number.checked_mul(unit));
    seconds
        .filter(|seconds| (1..=LONGEST).contains(seconds))
        .and_then(|seconds| u32::try_from(seconds).ok())
        .ok_or_else(|| {
            format!(
                "`{}` is no timeout: 1 second to 7 days, written 90, 90s, 9m, 2h or 3d",
                short(text)
            )
        })
}

/// A task class: capitals, digits and `_`.
pub(super) fn task_class(text: &str) -> Result<String, String> {
    let starts = text
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_uppercase());
    let word = text
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if starts && word && text.len() <= 64 {
        return Ok(text.to_owned());
    }
    Err(format!(
        "`{}` is no task class: {}",
        short(text),
        CLASSES.join(", ")
    ))
}

/// What to say of a class that is none of the built-in ones.
pub(super) fn doubt(class: &str) -> Option<String> {
    let known = CLASSES.contains(&class);
    (!known).then(|| {
        let class = short(class);
        format!("`{class}` is no built-in task class; it takes one of that name under [task_classes] in sparkq.toml")
    })
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Entries with commas between them, or one a line, with or without `- ` in front.
pub(super) fn list(lines: &[&str]) -> Vec<String> {
    entries(lines, ',').into_iter().map(str::to_owned).collect()
}

/// What a script takes: names with commas between them, or `NAME: what it is` with `;` between them or one a line.
/// In brackets after a name: its kind, `optional`, `default VALUE`.
pub(super) fn params(lines: &[&str]) -> Vec<Param> {
    let between = if lines.iter().any(|line| line.contains(':')) {
        ';'
    } else {
        ','
    };
    entries(lines, between).into_iter().map(param).collect()
}

fn entries<'a>(lines: &[&'a str], between: char) -> Vec<&'a str> {
    let mut depth = 0_u32;
    let split = move |c: char| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == between && depth == 0
    };
    lines
        .iter()
        .flat_map(|line| line.split(split))
        .map(|entry| entry.trim().trim_start_matches("- ").trim())
        .filter(|entry| {
            !entry.is_empty() && !NOTHING.contains(&entry.to_ascii_lowercase().as_str())
        })
        .collect()
}

fn param(entry: &str) -> Param {
    let (head, description) = entry.split_once(':').unwrap_or((entry, ""));
    let (name, marks) = head.split_once('(').unwrap_or((head, ""));
    let name = name.trim();
    let mut param = Param {
        name: name.trim_end_matches('?').to_owned(),
        kind: "string".to_owned(),
        required: !name.ends_with('?'),
        default_value: None,
        description: description.trim().to_owned(),
    };
    for mark in marks
        .trim_end()
        .trim_end_matches(')')
        .split(',')
        .map(str::trim)
    {
        match mark {
            "string" | "integer" | "number" | "boolean" | "path" | "json" => {
                mark.clone_into(&mut param.kind);
            }
            "optional" => param.required = false,
            _ => {
                if let Some(value) = mark
                    .strip_prefix("default ")
                    .or_else(|| mark.strip_prefix("default="))
                {
                    param.default_value = Some(value.trim().to_owned());
                    param.required = false;
                }
            }
        }
    }
    param
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_a_number_with_or_without_a_unit() {
        for (text, expected) in [
            ("300", 300),
            ("90s", 90),
            ("9m", 540),
            ("2 h", 7200),
            ("7d", 604_800),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "0", "8d", "-1", "5 parsecs", "99999999999999999999h"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_has_commas_or_lines_and_may_say_that_it_is_empty() {
        assert_eq!(list(&["a, b", "- c"]), ["a", "b", "c"]);
        assert_eq!(list(&["none"]), Vec::<String>::new());
    }

    #[test]
    fn a_param_tells_its_kind_its_default_and_what_it_is() {
        let params = params(&[
            "SOURCE (path): where from, exactly; COUNT (integer, default 3): how many",
            "NAME?",
        ]);
        let told: Vec<_> = params
            .iter()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.kind.as_str(),
                    p.required,
                    p.default_value.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("SOURCE", "path", true, None),
                ("COUNT", "integer", false, Some("3")),
                ("NAME", "string", false, None)
            ]
        );
        assert_eq!(params[0].description, "where from, exactly");
    }
}
