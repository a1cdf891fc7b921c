;; A whole component for a world of some other host.
(component
  (import "acme:queue/jobs@3.1.0" (instance (export "next" (func (result string)))))
  (import "wasi:http/types@0.2.0" (instance (export "fields" (type (sub resource)))))
  (import "sparkq:plugin/secrets@1.2.0" (instance (export "get" (func (result string)))))
  (component $empty)
  (instance $tools (instantiate $empty))
  (export "sparkq:plugin/tools@2.0.0" (instance $tools))
  (export "acme:queue/handler@3.1.0" (instance $tools)))
