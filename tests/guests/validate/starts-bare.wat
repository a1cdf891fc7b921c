;; Starts only where its environment is empty.
(import "wasi:cli/environment@0.2.0" (instance $environment
  (export "get-environment" (func (result (list (tuple string string)))))))
(core func $variables
  (canon lower (func $environment "get-environment") (memory $memory) (realloc $realloc)))
(core module $module
  (import "tool" "memory" (memory 1))
  (import "tool" "issues" (func $issues (param i32 i32 i32 i32) (result i32)))
  (import "host" "variables" (func $variables (param i32)))
  (func $start
    (call $variables (i32.const 192))
    (if (i32.load (i32.const 196)) (then unreachable)))
  (start $start)
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (call $issues (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
(core instance $guest (instantiate $module
  (with "host" (instance (export "variables" (func $variables))))
  (with "tool" (instance $tool))))
