(module
  (memory 1)
  ;; The condition of a loop reads nothing: it is owed until the body loads.
  (func (export "counted") (param i32) (result i32) (local i32 i32)
    (block (loop
      (br_if 1 (i32.ge_u (local.get 1) (local.get 0)))
      (local.set 2 (i32.add (local.get 2) (i32.load (local.get 1))))
      (local.set 1 (i32.add (local.get 1) (i32.const 4)))
      (br 0)))
    (local.get 2))
  ;; Branches that owe different sums pay on the way; an `if` that is not entered pays in an arm of its own.
  (func (export "branches") (param i32) (result i32)
    (block
      (br_if 0 (i32.eqz (local.get 0)))
      (br_if 0 (i32.eq (local.get 0) (i32.const 7)))
      (if (i32.eq (local.get 0) (i32.const 8)) (then (i32.store (i32.const 0) (local.get 0))))
      (loop (br_if 0 (i32.gt_u (local.tee 0 (i32.shr_u (local.get 0) (i32.const 1))) (i32.const 9)))))
    (i32.div_u (i32.const 90) (local.get 0))))
