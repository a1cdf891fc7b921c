;; Wants a gigabyte before it does anything.
(core module $guest
  (memory (export "memory") 16384)
  (func (export "get") (result i32) i32.const 0))
(core instance $guest (instantiate $guest))
