//! The API as a command sees it.

mod address;
mod connecting;
mod lost;
mod proxy;
mod request;
mod tame;
mod trust;

use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sparkq_core::wire::ErrorBody;
use sparkq_core::{Code, Refusal, Worker};
use ureq::config::Config;
use ureq::http::{Response, StatusCode, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::{Agent, Body, Proxy};

pub(super) use address::{Address, VARIABLE};
use connecting::{Connected, Connecting};
pub(super) use lost::Lost;
use lost::{Odd, Peer};
pub(super) use request::Request;
use request::{Method, plain};

use crate::config::Token;
use crate::daemon::Held;

/// How long a server may take to accept a connection.
const CONNECTING: Duration = Duration::from_secs(5);

/// The largest answer that is read, in bytes: a page of a thousand tasks, or a task with both its outputs, escaped.
const LARGEST: u64 = 256 << 20;

/// The same where its length was not said, as a server does: some proxy in between may leave it out.
const LARGEST_UNSAID: u64 = 64 << 20;

/// The same for an error: more than its findings and the longest hint take.
const LARGEST_ERROR: u64 = 1 << 20;

/// A request as it is sent this time.
struct Sent<'a, B> {
    request: &'a Request<'a, B>,
    bytes: usize,
    waits: Option<Duration>,
    patience: Duration,
}

/// A connection to a server.
pub(super) struct Client {
    agent: Agent,
    connected: Connected,
    peer: Peer,
    token: Option<Token>,
}

impl Client {
    /// A client of the server that holds the project's lock.
    pub(super) fn own(server: Held) -> Result<Self, Refusal> {
        let pid = server
            .pid
            .map_or_else(String::new, |pid| format!(" (process {pid})"));
        let address = server.address.ok_or_else(|| Refusal::Project {
            code: Code::ServerUnreachable,
            message: format!(
                "the server{pid} holds the project's lock, but has not said where it listens"
            ),
            hint: String::new(),
        })?;
        let peer = Peer {
            address,
            far: None,
            proxied: false,
        };
        Ok(Self::of(peer, None, server.token))
    }

    /// A client of a server that was asked for by its address.
    pub(super) fn far(address: Address, token: Option<Token>) -> Result<Self, Refusal> {
        let proxy = proxy::before(&address)?;
        let peer = Peer {
            address: address.as_str().to_owned(),
            far: Some(address),
            proxied: proxy.is_some(),
        };
        Ok(Self::of(peer, proxy, token))
    }

    fn of(peer: Peer, proxy: Option<Proxy>, token: Option<Token>) -> Self {
        let connecting = Connecting::default();
        Self {
            connected: connecting.connected(),
            agent: Agent::with_parts(settings(proxy), connecting, DefaultResolver::default()),
            peer,
            token,
        }
    }

    /// Sends `request`, whose body is `bytes`, in the name of `actor`, and reads the answer; 204 reads as null.
    pub(super) fn send<T: DeserializeOwned>(
        &self,
        request: &Request<'_, impl Serialize>,
        bytes: &[u8],
        actor: Option<&Worker>,
    ) -> Result<T, Lost> {
        let url = request.url(&self.peer.address);
        let sent = Sent {
            request,
            bytes: bytes.len(),
            waits: request.waits(Instant::now()),
            patience: request.patience(Instant::now(), bytes.len()),
        };
        let answer = match request.method {
            Method::Get => self.prepared(self.agent.get(url), &sent, actor).call(),
            Method::Delete => self.prepared(self.agent.delete(url), &sent, actor).call(),
            Method::Post => self
                .prepared(self.agent.post(url), &sent, actor)
                .content_type("application/json")
                .send(bytes),
            Method::Put => self
                .prepared(self.agent.put(url), &sent, actor)
                .content_type("application/json")
                .send(bytes),
        };
        self.read(&sent, answer)
    }

    /// `asked` with all that `request` says, in the name of whoever asks, and with what opens the server's door.
    fn prepared<K>(
        &self,
        mut asked: ureq::RequestBuilder<K>,
        sent: &Sent<'_, impl Serialize>,
        actor: Option<&Worker>,
    ) -> ureq::RequestBuilder<K> {
        for (name, value) in &sent.request.parameters {
            asked = asked.query(*name, value);
        }
        if let Some(wait) = sent.waits {
            asked = asked.query("wait", format!("{}s", wait.as_secs()));
        }
        if let Some(key) = sent.request.key {
            asked = asked.header("Idempotency-Key", key);
        }
        if let Some(actor) = actor {
            asked = asked.header("Sparkq-Actor", plain(actor.as_str()));
        }
        if let Some(token) = &self.token {
            asked = asked.header("Authorization", format!("Bearer {}", token.as_str()));
        }
        asked.config().timeout_global(Some(sent.patience)).build()
    }

    fn read<T: DeserializeOwned>(
        &self,
        sent: &Sent<'_, impl Serialize>,
        answer: Result<Response<Body>, ureq::Error>,
    ) -> Result<T, Lost> {
        let request = sent.request;
        let lost = |error: ureq::Error| {
            let sent_any = self.connected.is_so();
            self.peer.lost(request, sent.patience, sent_any, &error)
        };
        let answer = answer.map_err(|error| match error {
            ureq::Error::Protocol(_)
            | ureq::Error::Http(_)
            | ureq::Error::LargeResponseHeader(..)
                if self.connected.is_so() =>
            {
                self.peer.foreign(request, &error)
            }
            error => lost(error),
        })?;
        let status = answer.status();
        let header = |name| {
            let value = answer.headers().get(name);
            value
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let kind = header(header::CONTENT_TYPE).unwrap_or_default();
        if status.is_redirection() {
            let location = header(header::LOCATION).unwrap_or_default();
            return Err(self.peer.elsewhere(&tame::short(&location)));
        }
        let odd = |why: Option<String>| {
            let odd = Odd {
                status: status.as_u16(),
                kind: tame::short(&kind),
                why,
            };
            self.peer.odd(request, sent.bytes, &odd)
        };
        if status == StatusCode::NO_CONTENT {
            return serde_json::from_str("null").map_err(|_| odd(None));
        }
        if !kind.starts_with("application/json") {
            return Err(odd(None));
        }
        let mut body = answer.into_body();
        let most = match body.content_length() {
            _ if !status.is_success() => LARGEST_ERROR,
            Some(_) => LARGEST,
            None => LARGEST_UNSAID,
        };
        let text = match body.with_config().limit(most).read_to_vec() {
            Ok(bytes) => bytes,
            Err(ureq::Error::BodyExceedsLimit(_)) => {
                let why = format!("with more than the {} MiB of a SparkQ server", most >> 20);
                return Err(odd(Some(why)));
            }
            Err(error) => return Err(lost(error)),
        };
        if status.is_success() {
            return serde_json::from_slice(&text).map_err(|_| odd(None));
        }
        match serde_json::from_slice::<ErrorBody>(&text).map(tame::body) {
            Ok(body) if body.code == Code::ShuttingDown.as_str() => Err(Lost::leaving(body)),
            Ok(body) if body.code == Code::Unauthorized.as_str() => {
                Err(self.peer.locked(self.token.is_some(), body))
            }
            Ok(body) if body.code == Code::RouteNotFound.as_str() => {
                Err(self.peer.nothing_there(body))
            }
            Ok(body) => Err(body.into()),
            Err(_) => Err(odd(None)),
        }
    }
}

/// What every connection has in common: it follows nobody elsewhere, and trusts whom the system trusts.
fn settings(proxy: Option<Proxy>) -> Config {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECTING))
        .tls_config(tls.build())
        .proxy(proxy)
        .build()
}
