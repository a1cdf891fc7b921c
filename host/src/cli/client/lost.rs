//! What is said where there is no answer: what went wrong, whether something may have been done, and what helps.

use std::io::ErrorKind;
use std::time::Duration;

use sparkq_core::wire::{Done, ErrorBody};
use sparkq_core::{Code, Refusal, limits};
use ureq::Timeout;

use super::address::{Address, VARIABLE};
use super::request::{Method, Request};
use super::trust::explained;
use crate::cli::ui::Problem;
use crate::config::word;

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::cli) enum Lost {
    /// Nobody took the request, so nothing was done.
    NobodyListens(Problem),
    /// The same, and nobody knows the host: its name is wrong, or this machine is offline.
    NoSuchHost(Problem),
    /// A server answered that it is about to end, so nothing was done.
    Leaving(Problem),
    /// The connection was lost on the way; what was asked may have been done.
    Midway(Problem),
    /// Anything else.
    Problem(Problem),
}

/// An answer that no SparkQ server gives.
pub(super) struct Odd {
    pub(super) status: u16,
    /// Its content type.
    pub(super) kind: String,
    /// What is odd about it, where more can be said than that.
    pub(super) why: Option<String>,
}

impl Lost {
    /// The answer of a server that is about to end.
    pub(super) fn leaving(mut body: ErrorBody) -> Self {
        body.done = Some(Done::No);
        Self::Leaving(body.into())
    }
}

impl From<ErrorBody> for Lost {
    fn from(body: ErrorBody) -> Self {
        Self::Problem(body.into())
    }
}

/// What helps where a proxy is in the way.
const PROXY: &str =
    "look at http_proxy and https_proxy; no_proxy names the hosts to be reached without";

/// What the system says of a name that it does not know.
const UNKNOWN_HOST: &str = "failed to lookup address information";

/// The other end of a connection, as errors name it.
pub(super) struct Peer {
    /// Where it listens.
    pub(super) address: String,
    /// Where it was asked for by name; none for the project's own server.
    pub(super) far: Option<Address>,
    /// Whether it is asked through a proxy.
    pub(super) proxied: bool,
}

