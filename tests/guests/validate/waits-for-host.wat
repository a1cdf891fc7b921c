;; Lists the granted folder `data` for ever: the host works, and the guest does not.
(import "sparkq:plugin/files@1.0.0" (instance $files
  (type $error' (variant (case "denied" string) (case "not-found") (case "too-large" u64) (case "io" string)))
  (export "error" (type $error (eq $error')))
  (type $entry' (record (field "path" string) (field "size" u64) (field "executable" bool) (field "directory" bool)))
  (export "entry" (type $entry (eq $entry')))
  (export "entries" (func
    (param "root" string) (param "dir" string) (param "after" (option string))
    (result (result (list $entry) (error $error)))))))
(core module $nowhere
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096)))
(core instance $nowhere (instantiate $nowhere))
(alias core export $nowhere "realloc" (core func $same-place))
(core func $entries (canon lower (func $files "entries") (memory $memory) (realloc $same-place)))
(core module $module
  (import "tool" "memory" (memory 1))
  (import "host" "entries" (func $entries (param i32 i32 i32 i32 i32 i32 i32 i32)))
  (data (i32.const 256) "data")
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (loop $again
      (call $entries (i32.const 256) (i32.const 4) (i32.const 400) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 192))
      (br $again))
    unreachable))
(core instance $guest (instantiate $module
  (with "host" (instance (export "entries" (func $entries))))
  (with "tool" (instance $tool))))
