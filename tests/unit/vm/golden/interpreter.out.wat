;; setup: 248280 fuel
(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (func (;0;) (type 0) (param i32 i32) (result i32)
    (local i32 i64)
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
    i64.const 6
    i64.add                      ;; takes back 6
    local.set 3
    loop  ;; label = @1
      local.get 3
      i64.const 14
      i64.lt_s                   ;; checks, owing 14
      if  ;; label = @2
        local.get 3
        i64.const 14
        i64.sub                  ;; gives up, owing 14
        global.set 0             ;; writes the counter
        unreachable
      end
      local.get 2
      local.get 0
      i32.lt_u
      if  ;; label = @2
        block  ;; label = @3
          block  ;; label = @4
            block  ;; label = @5
              block  ;; label = @6
                local.get 2
                i32.const 15
                i32.and
                i32.load8_u
                br_table 0 (;@6;) 1 (;@5;) 2 (;@4;)
              end
              local.get 1
              i32.const 3
              i32.add
              local.set 1
              local.get 3
              i64.const 27
              i64.sub            ;; pays 27
              local.set 3
              br 2 (;@3;)
            end
            local.get 1
            i32.const 77
            i32.xor
            i32.const 5
            i32.mul
            local.set 1
            local.get 3
            i64.const 29
            i64.sub              ;; pays 29
            local.set 3
            br 1 (;@3;)
          end
          local.get 2
          i32.const 2
          i32.add
          local.set 2
          local.get 3
          i64.const 26
          i64.sub                ;; pays 26
          local.set 3
        end
        local.get 2
        i32.const 1
        i32.add
        local.set 2
        br 1 (;@1;)
      end
      local.get 3
      i64.const 15
      i64.sub                    ;; pays 15
      local.tee 3
      global.set 0               ;; writes the counter
    end
    local.get 1)
  (memory (;0;) 1 1024)
  (global (;0;) (mut i64) (i64.const 0))
  (global (;1;) (mut i32) (i32.const 0))
  (global (;2;) (mut i32) (i32.const 0))
  (export "run" (func 0))
  (export "$vm.fuel" (global 0))
  (export "$vm.stack" (global 1))
  (export "$vm.fault" (global 2))
  (export "$vm.memory" (memory 0)))
