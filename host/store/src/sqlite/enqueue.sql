INSERT INTO tasks (id, stream_id, tool_name, plugin, task_class, payload, label, dedupe_key, status, timeout,
                   requeued_from, request_id, created_at, updated_at)
VALUES (:id, :stream, :tool, :plugin, :class, :payload, :label, :dedupe_key, 'queued', :timeout,
        :requeued_from, :request_id, :now, :now)
