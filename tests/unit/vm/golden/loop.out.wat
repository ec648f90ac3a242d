;; setup: 240320 fuel
(module
  (type (;0;) (func (param i32) (result i32)))
  (func (;0;) (type 0) (param i32) (result i32)
    global.get 0
    i64.const 4
    i64.sub                      ;; pays 4
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    local.get 0
    i32.const 1
    i32.add)
  (func (;1;) (type 0) (param i32) (result i32)
    (local i32 i64)
    global.get 0                 ;; reads the counter
    local.set 2
    local.get 2
    i64.const 2
    i64.lt_s                     ;; checks, owing 2
    if  ;; label = @1
      local.get 2
      i64.const 2
      i64.sub                    ;; gives up, owing 2
      global.set 0               ;; writes the counter
      unreachable
    end
    local.get 2
    i64.const 3
    i64.add                      ;; takes back 3
    local.set 2
    loop  ;; label = @1
      local.get 2
      i64.const 19
      i64.sub                    ;; pays 19
      local.tee 2
      global.set 0               ;; writes the counter
      local.get 2
      i64.const 0
      i64.lt_s                   ;; checks
      if  ;; label = @2
        unreachable
      end
      local.get 1
      local.get 0
      i32.load
      i32.add
      local.set 1
      local.get 0
      i32.const 1
      i32.and
      if  ;; label = @2
        local.get 2
        i64.const 12
        i64.sub                  ;; pays 12
        local.tee 2
        global.set 0             ;; writes the counter
        local.get 0
        call 0
        global.get 0             ;; reads the counter
        local.set 2
        local.set 0
      end
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0 (;@1;)
      local.get 2
      i64.const 6
      i64.sub                    ;; pays 6
      local.tee 2
      global.set 0               ;; writes the counter
    end
    local.get 1)
  (memory (;0;) 1 1024)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "f" (func 1))
  (export "$vm.fuel" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2))
  (export "$vm.memory" (memory 0)))
