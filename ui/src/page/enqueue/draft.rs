//! What somebody is filling in: the payload, as fields and as text, and what is known of it.
//!
//! The payload is the one truth. Fields change it and show it; the text of the whole is another way to type it.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use sparkq_core::time::parse_duration;
use sparkq_core::wire::{Check, Checked, Document, Tool};
use sparkq_core::{Issue, Severity, Timeout};

use super::json::Json;
use super::keep::{self, Kept};
use super::schema::{self, Field};
use crate::board::Board;
use crate::client::NoAnswer;

/// What is known of the payload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Verdict {
    /// Nothing yet.
    #[default]
    Open,
    /// What the tool's plugin says.
    Said(Checked),
    /// Nobody could say.
    Unasked(NoAnswer),
}

/// A form that is being filled in; a handle, free to copy.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    /// Where it is kept.
    place: StoredValue<String>,
    fields: StoredValue<Vec<Field>>,
    payload: RwSignal<Json>,
    raw: RwSignal<String>,
    timeout: RwSignal<String>,
    /// Texts that are no JSON, by where they stand: why.
    broken: RwSignal<BTreeMap<String, String>>,
    /// Fields that somebody has been in.
    touched: RwSignal<BTreeSet<String>>,
    pristine: RwSignal<bool>,
    /// Whether it began with what a link brought.
    brought: bool,
    insisted: RwSignal<bool>,
    verdict: RwSignal<Verdict>,
}

impl Draft {
    /// Begins with what was kept of an earlier try, else with the tool's template.
    pub(crate) fn begin(tool: &Tool) -> Self {
        let definition = &tool.definition;
        let place = keep::place(&Board::expect().project().get_untracked(), &definition.name);
        let kept = keep::load(&place);
        let pristine = kept.is_none();
        let kept = kept.unwrap_or_else(|| Kept {
            payload: template(tool).pretty(),
            timeout: String::new(),
            brought: false,
        });
        let draft = Self {
            place: StoredValue::new(place),
            fields: StoredValue::new(schema::fields(&definition.payload_schema.value())),
            payload: RwSignal::new(template(tool)),
            raw: RwSignal::new(String::new()),
            timeout: RwSignal::new(kept.timeout),
            broken: RwSignal::default(),
            touched: RwSignal::default(),
            pristine: RwSignal::new(pristine),
            brought: kept.brought,
            insisted: RwSignal::new(false),
            verdict: RwSignal::default(),
        };
        draft.read(kept.payload);
        draft
    }

    /// The form's fields.
    pub(crate) fn fields(self) -> Vec<Field> {
        self.fields.get_value()
    }

    /// The payload.
    pub(crate) fn payload(self) -> Signal<Json> {
        self.payload.into()
    }

    /// The text of the whole payload.
    pub(crate) fn raw(self) -> RwSignal<String> {
        self.raw
    }

    /// The value at a pointer, followed.
    pub(crate) fn value(self, pointer: String) -> Memo<Option<Json>> {
        Memo::new(move |_| self.payload.read().at(&pointer).cloned())
    }

    /// Changes the value at a pointer.
    pub(crate) fn change(self, pointer: &str, change: impl FnOnce(&mut Json)) {
        self.payload.update(|payload| {
            if let Some(place) = payload.place(pointer) {
                change(place);
            }
        });
        self.changed();
    }

    /// Puts a value at a pointer.
    pub(crate) fn set(self, pointer: &str, value: Json) {
        self.change(pointer, |place| *place = value);
    }

    /// Takes out what is at a pointer.
    pub(crate) fn clear(self, pointer: &str) {
        self.payload.update(|payload| payload.remove(pointer));
        self.changed();
    }

    /// Starts over with another payload.
    pub(crate) fn fill(self, payload: Json) {
        self.payload.set(payload);
        self.broken.update(BTreeMap::clear);
        self.touched.update(BTreeSet::clear);
        self.insisted.set(false);
        self.changed();
    }

