-- Version 4.

-- How many tasks a stream has in each status. Counted anew they would take a tenth of a second for a million, and an
-- index by status would be changed in two places by every claim and every finish.
CREATE TABLE counts (
    stream_id TEXT PRIMARY KEY REFERENCES streams (id) ON DELETE CASCADE,
    queued    INTEGER NOT NULL,
    running   INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    failed    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counts
SELECT streams.id, count(*) FILTER (WHERE tasks.status = 'queued'), count(*) FILTER (WHERE tasks.status = 'running'),
       count(*) FILTER (WHERE tasks.status = 'succeeded'), count(*) FILTER (WHERE tasks.status = 'failed')
FROM streams LEFT JOIN tasks ON tasks.stream_id = streams.id GROUP BY streams.id;
DROP INDEX tasks_of_stream;

-- Lists of what went wrong, and what a requeue takes.
CREATE INDEX tasks_failed ON tasks (seq) WHERE status = 'failed';

-- What runs is little, so the sweep looks at all of it, by `tasks_running`.
DROP INDEX tasks_due;
