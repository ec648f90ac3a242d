;; A loop with a branch, a load that may trap, and a call: cached counter, write-through charges, reload after the call.
(module
  (memory 1)
  (func $step (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "f") (param i32) (result i32) (local i32)
    (loop
      (local.set 1 (i32.add (local.get 1) (i32.load (local.get 0))))
      (if (i32.and (local.get 0) (i32.const 1)) (then (local.set 0 (call $step (local.get 0)))))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1)))
