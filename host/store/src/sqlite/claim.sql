UPDATE tasks
SET status = 'running', attempts = 1, worker = :worker, started_at = :now, updated_at = :now
WHERE seq = (SELECT seq FROM tasks INDEXED BY tasks_next WHERE stream_id = :stream AND status = 'queued' ORDER BY seq LIMIT 1)
RETURNING 
