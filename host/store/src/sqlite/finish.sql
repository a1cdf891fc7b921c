UPDATE tasks
SET status = :status, result = :result, error = :error, finished_at = :now, updated_at = :now
WHERE id = :id AND status = 'running'
RETURNING 
