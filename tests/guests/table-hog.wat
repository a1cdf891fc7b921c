;; Takes table elements until it is refused, then gives up.
(core module $guest
  (memory (export "memory") 1)
  (table $t 1 funcref)
  (func (export "get") (result i32)
    (loop $again
      (br_if $again (i32.ne (table.grow $t (ref.null func) (i32.const 10000)) (i32.const -1))))
    unreachable))
(core instance $guest (instantiate $guest))
