use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::bench::{Server, TestQueue};
use crate::door::locked;

/// Signs in, and gives the cookie as a browser sends it.
fn signed_in(server: &Server) -> String {
    let answer = server.fill_in(
        "/login",
        "token=open-sesame-open",
        &[("Origin", &server.address)],
    );
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/")),
        "{answer:?}"
    );
    let cookie = answer.header("set-cookie").expect("a cookie");
    cookie.split(';').next().expect("a value").to_owned()
}

/// A cookie that holds `seconds` from now, sealed with `token` by the rules of the server.
fn sealed(server: &Server, token: &str, seconds: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("later");
    let now = i64::try_from(now.as_secs()).expect("it fits");
    let until = (now + seconds).to_string();
    let mut seal = Hmac::<Sha256>::new_from_slice(token.as_bytes()).expect("any key will do");
    seal.update(b"sparkq: signed in until ");
    seal.update(until.as_bytes());
    let seal = seal.finalize().into_bytes();
    let seal = seal.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let port = server.address.rsplit(':').next().expect("a port");
    format!("sparkq-{port}={until}.{seal}")
}

fn text(body: &Value) -> &str {
    body.as_str().expect("a page")
}

#[test]
fn a_browser_signs_in_once_and_its_cookie_opens_what_the_token_does() {
    let queue = locked("");
    let server = Server::start(&queue);
    let form = server.get("/login");
    assert_eq!(form.status, 200);
    for part in [
        "type=\"password\"",
        "autocomplete=\"current-password\"",
        "<label for=\"token\">",
    ] {
        assert!(text(&form.body).contains(part), "{part}");
    }
    let policy = form.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"));
    assert!(!policy.contains("script") && !policy.contains("unsafe"));
    assert!(text(&server.get("/login.css").body).contains("--ground"));

    let own = ("Origin", server.address.as_str());
    let answer = server.fill_in("/login", "token=open-sesame-open", &[own]);
    let port = server.address.rsplit(':').next().expect("a port");
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with(&format!("sparkq-{port}=")), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    assert!(!cookie.contains("open-sesame-open"));

    let cookie = signed_in(&server);
    let cookie = ("Cookie", cookie.as_str());
    assert_eq!(server.ask("GET", "/api/tasks", &[cookie]).status, 200);
    let ended = server.ask("POST", "/api/streams/auth/claim", &[cookie, own]);
    assert_eq!(ended.status, 204);

    // Whoever is signed in is not asked again, and can sign out.
    assert_eq!(
        server
            .ask("GET", "/login?next=/tasks", &[cookie])
            .header("location"),
        Some("/tasks")
    );
    assert!(text(&server.ask("GET", "/login", &[cookie]).body).contains("action=\"/logout\""));
    let out = server.fill_in("/logout", "", &[cookie, own]);
    assert_eq!((out.status, out.header("location")), (303, Some("/login")));
    let gone = out.header("set-cookie").expect("a cookie");
    assert!(
        gone.contains(&format!("sparkq-{port}=; ")) && gone.contains("Max-Age=0"),
        "{gone}"
    );
}

#[test]
fn over_tls_the_cookie_is_never_sent_without_it() {
    let queue = locked("");
    let server = Server::start(&queue);
    let https = server.address.replace("http", "https");
    for header in [("Origin", https.as_str()), ("X-Forwarded-Proto", "https")] {
        let answer = server.fill_in("/login", "token=open-sesame-open", &[header]);
        let cookie = answer.header("set-cookie").expect("a cookie");
        assert!(cookie.ends_with("; SameSite=Strict; Secure"), "{cookie}");
    }
}

#[test]
fn a_wrong_token_gets_the_form_again_and_no_cookie() {
    let queue = locked("");
    let server = Server::start(&queue);
    for form in [
        "token=open",
        "token=",
        "token=open-sesame-open2&next=/tasks",
    ] {
        let answer = server.fill_in("/login", form, &[]);
        assert_eq!(answer.status, 401, "{form}");
        assert!(answer.header("set-cookie").is_none());
        assert!(text(&answer.body).contains("That is not the token of this server."));
    }
    let again = server.fill_in("/login", "token=x&next=/tasks%3Fq%3D%2522", &[]);
    assert!(
        text(&again.body).contains("value=\"/tasks?q=%22\""),
        "{again:?}"
    );
    assert_eq!(server.fill_in("/login", "next=/", &[]).status, 400);
    let large = format!("token={}", "x".repeat(10_000));
    assert_eq!(server.fill_in("/login", &large, &[]).status, 413);
    let json = server.post("/login", &json!({"token": "open-sesame-open"}));
    assert_eq!(json.status, 415);
    // Who guesses keeps nobody out.
    signed_in(&server);
}

