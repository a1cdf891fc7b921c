;; Wants a socket, and traps when it gets one.
(import "wasi:sockets/network@0.2.0" (instance $network
  (type $code' (enum
    "unknown" "access-denied" "not-supported" "invalid-argument" "out-of-memory" "timeout" "concurrency-conflict"
    "not-in-progress" "would-block" "invalid-state" "new-socket-limit" "address-not-bindable" "address-in-use"
    "remote-unreachable" "connection-refused" "connection-reset" "connection-aborted" "datagram-too-large"
    "name-unresolvable" "temporary-resolver-failure" "permanent-resolver-failure"))
  (export "error-code" (type $code (eq $code')))
  (type $family' (enum "ipv4" "ipv6"))
  (export "ip-address-family" (type $family (eq $family')))
  (export "network" (type $network (sub resource)))))
(alias export $network "network" (type $handle))
(alias export $network "error-code" (type $code))
(import "wasi:sockets/instance-network@0.2.0" (instance $instance-network
  (alias outer 1 $handle (type $outer))
  (export "network" (type $network (eq $outer)))
  (export "instance-network" (func (result (own $network))))))
(import "wasi:sockets/ip-name-lookup@0.2.0" (instance $lookup
  (alias outer 1 $handle (type $outer))
  (alias outer 1 $code (type $outer-code))
  (export "network" (type $network (eq $outer)))
  (export "error-code" (type $code (eq $outer-code)))
  (export "resolve-address-stream" (type $stream (sub resource)))
  (export "resolve-addresses" (func
    (param "network" (borrow $network)) (param "name" string) (result (result (own $stream) (error $code)))))))
(core func $here (canon lower (func $instance-network "instance-network")))
(core func $resolve (canon lower (func $lookup "resolve-addresses") (memory $memory)))
(core module $module
  (import "tool" "memory" (memory 1))
  (import "tool" "issues" (func $issues (param i32 i32 i32 i32) (result i32)))
  (import "host" "here" (func $here (result i32)))
  (import "host" "resolve" (func $resolve (param i32 i32 i32 i32)))
  (data (i32.const 256) "localhost")
  (func (export "validate") (param i32 i32 i32 i32) (result i32)
    (call $resolve (call $here) (i32.const 256) (i32.const 9) (i32.const 192))
    (if (i32.eqz (i32.load8_u (i32.const 192))) (then unreachable))
    (call $issues (local.get 0) (local.get 1) (local.get 2) (local.get 3))))
(core instance $guest (instantiate $module
  (with "host" (instance (export "here" (func $here)) (export "resolve" (func $resolve))))
  (with "tool" (instance $tool))))
