//! Reads `sparkq.toml` strictly: what does not belong or does not fit is refused with file, line and column, and
//! with the word that was probably meant.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use sparkq_core::nearest::nearest;
use sparkq_core::refusal::quote;
use sparkq_core::{Code, Refusal};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::Config;
use super::keys::{FILE, Holds, Key};

/// On which line of the file each key stands, by its path: `server.port`. What is not there is at its default.
pub(crate) type Lines = BTreeMap<String, usize>;

/// Reads the text of `path`.
pub(super) fn parse(text: &str, path: &Path) -> Result<(Config, Lines), Refusal> {
    let mut reader = Reader {
        text,
        path,
        lines: Lines::new(),
    };
    let whole = DeTable::parse(text).map_err(|error| reader.broken(&error))?;
    reader.table(&[], FILE, 0, whole.get_ref())?;
    let config = toml::from_str(text).map_err(|error| reader.broken(&error))?;
    Ok((config, reader.lines))
}

/// A refusal of the file at `path`, at a place in it.
pub(crate) fn invalid(message: String, hint: String) -> Refusal {
    Refusal::Project {
        code: Code::ConfigInvalid,
        message,
        hint,
    }
}

struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
    lines: Lines,
}

impl Reader<'_> {
    /// Holds a table, which goes by the names `at` and begins at `start`, to the keys that it may have.
    fn table(
        &mut self,
        at: &[&str],
        keys: &[Key],
        start: usize,
        table: &DeTable<'_>,
    ) -> Result<(), Refusal> {
        for (name, value) in in_order(table) {
            let key = keys.iter().find(|key| key.name == name.get_ref());
            let key = key.ok_or_else(|| self.unknown(at, keys, name, value.get_ref()))?;
            let at = [at, &[key.name]].concat();
            self.lines
                .insert(at.join("."), self.place(name.span().start).0);
            self.value(&at, key, value)?;
        }
        let missing = |key: &&Key| key.required && !table.contains_key(key.name);
        match keys.iter().find(missing) {
            Some(key) => {
                let what = format!("{} needs the key `{}`", section(at), key.name);
                Err(self.refuse(start, &what, ""))
            }
            None => Ok(()),
        }
    }

    /// Holds what stands behind the key that goes by the names `at` to what may stand there.
    fn value(
        &mut self,
        at: &[&str],
        key: &Key,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), Refusal> {
        let start = value.span().start;
        match (&key.holds, value.get_ref()) {
            (Holds::Value { fits, .. }, given) if fits(given) => Ok(()),
            (Holds::Value { wants, .. }, _) => Err(self.misfit(at, value, wants)),
            (Holds::Table(keys), DeValue::Table(table)) => self.table(at, keys, start, table),
            (Holds::Named { wants, fits, keys }, DeValue::Table(table)) => {
                for (name, value) in in_order(table) {
                    let start = name.span().start;
                    let named = name.get_ref().as_ref();
                    if !fits(named) {
                        let what = format!("{} {} is not {wants}", section(at), quote(named));
                        return Err(self.refuse(start, &what, &respelt(named, *fits)));
                    }
                    let at = [at, &[named]].concat();
                    self.lines.insert(at.join("."), self.place(start).0);
                    match value.get_ref() {
                        DeValue::Table(table) => self.table(&at, keys, start, table)?,
                        _ => return Err(self.misfit(&at, value, &table_of(keys))),
                    }
                }
                Ok(())
            }
            (Holds::Table(keys) | Holds::Named { keys, .. }, _) => {
                Err(self.misfit(at, value, &table_of(keys)))
            }
        }
    }

    /// A key that is known nowhere, or not here, or not in this spelling.
    fn unknown(
        &self,
        at: &[&str],
        keys: &[Key],
        name: &Spanned<Cow<'_, str>>,
        value: &DeValue<'_>,
    ) -> Refusal {
        let given = name.get_ref().as_ref();
        let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
        let word = match (at, value) {
            ([], DeValue::Table(_)) => format!("table [{given}]"),
            ([], _) => format!("key {} outside any table", quote(given)),
            _ => format!("key {} in {}", quote(given), section(at)),
        };
        let elsewhere = FILE.iter().find(|table| match table.holds {
            Holds::Table(keys) => keys.iter().any(|key| key.name == given),
            _ => false,
        });
        let meant = match elsewhere {
            Some(table) if !value.is_table() => {
                format!("`{given}` is a key of [{}]", table.name)
            }
            _ => nearest(given, &known)
                .first()
                .map_or_else(String::new, |name| format!("did you mean `{name}`?")),
        };
        let all = known
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let of = if at.is_empty() {
            "the tables are".to_owned()
        } else {
            format!("the keys of {} are", section(at))
        };
        let what = format!("unknown {word}; {meant}");
        self.refuse(name.span().start, &what, &format!("{of} {all}"))
    }

    fn misfit(&self, at: &[&str], value: &Spanned<DeValue<'_>>, wants: &str) -> Refusal {
        let span = value.span();
        let source = self.text.get(span.clone()).unwrap_or_default();
        let source = source.lines().next().unwrap_or_default();
        let name = at.last().copied().unwrap_or_default();
        let of = section(&at[..at.len().saturating_sub(1)]);
        let what = format!("{of} {name}: {} is not {wants}", quote(source));
        self.refuse(span.start, what.trim_start(), "")
    }

    fn broken(&self, error: &toml::de::Error) -> Refusal {
        let what = error.message().lines().collect::<Vec<_>>().join(" ");
        self.refuse(error.span().map_or(0, |span| span.start), &what, "")
    }

    fn refuse(&self, offset: usize, what: &str, hint: &str) -> Refusal {
        let (line, column) = self.place(offset);
        let place = format!("{}:{line}:{column}", self.path.display());
        invalid(format!("{place}: {what}"), hint.to_owned())
    }

    /// Line and column, both from 1, of the byte at `offset`.
    fn place(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or_default();
        (line, last.chars().count() + 1)
    }
}

/// How a table is spelled in a sentence: `[tools.deploy]`; nothing for the whole file.
fn section(at: &[&str]) -> String {
    if at.is_empty() {
        String::new()
    } else {
        format!("[{}]", at.join("."))
    }
}

/// The entries of a table as they follow each other in the file.
fn in_order<'a, 'i>(
    table: &'a DeTable<'i>,
) -> Vec<(&'a Spanned<Cow<'i, str>>, &'a Spanned<DeValue<'i>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// A hint that names another spelling, where one would do.
fn respelt(name: &str, fits: fn(&str) -> bool) -> String {
    let spellings = [
        name.to_uppercase().replace('-', "_"),
        name.to_lowercase().replace('_', "-"),
    ];
    let other = spellings.into_iter().find(|spelling| fits(spelling));
    other.map_or_else(String::new, |other| format!("did you mean `{other}`?"))
}

/// What a table looks like when it stands in one line.
fn table_of(keys: &[Key]) -> String {
    let name = keys.first().map_or("key", |key| key.name);
    format!("a table, as in {{ {name} = … }}")
}

#[cfg(test)]
mod tests;
