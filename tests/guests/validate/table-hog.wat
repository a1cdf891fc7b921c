;; Makes its table longer until it gets no more.
(core module $module
  (table $table 1 funcref)
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (loop $again
      (br_if $again (i32.ne (table.grow $table (ref.null func) (i32.const 1000)) (i32.const -1))))
    unreachable))
(core instance $guest (instantiate $module))
