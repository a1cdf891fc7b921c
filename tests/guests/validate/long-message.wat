;; Answers with one issue whose message has 32 MiB.
(core module $module
  (import "tool" "memory" (memory 1))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.mul (memory.grow (i32.const 520)) (i32.const 65536)))
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (local.get $at))
    (i32.store (i32.const 24) (i32.const 1))
    (i32.store offset=16 (local.get $at) (i32.add (local.get $at) (i32.const 64)))
    (i32.store offset=20 (local.get $at) (i32.const 33554432))
    (i32.const 16)))
(core instance $guest (instantiate $module (with "tool" (instance $tool))))
