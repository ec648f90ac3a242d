;; Each arm pays for the whole turn: what the table owes is owed at its labels, and nothing is left where the turn ends.
(module
  (memory 1)
  (func (export "run") (param i32 i32) (result i32) (local i32)
    (loop
      (if (i32.lt_u (local.get 2) (local.get 0)) (then
        (block (block (block (block
          (br_table 0 1 2 (i32.load8_u (i32.and (local.get 2) (i32.const 15)))))
          (local.set 1 (i32.add (local.get 1) (i32.const 3))) (br 2))
          (local.set 1 (i32.mul (i32.xor (local.get 1) (i32.const 77)) (i32.const 5))) (br 1))
          (local.set 2 (i32.add (local.get 2) (i32.const 2))))
        (local.set 2 (i32.add (local.get 2) (i32.const 1)))
        (br 1))))
    (local.get 1)))
