-- Version 2.

-- The streams that were ended with their session; reopening it reopens them.
CREATE TABLE ended_with_session (
    stream_id TEXT PRIMARY KEY REFERENCES streams (id) ON DELETE CASCADE
) STRICT;

-- What came of requests that must not be done twice, by the key they were sent with. `tasks` is a JSON array of ids,
-- `handed` how many answers to a claim are with its worker, or on their way to it.
CREATE TABLE requests (
    id     TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    tasks  TEXT NOT NULL,
    handed INTEGER NOT NULL DEFAULT 1,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX requests_at ON requests (at);
-- A key that is forgotten may be used again, while its first task is still there.
DROP INDEX tasks_request;

-- Lists: of one stream, and of what runs.
CREATE INDEX tasks_in_stream ON tasks (stream_id, seq);
CREATE INDEX tasks_running ON tasks (seq) WHERE status = 'running';
-- The statistics: what was enqueued since.
CREATE INDEX tasks_created ON tasks (created_at);
-- The purge: events that belong to no task.
CREATE INDEX events_of_no_task ON events (at) WHERE task_id IS NULL;

-- The search, kept up in the background by following the events; its row is the task's `seq`.
CREATE VIRTUAL TABLE search USING fts5(label, payload, summary, error, output, content = '', contentless_delete = 1);
CREATE TABLE searched (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO searched VALUES (1, 0);
