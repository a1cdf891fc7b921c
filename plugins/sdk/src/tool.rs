//! Tools from types: a payload struct gives the schema, its values the template and the examples, and a few functions
//! what a schema cannot say.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::issues::Issues;
use crate::label;
use crate::results::Run;
use crate::tools::Hints;

/// One tool. A plugin is any number of them, exported with [`plugin!`](crate::plugin).
///
/// ```
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
/// use sparkq_plugin::{Issues, Normalized, Tool};
///
/// /// What to greet, and how often.
/// #[derive(Serialize, Deserialize, JsonSchema)]
/// #[serde(deny_unknown_fields)]
/// struct Greeting {
///     /// Whom to greet
///     name: String,
///     /// How often
///     #[serde(default = "once")]
///     #[schemars(range(min = 1, max = 10))]
///     times: u32,
/// }
///
/// fn once() -> u32 {
///     1
/// }
///
/// struct Greet;
///
/// impl Tool for Greet {
///     type Payload = Greeting;
///     const NAME: &'static str = "greet";
///     const TITLE: &'static str = "Greet somebody";
///     const DESCRIPTION: &'static str = "Greets `name`, `times` times.";
///     const GUIDE: &'static str = "1. Say hello to `name`.\n2. Complete the task.";
///
///     fn template() -> Greeting {
///         Greeting { name: String::new(), times: 1 }
///     }
///
///     fn examples() -> Vec<(&'static str, Greeting)> {
///         vec![("Once", Greeting { name: "Ada".to_owned(), times: 1 })]
///     }
///
///     fn validate(payload: &Greeting, issues: &mut Issues) {
///         issues.check_text("/name", &payload.name);
///     }
///
///     fn normalize(payload: Greeting) -> Normalized<Greeting> {
///         Normalized::new(format!("greet {}", payload.name), payload)
///     }
/// }
///
/// sparkq_plugin::plugin!(tools: Greet);
///
/// let mut issues = Issues::default();
/// Greet::validate(&Greeting { name: " ".to_owned(), times: 1 }, &mut issues);
/// assert_eq!(issues.into_vec()[0].pointer, "/name");
/// ```
pub trait Tool {
    /// A payload that fits the schema, which is made from this type: doc comments become descriptions, and
    /// `#[serde(deny_unknown_fields)]` refuses fields that it does not have.
    type Payload: DeserializeOwned + Serialize + JsonSchema;

    /// A lower-case letter, then up to 62 lower-case letters, digits or `-`.
    const NAME: &'static str;
    /// A few words for people.
    const TITLE: &'static str;
    /// What it is for, Markdown, at most 2048 bytes.
    const DESCRIPTION: &'static str;
    /// How a worker carries it out, step by step, Markdown, at most 2048 bytes.
    const GUIDE: &'static str;
    /// Its class: `FAST_SCRIPT`, `MEDIUM_SCRIPT`, `LLM_LITE`, `LLM_HEAVY`.
    const TASK_CLASS: &'static str = "MEDIUM_SCRIPT";
    /// Its timeout; none takes the class's.
    const TIMEOUT_SECONDS: Option<u32> = None;
    /// What running it does to the world.
    const HINTS: Hints = Hints::empty();
    /// What it asks the user for.
    const NEEDS: &'static [Need] = &[];

    /// What a new payload starts from; may hold blanks.
    #[must_use]
    fn template() -> Self::Payload;

    /// Payloads to copy, each with a title; at least one, and each must pass [`validate`](Self::validate).
    #[must_use]
    fn examples() -> Vec<(&'static str, Self::Payload)>;

    /// Adds every finding that a schema cannot have.
    fn validate(_payload: &Self::Payload, _issues: &mut Issues) {}

    /// The payload as it is stored, and its label; only asked when there was no error. What comes out must pass the
    /// schema and [`validate`](Self::validate), and stay as it is when it is normalized again.
    #[must_use]
    fn normalize(payload: Self::Payload) -> Normalized<Self::Payload>;
}

/// A tool that also looks at what workers hand in. It has to stand among the `results` of
/// [`plugin!`](crate::plugin).
pub trait Judge: Tool {
    /// A result: `summary`, which is always there, and whatever else a worker has to hand in. Its schema goes with the
    /// tool; a result that does not fit it is refused.
    type Result: DeserializeOwned + JsonSchema;

    /// Adds what is wrong with a result. With an error among it the task stays running and the worker is told. What was
    /// printed stands in `run`.
    fn judge(payload: &Self::Payload, result: &Self::Result, run: &Run, issues: &mut Issues);
}

/// One thing that a tool asks the user for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// `files:NAME` or `env:NAME`.
    pub grant: &'static str,
    /// What for, in a sentence; the user reads it before saying yes.
    pub why: &'static str,
    /// Whether the tool works without it, only less well.
    pub optional: bool,
}

/// A payload in its canonical form, and what is to be known about its task.
#[derive(Debug, Clone, PartialEq)]
pub struct Normalized<P> {
    pub(crate) label: String,
    pub(crate) payload: P,
    pub(crate) dedupe_key: Option<String>,
    pub(crate) task_class: Option<String>,
    pub(crate) timeout_seconds: Option<u32>,
}

impl<P> Normalized<P> {
    /// A payload and its label, of which the first line that is not blank is taken, and of that 120 characters.
    #[must_use]
    pub fn new(label: impl AsRef<str>, payload: P) -> Self {
        Self {
            label: label::of(label.as_ref()),
            payload,
            dedupe_key: None,
            task_class: None,
            timeout_seconds: None,
        }
    }

    /// Makes live tasks of one stream with the same key one task.
    #[must_use]
    pub fn dedupe_key(mut self, key: impl Into<String>) -> Self {
        self.dedupe_key = Some(key.into());
        self
    }

    /// Gives this payload a class of its own.
    #[must_use]
    pub fn task_class(mut self, class: impl Into<String>) -> Self {
        self.task_class = Some(class.into());
        self
    }

    /// Gives this payload a timeout of its own.
    #[must_use]
    pub fn timeout_seconds(mut self, seconds: u32) -> Self {
        self.timeout_seconds = Some(seconds);
        self
    }
}
