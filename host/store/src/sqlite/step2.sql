-- Version 2.

-- The streams that were ended with their session; reopening it reopens them.
CREATE TABLE ended_with_session (
    stream_id TEXT PRIMARY KEY REFERENCES streams (id) ON DELETE CASCADE
) STRICT;

-- What came of requests that must not be done twice, by the key they were sent with. `tasks` is a JSON array of ids.
CREATE TABLE requests (
    id     TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    tasks  TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX requests_at ON requests (at);
-- A key that is forgotten may be used again, while its first task is still there.
DROP INDEX tasks_request;

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
