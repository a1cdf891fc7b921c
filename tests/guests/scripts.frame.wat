;; A component that exports `scripts`; the core instance `$guest` comes from one of the files beside this one.
(component
  (; GUEST ;)

  (type $severity' (enum "error" "warning" "hint"))
  (type $claim' (record (field "pattern" (option string)) (field "interpreter" (option string)) (field "priority" u32)))
  (type $head' (record
    (field "path" string) (field "size" u64) (field "executable" bool) (field "bytes" (list u8)) (field "truncated" bool)))
  (type $param' (record
    (field "name" string) (field "kind" string) (field "required" bool)
    (field "default-value" (option string)) (field "description" string)))
  (type $metadata' (record
    (field "name" string) (field "description" string) (field "language" string)
    (field "task-class" (option string)) (field "timeout-seconds" (option u32))
    (field "params" (list $param')) (field "outputs" (list string)) (field "tags" (list string))
    (field "attrs" (list (tuple string string)))))
  (type $finding' (record (field "line" u32) (field "code" string) (field "message" string) (field "severity" $severity')))
  (type $extracted' (record (field "metadata" (option $metadata')) (field "findings" (list $finding'))))
  (func $claims (result (list $claim'))
    (canon lift (core func $guest "claims") (memory (core memory $guest "memory"))))
  (func $extract (param "head" $head') (result $extracted')
    (canon lift (core func $guest "extract")
      (memory (core memory $guest "memory")) (realloc (core func $guest "realloc"))))

  ;; An exported function may only use types that have a name, and a nested component is how types get theirs.
  (component $named
    (type $severity' (enum "error" "warning" "hint"))
    (import "severity" (type $severity (eq $severity')))
    (type $claim' (record (field "pattern" (option string)) (field "interpreter" (option string)) (field "priority" u32)))
    (import "claim" (type $claim (eq $claim')))
    (type $head' (record
      (field "path" string) (field "size" u64) (field "executable" bool) (field "bytes" (list u8)) (field "truncated" bool)))
    (import "head" (type $head (eq $head')))
    (type $param' (record
      (field "name" string) (field "kind" string) (field "required" bool)
      (field "default-value" (option string)) (field "description" string)))
    (import "param" (type $param (eq $param')))
    (type $metadata' (record
      (field "name" string) (field "description" string) (field "language" string)
      (field "task-class" (option string)) (field "timeout-seconds" (option u32))
      (field "params" (list $param)) (field "outputs" (list string)) (field "tags" (list string))
      (field "attrs" (list (tuple string string)))))
    (import "metadata" (type $metadata (eq $metadata')))
    (type $finding' (record (field "line" u32) (field "code" string) (field "message" string) (field "severity" $severity)))
    (import "finding" (type $finding (eq $finding')))
    (type $extracted' (record (field "metadata" (option $metadata)) (field "findings" (list $finding))))
    (import "extracted" (type $extracted (eq $extracted')))
    (import "claims" (func $claims (result (list $claim))))
    (import "extract" (func $extract (param "head" $head) (result $extracted)))
    (type $severity-named (enum "error" "warning" "hint"))
    (export $severity-out "severity" (type $severity-named))
    (type $claim-named (record (field "pattern" (option string)) (field "interpreter" (option string)) (field "priority" u32)))
    (export $claim-out "claim" (type $claim-named))
    (type $head-named (record
      (field "path" string) (field "size" u64) (field "executable" bool) (field "bytes" (list u8)) (field "truncated" bool)))
    (export $head-out "head" (type $head-named))
    (type $param-named (record
      (field "name" string) (field "kind" string) (field "required" bool)
      (field "default-value" (option string)) (field "description" string)))
    (export $param-out "param" (type $param-named))
    (type $metadata-named (record
      (field "name" string) (field "description" string) (field "language" string)
      (field "task-class" (option string)) (field "timeout-seconds" (option u32))
      (field "params" (list $param-out)) (field "outputs" (list string)) (field "tags" (list string))
      (field "attrs" (list (tuple string string)))))
    (export $metadata-out "metadata" (type $metadata-named))
    (type $finding-named (record (field "line" u32) (field "code" string) (field "message" string) (field "severity" $severity-out)))
    (export $finding-out "finding" (type $finding-named))
    (type $extracted-named (record (field "metadata" (option $metadata-out)) (field "findings" (list $finding-out))))
    (export $extracted-out "extracted" (type $extracted-named))
    (export "claims" (func $claims) (func (result (list $claim-out))))
    (export "extract" (func $extract) (func (param "head" $head-out) (result $extracted-out))))
  (instance $scripts
    (instantiate $named
      (with "severity" (type $severity'))
      (with "claim" (type $claim'))
      (with "head" (type $head'))
      (with "param" (type $param'))
      (with "metadata" (type $metadata'))
      (with "finding" (type $finding'))
      (with "extracted" (type $extracted'))
      (with "claims" (func $claims))
      (with "extract" (func $extract))))
  (export "sparkq:plugin/scripts@1.0.0" (instance $scripts)))
