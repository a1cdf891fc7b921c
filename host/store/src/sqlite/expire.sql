UPDATE tasks
SET status = 'failed', finished_at = :now, updated_at = :now,
    error = 'Auto-failed: task exceeded 2x timeout (' || timeout
            || 's) with no complete/fail reported. Likely worker crash or disconnect.'
WHERE seq IN (SELECT seq FROM tasks WHERE status = 'running' AND started_at + 2000 * timeout < :now LIMIT :limit)
RETURNING id, stream_id
