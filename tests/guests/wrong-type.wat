;; Exports `about` by its right name; but its `get` returns a string.
(component
  (core module $guest
    (memory (export "memory") 1)
    (func (export "get") (result i32) i32.const 0))
  (core instance $guest (instantiate $guest))
  (func $get (result string) (canon lift (core func $guest "get") (memory (core memory $guest "memory"))))
  (instance $about (export "get" (func $get)))
  (export "sparkq:plugin/about@1.0.0" (instance $about)))