#[test]
fn a_cookie_that_has_run_out_or_is_of_another_token_is_told_where_to_sign_in() {
    let queue = locked("");
    let server = Server::start(&queue);
    let ask = |cookie: &str| server.ask("GET", "/api/tasks", &[("Cookie", cookie)]);
    assert_eq!(ask(&sealed(&server, "open-sesame-open", 60)).status, 200);
    let mut foreign = sealed(&server, "open-sesame-open", 60);
    foreign.replace_range(..foreign.find('=').expect("a name"), "sparkq-1");
    assert_eq!(
        ask(&foreign).body["error"],
        "this server takes no request without its token"
    );
    for cookie in [
        sealed(&server, "open-sesame-open", 0),
        sealed(&server, "open-sesame-open", -1),
        sealed(&server, "another-token", 60),
        sealed(&server, "open-sesame-open", 60).replace('.', "0."),
    ] {
        let answer = ask(&cookie);
        assert_eq!(
            (answer.status, &answer.body["code"], &answer.body["error"]),
            (
                401,
                &json!("UNAUTHORIZED"),
                &json!("the sign-in has run out; sign in again at /login")
            ),
            "{cookie}"
        );
    }
}

#[test]
fn a_sign_in_leads_back_to_where_it_was_asked_for_and_never_to_another_host() {
    let queue = locked("");
    let server = Server::start(&queue);
    let see = |path: &str| server.ask("GET", path, &[("Accept", "text/html,*/*;q=0.8")]);
    let sent = see("/tasks?status=failed");
    assert_eq!(
        (sent.status, sent.header("location")),
        (303, Some("/login?next=/tasks%3Fstatus%3Dfailed"))
    );
    assert_eq!(see("/").header("location"), Some("/login"));
    let form = server.get("/login?next=/tasks%3Fstatus%3Dfailed");
    assert!(text(&form.body).contains("value=\"/tasks?status=failed\""));
    // The API sends nobody anywhere, and neither does a page that is loaded from a link elsewhere: it holds nothing.
    assert_eq!(see("/api/tasks").status, 401);
    assert_eq!(see("/api/docs").status, 401);
    let linked = [("Accept", "text/html"), ("Sec-Fetch-Site", "cross-site")];
    assert_eq!(server.ask("GET", "/tasks", &linked).status, 200);

    let back = server.fill_in("/login", "token=open-sesame-open&next=/tasks%3Fa%3Db", &[]);
    assert_eq!(back.header("location"), Some("/tasks?a=b"));
    for next in [
        "//evil.example",
        "/%5Cevil.example",
        "https://evil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "/a%0d%0aSet-Cookie:%20a=b",
    ] {
        let form = format!("token=open-sesame-open&next={next}");
        let answer = server.fill_in("/login", &form, &[]);
        assert_eq!(answer.header("location"), Some("/"), "{next}");
        let path = format!("/login?next={next}");
        assert!(
            text(&server.get(&path).body).contains("name=\"next\" value=\"/\""),
            "{next}"
        );
    }
    let markup = server.get("/login?next=/%22%3E%3Cscript%3E");
    assert!(text(&markup.body).contains("value=\"/&quot;&gt;&lt;script&gt;\""));
}

