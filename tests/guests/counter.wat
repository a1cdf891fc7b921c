;; Says as its version how often this instance was called, up to nine times.
(core module $guest
  (memory (export "memory") 1)
  (data (i32.const 0) "\40\00\00\00\01\00\00\00")
  (global $calls (mut i32) (i32.const 0))
  (func (export "get") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store8 (i32.const 64) (i32.add (i32.const 48) (global.get $calls)))
    i32.const 0))
(core instance $guest (instantiate $guest))
