;; Logs for ever what would make a terminal red, clear it and change its title.
(import "sparkq:plugin/log@1.0.0" (instance $log
  (type $level' (enum "trace" "debug" "info" "warn" "error"))
  (export "level" (type $level (eq $level')))
  (export "write" (func
    (param "level" $level) (param "message" string) (param "fields" (list (tuple string string)))))))
(core func $write (canon lower (func $log "write") (memory $memory)))
(core module $module
  (import "tool" "memory" (memory 1))
  (import "tool" "issues" (func $issues (param i32 i32 i32 i32) (result i32)))
  (import "host" "write" (func $write (param i32 i32 i32 i32 i32)))
  (data (i32.const 256) "\1b[31m\1b[2J\1b]0;mine\07\r\nline two \e2\80\ae")
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (local $left i32)
    (local.set $left (i32.const 10000))
    (loop $again
      (call $write (i32.const 3) (i32.const 256) (i32.const 32) (i32.const 0) (i32.const 0))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (call $issues (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
(core instance $guest (instantiate $module
  (with "host" (instance (export "write" (func $write))))
  (with "tool" (instance $tool))))
