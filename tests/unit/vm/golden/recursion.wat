;; Functions on a cycle of calls count their frames; whoever leads to one tells it what is left, if something may have been told
;; before. One that does neither knows of no stack.
(module
  (func $leaf (result i32) (i32.const 1))
  (func $even (export "even") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
    (drop (br_if 0 (i32.const 0) (i32.eq (local.get 0) (i32.const 1))))
    (drop (call $leaf))
    (call $odd (i32.sub (local.get 0) (i32.const 1))))
  (func $odd (param i32) (result i32)
    (if (result i32) (local.get 0) (then (call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0))))
  (func (export "once") (result i32) (call $even (i32.const 4)))
  (func (export "twice") (result i32) (drop (call $even (i32.const 4))) (drop (call $leaf)) (call $odd (i32.const 4))))
