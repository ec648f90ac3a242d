;; setup: 253692 fuel
(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (func (;0;) (type 0) (param i32 i32) (result i32)
    global.get 0
    i64.const 16
    i64.sub                      ;; pays 16
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    local.get 0
    local.get 1
    i32.div_u)
  (func (;1;) (type 0) (param i32 i32) (result i32)
    global.get 0
    i64.const 5
    i64.sub                      ;; pays 5
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    local.get 0
    local.get 1
    i32.add)
  (func (;2;) (type 0) (param i32 i32) (result i32)
    (local i64)
    global.get 0                 ;; reads the counter
    local.set 2
    local.get 2
    i64.const 7
    i64.lt_s                     ;; checks, owing 7
    if  ;; label = @1
      local.get 2
      i64.const 7
      i64.sub                    ;; gives up, owing 7
      global.set 0               ;; writes the counter
      unreachable
    end
    block  ;; label = @1
      block  ;; label = @2
        block  ;; label = @3
          local.get 0
          local.get 2
          i64.const 7
          i64.sub                ;; pays 7
          local.set 2
          br_table 0 (;@3;) 1 (;@2;) 2 (;@1;)
        end
        local.get 2
        i64.const 21
        i64.sub                  ;; pays 21
        local.tee 2
        global.set 0             ;; writes the counter
        local.get 1
        i32.const 3
        local.get 0
        call_indirect (type 0)
        global.get 0             ;; reads the counter
        local.set 2
        return
      end
      local.get 2
      i64.const 7
      i64.sub                    ;; pays 7
      local.tee 2
      global.set 0               ;; writes the counter
      local.get 1
      i32.load
      local.set 1
    end
    local.get 1
    i32.eqz
    if  ;; label = @1
      local.get 2
      i64.const 3
      i64.sub                    ;; pays 3
      local.tee 2
      global.set 0               ;; writes the counter
      unreachable
    end
    local.get 2
    i64.const 17
    i64.sub                      ;; pays 17
    local.tee 2
    global.set 0                 ;; writes the counter
    local.get 1
    local.get 0
    i32.rem_s)
  (table (;0;) 2 funcref)
  (memory (;0;) 1 1024)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "f" (func 2))
  (export "$vm.fuel" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2))
  (export "$vm.memory" (memory 0))
  (elem (;0;) (i32.const 0) func 0 1))
