;; Ends the program, as it thinks.
(import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
(core func $leave (canon lower (func $exit "exit")))
(core module $module
  (import "host" "leave" (func $leave (param i32)))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (call $leave (i32.const 0))
    unreachable))
(core instance $guest (instantiate $module (with "host" (instance (export "leave" (func $leave))))))
