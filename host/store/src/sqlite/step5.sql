-- Version 5.

-- The catalogue, with what each plugin says of itself; plugins are asked anew. `config` is the table of settings that a
-- plugin answered under, and `judges` whether it looks at results, so that to complete a task of one that does not starts
-- no plugin. Two plugins may have a tool of one name: `sparkq.toml` gives the second another one.
DROP TABLE tools;
DROP TABLE plugins;
CREATE TABLE plugins (
    name     TEXT PRIMARY KEY,
    version  TEXT NOT NULL,
    digest   TEXT NOT NULL,
    config   TEXT NOT NULL,
    built_in INTEGER NOT NULL CHECK (built_in IN (0, 1)),
    judges   INTEGER NOT NULL CHECK (judges IN (0, 1)),
    about    TEXT NOT NULL
) STRICT;
CREATE TABLE tools (
    plugin     TEXT NOT NULL REFERENCES plugins (name) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    place      INTEGER NOT NULL,
    guide      TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (plugin, name)
) STRICT;

-- What plugins wrote into their logs and what they did wrong: of each the newest.
CREATE TABLE plugin_log (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    plugin   TEXT NOT NULL,
    level    TEXT NOT NULL,
    function TEXT NOT NULL,
    task_id  TEXT,
    message  TEXT NOT NULL
) STRICT;
CREATE INDEX plugin_log_of ON plugin_log (plugin, seq);

-- Plugins whose last call failed: how many did in a row, and until when it is not called. A call that goes well takes
-- the row away.
CREATE TABLE plugin_faults (
    plugin  TEXT PRIMARY KEY,
    digest  TEXT NOT NULL,
    in_row  INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    fault   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    until   INTEGER
) STRICT;
