-- Version 5.

-- Whether the plugin judges results, so that to complete a task of one that does not starts no plugin. Plugins are asked
-- anew when their digest has changed.
ALTER TABLE plugins ADD COLUMN judges INTEGER NOT NULL DEFAULT 0;
