;; Says a version that is no UTF-8.
(core module $guest
  (memory (export "memory") 1)
  (data (i32.const 0) "\40\00\00\00\02\00\00\00")
  (data (i32.const 64) "\ff\fe")
  (func (export "get") (result i32) i32.const 0))
(core instance $guest (instantiate $guest))
