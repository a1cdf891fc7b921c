;; Answers with a million issues that say nothing.
(core module $module
  (import "tool" "memory" (memory 1))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (i32.mul (memory.grow (i32.const 800)) (i32.const 65536)))
    (i32.store (i32.const 24) (i32.const 1000000))
    (i32.const 16)))
(core instance $guest (instantiate $module (with "tool" (instance $tool))))
