 FROM tasks
-- The search gives its rows in the order of their tasks, and no more of them than a page has.
WHERE seq IN (SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?)
ORDER BY seq DESC
