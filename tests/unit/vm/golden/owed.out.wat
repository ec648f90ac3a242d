;; setup: 256300 fuel
(module
  (type (;0;) (func (param i32) (result i32)))
  (func (;0;) (type 0) (param i32) (result i32)
    (local i32 i32 i64)
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
    block  ;; label = @1
      local.get 3
      i64.const 3
      i64.sub                    ;; pays 3
      local.set 3
      loop  ;; label = @2
        local.get 3
        i64.const 5
        i64.lt_s                 ;; checks, owing 5
        if  ;; label = @3
          local.get 3
          i64.const 5
          i64.sub                ;; gives up, owing 5
          global.set 0           ;; writes the counter
          unreachable
        end
        local.get 1
        local.get 0
        i32.ge_u
        br_if 1 (;@1;)
        local.get 3
        i64.const 19
        i64.sub                  ;; pays 19
        local.tee 3
        global.set 0             ;; writes the counter
        local.get 2
        local.get 1
        i32.load
        i32.add
        local.set 2
        local.get 1
        i32.const 4
        i32.add
        local.set 1
        br 0 (;@2;)
      end
    end
    local.get 3
    i64.const 6
    i64.sub                      ;; pays 6
    local.tee 3
    global.set 0                 ;; writes the counter
    local.get 2)
  (func (;1;) (type 0) (param i32) (result i32)
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
      local.get 0
      i32.eqz
      if  ;; label = @2
        local.get 1
        i64.const 4
        i64.add                  ;; takes back 4
        local.set 1
        br 1 (;@1;)
      end
      local.get 0
      i32.const 7
      i32.eq
      br_if 0 (;@1;)
      local.get 0
      i32.const 8
      i32.eq
      if  ;; label = @2
        i32.const 0
        local.get 0
        i32.store
        local.get 1
        i64.const 9
        i64.sub                  ;; pays 9
        local.set 1
      end
      local.get 1
      i64.const 4
      i64.sub                    ;; pays 4
      local.set 1
      loop  ;; label = @2
        local.get 1
        i64.const 16
        i64.lt_s                 ;; checks, owing 16
        if  ;; label = @3
          local.get 1
          i64.const 16
          i64.sub                ;; gives up, owing 16
          global.set 0           ;; writes the counter
          unreachable
        end
        local.get 0
        i32.const 1
        i32.shr_u
        local.tee 0
        i32.const 9
        i32.gt_u
        local.get 1
        i64.const 8
        i64.sub                  ;; pays 8
        local.set 1
        br_if 0 (;@2;)
      end
    end
    local.get 1
    i64.const 22
    i64.sub                      ;; pays 22
    local.tee 1
    global.set 0                 ;; writes the counter
    i32.const 90
    local.get 0
    i32.div_u)
  (memory (;0;) 1 1024)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "counted" (func 0))
  (export "branches" (func 1))
  (export "$vm.fuel" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2))
  (export "$vm.memory" (memory 0)))
