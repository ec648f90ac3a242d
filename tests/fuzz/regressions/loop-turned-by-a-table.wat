(module
  (func (export "f") (param i32) (result i32) (local i32)
    (loop $again
      (local.set 1 (i32.add (local.get 1) (i32.const 1)))
      (if (i32.lt_u (local.get 1) (i32.const 5)) (then (br $again)))
      (block $out
        (br_table $out $again $again $out (i32.and (i32.rem_u (local.get 1) (local.get 0)) (i32.const 3)))))
    (local.get 1)))
