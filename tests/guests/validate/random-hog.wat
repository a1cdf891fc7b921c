;; Asks for more random bytes than any machine has room for.
(import "wasi:random/random@0.2.0" (instance $random
  (export "get-random-bytes" (func (param "len" u64) (result (list u8))))))
(core func $bytes
  (canon lower (func $random "get-random-bytes") (memory $memory) (realloc $realloc)))
(core module $module
  (import "host" "bytes" (func $bytes (param i64 i32)))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (call $bytes (i64.const 0x3fffffffffffffff) (i32.const 192))
    (i32.const 16)))
(core instance $guest (instantiate $module (with "host" (instance (export "bytes" (func $bytes))))))
