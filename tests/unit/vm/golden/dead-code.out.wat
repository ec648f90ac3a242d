;; setup: 240220 fuel
(module
  (type (;0;) (func (param i32) (result i32)))
  (func (;0;) (type 0) (param i32) (result i32)
    (local i64)
    global.get 0                 ;; reads the counter
    local.set 1
    local.get 1
    i64.const 4
    i64.lt_s                     ;; checks, owing 4
    if  ;; label = @1
      local.get 1
      i64.const 4
      i64.sub                    ;; gives up, owing 4
      global.set 0               ;; writes the counter
      unreachable
    end
    block  ;; label = @1
      i32.const 5
      local.set 0
    end
    block  ;; label = @1
      br 0 (;@1;)
      i32.const 1
      memory.grow
      drop
    end
    local.get 1
    i64.const 4
    i64.sub                      ;; pays 4
    local.set 1
    loop  ;; label = @1
      local.get 1
      i64.const 4
      i64.sub                    ;; pays 4
      local.tee 1
      global.set 0               ;; writes the counter
      local.get 1
      i64.const 0
      i64.lt_s                   ;; checks
      if  ;; label = @2
        unreachable
      end
      i32.const 2
      i32.const 0
      br_if 1 (;@0;)
      local.get 1
      i64.const 2
      i64.sub                    ;; pays 2
      local.tee 1
      global.set 0               ;; writes the counter
      drop
      i32.const 3
      return
      i32.const 4
      drop
    end
    unreachable)
  (memory (;0;) 1 1024)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "f" (func 0))
  (export "$vm.fuel" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2))
  (export "$vm.memory" (memory 0)))
