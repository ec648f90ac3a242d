(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (func (;0;) (type 0) (result i32)
    global.get 0
    i64.const 1
    i64.sub
    global.set 0
    global.get 0
    i64.const 0
    i64.lt_s
    if  ;; label = @1
      unreachable
    end
    i32.const 1)
  (func (;1;) (type 1) (param i32) (result i32)
    (local i64 i32)
    global.get 0
    local.set 1
    local.get 1
    i64.const 4
    i64.lt_s
    if  ;; label = @1
      local.get 1
      i64.const 4
      i64.sub
      global.set 0
      unreachable
    end
    global.get 1
    i32.const 32
    i32.sub
    local.tee 2
    global.set 1
    local.get 2
    i32.const 0
    i32.lt_s
    if  ;; label = @1
      local.get 1
      i64.const 4
      i64.sub
      global.set 0
      unreachable
    end
    block (result i32)  ;; label = @1
      local.get 0
      i32.eqz
      if  ;; label = @2
        local.get 1
        i64.const 6
        i64.sub
        local.tee 1
        global.set 0
        i32.const 1
        local.get 2
        i32.const 32
        i32.add
        global.set 1
        return
      end
      local.get 1
      i64.const 9
      i64.sub
      local.tee 1
      global.set 0
      i32.const 0
      local.get 0
      i32.const 1
      i32.eq
      br_if 0 (;@1;)
      local.get 1
      i64.const 23
      i64.sub
      local.tee 1
      global.set 0
      drop
      call 0
      global.get 0
      local.set 1
      drop
      local.get 0
      i32.const 1
      i32.sub
      call 2
      global.get 0
      local.set 1
    end
    local.get 2
    i32.const 32
    i32.add
    global.set 1)
  (func (;2;) (type 1) (param i32) (result i32)
    (local i64 i32)
    global.get 0
    local.set 1
    local.get 1
    i64.const 3
    i64.lt_s
    if  ;; label = @1
      local.get 1
      i64.const 3
      i64.sub
      global.set 0
      unreachable
    end
    global.get 1
    i32.const 17
    i32.sub
    local.tee 2
    global.set 1
    local.get 2
    i32.const 0
    i32.lt_s
    if  ;; label = @1
      local.get 1
      i64.const 3
      i64.sub
      global.set 0
      unreachable
    end
    block (result i32)  ;; label = @1
      local.get 0
      if (result i32)  ;; label = @2
        local.get 1
        i64.const 16
        i64.sub
        local.tee 1
        global.set 0
        local.get 0
        i32.const 1
        i32.sub
        call 1
        global.get 0
        local.set 1
      else
        i32.const 0
        local.get 1
        i64.const 4
        i64.sub
        local.set 1
      end
      local.get 1
      global.set 0
    end
    local.get 2
    i32.const 17
    i32.add
    global.set 1)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "even" (func 1))
  (export "$vm.gas" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2)))
