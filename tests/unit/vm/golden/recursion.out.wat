;; setup: 224820 fuel
(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (func (;0;) (type 0) (result i32)
    global.get 0
    i64.const 1
    i64.sub                      ;; pays 1
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    i32.const 1)
  (func (;1;) (type 1) (param i32) (result i32)
    (local i64 i32)
    global.get 0                 ;; reads the counter
    local.set 1
    global.get 1                 ;; takes 32 of the stack
    i32.const 32
    i32.sub
    local.set 2
    local.get 1
    i64.const 4
    i64.sub
    local.get 2
    i64.extend_i32_s
    i64.or                       ;; checks stack and counter
    i64.const 0
    i64.lt_s
    if  ;; label = @1
      local.get 2
      global.set 1               ;; tells what is left of the stack
      local.get 1
      i64.const 4
      i64.sub                    ;; gives up, owing 4
      global.set 0               ;; writes the counter
      unreachable
    end
    local.get 0
    i32.eqz
    if  ;; label = @1
      local.get 1
      i64.const 6
      i64.sub                    ;; pays 6
      local.tee 1
      global.set 0               ;; writes the counter
      i32.const 1
      return
    end
    local.get 1
    i64.const 9
    i64.sub                      ;; pays 9
    local.tee 1
    global.set 0                 ;; writes the counter
    i32.const 0
    local.get 0
    i32.const 1
    i32.eq
    br_if 0 (;@0;)
    local.get 1
    i64.const 23
    i64.sub                      ;; pays 23
    local.tee 1
    global.set 0                 ;; writes the counter
    drop
    call 0
    global.get 0                 ;; reads the counter
    local.set 1
    drop
    local.get 0
    i32.const 1
    i32.sub
    local.get 2
    global.set 1                 ;; tells what is left of the stack
    call 2
    global.get 0                 ;; reads the counter
    local.set 1)
  (func (;2;) (type 1) (param i32) (result i32)
    (local i64 i32)
    global.get 0                 ;; reads the counter
    local.set 1
    global.get 1                 ;; takes 17 of the stack
    i32.const 17
    i32.sub
    local.set 2
    local.get 1
    i64.const 3
    i64.sub
    local.get 2
    i64.extend_i32_s
    i64.or                       ;; checks stack and counter
    i64.const 0
    i64.lt_s
    if  ;; label = @1
      local.get 2
      global.set 1               ;; tells what is left of the stack
      local.get 1
      i64.const 3
      i64.sub                    ;; gives up, owing 3
      global.set 0               ;; writes the counter
      unreachable
    end
    local.get 0
    if (result i32)  ;; label = @1
      local.get 1
      i64.const 16
      i64.sub                    ;; pays 16
      local.tee 1
      global.set 0               ;; writes the counter
      local.get 0
      i32.const 1
      i32.sub
      local.get 2
      global.set 1               ;; tells what is left of the stack
      call 1
      global.get 0               ;; reads the counter
      local.set 1
    else
      i32.const 0
      local.get 1
      i64.const 4
      i64.sub                    ;; pays 4
      local.tee 1
      global.set 0               ;; writes the counter
    end)
  (func (;3;) (type 0) (result i32)
    global.get 0
    i64.const 11
    i64.sub                      ;; pays 11
    global.set 0                 ;; writes the counter
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    i32.const 4
    call 1)
  (func (;4;) (type 0) (result i32)
    (local i32)
    global.get 0
    i64.const 32
    i64.sub                      ;; pays 32
    global.set 0                 ;; writes the counter
    global.get 1                 ;; what is left of the stack
    local.set 0
    global.get 0
    i64.const 0
    i64.lt_s                     ;; checks
    if  ;; label = @1
      unreachable
    end
    i32.const 4
    local.get 0
    global.set 1                 ;; tells what is left of the stack
    call 1
    drop
    call 0
    drop
    i32.const 4
    local.get 0
    global.set 1                 ;; tells what is left of the stack
    call 2)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "even" (func 1))
  (export "once" (func 3))
  (export "twice" (func 4))
  (export "$vm.fuel" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2)))
