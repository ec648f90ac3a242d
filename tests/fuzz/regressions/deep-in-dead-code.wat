(module
  (func $f (export "f") (param i32) (result i32)
    (block (result i32)
      (i32.const 1) (i32.const 2) (i32.const 3)
      (if (i32.eqz (local.get 0)) (then (br 1 (i32.const 9))))
      (drop) (drop) (drop)
      (br 0 (call $f (i32.sub (local.get 0) (i32.const 1))))
      (i32.add) (i32.const 4) (i32.const 5) (i32.const 6) (i32.const 7) (select) (br_if 0 (i32.const 1)) (drop) (drop) (drop))))
