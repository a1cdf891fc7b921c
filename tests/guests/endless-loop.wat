;; Never comes back.
(core module $guest
  (memory (export "memory") 1)
  (func (export "get") (result i32)
    (loop $again (br $again))
    unreachable))
(core instance $guest (instantiate $guest))
