;; Gives up when it is asked which scripts it reads.
(core module $guest
  (memory (export "memory") 2)
  (func (export "claims") (result i32) unreachable)
  (func (export "extract") (param i32 i32 i64 i32 i32 i32 i32) (result i32) unreachable)
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 4096))
(core instance $guest (instantiate $guest))
