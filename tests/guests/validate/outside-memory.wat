;; Answers with a list that lies outside its memory.
(core module $module
  (import "tool" "memory" (memory 1))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (i32.const 0x7ffffff0))
    (i32.store (i32.const 24) (i32.const 3))
    (i32.const 16)))
(core instance $guest (instantiate $module (with "tool" (instance $tool))))
