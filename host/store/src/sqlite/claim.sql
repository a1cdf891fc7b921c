UPDATE tasks
SET status = 'running', attempts = 1, worker = :worker, started_at = :now, updated_at = :now
WHERE seq = :seq AND status = 'queued'
