;; Claims every shell and every Perl script before all others, and never comes back from reading one.
(core module $guest
  (memory (export "memory") 2)
  ;; Two claims at 8: a pattern, no interpreter, priority 9.
  (data (i32.const 0) "\08\00\00\00\02\00\00\00")
  (data (i32.const 8) "\01\00\00\00\60\00\00\00\07\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\09\00\00\00")
  (data (i32.const 36) "\01\00\00\00\70\00\00\00\07\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\09\00\00\00")
  (data (i32.const 96) "**/*.sh")
  (data (i32.const 112) "**/*.pl")
  (func (export "claims") (result i32) i32.const 0)
  (func (export "extract") (param i32 i32 i64 i32 i32 i32 i32) (result i32)
    (loop $again (br $again))
    unreachable)
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 4096))
(core instance $guest (instantiate $guest))
