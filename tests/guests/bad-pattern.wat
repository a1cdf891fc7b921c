;; Claims the scripts of a pattern that is none.
(core module $guest
  (memory (export "memory") 2)
  (data (i32.const 0) "\08\00\00\00\01\00\00\00")
  (data (i32.const 8) "\01\00\00\00\40\00\00\00\02\00\00\00")
  (data (i32.const 64) "[a")
  (func (export "claims") (result i32) i32.const 0)
  (func (export "extract") (param i32 i32 i64 i32 i32 i32 i32) (result i32) unreachable)
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 4096))
(core instance $guest (instantiate $guest))
