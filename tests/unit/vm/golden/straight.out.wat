;; setup: 204260 fuel
(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (func (;0;) (type 0) (param i32 i32) (result i32)
    global.get 0
    i64.const 7
    i64.sub                      ;; pays 7
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    local.get 0
    local.get 1
    i32.const 7
    i32.add
    i32.mul)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "f" (func 0))
  (export "$vm.fuel" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2)))
