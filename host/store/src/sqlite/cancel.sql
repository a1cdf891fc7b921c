UPDATE tasks
SET status = 'failed', error = :error, finished_at = :now, updated_at = :now
WHERE id = :id AND status = 'queued'
RETURNING 
