//! Which known names a mistyped one was probably meant to be.

use crate::limits::NAMES_LISTED;
use crate::name::LONGEST;

/// Orders `known` by likeness to `given`, best first, and keeps the [`NAMES_LISTED`] best.
/// A name that differs in case alone comes first.
#[must_use]
pub fn nearest<S: AsRef<str>>(given: &str, known: impl IntoIterator<Item = S>) -> Vec<String> {
    // More than any name has tells nothing, and costs.
    let given: String = given.chars().take(LONGEST).collect();
    let given = given.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&given, &name.to_lowercase());
    let mut ranked: Vec<(f64, String)> = known
        .into_iter()
        .map(|name| (likeness(name.as_ref()), name.as_ref().to_owned()))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked.truncate(NAMES_LISTED);
    ranked.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_name_comes_first_and_all_are_listed() {
        assert_eq!(
            nearest("run-bsh", ["llm-haiku", "run-python", "run-bash"])[0],
            "run-bash"
        );
        assert_eq!(nearest("AUTH", ["docs", "auth"]), ["auth", "docs"]);
    }

    #[test]
    fn no_more_than_twenty_names_are_listed() {
        assert_eq!(nearest("x", (0..50).map(|n| n.to_string())).len(), 20);
    }
}