    /// Goes back to what was typed once.
    pub(crate) fn restore(self, kept: Kept) {
        self.timeout.set(kept.timeout);
        self.broken.update(BTreeMap::clear);
        self.touched.update(BTreeSet::clear);
        self.insisted.set(false);
        self.type_raw(kept.payload);
    }

    /// Takes in the whole payload as text. While it is none, the form stays as it was.
    pub(crate) fn type_raw(self, text: String) {
        self.read(text);
        self.pristine.set(false);
        self.save();
    }

    fn read(self, text: String) {
        let read = Json::read_object(&text);
        self.raw.set(text);
        self.mark_broken("", read.as_ref().err().cloned());
        if let Ok(payload) = read {
            self.payload.set(payload);
        }
    }

    fn changed(self) {
        self.raw.set(self.payload.read_untracked().pretty());
        self.mark_broken("", None);
        self.pristine.set(false);
        self.save();
    }

    /// Gives up a text that is no payload, for what the form shows.
    pub(crate) fn take_back(self) {
        self.changed();
    }

    /// Notes that the text at a pointer is no JSON, or is again.
    pub(crate) fn mark_broken(self, pointer: &str, why: Option<String>) {
        let is = self
            .broken
            .with_untracked(|broken| broken.get(pointer).cloned());
        if is != why {
            self.broken.update(|broken| match why {
                Some(why) => drop(broken.insert(pointer.to_owned(), why)),
                None => drop(broken.remove(pointer)),
            });
        }
    }

    /// Why the text at a pointer is no JSON.
    pub(crate) fn broken(self, pointer: String) -> Memo<Option<String>> {
        Memo::new(move |_| self.broken.read().get(&pointer).cloned())
    }

    /// The first text that is no JSON: where it stands, and what is wrong in words.
    pub(crate) fn first_broken(self) -> Option<(String, String)> {
        let broken = self.broken.read();
        let (pointer, why) = broken.first_key_value()?;
        let title = self.fields.with_value(|fields| {
            let field = fields.iter().find(|field| field.pointer == *pointer);
            field.map_or_else(|| pointer.clone(), |field| field.title.clone())
        });
        Some((pointer.clone(), spell_broken(&title, why)))
    }

    /// Whether a link brought a text that cannot be read.
    pub(crate) fn is_brought_broken(self) -> bool {
        self.brought && self.broken.with(|broken| broken.contains_key(""))
    }

    /// The timeout as it was typed.
    pub(crate) fn timeout(self) -> Signal<String> {
        self.timeout.into()
    }

    /// Types a timeout.
    pub(crate) fn type_timeout(self, text: String) {
        self.timeout.set(text);
        self.pristine.set(false);
        self.save();
    }

    /// The timeout that was typed: none for nothing, or why it is none.
    pub(crate) fn limit(self) -> Result<Option<Timeout>, String> {
        let text = self.timeout.get();
        match text.trim() {
            "" => Ok(None),
            text => limit(text).map(Some),
        }
    }

    /// Notes that somebody has been in a field.
    pub(crate) fn touch(self, pointer: &str) {
        // A field that has the focus loses it when the page goes, and with the page this.
        let is_new = self
            .touched
            .try_with_untracked(|touched| !touched.contains(pointer));
        if is_new == Some(true) {
            self.touched.update(|touched| {
                touched.insert(pointer.to_owned());
            });
        }
    }

    /// The titles of the fields without which there is no task.
    pub(crate) fn wanting(self) -> Vec<(String, String)> {
        let of = |field: &Field| (field.pointer.clone(), field.title.clone());
        self.fields.with_value(|fields| {
            let wanting = schema::wanting(fields, &self.payload.read());
            wanting.into_iter().map(of).collect()
        })
    }

    /// Whether there is something to be checked: not while nobody has begun and something is wanting.
    pub(crate) fn is_begun(self) -> bool {
        !self.pristine.get() || self.wanting().is_empty()
    }

    /// Whether nobody has typed anything yet.
    pub(crate) fn is_pristine(self) -> bool {
        self.pristine.get()
    }

