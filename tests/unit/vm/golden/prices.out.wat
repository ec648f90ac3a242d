;; setup: 306508 fuel
(module
  (type (;0;) (func (param i32 i64) (result i64)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32)))
  (func (;0;) (type 0) (param i32 i64) (result i64)
    (local i32 i64 i64 i32)
    global.get 1                 ;; reads the counter
    local.set 4
    local.get 4
    i64.const 11
    i64.sub                      ;; pays 11
    local.tee 4
    global.set 1                 ;; writes the counter
    global.get 2                 ;; takes 23 of the stack
    i32.const 23
    i32.sub
    local.set 5
    local.get 4
    local.get 5
    i64.extend_i32_s
    i64.or                       ;; checks stack and counter
    i64.const 0
    i64.lt_s
    if  ;; label = @1
      local.get 5
      global.set 2               ;; tells what is left of the stack
      unreachable
    end
    local.get 0
    i32.load
    if  ;; label = @1
      local.get 4
      i64.const 9
      i64.sub                    ;; pays 9
      local.tee 4
      global.set 1               ;; writes the counter
      local.get 0
      local.get 1
      i64.store
    end
    local.get 0
    i32.const 3
    i32.div_u
    if  ;; label = @1
      local.get 1
      i64.const 3
      i64.rem_s
      local.set 1
      local.get 4
      i64.const 27
      i64.sub                    ;; pays 27
      local.set 4
    end
    local.get 0
    i32.const 3
    i32.rotl
    if  ;; label = @1
      local.get 1
      i64.const 3
      i64.rotr
      local.set 1
      local.get 4
      i64.const 12
      i64.sub                    ;; pays 12
      local.set 4
    end
    global.get 0
    i64.eqz
    if  ;; label = @1
      local.get 1
      global.set 0
      local.get 4
      i64.const 4
      i64.sub                    ;; pays 4
      local.set 4
    end
    local.get 4
    i64.const 26
    i64.sub                      ;; pays 26
    local.set 4
    loop  ;; label = @1
      local.get 4
      i64.const 12
      i64.lt_s                   ;; checks, owing 12
      if  ;; label = @2
        local.get 4
        i64.const 12
        i64.sub                  ;; gives up, owing 12
        global.set 1             ;; writes the counter
        unreachable
      end
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      local.get 4
      i64.const 6
      i64.sub                    ;; pays 6
      local.set 4
      br_if 0 (;@1;)
    end
    block  ;; label = @1
      block  ;; label = @2
        block  ;; label = @3
          local.get 0
          br_table 0 (;@3;) 1 (;@2;) 0 (;@3;) 1 (;@2;) 0 (;@3;) 1 (;@2;) 0 (;@3;) 1 (;@2;) 2 (;@1;)
        end
      end
    end
    local.get 4
    i64.const 4113
    i64.sub                      ;; pays 4113
    local.tee 4
    global.set 1                 ;; writes the counter
    i32.const 0
    call 1
    global.get 1                 ;; reads the counter
    local.set 4
    drop
    i32.const 0
    i32.const 0
    i32.const 0
    call 2
    global.get 1                 ;; reads the counter
    local.set 4
    local.get 0
    local.get 1
    local.get 5
    global.set 2                 ;; tells what is left of the stack
    call 0
    global.get 1                 ;; reads the counter
    local.set 4
    local.get 0
    local.get 1
    i32.const 1
    local.get 5
    global.set 2                 ;; tells what is left of the stack
    call_indirect (type 0)
    global.get 1                 ;; reads the counter
    local.set 4
    i64.add)
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.const 1024
    memory.size
    i32.sub
    i32.gt_u
    if  ;; label = @1
      i32.const -1
      return
    end
    global.get 1
    local.get 0
    i64.extend_i32_u
    i64.const 24000
    i64.mul
    i64.sub
    global.set 1                 ;; writes the counter
    global.get 1
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    local.get 0
    memory.grow
    local.tee 0
    i32.const 0
    i32.lt_s
    if  ;; label = @1
      i32.const 1
      global.set 3
      unreachable
    end
    local.get 0)
  (func (;2;) (type 2) (param i32 i32 i32)
    local.get 0
    i64.extend_i32_u
    local.get 2
    i64.extend_i32_u
    i64.add
    memory.size
    i64.extend_i32_u
    i64.const 16
    i64.shl
    i64.le_u
    if  ;; label = @1
      global.get 1
      local.get 2
      i64.extend_i32_u
      i64.const 3
      i64.add
      i64.const 2
      i64.shr_u
      i64.sub
      global.set 1               ;; writes the counter
      global.get 1
      i64.const 0
      i64.lt_s                   ;; checks
      if  ;; label = @2
        unreachable
      end
      local.get 2
      i32.eqz
      if  ;; label = @2
        return
      end
    end
    local.get 0
    local.get 1
    local.get 2
    memory.fill)
  (table (;0;) 3 funcref)
  (memory (;0;) 2 1024)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i64) (i64.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (global (;3;) (mut i32) (i32.const 0))
  (export "prices" (func 0))
  (export "$vm.fuel" (global 1))
  (export "$vm.stack" (global 2))
  (export "$vm.fault" (global 3))
  (export "$vm.memory" (memory 0))
  (elem (;0;) (i32.const 1) func 0))
