//! Texts that match a pattern: what most patterns are made of is followed, and the rest is guessed.

use std::iter::Peekable;
use std::str::Chars;

use super::chance::Chance;

/// How often something comes that may come as often as it likes.
const OFTEN: usize = 4;

/// The most that one count in braces makes.
const MOST: usize = 200;

/// The longest text that a repetition makes, in bytes.
const LONGEST: usize = 4_096;

/// How deep groups are followed.
const DEEP: usize = 20;

/// A text that probably matches; whoever needs one that does asks the pattern.
pub(super) fn matching(pattern: &str, chance: &mut Chance) -> String {
    let mut rest = pattern.chars().peekable();
    alternatives(&mut rest, chance, 0)
}

/// Branches with `|` between them, up to the end of their group.
fn alternatives(rest: &mut Peekable<Chars<'_>>, chance: &mut Chance, depth: usize) -> String {
    let mut branches = vec![sequence(rest, chance, depth)];
    while rest.next_if_eq(&'|').is_some() {
        branches.push(sequence(rest, chance, depth));
    }
    let place = chance.below(branches.len());
    branches.swap_remove(place)
}

fn sequence(rest: &mut Peekable<Chars<'_>>, chance: &mut Chance, depth: usize) -> String {
    let mut text = String::new();
    while let Some(next) = rest.next_if(|next| !matches!(next, '|' | ')')) {
        let mut one = match next {
            '^' | '$' => continue,
            '(' => group(rest, chance, depth),
            '[' => class(rest, chance),
            '.' => one_of("abcxyz019 _-é", chance),
            '\\' => escape(rest, chance),
            other => other.to_string(),
        };
        let (least, most) = times(rest);
        let count = least + chance.below(most.saturating_sub(least) + 1);
        if count != 1 {
            one = one.repeat(count.min(LONGEST / one.len().max(1)));
        }
        text += &one;
    }
    text
}

fn group(rest: &mut Peekable<Chars<'_>>, chance: &mut Chance, depth: usize) -> String {
    if rest.next_if_eq(&'?').is_some() {
        // `(?:`, `(?i)` and `(?<name>` begin in some letters that mean nothing here.
        while let Some(next) = rest.peek() {
            if *next == ')' {
                break;
            }
            let end = matches!(next, ':' | '>');
            rest.next();
            if end {
                break;
            }
        }
    }
    let text = if depth < DEEP {
        alternatives(rest, chance, depth + 1)
    } else {
        String::new()
    };
    rest.next_if_eq(&')');
    text
}

/// One character of a class.
fn class(rest: &mut Peekable<Chars<'_>>, chance: &mut Chance) -> String {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut members = String::new();
    let mut first = true;
    while let Some(next) = rest.next() {
        if next == ']' && !first {
            break;
        }
        first = false;
        let from = if next == '\\' {
            let of = escape(rest, &mut chance.clone());
            if of.chars().count() != 1 {
                continue;
            }
            of.chars().next().unwrap_or('a')
        } else {
            next
        };
        let is_range = rest.peek() == Some(&'-') && {
            let mut ahead = rest.clone();
            ahead.next();
            ahead.peek().is_some_and(|to| *to != ']')
        };
        if is_range {
            rest.next();
            let to = rest.next().unwrap_or(from);
            members.extend((from..=to).take(MOST));
        } else {
            members.push(from);
        }
    }
    if negated {
        let others: String = "axZ09 _-./é"
            .chars()
            .filter(|other| !members.contains(*other))
            .collect();
        return one_of(&others, chance);
    }
    one_of(&members, chance)
}

fn escape(rest: &mut Peekable<Chars<'_>>, chance: &mut Chance) -> String {
    match rest.next() {
        Some('d') => one_of("0123456789", chance),
        Some('w') => one_of("abcXYZ019_", chance),
        Some('s') => " ".to_owned(),
        Some('D' | 'S' | 'W') => one_of("-.", chance),
        Some('b' | 'B' | 'A' | 'z' | 'Z') | None => String::new(),
        Some('n') => "\n".to_owned(),
        Some('r') => "\r".to_owned(),
        Some('t') => "\t".to_owned(),
        Some('p' | 'P') => {
            while rest.next_if(|next| *next != '}').is_some() {}
            rest.next();
            one_of("aBé", chance)
        }
        Some(other) => other.to_string(),
    }
}

fn one_of(members: &str, chance: &mut Chance) -> String {
    let members: Vec<char> = members.chars().collect();
    chance
        .pick(&members)
        .map(char::to_string)
        .unwrap_or_default()
}

/// How often what stands before comes, at least and at most.
fn times(rest: &mut Peekable<Chars<'_>>) -> (usize, usize) {
    let range = match rest.peek() {
        Some('*') => (0, OFTEN),
        Some('+') => (1, OFTEN),
        Some('?') => (0, 1),
        Some('{') => {
            rest.next();
            let mut count = String::new();
            while let Some(next) = rest.next_if(|next| *next != '}') {
                count.push(next);
            }
            rest.next();
            rest.next_if_eq(&'?');
            let number = |text: &str| text.trim().parse::<usize>().unwrap_or(1).min(MOST);
            return match count.split_once(',') {
                None => (number(&count), number(&count)),
                Some((least, "")) => (number(least), number(least) + OFTEN),
                Some((least, most)) => (number(least), number(most)),
            };
        }
        _ => return (1, 1),
    };
    rest.next();
    // A second `?` only says in which order matches are looked for.
    rest.next_if_eq(&'?');
    range
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_matches_the_patterns_that_people_write() {
        let mut chance = Chance::of("patterns");
        for pattern in [
            "^[a-z]{2}(-[A-Z]{2})?$",
            r"^\d{4}-\d{2}-\d{2}$",
            "^(staging|production)$",
            "^[^/]+(/[^/]+)*$",
            r"^v?[0-9]+\.[0-9]+\.[0-9]+$",
            r"^\S(.*\S)?$",
            "^(?:ab|cd)+x*$",
            "[A-Za-z0-9._-]{1,64}",
        ] {
            let schema = serde_json::json!({"pattern": pattern}).to_string();
            let schema = sparkq_runtime::Schema::compile(&schema).expect("a schema");
            let mut fits = 0;
            for _ in 0..50 {
                let text = matching(pattern, &mut chance);
                fits += usize::from(schema.accepts(&text.into()));
            }
            assert!(fits > 25, "{pattern}: {fits} of 50");
        }
    }

    #[test]
    fn a_pattern_that_is_none_makes_some_text_all_the_same() {
        let mut chance = Chance::of("broken");
        for pattern in [
            "(",
            "[",
            "[a",
            "a{",
            r"\",
            ")",
            "*",
            "(?",
            "[z-a]",
            r"\p{",
            "(((((((((((((((((((((((((",
        ] {
            let _ = matching(pattern, &mut chance);
        }
    }
}
