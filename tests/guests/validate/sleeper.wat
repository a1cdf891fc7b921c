;; Sleeps for a century, then has nothing to say.
(import "wasi:io/poll@0.2.0" (instance $poll
  (export "pollable" (type $pollable (sub resource)))
  (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
(alias export $poll "pollable" (type $pollable))
(import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
  (alias outer 1 $pollable (type $outer))
  (export "pollable" (type $pollable (eq $outer)))
  (export "subscribe-duration" (func (param "when" u64) (result (own $pollable))))))
(core func $subscribe (canon lower (func $clock "subscribe-duration")))
(core func $block (canon lower (func $poll "[method]pollable.block")))
(core module $module
  (import "host" "subscribe" (func $subscribe (param i64) (result i32)))
  (import "host" "block" (func $block (param i32)))
  (import "tool" "issues" (func $issues (param i32 i32 i32 i32) (result i32)))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (call $block (call $subscribe (i64.const 3153600000000000000)))
    (call $issues (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
(core instance $guest (instantiate $module
  (with "host" (instance (export "subscribe" (func $subscribe)) (export "block" (func $block))))
  (with "tool" (instance $tool))))
