(module (memory (export "memory") 1) (global $n (export "n") (mut i32) (i32.const 0)) (start $start)
  (func $start (loop (global.set $n (i32.add (global.get $n) (i32.const 1))) (br_if 0 (i32.lt_u (global.get $n) (i32.const 20))))
    (i32.store (i32.const 65532) (global.get $n)))
  (func (export "f") (param i32) (result i32) (i32.div_u (i32.load (i32.const 65532)) (local.get 0))))
