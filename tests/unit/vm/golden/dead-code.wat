;; Code that is never reached is neither charged nor edited; a label that nothing branches to opens no segment.
(module
  (memory 1)
  (func (export "f") (param i32) (result i32)
    (block (local.set 0 (i32.const 5)))
    (block (br 0) (drop (memory.grow (i32.const 1))))
    (loop (br_if 1 (i32.const 2) (i32.const 0)) (drop) (return (i32.const 3)) (drop (i32.const 4)))
    (unreachable)))
