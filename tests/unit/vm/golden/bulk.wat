;; What is priced by size goes through helpers, which check bounds, then charge, then work. Start becomes an export.
(module
  (memory 1 4)
  (data $d "abc")
  (start $init)
  (func $init (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $d))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill") (param i32 i32 i32)
    (loop (memory.fill (local.get 0) (local.get 1) (local.get 2)) (br_if 0 (local.get 2)))))
