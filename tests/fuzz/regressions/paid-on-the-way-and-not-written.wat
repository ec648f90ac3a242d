(module (memory (export "memory") 1)
  (func (export "f") (param i32) (local i32)
    (block $out
      (loop $again
        (br_if $again (i32.load8_u (i32.const 0)))
        (br_if $out (i32.load8_u (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br_if $again (local.get 0))))))
