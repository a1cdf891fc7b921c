//! What an agent gets to read when it has made a mistake: what is wrong, and what helps.

use std::fmt::Write as _;

use crate::bench::TestQueue;

#[test]
#[expect(clippy::too_many_lines, reason = "one snapshot, to be read as a page")]
fn every_mistake_gets_a_line_that_names_it_and_the_right_exit_code() {
    let queue = TestQueue::new();
    let old = queue.ok(["stream", "create", "old", "--session", "s"]);
    queue.ok(["stream", "end", "old"]);
    let queued = queue.enqueue("auth", "scripts/a.sh");
    let (a, b) = (
        r#"{"script_path":"scripts/a.sh"}"#,
        r#"{"script_path":"scripts/aa.sh"}"#,
    );
    let twice = r#"{"script_path":"scripts/a.sh","script_path":"scripts/b.sh"}"#;
    let large = r#"{"script_path":"scripts/a.sh","n":1e999}"#;
    queue.write("wrong.toml", "[servr]\nport = 1\n");
    queue.write(
        "batch.ndjson",
        &format!("{{\"tool_name\":\"run-bash\",\"payload\":{a}}}\n\n"),
    );
    let mistakes = [
        // The command line itself.
        "",
        "clam",
        "peek",
        "peek --strem auth",
        "enqueue run-bash",
        "fail X",
        // Tools and payloads.
        "enqueue run-bsh A --stream auth",
        "enqueue run-bash B --stream auth",
        "enqueue run-python A --stream auth --check",
        "enqueue run-bash { --stream auth",
        "enqueue run-bash [] --stream auth",
        "enqueue run-bash TWICE --stream auth",
        "enqueue run-bash LARGE --stream auth",
        "enqueue run-bash @nothing.json --stream auth",
        "enqueue --batch batch.ndjson --stream auth",
        "enqueue llm-haiku {\"prompt\":\"\"} --stream auth",
        // Durations and numbers.
        "enqueue run-bash A --stream auth --timeout soon",
        "enqueue run-bash A --stream auth --timeout 0",
        "enqueue run-bash A --stream auth --timeout -5",
        "enqueue run-bash A --stream auth --timeout 8d",
        "claim --stream auth --wait forever",
        "purge --older-than 3w",
        "tasks --limit 0",
        "tasks --limit many",
        // Names.
        "session create s",
        "session create two_words!",
        "session create ses_x",
        "stream create AUTH --session s",
        "stream create x --session nobody",
        "tasks --status done",
        "tasks --stream aut",
        "stream edit auth --name old/new",
        // States.
        "claim",
        "claim --stream old",
        "enqueue run-bash A --stream old",
        "complete QUEUED --summary x",
        "complete QUEUED --result {\"exit_code\":0}",
        "requeue QUEUED",
        "stop --stream auth --session s",
        // Ids.
        "complete tsk_00000000 --summary x",
        "complete tsk_0 --summary x",
        "cancel str_00000000",
        "complete QUEUED --result {} --summary x",
        "--json complete tsk_00000000 --summary x",
        "--json claim --strem auth",
        // Files.
        "--config nowhere.toml tasks",
        "--config wrong.toml tasks",
        "setup",
        "run",
        "teardown",
    ];
    let mut shown = String::new();
    for mistake in mistakes {
        let words = mistake.split_whitespace().map(|word| match word {
            "A" => a,
            "B" => b,
            "TWICE" => twice,
            "LARGE" => large,
            "QUEUED" => &queued,
            word => word,
        });
        let output = queue.command().args(words).output().expect("it starts");
        assert!(output.stdout.is_empty(), "{mistake:?} printed data");
        let code = output.status.code().expect("no signal");
        let err = String::from_utf8_lossy(&output.stderr);
        let folder = std::fs::canonicalize(queue.path("")).expect("there");
        let err = err
            .replace(&folder.display().to_string(), "[FOLDER]")
            .replace(&queued, "[QUEUED]")
            .replace(&old, "[OLD]");
        writeln!(shown, "$ sparkq {mistake}\n[{code}] {err}").expect("written");
    }
    insta::assert_snapshot!(shown, @r#"
    $ sparkq 
    [2] Queue work, walk away, review results later

    Usage: sparkq [OPTIONS] <COMMAND>

    Commands:
      setup        Make this folder a project: write sparkq.toml and make the database
      session      Sessions: bounded periods of work
      stream       Streams: FIFO lanes of tasks, with instructions for whoever works on them
      enqueue      Queue a task, and print its id
      peek         Print the next queued task of a stream as JSON; nothing when there is none
      claim        Take the oldest queued task of a stream, and print it as JSON
      complete     Hand in the result of a task that you have claimed
      fail         Give up on a task that you have claimed, and say why
      tasks        List tasks, newest first
      task         Show everything about one task
      requeue      Queue a failed task once more, as a clone, and print the clone's id
      cancel       Take a queued task out of the queue
      purge        Remove tasks that finished some time ago, and what is left empty
      tools        List the tools, or show what one of them takes and how it is carried out
      scripts      List the scripts that the script tools can run, or those in which all given words are
                   found
      playbook     Print the playbook for workers: how to claim, carry out and hand in tasks
      plugin       Plugins: tools of your own or of others
      run          Start the server: the HTTP API, the web page, and the watchers that wake workers
      reload       Have the server read sparkq.toml, the plugins and the scripts anew, with no restart
      stop         End the server and all watchers, or the watcher of one stream
      status       Show the queue in a few numbers, and what runs
      watch        Wake the worker of a stream, as a process of its own
      teardown     Remove the queue: the database with all tasks, and what else setup has made
      completions  Print what makes a shell complete commands, ids, streams and tools

    Options:
          --url <URL>      The server to ask instead of the project here, as https://box:8420; its token
                           goes into SPARKQ_TOKEN [env: SPARKQ_URL, unless --config or --direct is
                           given]
          --config <FILE>  The project's sparkq.toml; found by walking up from the current folder when
                           not given [env: SPARKQ_CONFIG]
          --json           Print one JSON document, and errors as JSON
          --direct         Write to the database file itself, even while a server runs
      -v, --verbose        Say on stderr what was done, also when it is not a terminal
      -h, --help           Print help (see more with '--help')
      -V, --version        Print version

    $ sparkq clam
    [2] Error: unrecognized subcommand 'clam'

      tip: a similar subcommand exists: 'claim'

    Usage: sparkq [OPTIONS] <COMMAND>

    Hint: see sparkq --help

    $ sparkq peek
    [2] Error: the following required arguments were not provided:
      --stream <STREAM>

    Usage: sparkq peek --stream <STREAM>

    Hint: see sparkq peek --help

    $ sparkq peek --strem auth
    [2] Error: unexpected argument '--strem' found

      tip: a similar argument exists: '--stream'

    Usage: sparkq peek --stream <STREAM>

    Hint: see sparkq peek --help

    $ sparkq enqueue run-bash
    [2] Error: the following required arguments were not provided:
      --stream <STREAM>
      <PAYLOAD>

    Usage: sparkq enqueue --stream <STREAM> <TOOL> <PAYLOAD>

    Hint: see sparkq enqueue --help

    $ sparkq fail X
    [2] Error: the following required arguments were not provided:
      --error <TEXT>

    Usage: sparkq fail --error <TEXT> <ID>

    Hint: see sparkq fail --help

    $ sparkq enqueue run-bsh A --stream auth
    [1] Error: tool `run-bsh` was not found; there are `run-bash`, `run-bash-fast`, `run-python`, `llm-haiku`, `llm-sonnet`, `summarize`, `delegate-codex`, `validate-outputs`, `validate-integration`
    Hint: see all tools: sparkq tools

    $ sparkq enqueue run-bash B --stream auth
    [1] Error: the payload does not fit tool `run-bash`
      /script_path: not in the script index; nearest: `scripts/a.sh`, `scripts/b.sh` [not-found] (try "scripts/a.sh")
    Hint: see what it takes: sparkq tools run-bash

    $ sparkq enqueue run-python A --stream auth --check
    [1] Error: the payload does not fit tool `run-python`
      /script_path: is a shell script, and `run-python` runs python scripts; `run-bash` runs it [conflict]
    Hint: see what it takes: sparkq tools run-python

    $ sparkq enqueue run-bash { --stream auth
    [1] Error: PAYLOAD is not valid JSON: EOF while parsing an object at line 1 column 1
    Hint: check the quoting, or pass the JSON as @file or - (standard input)

    $ sparkq enqueue run-bash [] --stream auth
    [1] Error: PAYLOAD is not valid JSON: it is an array, and an object is needed
    Hint: check the quoting, or pass the JSON as @file or - (standard input)

    $ sparkq enqueue run-bash TWICE --stream auth
    [1] Error: PAYLOAD is not valid JSON: the key `script_path` stands twice in one object at line 1 column 43
    Hint: check the quoting, or pass the JSON as @file or - (standard input)

    $ sparkq enqueue run-bash LARGE --stream auth
    [1] Error: PAYLOAD is not valid JSON: number out of range at line 1 column 39
    Hint: check the quoting, or pass the JSON as @file or - (standard input)

    $ sparkq enqueue run-bash @nothing.json --stream auth
    [1] Error: PAYLOAD: cannot read `nothing.json`: No such file or directory (os error 2)
    Hint: see sparkq enqueue --help

    $ sparkq enqueue --batch batch.ndjson --stream auth
    [1] Error: line 2: the line is blank
    Hint: see sparkq enqueue --help

    $ sparkq enqueue llm-haiku {"prompt":""} --stream auth
    [1] Error: the payload does not fit tool `llm-haiku`
      /prompt: must not be blank [required]
    Hint: see what it takes: sparkq tools llm-haiku

    $ sparkq enqueue run-bash A --stream auth --timeout soon
    [1] Error: --timeout: `soon` is not a duration: a whole number and a unit, as in 90, 90s, 9m, 2h or 3d
    Hint: see sparkq enqueue --help

    $ sparkq enqueue run-bash A --stream auth --timeout 0
    [1] Error: --timeout: `0` is not a timeout: from 1 second to 7 days (604800 seconds)
    Hint: see sparkq enqueue --help

    $ sparkq enqueue run-bash A --stream auth --timeout -5
    [1] Error: --timeout: `-5` is not a duration: a whole number and a unit, as in 90, 90s, 9m, 2h or 3d
    Hint: see sparkq enqueue --help

    $ sparkq enqueue run-bash A --stream auth --timeout 8d
    [1] Error: --timeout: `8d` is not a timeout: from 1 second to 7 days (604800 seconds)
    Hint: see sparkq enqueue --help

    $ sparkq claim --stream auth --wait forever
    [1] Error: --wait: `forever` is not a duration: a whole number and a unit, as in 90, 90s, 9m, 2h or 3d
    Hint: see sparkq claim --help

    $ sparkq purge --older-than 3w
    [1] Error: --older-than: `3w` is not a duration: a whole number and a unit, as in 90, 90s, 9m, 2h or 3d
    Hint: see sparkq purge --help

    $ sparkq tasks --limit 0
    [1] Error: --limit: `0` is not a number from 1 to 1000
    Hint: see sparkq tasks --help

    $ sparkq tasks --limit many
    [1] Error: --limit: `many` is not a number from 1 to 1000
    Hint: see sparkq tasks --help

    $ sparkq session create s
    [1] Error: an active session is named `s` already
    Hint: choose another name, or rename that one: sparkq session edit s --name NEW

    $ sparkq session create two_words!
    [1] Error: name: `two_words!` is not a name: a letter or digit, then up to 63 letters, digits, `.`, `_` or `-`
    Hint: see sparkq session create --help

    $ sparkq session create ses_x
    [1] Error: name: `ses_x` is not a name: it starts with `ses_`, `str_` or `tsk_`, as ids do
    Hint: see sparkq session create --help

    $ sparkq stream create AUTH --session s
    [1] Error: an active stream is named `auth` already
    Hint: choose another name, or rename that one: sparkq stream edit auth --name NEW

    $ sparkq stream create x --session nobody
    [1] Error: session `nobody` was not found; there is `s`
    Hint: see all sessions: sparkq session list

    $ sparkq tasks --status done
    [1] Error: --status: `done` is not a status: one of queued, running, succeeded, failed
    Hint: see sparkq tasks --help

    $ sparkq tasks --stream aut
    [1] Error: stream `aut` was not found; there is `auth`
    Hint: see all streams: sparkq stream list

    $ sparkq stream edit auth --name old/new
    [1] Error: name: `old/new` is not a name: a letter or digit, then up to 63 letters, digits, `.`, `_` or `-`
    Hint: see sparkq stream edit --help

    $ sparkq claim
    [1] Error: claim needs a stream; these have queued tasks: `auth` (1)
    Hint: sparkq claim --stream auth

    $ sparkq claim --stream old
    [1] Error: stream `old` is ended
    Hint: reopen it: sparkq stream reopen [OLD]

    $ sparkq enqueue run-bash A --stream old
    [1] Error: stream `old` is ended
    Hint: reopen it: sparkq stream reopen [OLD]

    $ sparkq complete QUEUED --summary x
    [1] Error: task `[QUEUED]` is queued, so it cannot be completed
    Hint: claim it first: sparkq claim --stream auth

    $ sparkq complete QUEUED --result {"exit_code":0}
    [1] Error: result.summary is required (string)
    Hint: --result '{"summary":"what was done"}', or --summary "what was done"

    $ sparkq requeue QUEUED
    [1] Error: task `[QUEUED]` is queued, so it cannot be requeued
    Hint: it waits for a worker: sparkq claim --stream auth

    $ sparkq stop --stream auth --session s
    [2] Error: unexpected argument '--session' found

    Usage: sparkq stop --stream <STREAM>

    Hint: see sparkq stop --help

    $ sparkq complete tsk_00000000 --summary x
    [1] Error: task `tsk_00000000` was not found
    Hint: see all tasks: sparkq tasks

    $ sparkq complete tsk_0 --summary x
    [1] Error: task `tsk_0` was not found
    Hint: see all tasks: sparkq tasks

    $ sparkq cancel str_00000000
    [1] Error: task `str_00000000` was not found
    Hint: see all tasks: sparkq tasks

    $ sparkq complete QUEUED --result {} --summary x
    [2] Error: the argument '--result <RESULT>' cannot be used with '--summary <TEXT>'

    Usage: sparkq complete --result <RESULT> <ID>

    Hint: see sparkq complete --help

    $ sparkq --json complete tsk_00000000 --summary x
    [1] {"error":"task `tsk_00000000` was not found","code":"TASK_NOT_FOUND","hint":"see all tasks: sparkq tasks"}

    $ sparkq --json claim --strem auth
    [2] {"error":"unexpected argument '--strem' found","code":"USAGE","hint":"Usage: sparkq claim --stream <STREAM>"}

    $ sparkq --config nowhere.toml tasks
    [1] Error: cannot read nowhere.toml: No such file or directory (os error 2)
    Hint: make one in this folder: sparkq setup --yes

    $ sparkq --config wrong.toml tasks
    [1] Error: wrong.toml:1:2: unknown table [servr]; did you mean `server`?
    Hint: the tables are `project`, `server`, `database`, `purge`, `scripts`, `task_classes`, `tools`, `plugins`, `watch`, `events`

    $ sparkq setup
    [1] Error: setup asks questions, and there is no terminal to ask on
    Hint: take every default: sparkq setup --yes

    $ sparkq run
    [1] Error: run asks which stream to watch, and this is no terminal: give --session or --no-watch
    Hint: sparkq run --session SESSION, or without watchers: sparkq run --no-watch

    $ sparkq teardown
    [1] Error: teardown asks before it removes anything, and this is no terminal
    Hint: sparkq teardown --yes
    "#);
}

#[test]
fn a_broken_project_file_is_refused_with_its_place() {
    let queue = TestQueue::new();
    queue.write("sparkq.toml", "[server]\nprot = 8420\n");
    insta::assert_snapshot!(queue.run(["tasks"]), @"
    exit: 1
    ----- stderr -----
    Error: [FOLDER]/sparkq.toml:2:1: unknown key `prot` in [server]; did you mean `port`?
    Hint: the keys of [server] are `host`, `port`, `token_file`, `allowed_hosts`
    ");
}