#[test]
fn a_page_of_another_port_can_use_no_sign_in() {
    let queue = locked("");
    let server = Server::start(&queue);
    let cookie = signed_in(&server);
    let cookie = ("Cookie", cookie.as_str());
    let own = ("Origin", server.address.as_str());
    let other = ("Origin", "http://127.0.0.1:3000");
    let same_site = ("Sec-Fetch-Site", "same-site");
    let claim = "/api/streams/auth/claim";
    let id = queue.enqueue("auth", "scripts/a.sh");
    for (method, path, headers) in [
        ("POST", claim, &[cookie, other][..]),
        ("POST", claim, &[cookie, same_site]),
        ("POST", claim, &[cookie, own, same_site]),
        ("POST", claim, &[cookie]),
        ("POST", claim, &[cookie, ("Sec-Fetch-Site", "none")]),
        ("GET", "/api/tasks", &[cookie, other]),
        ("GET", "/api/tasks", &[cookie, same_site]),
        ("GET", "/api/events", &[cookie, other]),
        ("POST", "/logout", &[cookie, other]),
        ("POST", "/login", &[other]),
    ] {
        let answer = server.ask(method, path, headers);
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (403, &json!("FOREIGN_ORIGIN")),
            "{method} {path} {headers:?}"
        );
        let told = |name: &String| name.starts_with("access-control");
        assert!(!answer.headers.keys().any(told), "{answer:?}");
    }
    let read = server.ask("GET", "/api/tasks", &[cookie, own]);
    assert_eq!(read.status, 200);
    assert_eq!(read.header("access-control-allow-origin"), None);
    // With the token itself another page may do what it always may.
    let token = ("Authorization", "Bearer open-sesame-open");
    assert_eq!(
        server
            .ask("GET", "/api/tasks", &[cookie, other, token])
            .status,
        200
    );
    let wrong = ("Authorization", "Bearer wrong");
    assert_eq!(
        server.ask("GET", "/api/tasks", &[cookie, wrong]).status,
        401
    );
    for proof in [own, ("Sec-Fetch-Site", "same-origin")] {
        let answer = server.ask("POST", claim, &[cookie, proof]);
        assert!(matches!(answer.status, 200 | 204), "{proof:?}: {answer:?}");
    }
    assert_eq!(queue.json(["task", &id, "--json"])["status"], "running");
}

#[test]
fn where_there_is_no_token_nobody_signs_in() {
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    let accept = ("Accept", "text/html");
    assert_eq!(server.get_with("/tasks", accept).status, 200);
    for (answer, to) in [
        (server.get("/login"), "/"),
        (server.get("/login?next=/tasks"), "/tasks"),
        (server.fill_in("/login", "token=x", &[]), "/"),
    ] {
        assert_eq!((answer.status, answer.header("location")), (303, Some(to)));
        assert!(answer.header("set-cookie").is_none());
    }
}

#[test]
fn neither_token_nor_cookie_is_ever_logged() {
    let queue = locked("");
    let log = queue.path("log");
    let (server, cookie);
    {
        let file = std::fs::File::create(&log).expect("made");
        let mut command = queue.command();
        command.env("SPARKQ_LOG", "trace").stderr(file);
        server = Server::spawn(command, &["run", "--no-watch"]);
        cookie = signed_in(&server);
    }
    server.fill_in("/login", "token=wrong-guess", &[]);
    let value = cookie.split_once('=').expect("a value").1.to_owned();
    for headers in [
        [("Cookie", cookie.as_str())],
        [("Authorization", "Bearer open-sesame-open")],
    ] {
        assert_eq!(server.ask("GET", "/api/tasks", &headers).status, 200);
    }
    assert_eq!(server.end("-TERM").code(), Some(0));
    let logged = std::fs::read_to_string(log).expect("a log");
    assert!(!logged.is_empty());
    for secret in ["open-sesame-open", "wrong-guess", &value] {
        assert!(!logged.contains(secret), "{secret}");
    }
}

#[test]
fn a_wrong_token_is_logged_with_where_it_came_from() {
    let queue = locked("");
    let log = queue.path("log");
    let mut command = queue.command();
    command.stderr(std::fs::File::create(&log).expect("made"));
    let server = Server::spawn(command, &["run", "--no-watch"]);
    let forwarded = ("X-Forwarded-For", "203.0.113.7\u{9b}31m");
    let wrong = ("Authorization", "Bearer wrong-guess-wrong");
    assert_eq!(
        server.ask("GET", "/api/tasks", &[wrong, forwarded]).status,
        401
    );
    assert_eq!(
        server.fill_in("/login", "token=wrong-guess", &[]).status,
        401
    );
    drop(server);
    let logged = std::fs::read_to_string(log).expect("a log");
    let told: Vec<_> = logged
        .lines()
        .filter(|line| line.contains("a wrong token was refused"))
        .collect();
    let [told] = told[..] else {
        panic!("once a second at most: {logged}");
    };
    assert!(
        told.contains("client=127.0.0.1:") && told.contains("203.0.113.7"),
        "{told}"
    );
    assert!(
        told.contains("WARN") && !told.contains("wrong-guess") && !told.contains('\u{9b}'),
        "{told}"
    );
}
