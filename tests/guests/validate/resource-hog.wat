;; Holds on to ever more of the host's resources.
(import "wasi:io/poll@0.2.0" (instance $poll (export "pollable" (type $pollable (sub resource)))))
(alias export $poll "pollable" (type $pollable))
(import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
  (alias outer 1 $pollable (type $outer))
  (export "pollable" (type $pollable (eq $outer)))
  (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
(core func $subscribe (canon lower (func $clock "subscribe-duration")))
(core module $module
  (import "host" "subscribe" (func $subscribe (param i64) (result i32)))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (loop $again
      (drop (call $subscribe (i64.const 1)))
      (br $again))
    unreachable))
(core instance $guest (instantiate $module (with "host" (instance (export "subscribe" (func $subscribe))))))
