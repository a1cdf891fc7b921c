//! The queue of a server that was named by its address: everything goes there, and nothing is looked for here.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use sparkq_core::nearest::nearest;
use sparkq_core::wire::{List, Tool};
use sparkq_core::{Refusal, Worker, limits};

use super::tries::Tries;
use crate::cli::args::worker;
use crate::cli::client::{Address, Client, Lost, Request};
use crate::cli::ui::{Problem, Ui};
use crate::config::Token;

/// How long a shell waits for what it could offer.
const AT_ONCE: Duration = Duration::from_millis(800);

/// The way to a server that was named.
pub(in crate::cli) struct Far {
    client: Client,
    address: Address,
    /// Whether it has answered: a server that never did is not waited for as long.
    reached: Cell<bool>,
    /// Whether the answer is for a shell that waits for the next key.
    hurried: bool,
}

impl Far {
    /// The way to the server at `address`, with the key that `SPARKQ_TOKEN` has.
    pub(in crate::cli) fn at(address: Address, ui: &Ui) -> Result<Self, Refusal> {
        let token = Token::given()?;
        if token.is_some() && address.is_open() {
            ui.warn(format_args!(
                "the token goes to {} unencrypted; https would hide it",
                address.as_str()
            ));
        }
        Self::with(address, token, false)
    }

    /// The same for a shell that asks what it could offer: it answers at once or not at all.
    pub(in crate::cli) fn at_once(address: Address) -> Result<Self, Refusal> {
        Self::with(address, Token::given()?, true)
    }

    fn with(address: Address, token: Option<Token>, hurried: bool) -> Result<Self, Refusal> {
        Ok(Self {
            client: Client::far(address.clone(), token)?,
            address,
            reached: Cell::new(false),
            hurried,
        })
    }

    /// Where the server is.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// What is at `path`.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Problem> {
        self.look(Request::get(path))
    }

    /// What `request`, which only looks, asks for.
    pub(super) fn look<T: DeserializeOwned>(
        &self,
        request: Request<'_, impl Serialize>,
    ) -> Result<T, Problem> {
        let request = request.within(self.hurried.then_some(AT_ONCE));
        self.send(&request, None)
    }

    /// All pages of the list at `path`, as one.
    pub(super) fn whole<T: DeserializeOwned>(
        &self,
        path: &[&str],
        parameters: &[(&'static str, &str)],
    ) -> Result<List<T>, Problem> {
        let mut whole: Option<List<T>> = None;
        loop {
            let mut request = Request::get(path).with("limit", limits::PAGE.to_string());
            for (name, value) in parameters {
                request = request.with(name, *value);
            }
            let next = whole.as_ref().and_then(|list| list.next_cursor.clone());
            if let Some(cursor) = next {
                request = request.with("cursor", cursor);
            }
            let mut page: List<T> = self.look(request)?;
            if let Some(list) = whole.take() {
                page.items.splice(..0, list.items);
            }
            if page.next_cursor.is_none() || self.hurried {
                return Ok(page);
            }
            whole = Some(page);
        }
    }

    /// Has the server do what `request` asks.
    pub(super) fn write<T: DeserializeOwned>(
        &self,
        request: &Request<'_, impl Serialize>,
    ) -> Result<T, Problem> {
        self.send(request, Some(&worker(None)?))
    }

    /// Sends `request` until it is answered or given up: it may be sent again, whatever became of it.
    fn send<T: DeserializeOwned>(
        &self,
        request: &Request<'_, impl Serialize>,
        actor: Option<&Worker>,
    ) -> Result<T, Problem> {
        self.refuse_blank(request.path)?;
        let body = request.to_bytes()?;
        Refusal::check_size("the request", body.len(), limits::BODY)?;
        let mut tries = Tries::of(request.waits_until());
        let mut unsure = None;
        loop {
            let problem = match self.client.send(request, &body, actor) {
                Ok(answer) => {
                    self.reached.set(true);
                    return Ok(answer);
                }
                // An earlier try may have done it all the same.
                Err(Lost::Problem(problem)) if problem.is_of_nothing_done() => {
                    return Err(unsure.unwrap_or(problem));
                }
                Err(Lost::Problem(problem)) => return Err(problem),
                // The network was there a moment ago, and so was the name.
                Err(Lost::NoSuchHost(problem)) if !self.reached.get() => return Err(problem),
                Err(Lost::NoSuchHost(problem) | Lost::NobodyListens(problem)) => problem,
                Err(Lost::Leaving(problem)) => {
                    self.reached.set(true);
                    problem
                }
                Err(Lost::Midway(problem)) => {
                    self.reached.set(true);
                    unsure.insert(problem).clone()
                }
            };
            match tries.rest(Instant::now(), self.reached.get()) {
                Some(rest) if !self.hurried => thread::sleep(rest),
                _ => return Err(unsure.unwrap_or(problem)),
            }
        }
    }

    /// Refuses what no address can carry, an id or name that is empty, in the server's own words.
    fn refuse_blank(&self, path: &[&str]) -> Result<(), Problem> {
        let Some(at) = path.iter().position(|part| part.is_empty()) else {
            return Ok(());
        };
        let given = String::new();
        let asked = match path[at.saturating_sub(1)] {
            "tasks" => return Err(Refusal::TaskNotFound { given }.into()),
            "tools" => {
                let tools: List<Tool> = self.get(&["tools"])?;
                let known = tools.items.into_iter().map(|tool| tool.definition.name);
                let known = nearest("", known);
                return Err(Refusal::ToolNotFound {
                    given,
                    known,
                    missing: Vec::new(),
                }
                .into());
            }
            "sessions" => Request::get(&["streams"]).with("session", given),
            _ => Request::get(&["tasks"]).with("stream", given),
        };
        self.look::<IgnoredAny>(asked).map(|_| ())
    }
}
