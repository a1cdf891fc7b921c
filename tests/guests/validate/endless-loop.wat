;; Never comes back.
(core module $module
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (loop $again (br $again))
    unreachable))
(core instance $guest (instantiate $module))
