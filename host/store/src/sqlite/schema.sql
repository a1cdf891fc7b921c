-- The queue, version 1. Times are milliseconds since 1970 in UTC; the views at the end spell them.

CREATE TABLE projects (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    name       TEXT NOT NULL,
    repo_path  TEXT NOT NULL,
    prd_path   TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    id          TEXT PRIMARY KEY,
    project_id  INTEGER NOT NULL REFERENCES projects (id),
    name        TEXT NOT NULL COLLATE NOCASE,
    description TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('active', 'ended')),
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sessions_active ON sessions (name) WHERE status = 'active';

CREATE TABLE streams (
    id           TEXT PRIMARY KEY,
    session_id   TEXT NOT NULL REFERENCES sessions (id),
    name         TEXT NOT NULL COLLATE NOCASE,
    instructions TEXT NOT NULL,
    status       TEXT NOT NULL CHECK (status IN ('active', 'ended')),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX streams_active ON streams (name) WHERE status = 'active';
CREATE INDEX streams_of_session ON streams (session_id);

CREATE TABLE tasks (
    seq           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    stream_id     TEXT NOT NULL REFERENCES streams (id),
    tool_name     TEXT NOT NULL,
    plugin        TEXT NOT NULL,
    task_class    TEXT NOT NULL,
    payload       TEXT NOT NULL,
    label         TEXT NOT NULL,
    dedupe_key    TEXT,
    status        TEXT NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
    timeout       INTEGER NOT NULL CHECK (timeout BETWEEN 1 AND 604800),
    attempts      INTEGER NOT NULL DEFAULT 0 CHECK (attempts IN (0, 1)),
    worker        TEXT,
    result        TEXT,
    error         TEXT,
    requeued_from TEXT,
    request_id    TEXT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    started_at    INTEGER,
    finished_at   INTEGER
) STRICT;
-- The claim.
CREATE INDEX tasks_next ON tasks (stream_id, seq) WHERE status = 'queued';
-- The sweep: which running task is overdue first.
CREATE INDEX tasks_due ON tasks (started_at + 2000 * timeout) WHERE status = 'running';
-- The purge.
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;
-- Counts, and lists of one stream.
CREATE INDEX tasks_of_stream ON tasks (stream_id, status, seq);
CREATE INDEX tasks_clones ON tasks (requeued_from) WHERE requeued_from IS NOT NULL;
CREATE UNIQUE INDEX tasks_live_key ON tasks (stream_id, dedupe_key)
    WHERE dedupe_key IS NOT NULL AND status IN ('queued', 'running');
CREATE UNIQUE INDEX tasks_request ON tasks (request_id) WHERE request_id IS NOT NULL;

CREATE TABLE outputs (
    task_id TEXT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    stdout  TEXT,
    stderr  TEXT
) STRICT;

-- Written in the transaction of the change it tells of. No foreign key: a purge takes a task and its events.
CREATE TABLE events (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    session_id TEXT,
    stream_id  TEXT,
    task_id    TEXT,
    data       TEXT
) STRICT;
CREATE INDEX events_of_task ON events (task_id) WHERE task_id IS NOT NULL;

-- The catalogue: what each plugin said of its tools, kept by digest.
CREATE TABLE plugins (
    name    TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    digest  TEXT NOT NULL
) STRICT;

CREATE TABLE tools (
    name       TEXT PRIMARY KEY,
    plugin     TEXT NOT NULL REFERENCES plugins (name) ON DELETE CASCADE,
    place      INTEGER NOT NULL,
    guide      TEXT NOT NULL,
    definition TEXT NOT NULL
) STRICT;

CREATE TABLE scripts (
    path  TEXT PRIMARY KEY,
    entry TEXT NOT NULL
) STRICT;

CREATE VIEW task_list AS
SELECT t.seq, t.id, s.name AS stream, t.tool_name, t.label, t.status, t.worker, t.timeout,
       strftime('%Y-%m-%dT%H:%M:%fZ', t.created_at / 1000.0, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', t.started_at / 1000.0, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', t.finished_at / 1000.0, 'unixepoch') AS finished_at,
       t.result ->> 'summary' AS summary, t.error, t.requeued_from
FROM tasks t JOIN streams s ON s.id = t.stream_id;

CREATE VIEW event_list AS
SELECT seq, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at, kind, actor,
       session_id, stream_id, task_id, data
FROM events;
