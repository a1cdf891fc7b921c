;; Takes memory until it gets no more, then traps as most allocators do.
(core module $module
  (import "tool" "memory" (memory 1))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (loop $again
      (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
    unreachable))
(core instance $guest (instantiate $module (with "tool" (instance $tool))))
