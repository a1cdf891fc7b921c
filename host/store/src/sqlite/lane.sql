SELECT streams.name AS name,
       EXISTS (SELECT 1 FROM tasks INDEXED BY tasks_next WHERE stream_id = streams.id AND tasks.status = 'queued') AS queued
FROM streams JOIN sessions ON sessions.id = session_id
WHERE streams.id = :stream AND streams.status = 'active' AND sessions.status = 'active'
