;; Says a version of five MiB.
(core module $guest
  (memory (export "memory") 100)
  (data (i32.const 0) "\40\00\00\00\00\00\50\00")
  (func (export "get") (result i32) i32.const 0))
(core instance $guest (instantiate $guest))
