;; setup: 250520 fuel
(module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32)))
  (func (;0;) (type 0)
    global.get 0
    i64.const 131
    i64.sub                      ;; pays 131
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    i32.const 0
    i32.const 0
    i32.const 3
    call 4
    data.drop 0)
  (func (;1;) (type 1) (param i32) (result i32)
    global.get 0
    i64.const 4002
    i64.sub                      ;; pays 4002
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    local.get 0
    call 5)
  (func (;2;) (type 2) (param i32 i32 i32)
    global.get 0
    i64.const 70
    i64.sub                      ;; pays 70
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    local.get 0
    local.get 1
    local.get 2
    call 6)
  (func (;3;) (type 2) (param i32 i32 i32)
    (local i64)
    global.get 0                 ;; reads the counter
    local.set 3
    local.get 3
    i64.const 3
    i64.lt_s                     ;; checks, owing 3
    if  ;; label = @1
      local.get 3
      i64.const 3
      i64.sub                    ;; gives up, owing 3
      global.set 0               ;; writes the counter
      unreachable
    end
    local.get 3
    i64.const 3
    i64.sub                      ;; pays 3
    local.set 3
    loop  ;; label = @1
      local.get 3
      i64.const 70
      i64.sub                    ;; pays 70
      local.tee 3
      global.set 0               ;; writes the counter
      local.get 3
      i64.const 0
      i64.lt_s                   ;; checks
      if  ;; label = @2
        unreachable
      end
      local.get 0
      local.get 1
      local.get 2
      call 7
      global.get 0               ;; reads the counter
      local.set 3
      local.get 2
      br_if 0 (;@1;)
    end)
  (func (;4;) (type 2) (param i32 i32 i32)
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
      local.get 1
      i64.extend_i32_u
      local.get 2
      i64.extend_i32_u
      i64.add
      i64.const 3
      i64.le_u
      if  ;; label = @2
        global.get 0
        local.get 2
        i64.extend_i32_u
        i64.const 3
        i64.add
        i64.const 2
        i64.shr_u
        i64.sub
        global.set 0             ;; writes the counter
        global.get 0
        i64.const 0
        i64.lt_s                 ;; checks
        if  ;; label = @3
          unreachable
        end
      end
    end
    local.get 0
    local.get 1
    local.get 2
    memory.init 0)
  (func (;5;) (type 1) (param i32) (result i32)
    local.get 0
    i32.const 4
    memory.size
    i32.sub
    i32.gt_u
    if  ;; label = @1
      i32.const -1
      return
    end
    global.get 0
    local.get 0
    i64.extend_i32_u
    i64.const 24000
    i64.mul
    i64.sub
    global.set 0                 ;; writes the counter
    global.get 0
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
      global.set 2
      unreachable
    end
    local.get 0)
  (func (;6;) (type 2) (param i32 i32 i32)
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
      local.get 1
      i64.extend_i32_u
      local.get 2
      i64.extend_i32_u
      i64.add
      memory.size
      i64.extend_i32_u
      i64.const 16
      i64.shl
      i64.le_u
      if  ;; label = @2
        global.get 0
        local.get 2
        i64.extend_i32_u
        i64.const 3
        i64.add
        i64.const 2
        i64.shr_u
        i64.sub
        global.set 0             ;; writes the counter
        global.get 0
        i64.const 0
        i64.lt_s                 ;; checks
        if  ;; label = @3
          unreachable
        end
      end
    end
    local.get 0
    local.get 1
    local.get 2
    memory.copy)
  (func (;7;) (type 2) (param i32 i32 i32)
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
      global.get 0
      local.get 2
      i64.extend_i32_u
      i64.const 3
      i64.add
      i64.const 2
      i64.shr_u
      i64.sub
      global.set 0               ;; writes the counter
      global.get 0
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
  (memory (;0;) 1 4)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "grow" (func 1))
  (export "copy" (func 2))
  (export "fill" (func 3))
  (export "$vm.fuel" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2))
  (export "$vm.memory" (memory 0))
  (export "$vm.start" (func 0))
  (data (;0;) "abc"))
