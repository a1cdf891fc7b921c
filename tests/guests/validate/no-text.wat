;; Answers with one issue whose message is no UTF-8.
(core module $module
  (import "tool" "memory" (memory 1))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (i32.const 128))
    (i32.store (i32.const 24) (i32.const 1))
    (i32.store8 (i32.const 32) (i32.const 0xff))
    (i32.store (i32.const 144) (i32.const 32))
    (i32.store (i32.const 148) (i32.const 1))
    (i32.const 16)))
(core instance $guest (instantiate $module (with "tool" (instance $tool))))
