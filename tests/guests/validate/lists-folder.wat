;; Lists `(; PATH ;)` of the granted folder `data` and answers with one issue for each entry: its path.
(import "sparkq:plugin/files@1.0.0" (instance $files
  (type $error' (variant (case "denied" string) (case "not-found") (case "too-large" u64) (case "io" string)))
  (export "error" (type $error (eq $error')))
  (type $entry' (record (field "path" string) (field "size" u64) (field "executable" bool) (field "directory" bool)))
  (export "entry" (type $entry (eq $entry')))
  (export "entries" (func
    (param "root" string) (param "dir" string) (param "after" (option string))
    (result (result (list $entry) (error $error)))))))
(core func $entries (canon lower (func $files "entries") (memory $memory) (realloc $realloc)))
(core module $module
  (import "tool" "memory" (memory 1))
  (import "host" "entries" (func $entries (param i32 i32 i32 i32 i32 i32 i32 i32)))
  (data (i32.const 256) "data")
  (data (i32.const 400) "(; PATH ;)")
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (local $left i32) (local $entry i32) (local $issue i32)
    (call $entries (i32.const 256) (i32.const 4) (i32.const 400) (i32.const (; PATH LENGTH ;))
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 192))
    (if (i32.load8_u (i32.const 192)) (then unreachable))
    (local.set $entry (i32.load (i32.const 200)))
    (local.set $left (i32.load (i32.const 204)))
    (i32.store (i32.const 16) (i32.const 0))
    (local.set $issue (i32.mul (memory.grow (i32.const 2)) (i32.const 65536)))
    (i32.store (i32.const 20) (local.get $issue))
    (i32.store (i32.const 24) (local.get $left))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (i32.store offset=16 (local.get $issue) (i32.load (local.get $entry)))
        (i32.store offset=20 (local.get $issue) (i32.load offset=4 (local.get $entry)))
        (local.set $issue (i32.add (local.get $issue) (i32.const 52)))
        (local.set $entry (i32.add (local.get $entry) (i32.const 24)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (i32.const 16)))
(core instance $guest (instantiate $module
  (with "host" (instance (export "entries" (func $entries))))
  (with "tool" (instance $tool))))
