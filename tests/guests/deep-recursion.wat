;; Calls itself until the stack is full.
(core module $guest
  (memory (export "memory") 1)
  (func $deeper (export "get") (result i32)
    (i32.add (call $deeper) (i32.const 1))))
(core instance $guest (instantiate $guest))
