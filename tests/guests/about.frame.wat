;; A component that exports `about`; the core instance `$guest` comes from one of the files beside this one.
(component
  (; GUEST ;)

  (type $need' (record (field "grant" string) (field "why" string) (field "optional" bool)))
  (type $attrs' (list (tuple string string)))
  (type $info'
    (record
      (field "version" string)
      (field "homepage" (option string))
      (field "license" (option string))
      (field "needs" (list $need'))
      (field "attrs" $attrs')))
  (func $get (result $info') (canon lift (core func $guest "get") (memory (core memory $guest "memory"))))

  ;; An exported function may only use types that have a name, and a nested component is how types get theirs.
  (component $named
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
  (instance $about
    (instantiate $named
      (with "need" (type $need'))
      (with "info" (type $info'))
      (with "get" (func $get))))
  (export "sparkq:plugin/about@1.0.0" (instance $about)))
