//! The README's proxy: Caddy with a certificate of its own making, on loopback, and curl as a client elsewhere would be.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::bench::{Server, TestQueue, until};

const README: &str = include_str!("../../README.md");

/// The name by which the README's queue is known elsewhere.
const NAME: &str = "queue.example.com";

/// What keeps the proxy to this machine and to the test's folder.
const OPTIONS: &str = "
{
	admin off
	auto_https disable_redirects
	local_certs
	skip_install_trust
	default_bind 127.0.0.1
	servers {
		protocols h1 h2
	}
}
";

/// A proxy that ends with the test.
struct Proxy {
    process: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Proxy {
    /// Starts the README's proxy before `server`, and waits until it takes requests.
    fn start(server: &Server) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let behind = server.address.trim_start_matches("http://");
        let example = fence("caddyfile")
            .replace(
                NAME,
                &format!("https://{NAME}:{port}, https://localhost:{port}"),
            )
            .replace("127.0.0.1:8420", behind);
        let config = folder.path().join("Caddyfile");
        fs::write(&config, format!("{OPTIONS}{example}")).expect("written");
        let log = fs::File::create(folder.path().join("log")).expect("made");
        let process = Command::new("caddy")
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(&config)
            .env("HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path())
            .env("XDG_CONFIG_HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("caddy starts");
        let proxy = Self {
            process,
            folder,
            port,
        };
        // It listens before it has a certificate of its own.
        until("the proxy answers", || {
            let asked = proxy.client("/api/health", []).output();
            asked.is_ok_and(|answer| answer.status.success())
        });
        proxy
    }

    /// The address a client elsewhere uses.
    fn url(&self, path: &str) -> String {
        format!("https://{NAME}:{}{path}", self.port)
    }

    /// The certificate to trust.
    fn root(&self) -> std::path::PathBuf {
        let path = "caddy/pki/authorities/local/root.crt";
        self.folder.path().join(path)
    }

    /// A client that resolves the name to this machine and trusts the proxy's certificate alone.
    fn client<const N: usize>(&self, path: &str, args: [&str; N]) -> Command {
        let mut curl = Command::new("curl");
        curl.args(["-q", "--silent", "--show-error", "--max-time", "60"])
            .args(["--noproxy", "*", "--no-buffer", "--include", "--http1.1"])
            .arg("--resolve")
            .arg(format!("{NAME}:{}:127.0.0.1", self.port))
            .arg("--cacert")
            .arg(self.root())
            .args(args)
            .arg(self.url(path))
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        curl
    }

    /// Asks, and gives the answer's head, and its body.
    fn ask<const N: usize>(&self, path: &str, args: [&str; N]) -> (String, String) {
        let output = self.client(path, args).output().expect("curl starts");
        split(&String::from_utf8_lossy(&output.stdout), || {
            let log = fs::read_to_string(self.folder.path().join("log"));
            format!("{path}: {output:?}\n{}", log.unwrap_or_default())
        })
    }
}

fn split(answer: &str, explain: impl Fn() -> String) -> (String, String) {
    let parts = answer.split_once("\r\n\r\n");
    let (head, body) = parts.unwrap_or_else(|| panic!("no answer: {}", explain()));
    (head.to_ascii_lowercase(), body.to_owned())
}

/// What stands in the README for the proxy, in `language`.
fn fence(language: &str) -> &'static str {
    let start = format!("```{language} proxy\n");
    let rest = README.split_once(&start).expect("it is in the README").1;
    rest.split("```").next().unwrap_or_default()
}

/// A project that is set up as the README says, and its token.
fn project() -> (TestQueue, String) {
    let queue = TestQueue::new();
    let made = Command::new("sh")
        .args(["-c", fence("sh")])
        .current_dir(queue.path(""))
        .status();
    assert!(made.expect("a shell").success());
    let config = fs::read_to_string(queue.path("sparkq.toml")).expect("written");
    let lines = fence("toml").strip_prefix("[server]\n").expect("a table");
    let with = config.replace("port = 0\n", &format!("port = 0\n{lines}"));
    queue.write("sparkq.toml", &with);
    let token = fs::read_to_string(queue.path(".sparkq/token")).expect("made");
    (queue, token.trim().to_owned())
}

/// Whether there is what these tests need; if not, it is said.
fn can_be_tried() -> bool {
    let can = is_there("caddy") && is_there("curl");
    if !can {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the README's proxy was not tried, because caddy or curl is not there; \
             install them with `apt-get install caddy curl`"
        );
    }
    can
}

