;; Indirect calls, a table of branches, and instructions that may trap: what is due is paid before each.
(module
  (type $binary (func (param i32 i32) (result i32)))
  (table 2 funcref)
  (elem (i32.const 0) $divide $add)
  (memory 1)
  (func $divide (type $binary) (i32.div_u (local.get 0) (local.get 1)))
  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func (export "f") (param $which i32) (param $x i32) (result i32)
    (block $two
      (block $one
        (block $zero
          (br_table $zero $one $two (local.get $which)))
        (return (call_indirect (type $binary) (local.get $x) (i32.const 3) (local.get $which))))
      (local.set $x (i32.load (local.get $x))))
    (if (i32.eqz (local.get $x)) (then unreachable))
    (i32.rem_s (local.get $x) (local.get $which))))
