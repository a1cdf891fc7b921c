;; Lets the first payload pass and traps at the second, if the same instance sees it.
(core module $module
  (import "tool" "issues" (func $issues (param i32 i32 i32 i32) (result i32)))
  (global $calls (mut i32) (i32.const 0))
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (if (i32.gt_u (global.get $calls) (i32.const 1)) (then unreachable))
    (call $issues (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
(core instance $guest (instantiate $module (with "tool" (instance $tool))))
