//! Sentences with names in backticks: these are shown as code, and the marks are not.

use leptos::prelude::*;

use super::seen;

/// Draws a sentence.
pub(crate) fn coded(text: &str) -> AnyView {
    let draw = |(is_code, part): (bool, &str)| {
        let part = seen(part);
        if is_code {
            view! { <code>{part}</code> }.into_any()
        } else {
            part
        }
    };
    parts(text).into_iter().map(draw).collect_view().into_any()
}

/// The parts of a sentence, and whether each is code. A mark without another one stays what it is.
fn parts(text: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, after)) = after.split_once('`') else {
            break;
        };
        parts.extend([(false, before), (true, code)]);
        rest = after;
    }
    parts.push((false, rest));
    parts.retain(|(_, part)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn what_stands_in_backticks_is_code_and_a_lone_one_is_a_sign() {
        assert_eq!(
            parts("try `a.sh`, `b.sh`"),
            [
                (false, "try "),
                (true, "a.sh"),
                (false, ", "),
                (true, "b.sh")
            ]
        );
        assert_eq!(parts("5` long"), [(false, "5` long")]);
        assert_eq!(parts(""), []);
    }
}
