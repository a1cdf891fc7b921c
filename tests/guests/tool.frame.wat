;; A whole tool plugin: it exports `about`, `tools` and `payloads`. What it says stands in its memory; what `validate` does
;; comes from the core instance `$guest`, in one of the files beside this one or, if it does nothing, from `$tool` itself.
(component
  (core module $tool-module
    (memory (export "memory") (; PAGES ;))
    (; DATA ;)
    (global $start i32 (i32.const (; HEAP ;)))
    (global $heap (mut i32) (i32.const (; HEAP ;)))
    ;; Room for arguments: always new, until the call is over.
    (func (export "realloc") (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 15)) (i32.const -16)))
      (global.set $heap (i32.add (local.get $at) (local.get $size)))
      (block $enough
        (br_if $enough (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
        (drop (memory.grow (i32.add (i32.div_u (local.get $size) (i32.const 65536)) (i32.const 1)))))
      (local.get $at))
    (func $over (global.set $heap (global.get $start)))
    (func (export "get") (result i32) (i32.const (; INFO ;)))
    (func (export "definitions") (result i32) (i32.const (; DEFINITIONS ;)))
    ;; What the guest has to say of every payload.
    (func (export "issues") (param i32 i32 i32 i32) (result i32)
      (call $over)
      (i32.const (; ISSUES ;)))
    ;; The payload as it is, unless something stands there instead.
    (func (export "normalize") (param $tool i32) (param i32) (param $payload i32) (param $length i32) (result i32)
      (call $over)
      (if (i32.eqz (i32.const (; NORMALIZED ;)))
        (then
          (i32.store (i32.const 68) (local.get $payload))
          (i32.store (i32.const 72) (local.get $length))))
      (i32.const 64)))
  (core instance $tool (instantiate $tool-module))
  (alias core export $tool "memory" (core memory $memory))
  (alias core export $tool "realloc" (core func $realloc))
  (alias core export $tool "issues" (core func $issues))

  (; GUEST ;)

  (type $need' (record (field "grant" string) (field "why" string) (field "optional" bool)))
  (type $info'
    (record
      (field "version" string)
      (field "homepage" (option string))
      (field "license" (option string))
      (field "needs" (list $need'))
      (field "attrs" (list (tuple string string)))))
  (type $fault' (record (field "code" string) (field "message" string)))
  (type $hints' (flags "read-only" "destructive" "idempotent" "open-world"))
  (type $example' (record (field "title" string) (field "payload" string)))
  (type $definition'
    (record
      (field "name" string)
      (field "title" string)
      (field "description" string)
      (field "guide" string)
      (field "task-class" string)
      (field "timeout-seconds" (option u32))
      (field "payload-schema" string)
      (field "result-schema" (option string))
      (field "template" string)
      (field "examples" (list $example'))
      (field "hints" $hints')
      (field "attrs" (list (tuple string string)))))
  (type $severity' (enum "error" "warning" "hint"))
  (type $issue'
    (record
      (field "pointer" string)
      (field "code" string)
      (field "message" string)
      (field "severity" $severity')
      (field "expected" (option string))
      (field "suggestion" (option string))))
  (type $normalized'
    (record
      (field "payload" string)
      (field "label" string)
      (field "dedupe-key" (option string))
      (field "task-class" (option string))
      (field "timeout-seconds" (option u32))
      (field "attrs" (list (tuple string string)))))
  (func $get (result $info') (canon lift (core func $tool "get") (memory $memory)))
  (func $definitions (result (result (list $definition') (error $fault')))
    (canon lift (core func $tool "definitions") (memory $memory)))
  (func $validate (param "tool" string) (param "payload" string) (result (result (list $issue') (error $fault')))
    (canon lift (core func $guest "validate") (memory $memory) (realloc $realloc)))
  (func $normalize (param "tool" string) (param "payload" string) (result (result $normalized' (error $fault')))
    (canon lift (core func $tool "normalize") (memory $memory) (realloc $realloc)))

  ;; An exported function may only use types that have a name, and a nested component is how types get theirs.
  (component $named-about
    (type $need' (record (field "grant" string) (field "why" string) (field "optional" bool)))
    (import "need" (type $need (eq $need')))
    (type $info'
      (record
        (field "version" string)
        (field "homepage" (option string))
        (field "license" (option string))
        (field "needs" (list $need))
        (field "attrs" (list (tuple string string)))))
    (import "info" (type $info (eq $info')))
    (import "get" (func $get (result $info)))
    (export $need-out "need" (type $need))
    (type $info-named
      (record
        (field "version" string)
        (field "homepage" (option string))
        (field "license" (option string))
        (field "needs" (list $need-out))
        (field "attrs" (list (tuple string string)))))
    (export $info-out "info" (type $info-named))
    (export "get" (func $get) (func (result $info-out))))
  (component $named-tools
    (type $fault' (record (field "code" string) (field "message" string)))
    (import "fault" (type $fault (eq $fault')))
    (type $hints' (flags "read-only" "destructive" "idempotent" "open-world"))
    (import "hints" (type $hints (eq $hints')))
    (type $example' (record (field "title" string) (field "payload" string)))
    (import "example" (type $example (eq $example')))
    (type $definition'
      (record
        (field "name" string) (field "title" string) (field "description" string) (field "guide" string)
        (field "task-class" string) (field "timeout-seconds" (option u32)) (field "payload-schema" string)
        (field "result-schema" (option string)) (field "template" string) (field "examples" (list $example))
        (field "hints" $hints) (field "attrs" (list (tuple string string)))))
    (import "definition" (type $definition (eq $definition')))
    (import "definitions" (func $definitions (result (result (list $definition) (error $fault)))))
    (export $fault-out "fault" (type $fault))
    (export $hints-out "hints" (type $hints))
    (export $example-out "example" (type $example))
    (type $definition-named
      (record
        (field "name" string) (field "title" string) (field "description" string) (field "guide" string)
        (field "task-class" string) (field "timeout-seconds" (option u32)) (field "payload-schema" string)
        (field "result-schema" (option string)) (field "template" string) (field "examples" (list $example-out))
        (field "hints" $hints-out) (field "attrs" (list (tuple string string)))))
    (export $definition-out "definition" (type $definition-named))
    (export "definitions" (func $definitions) (func (result (result (list $definition-out) (error $fault-out))))))
  (component $named-payloads
    (type $fault' (record (field "code" string) (field "message" string)))
    (import "fault" (type $fault (eq $fault')))
    (type $severity' (enum "error" "warning" "hint"))
    (import "severity" (type $severity (eq $severity')))
    (type $issue'
      (record
        (field "pointer" string) (field "code" string) (field "message" string) (field "severity" $severity)
        (field "expected" (option string)) (field "suggestion" (option string))))
    (import "issue" (type $issue (eq $issue')))
    (type $normalized'
      (record
        (field "payload" string) (field "label" string) (field "dedupe-key" (option string))
        (field "task-class" (option string)) (field "timeout-seconds" (option u32))
        (field "attrs" (list (tuple string string)))))
    (import "normalized" (type $normalized (eq $normalized')))
    (import "validate" (func $validate
      (param "tool" string) (param "payload" string) (result (result (list $issue) (error $fault)))))
    (import "normalize" (func $normalize
      (param "tool" string) (param "payload" string) (result (result $normalized (error $fault)))))
    (export $fault-out "fault" (type $fault))
    (export $severity-out "severity" (type $severity))
    (type $issue-named
      (record
        (field "pointer" string) (field "code" string) (field "message" string) (field "severity" $severity-out)
        (field "expected" (option string)) (field "suggestion" (option string))))
    (export $issue-out "issue" (type $issue-named))
    (export $normalized-out "normalized" (type $normalized))
    (export "validate" (func $validate)
      (func (param "tool" string) (param "payload" string) (result (result (list $issue-out) (error $fault-out)))))
    (export "normalize" (func $normalize)
      (func (param "tool" string) (param "payload" string) (result (result $normalized-out (error $fault-out))))))
  (instance $about
    (instantiate $named-about (with "need" (type $need')) (with "info" (type $info')) (with "get" (func $get))))
  (export "sparkq:plugin/about@1.0.0" (instance $about))
  (instance $tools
    (instantiate $named-tools
      (with "fault" (type $fault'))
      (with "hints" (type $hints'))
      (with "example" (type $example'))
      (with "definition" (type $definition'))
      (with "definitions" (func $definitions))))
  (export "sparkq:plugin/tools@1.0.0" (instance $tools))
  (instance $payloads
    (instantiate $named-payloads
      (with "fault" (type $fault'))
      (with "severity" (type $severity'))
      (with "issue" (type $issue'))
      (with "normalized" (type $normalized'))
      (with "validate" (func $validate))
      (with "normalize" (func $normalize))))
  (export "sparkq:plugin/payloads@1.0.0" (instance $payloads)))