#[test]
fn a_command_speaks_tls_with_whom_it_is_told_to_trust_and_with_nobody_else() {
    if !can_be_tried() {
        return;
    }
    let (queue, token) = project();
    let server = Server::start(&queue);
    let proxy = Proxy::start(&server);
    let (own, other) = (proxy.root(), proxy.folder.path().join("ca.pem"));
    let asked = |host: &str, trusted: &Path, args: &[&str]| {
        let far = TestQueue::far(&format!("https://{host}:{}", proxy.port));
        let mut command = far.command();
        command
            .env("SSL_CERT_FILE", trusted)
            .env("SPARKQ_TOKEN", &token);
        let output = command.args(args).output().expect("it starts");
        let shown = far.show(&output).replace(&proxy.port.to_string(), "[PORT]");
        let folder = proxy.folder.path().display().to_string();
        shown.replace(&folder, "[PROXY]")
    };
    let id = queue.enqueue("auth", "scripts/a.sh");
    until("its certificate is there", || {
        asked("localhost", &own, &["status"]).starts_with("exit: 0")
    });
    let claimed = asked("localhost", &own, &["claim", "--stream", "auth"]);
    assert!(claimed.starts_with("exit: 0"), "{claimed}");
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "running");

    insta::assert_snapshot!(asked("127.0.0.1", &own, &["status"]), @"
    exit: 1
    ----- stderr -----
    Error: no encrypted connection to https://127.0.0.1:[PORT]: received fatal alert: InternalError, as where the server has no certificate for the name 127.0.0.1
    Hint: name the server as its certificate does, with SPARKQ_URL
    ");
    insta::assert_snapshot!(asked("localhost", &other, &["status"]), @"
    exit: 1
    ----- stderr -----
    Error: no encrypted connection to https://localhost:[PORT]: SSL_CERT_FILE names [PROXY]/ca.pem, which cannot be read: No such file or directory (os error 2)
    Hint: name the file of who issued its certificate: export SSL_CERT_FILE=ca.pem
    ");
    fs::write(&other, "no certificate").expect("written");
    insta::assert_snapshot!(asked("localhost", &other, &["status"]), @"
    exit: 1
    ----- stderr -----
    Error: no encrypted connection to https://localhost:[PORT]: SSL_CERT_FILE names [PROXY]/ca.pem, which has no certificate in PEM form
    Hint: name the file of who issued its certificate: export SSL_CERT_FILE=ca.pem
    ");
    let system = Path::new("/etc/ssl/certs/ca-certificates.crt");
    if system.exists() {
        insta::assert_snapshot!(asked("localhost", system, &["status"]), @"
        exit: 1
        ----- stderr -----
        Error: the certificate of https://localhost:[PORT] is not trusted: UnknownIssuer
        Hint: name the file of who issued it: export SSL_CERT_FILE=ca.pem
        ");
    }
}

#[test]
fn behind_the_readmes_proxy_everything_works_as_it_does_here() {
    if !can_be_tried() {
        return;
    }
    let (queue, token) = project();
    let server = Server::start(&queue);
    let proxy = Proxy::start(&server);
    let bearer = format!("Authorization: Bearer {token}");
    let bearer = bearer.as_str();

    let (head, body) = proxy.ask("/api/tasks", []);
    assert!(head.starts_with("http/1.1 401"), "{head}\n{body}");
    let (head, _) = proxy.ask("/api/tasks", ["-H", bearer]);
    assert!(head.starts_with("http/1.1 200"), "{head}");

    let jar = proxy.folder.path().join("cookies").display().to_string();
    let (head, _) = proxy.ask("/", ["-H", "Accept: text/html"]);
    assert!(head.contains("location: /login"), "{head}");
    let form = format!("token={token}");
    let origin = format!("Origin: {}", proxy.url(""));
    let form = ["--data-urlencode", &form, "--cookie-jar", &jar];
    let (head, _) = proxy.ask("/login", [form[0], form[1], "-H", &origin]);
    assert!(head.contains("samesite=strict; secure"), "{head}");
    // The proxy says it too, to a browser that would not.
    let (head, _) = proxy.ask("/login", form);
    assert!(head.contains("samesite=strict; secure"), "{head}");
    let (head, _) = proxy.ask("/api/tasks", ["--cookie", &jar]);
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let reload = ["-X", "POST", "--cookie", &jar, "-H"];
    let own = [
        reload[0], reload[1], reload[2], reload[3], reload[4], &origin,
    ];
    let (head, _) = proxy.ask("/api/reload", own);
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let foreign = "Origin: https://evil.example";
    let (head, _) = proxy.ask(
        "/api/reload",
        [
            reload[0], reload[1], reload[2], reload[3], reload[4], foreign,
        ],
    );
    assert!(head.starts_with("http/1.1 403"), "{head}");

    events_are_not_held_back(&queue, &proxy, bearer);
    claims_wait(&queue, &proxy, bearer);
}

fn events_are_not_held_back(queue: &TestQueue, proxy: &Proxy, bearer: &str) {
    let mut reader = proxy
        .client("/api/events", ["-H", bearer])
        .spawn()
        .expect("curl starts");
    let stdout = reader.stdout.take().expect("piped");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    // Once the head is there, nothing that happens from then on is missed.
    let head = lines.find(String::is_empty);
    assert!(head.is_some(), "no head");
    let id = queue.enqueue("auth", "scripts/a.sh");
    let told = lines.find(|line| line.starts_with("data:") && line.contains(&id));
    reader.kill().expect("ended");
    reader.wait().expect("ended");
    assert!(told.is_some(), "the event came while the stream was open");
    queue.claim("auth");
}

fn claims_wait(queue: &TestQueue, proxy: &Proxy, bearer: &str) {
    let claim = "/api/streams/auth/claim?wait=";
    let (head, _) = proxy.ask(&format!("{claim}1s"), ["-X", "POST", "-H", bearer]);
    assert!(head.starts_with("http/1.1 204"), "{head}");
    let path = format!("{claim}50s");
    let mut waiting = proxy.client(&path, ["-X", "POST", "-H", bearer]);
    let mut waiting = waiting.spawn().expect("curl starts");
    let id = queue.enqueue("auth", "scripts/b.sh");
    let mut answer = String::new();
    let stdout = waiting.stdout.as_mut().expect("piped");
    stdout.read_to_string(&mut answer).expect("an answer");
    waiting.wait().expect("ended");
    let (_, body) = split(&answer, || path.clone());
    let claimed: Value = serde_json::from_str(&body).expect("a task");
    assert_eq!(claimed["id"], id.as_str());
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}