    /// What an enqueue would be asked for.
    pub(crate) fn question(self) -> Check {
        Check {
            payload: Document::from_json_text(self.payload.read().compact()),
            timeout: self.limit().ok().flatten().map(Timeout::seconds),
        }
    }

    /// What is known of the payload.
    pub(crate) fn verdict(self) -> RwSignal<Verdict> {
        self.verdict
    }

    /// Shows all there is to find, also where nobody has been.
    pub(crate) fn insist(self) {
        self.pristine.set(false);
        self.insisted.set(true);
    }

    /// Notes that it was queued: what is typed from here on is the next one.
    pub(crate) fn queued(self) {
        self.pristine.set(true);
        self.insisted.set(false);
    }

    /// What was found at a field or row; for `None`, what has no place in the form.
    pub(crate) fn findings(self, pointer: Option<String>) -> Memo<Vec<Issue>> {
        Memo::new(move |_| self.findings_at(pointer.as_deref()))
    }

    /// What is found at a field or row at this moment.
    pub(crate) fn findings_at(self, pointer: Option<&str>) -> Vec<Issue> {
        let Verdict::Said(said) = self.verdict.get() else {
            return Vec::new();
        };
        let is_here = |issue: &Issue| {
            let home = self
                .fields
                .with_value(|fields| schema::home(fields, &issue.pointer));
            home.as_deref() == pointer && self.is_shown(issue)
        };
        said.issues.into_iter().filter(is_here).collect()
    }

    /// Whether a finding is told yet: a blank that nobody has come to is no mistake.
    fn is_shown(self, issue: &Issue) -> bool {
        if issue.severity != Severity::Error || self.insisted.get() {
            return true;
        }
        let payload = self.payload.read();
        let value = payload.at(&issue.pointer);
        let is_blank = !issue.pointer.is_empty()
            && value.is_none_or(|value| value.text().is_some_and(str::is_empty));
        !self.pristine.get() && (!is_blank || self.touched.read().contains(&issue.pointer))
    }

    /// What it comes to, as it is kept.
    pub(crate) fn kept(self) -> Kept {
        Kept {
            payload: self.raw.get_untracked(),
            timeout: self.timeout.get_untracked(),
            brought: false,
        }
    }

    /// Where it is kept.
    pub(crate) fn place(self) -> String {
        self.place.get_value()
    }

    fn save(self) {
        keep::save(&self.place(), self.kept());
    }
}

/// What a new payload of a tool starts from.
pub(crate) fn template(tool: &Tool) -> Json {
    let template = Json::read_object(tool.definition.template.as_str());
    template.unwrap_or_else(|_| Json::empty())
}

/// Says what is wrong with a text that is to be JSON; the whole payload has no title.
fn spell_broken(title: &str, why: &str) -> String {
    match title {
        "" => format!("The payload cannot be read: {why}."),
        title => format!("{title} is not valid JSON: {why}."),
    }
}

fn limit(text: &str) -> Result<Timeout, String> {
    let seconds = parse_duration(text).map_err(|error| error.to_string())?;
    Timeout::from_seconds(seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{limit, spell_broken};

    #[test]
    fn what_cannot_be_read_is_named_with_what_is_wrong_in_it() {
        assert_eq!(
            spell_broken("", "a payload is an object, and this is an array"),
            "The payload cannot be read: a payload is an object, and this is an array."
        );
        assert_eq!(
            spell_broken("Matrix", "expected value at line 1 column 2"),
            "Matrix is not valid JSON: expected value at line 1 column 2."
        );
    }

    #[test]
    fn a_timeout_is_typed_as_on_the_command_line_within_its_bounds() {
        assert_eq!(limit("9m").map(sparkq_core::Timeout::seconds), Ok(540));
        assert_eq!(limit("7d").map(sparkq_core::Timeout::seconds), Ok(604_800));
        assert!(limit("0").is_err_and(|why| why.contains("from 1 second to 7 days")));
        assert!(limit("8d").is_err());
        assert!(limit("soon").is_err_and(|why| why.contains("90, 90s, 9m, 2h or 3d")));
    }
}
