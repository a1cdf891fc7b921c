-- One statement, because the stream may have ended while the plugin looked at the payload.
INSERT INTO tasks (id, stream_id, tool_name, plugin, task_class, payload, label, dedupe_key, status, timeout,
                   requeued_from, request_id, created_at, updated_at)
SELECT :id, streams.id, :tool, :plugin, :class, :payload, :label, :dedupe_key, 'queued', :timeout,
       :requeued_from, :request_id, :now, :now
FROM streams JOIN sessions ON sessions.id = streams.session_id
WHERE streams.id = :stream AND streams.status = 'active' AND sessions.status = 'active'
RETURNING 
