-- Of a task that has changed several times the last change alone, and no claim: it adds no words. What was purged since
-- is no longer there to be found. In the order of the search's rows: a row before the last one makes it write
-- everything that it has gathered.
INSERT OR REPLACE INTO search (rowid, label, payload, summary, error, output)
SELECT t.seq, t.label, substr(t.payload, 1, ?3), coalesce(t.result ->> 'summary', ''), coalesce(t.error, ''),
       coalesce(substr(o.stdout, 1, ?3), '') || ' ' || coalesce(substr(o.stderr, 1, ?3), '')
FROM events e JOIN tasks t ON t.id = e.task_id LEFT JOIN outputs o ON o.task_id = t.id
WHERE e.seq > ?1 AND e.seq <= ?2 AND e.kind <> 'task.claimed'
  AND NOT EXISTS (SELECT 1 FROM task_events te JOIN events later ON later.seq = te.event
                  WHERE te.task = t.seq AND te.event > e.seq AND later.kind <> 'task.claimed')
ORDER BY t.seq
