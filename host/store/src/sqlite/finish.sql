UPDATE tasks
SET status = :status, result = :result, error = :error, finished_at = :now, updated_at = :now
WHERE seq = :seq AND status = 'running'
