UPDATE tasks
SET status = 'running', attempts = 1, worker = :worker, started_at = max(:now, created_at), updated_at = max(:now, created_at)
WHERE seq = (SELECT seq FROM tasks INDEXED BY tasks_next WHERE stream_id = :stream AND status = 'queued' ORDER BY seq LIMIT 1)
RETURNING 
