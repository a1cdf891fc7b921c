;; Answers with one issue for each variable of its environment, name and value, after one with its settings; traps when it
;; finds a folder.
(import "sparkq:plugin/config@1.0.0" (instance $config (export "get" (func (result string)))))
(import "wasi:cli/environment@0.2.0" (instance $environment
  (export "get-environment" (func (result (list (tuple string string)))))))
(import "wasi:filesystem/types@0.2.0" (instance $types (export "descriptor" (type $descriptor (sub resource)))))
(alias export $types "descriptor" (type $descriptor))
(import "wasi:filesystem/preopens@0.2.0" (instance $preopens
  (alias outer 1 $descriptor (type $outer))
  (export "descriptor" (type $descriptor' (eq $outer)))
  (export "get-directories" (func (result (list (tuple (own $descriptor') string)))))))
(core func $get (canon lower (func $config "get") (memory $memory) (realloc $realloc)))
(core func $variables
  (canon lower (func $environment "get-environment") (memory $memory) (realloc $realloc)))
(core func $folders
  (canon lower (func $preopens "get-directories") (memory $memory) (realloc $realloc)))
(core module $module
  (import "tool" "memory" (memory 1))
  (import "host" "get" (func $get (param i32)))
  (import "host" "variables" (func $variables (param i32)))
  (import "host" "folders" (func $folders (param i32)))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (local $left i32) (local $variable i32) (local $issue i32)
    (call $folders (i32.const 192))
    (if (i32.load (i32.const 196)) (then unreachable))
    (local.set $issue (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)))
    (i32.store (i32.const 16) (i32.const 0))
    (i32.store (i32.const 20) (local.get $issue))
    (call $get (i32.const 192))
    (i32.store offset=16 (local.get $issue) (i32.load (i32.const 192)))
    (i32.store offset=20 (local.get $issue) (i32.load (i32.const 196)))
    (i32.store8 offset=24 (local.get $issue) (i32.const 2))
    (call $variables (i32.const 192))
    (local.set $variable (i32.load (i32.const 192)))
    (local.set $left (i32.load (i32.const 196)))
    (i32.store (i32.const 24) (i32.add (local.get $left) (i32.const 1)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $issue (i32.add (local.get $issue) (i32.const 52)))
        (i32.store offset=8 (local.get $issue) (i32.load (local.get $variable)))
        (i32.store offset=12 (local.get $issue) (i32.load offset=4 (local.get $variable)))
        (i32.store offset=16 (local.get $issue) (i32.load offset=8 (local.get $variable)))
        (i32.store offset=20 (local.get $issue) (i32.load offset=12 (local.get $variable)))
        (i32.store8 offset=24 (local.get $issue) (i32.const 2))
        (local.set $variable (i32.add (local.get $variable) (i32.const 16)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (i32.const 16)))
(core instance $guest (instantiate $module
  (with "host" (instance
    (export "get" (func $get)) (export "variables" (func $variables)) (export "folders" (func $folders))))
  (with "tool" (instance $tool))))
