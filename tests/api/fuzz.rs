//! Schemathesis reads the description of the API and sends what follows from it, and what does not.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use crate::bench::{Server, TestQueue};

/// What is true of the API and cannot be said in a schema.
const CONFIG: &str = r#"
# A plugin may refuse any payload, whatever the schema says.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "422"]

# More than a limit is 413.
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "413", "415", "422"]

# A claim that waits would wait.
[parameters]
"query.wait" = "0"

# Moments in the future, and before the last year, are refused.
[[operations]]
include-operation-id = "stats"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "404"]

# A bulk act that is no dry run must name the count.
[[operations]]
include-operation-id = ["purge", "requeue_all"]
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "404", "409"]

# A number that does not fit in 64 bits, or a key twice, is refused wherever it stands in a payload or a result.
[[operations]]
include-operation-id = ["enqueue", "enqueue_batch", "complete", "requeue", "check_payload"]
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "404", "409", "422"]
"#;

/// How a body of lines is sent.
const HOOKS: &str = r#"
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value.encode("utf-8", errors="replace") if isinstance(value, str) else b"?"
"#;

#[test]
fn whatever_is_sent_is_answered_as_the_description_says() {
    let Some(program) = schemathesis() else {
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the API was not fuzzed, because schemathesis is not there; \
             install it with `pip install schemathesis`, or name it in SPARKQ_SCHEMATHESIS"
        );
        return;
    };
    let queue = TestQueue::new();
    let server = Server::start(&queue);
    queue.write("fuzz/schemathesis.toml", CONFIG);
    queue.write("fuzz/hooks.py", HOOKS);
    let fuzzed = Command::new(program)
        .current_dir(queue.path("fuzz"))
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", queue.path("fuzz"))
        .args(["--config-file", "schemathesis.toml", "run"])
        .arg(format!("{}/api/openapi.json", server.address))
        // The events never end.
        .args(["--exclude-path", "/api/events"])
        .args([
            "--checks",
            "all",
            "--max-examples",
            "10",
            "--seed",
            "8420",
            "--no-color",
        ])
        .output()
        .expect("it starts");
    assert!(
        fuzzed.status.success(),
        "{}{}",
        String::from_utf8_lossy(&fuzzed.stdout),
        String::from_utf8_lossy(&fuzzed.stderr)
    );
    assert_eq!(server.get("/api/health").status, 200);
}

/// The program: the one that is named, else the one on the path.
fn schemathesis() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("SPARKQ_SCHEMATHESIS") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let mut found = std::env::split_paths(&path).map(|folder| folder.join("schemathesis"));
    found.find(|program| program.is_file())
}
