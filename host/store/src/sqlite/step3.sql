-- Version 3.

-- Which events tell of a task, by the task's `seq`: tasks that are worked on at the same time lie side by side here. By
-- its id, which is random, every event would touch a page of its own.
CREATE TABLE task_events (
    task  INTEGER NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (task, event)
) STRICT, WITHOUT ROWID;
INSERT INTO task_events (task, event) SELECT tasks.seq, events.seq FROM events JOIN tasks ON tasks.id = events.task_id;
DROP INDEX events_of_task;

-- The same check, spelled so that SQLite does not fill a temporary table with the four words for every row that is
-- written. A CHECK is what SQLite's documentation of ALTER TABLE lets one change this way.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
    'CHECK (status IN (''queued'', ''running'', ''succeeded'', ''failed''))',
    'CHECK (status = ''queued'' OR status = ''running'' OR status = ''succeeded'' OR status = ''failed'')')
WHERE type = 'table' AND name = 'tasks';
PRAGMA writable_schema = RESET;
