;; Never starts.
(core module $module
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "validate") (param i32 i32 i32 i32) (result i32) unreachable))
(core instance $guest (instantiate $module))
