;; Takes memory until it is refused, then gives up.
(core module $guest
  (memory (export "memory") 1)
  (func (export "get") (result i32)
    (loop $again
      (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
    unreachable))
(core instance $guest (instantiate $guest))