impl Peer {
    /// Why `request`, which was given so much time, was not answered. Nothing was done before something was `sent`.
    pub(super) fn lost<B>(
        &self,
        request: &Request<'_, B>,
        patience: Duration,
        sent: bool,
        error: &ureq::Error,
    ) -> Lost {
        let address = &self.address;
        match error {
            ureq::Error::ConnectionFailed => Lost::NobodyListens(self.nobody()),
            ureq::Error::Io(error) if found_nobody(error.kind()) => {
                Lost::NobodyListens(self.nobody())
            }
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
                Lost::NobodyListens(self.nobody())
            }
            ureq::Error::HostNotFound => self.unknown_host(),
            ureq::Error::Io(error) if error.to_string().contains(UNKNOWN_HOST) => {
                self.unknown_host()
            }
            ureq::Error::ConnectProxyFailed(why) => Lost::Problem(undone(
                format!("the proxy on the way to {address} refused: {why}"),
                PROXY.to_owned(),
            )),
            error if !sent => self.unsent(error),
            ureq::Error::Timeout(_) => {
                let seconds = patience.as_secs();
                let what = format!("{address} did not answer within {seconds} s");
                let problem = after(request, what);
                // What is gone can be asked to go again.
                if request.key.is_some() || request.method == Method::Delete {
                    Lost::Midway(problem)
                } else {
                    Lost::Problem(problem)
                }
            }
            error => {
                let https = if self.may_want_https(error) {
                    ", as where https alone is taken"
                } else {
                    ""
                };
                let what = format!("{address} did not answer: {error}{https}");
                Lost::Midway(after(request, what))
            }
        }
    }

    /// Why no connection came about over which something could have been sent.
    fn unsent(&self, error: &ureq::Error) -> Lost {
        let secure = self.far.as_ref().filter(|far| far.is_secure());
        if let Some((what, hint)) = secure.and_then(|far| explained(far, &error.to_string())) {
            return Lost::Problem(undone(what, hint));
        }
        let address = &self.address;
        Lost::NobodyListens(undone(
            format!("no connection to {address} came about: {error}; nothing was done"),
            "try again in a moment".to_owned(),
        ))
    }

    /// An answer in a form that no server has which speaks HTTP.
    pub(super) fn foreign<B>(&self, request: &Request<'_, B>, error: &ureq::Error) -> Lost {
        let argument = self.argument();
        let what = format!("{} does not speak HTTP: {error}", self.address);
        let hint = format!("correct the host or port of {argument}");
        Lost::Problem(after_with(request, what, hint))
    }

    /// An answer that no SparkQ server gives; that of a proxy whose server is away, or that has too much to do, passes.
    pub(super) fn odd<B>(&self, request: &Request<'_, B>, bytes: usize, answer: &Odd) -> Lost {
        let address = &self.address;
        let (status, kind) = (answer.status, answer.kind.as_str());
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let with = if kind.is_empty() {
            String::new()
        } else {
            format!(" with {kind}")
        };
        let what = format!("{address} answered {status}{with}");
        match status {
            429 => Lost::Midway(after(
                request,
                format!("{what}: what is before the server is asked too often"),
            )),
            502..=504 => Lost::Midway(after(
                request,
                format!("{what}: the server behind it does not answer"),
            )),
            413 => {
                let most = limits::BODY >> 20;
                let what = format!(
                    "{what}: what is before the server takes no body of {bytes} bytes, and the server itself {most} MiB"
                );
                let hint = format!("have it take {most} MiB too");
                Lost::Problem(after_with(request, what, hint))
            }
            _ => {
                let than = answer
                    .why
                    .as_deref()
                    .unwrap_or("not as a SparkQ server does");
                Lost::Problem(after_with(
                    request,
                    format!("{what}, and {than}"),
                    format!("see what is there: curl -sI {address}/api/health"),
                ))
            }
        }
    }

    /// An answer that sends on to another address, which would be given the token.
    pub(super) fn elsewhere(&self, location: &str) -> Lost {
        let address = &self.address;
        Lost::Problem(undone(
            format!("{address} sends on to {location}, where the request was not sent"),
            self.renamed(location)
                .unwrap_or_else(|| format!("see what is there: curl -sI {address}/api/health")),
        ))
    }

    /// How the server is named anew where it says that it is at `location`. Whoever answers writes that, a hotel's
    /// network too: so it has to be an address of the same host, and is quoted.
    fn renamed(&self, location: &str) -> Option<String> {
        let asked = self.far.as_ref()?;
        let at = location.find("/api/").unwrap_or(location.len());
        let address = Address::parse(asked.argument, &location[..at]).ok()?;
        let hint = format!(
            "if that is the server, name it: {}",
            named(asked.argument, address.as_str())
        );
        address.is_at(asked).then_some(hint)
    }

    /// The no of a locked door, with what opens it from here.
    pub(super) fn locked(&self, had_token: bool, mut body: ErrorBody) -> Lost {
        if self.far.is_some() {
            let address = &self.address;
            body.error = if had_token {
                format!("the token in SPARKQ_TOKEN is not the one of {address}")
            } else {
                format!("{address} is locked, and SPARKQ_TOKEN is not set")
            };
            body.hint = Some(
                "export SPARKQ_TOKEN=…, with the text that the server has as SPARKQ_TOKEN or in its [server] token_file"
                    .to_owned(),
            );
        }
        body.into()
    }

    /// The no of a server that has nothing at the address, with what may be wrong about it.
    pub(super) fn nothing_there(&self, mut body: ErrorBody) -> Lost {
        let far = self.far.as_ref();
        if let Some(far) = far
            && let Some(root) = far.as_str().strip_suffix("/api")
        {
            body.hint = Some(format!("leave out /api: {}", named(far.argument, root)));
        }
        body.into()
    }

    fn unknown_host(&self) -> Lost {
        let argument = self.argument();
        Lost::NoSuchHost(undone(
            format!("the host of {} was not found", self.address),
            format!("correct {argument}, or look whether this machine is online"),
        ))
    }

    fn nobody(&self) -> Problem {
        if self.proxied {
            return undone(
                format!(
                    "nobody answers at {}, asked through a proxy; nothing was done",
                    self.address
                ),
                PROXY.to_owned(),
            );
        }
        let argument = self.argument();
        undone(
            format!("nobody answers at {}; nothing was done", self.address),
            format!("start the server on its machine with sparkq run, or correct {argument}"),
        )
    }

    /// Whether it may be that https was meant: it was asked without, and broke the connection off.
    fn may_want_https(&self, error: &ureq::Error) -> bool {
        let open = self.far.as_ref().is_some_and(|far| !far.is_secure());
        open && matches!(error, ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionReset)
    }

    fn argument(&self) -> &'static str {
        self.far.as_ref().map_or("--url", |far| far.argument)
    }
}

