 FROM tasks INDEXED BY tasks_next WHERE stream_id = ?1 AND status = 'queued' ORDER BY seq LIMIT 1
