UPDATE tasks
SET status = 'queued', attempts = 0, worker = NULL, started_at = NULL, updated_at = :now
WHERE id = :id AND status = 'running' AND started_at = :claimed_at AND worker = :worker
RETURNING stream_id AS id