/// How a server is named by what it was named by before.
fn named(argument: &str, address: &str) -> String {
    match argument {
        VARIABLE => format!("export {VARIABLE}={}", word(address)),
        flag => format!("{flag} {}", word(address)),
    }
}

/// Says whether something may have been done, and what to do then.
fn after<B>(request: &Request<'_, B>, what: String) -> Problem {
    after_with(request, what, "try again in a moment".to_owned())
}

/// The same with what helps against it.
fn after_with<B>(request: &Request<'_, B>, what: String, hint: String) -> Problem {
    match &request.afterwards {
        Some(afterwards) => {
            let what = format!("{what}; what was asked may have been done");
            refusal(what, afterwards.clone().into_owned(), Done::Maybe)
        }
        None => undone(what, hint),
    }
}

fn found_nobody(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable
    )
}

/// What stopped before anything was done.
fn undone(message: String, hint: String) -> Problem {
    refusal(message, hint, Done::No)
}

fn refusal(message: String, hint: String, done: Done) -> Problem {
    let refusal = Refusal::Project {
        code: Code::ServerUnreachable,
        message,
        hint,
    };
    let mut body = refusal.to_body();
    body.done = Some(done);
    body.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Peer {
        Peer {
            address: address.to_owned(),
            far: Some(Address::parse(VARIABLE, address).expect("an address")),
            proxied: false,
        }
    }

    fn lost<B>(request: &Request<'_, B>, error: &ureq::Error) -> Lost {
        peer("https://box").lost(request, Duration::from_mins(1), true, error)
    }

    #[test]
    fn what_can_be_asked_again_is_where_no_answer_came_in_time() {
        let late = ureq::Error::Timeout(Timeout::Global);
        let delete = Request::delete(&[]);
        assert!(matches!(lost(&delete, &late), Lost::Midway(_)));
        let keyed = Request::once(&[], &(), "k");
        assert!(matches!(lost(&keyed, &late), Lost::Midway(_)));
        let look = Request::get(&[]);
        assert!(matches!(lost(&look, &late), Lost::Problem(_)));
    }

    #[test]
    fn a_host_that_is_not_known_just_now_is_told_from_what_will_not_change() {
        let look = Request::get(&[]);
        let unsure = std::io::Error::other(format!("{UNKNOWN_HOST}: Try again"));
        for error in [ureq::Error::HostNotFound, ureq::Error::Io(unsure)] {
            assert!(matches!(lost(&look, &error), Lost::NoSuchHost(_)));
        }
    }

    #[test]
    fn only_an_address_of_the_same_host_is_offered_to_be_pasted_and_quoted() {
        let offered = |location: &str| peer("http://box:8420").renamed(location);
        let name = "if that is the server, name it: export SPARKQ_URL=";
        for (location, address) in [
            ("https://box/api/tasks?limit=1", "https://box"),
            ("https://BOX:1/sparkq/api/tasks", "https://BOX:1/sparkq"),
            ("https://box/$(reboot)/api/tasks", "'https://box/$(reboot)'"),
        ] {
            assert_eq!(offered(location), Some(format!("{name}{address}")));
        }
        for location in [
            "",
            "/login",
            "https://other/api/tasks",
            "https://box@other/api/tasks",
            "https://box/x y",
            "ftp://box",
            "https://box/;reboot?/api/",
        ] {
            assert_eq!(offered(location), None, "{location}");
        }
    }
}
