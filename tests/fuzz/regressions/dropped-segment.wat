(module (memory (export "memory") 1) (data $passive "0123456789") (data $active (i32.const 8) "abcdef")
  (func (export "init") (param i32 i32) (memory.init $passive (i32.const 0) (local.get 0) (local.get 1)))
  (func (export "active") (param i32 i32) (memory.init $active (i32.const 0) (local.get 0) (local.get 1)))
  (func (export "drop") (data.drop $passive)))
