// Modules that together cover everything that metering must get right, and the calls to make of each. The arguments are
// chosen so that every trap, and both sides of every branch, happen.

export interface Case {
  readonly name: string;
  readonly wat: string;
  readonly calls: readonly (readonly [entry: string, ...args: (number | bigint)[]])[];
}

const I32_MIN = 0x80000000;
const MINUS_ONE = 0xffffffff;

export const CASES: readonly Case[] = [
  {
    name: 'straight line',
    wat: `(module (func (export "f") (param i32 i64) (result i64)
      local.get 0 i32.const 3 i32.mul i64.extend_i32_s local.get 1 i64.add i64.const 13 i64.rotl nop drop i64.const 5 i64.popcnt))`,
    calls: [
      ['f', 1, 2n],
      ['f', MINUS_ONE, 2n ** 63n],
    ],
  },
  {
    name: 'a loop that counts',
    wat: `(module (func (export "sum") (param i32) (result i32) (local i32)
      (loop (local.set 1 (i32.add (local.get 1) (local.get 0)))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) local.get 1))`,
    calls: [
      ['sum', 1],
      ['sum', 10],
      ['sum', 1000],
    ],
  },
  {
    name: 'loops in loops, with early exits',
    wat: `(module (func (export "f") (param i32) (result i32) (local i32 i32)
      (block (loop
        (br_if 1 (i32.ge_u (local.get 1) (local.get 0)))
        (local.set 2 (i32.const 0))
        (loop (block
          (br_if 0 (i32.and (local.get 2) (i32.const 1)))
          (br_if 2 (i32.eq (local.get 1) (i32.const 7))))
          (local.set 2 (i32.add (local.get 2) (i32.const 1)))
          (br_if 0 (i32.lt_u (local.get 2) (local.get 1))))
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br 0)))
      local.get 1))`,
    calls: [
      ['f', 0],
      ['f', 5],
      ['f', 7],
    ],
  },
  {
    name: 'nested ifs',
    wat: `(module (func (export "f") (param i32 i32) (result i32)
      (if (result i32) (local.get 0)
        (then (if (result i32) (i32.gt_s (local.get 1) (i32.const 5)) (then (i32.const 1)) (else (i32.mul (local.get 1) (i32.const 2)))))
        (else (if (local.get 1) (then (local.set 0 (i32.const 9)))) (i32.add (local.get 0) (i32.const 100))))))`,
    calls: [
      ['f', 1, 6],
      ['f', 1, 2],
      ['f', 0, 0],
      ['f', 0, 1],
      ['f', 3, MINUS_ONE],
    ],
  },
  {
    name: 'arms that end early',
    wat: `(module (func (export "f") (param i32) (result i32)
      (if (i32.eq (local.get 0) (i32.const 1)) (then (return (i32.const 11))))
      (if (result i32) (i32.eq (local.get 0) (i32.const 2)) (then (unreachable) (i32.const 3) (drop) (i32.const 4)) (else (i32.const 5)))
      (block (result i32) (br 0 (i32.const 6)) (drop) (i32.const 7))
      (i32.add)))`,
    calls: [
      ['f', 0],
      ['f', 1],
      ['f', 2],
    ],
  },
  {
    name: 'br_table',
    wat: `(module (func (export "f") (param i32) (result i32)
      (block (block (block (block (br_table 0 1 2 1 0 0 0 0 0 3 (local.get 0))) (return (i32.const 10))) (return (i32.const 20)))
        (local.set 0 (i32.const 5)))
      (i32.mul (local.get 0) (i32.const 3))))`,
    calls: [
      ['f', 0],
      ['f', 1],
      ['f', 2],
      ['f', 3],
      ['f', 9],
      ['f', 100],
      ['f', MINUS_ONE],
    ],
  },
  {
    name: 'br_table into a loop and out of the function',
    wat: `(module (func (export "f") (param i32) (result i32) (local i32)
      (local.get 0)
      (loop (param i32) (result i32)
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (i32.const 1) (i32.sub) (local.tee 0) (local.get 0)
        (br_table 1 0 0 0 0))))`,
    calls: [
      ['f', 1],
      ['f', 4],
      ['f', 3],
    ],
  },
  {
    name: 'calls',
    wat: `(module
      (func $leaf (param i32) (result i32) (local i64 i64) (i32.add (local.get 0) (i32.const 1)))
      (func $mid (param i32) (result i32) (i32.add (call $leaf (local.get 0)) (call $leaf (i32.const 4))))
      (func (export "f") (param i32) (result i32)
        (if (result i32) (local.get 0) (then (call $mid (local.get 0))) (else (call $leaf (call $mid (i32.const 2)))))))`,
    calls: [
      ['f', 0],
      ['f', 3],
    ],
  },
  {
    name: 'recursion',
    wat: `(module (func $fib (export "fib") (param i32) (result i32)
      (if (i32.lt_u (local.get 0) (i32.const 2)) (then (return (local.get 0))))
      (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))`,
    calls: [
      ['fib', 0],
      ['fib', 1],
      ['fib', 10],
    ],
  },
  {
    name: 'recursion without end, through two functions',
    wat: `(module (func $leaf (local i64 i64 i64))
      (func $a (export "a") (param i32) (result i32) (call $leaf) (i32.add (call $b (i32.const 1)) (local.get 0)))
      (func $b (param i32) (result i32) (local i32 i32) (call $a (i32.add (local.get 0) (i32.const 1)))))`,
    calls: [['a', 0]],
  },
  {
    name: 'division and its traps',
    wat: `(module
      (func (export "s32") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
      (func (export "u32") (param i32 i32) (result i32) (i32.add (i32.div_u (local.get 0) (local.get 1)) (i32.rem_u (local.get 0) (local.get 1))))
      (func (export "r32") (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1)))
      (func (export "s64") (param i64 i64) (result i64) (i64.div_s (local.get 0) (local.get 1)))
      (func (export "u64") (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1)) (drop) (i64.div_u (local.get 0) (local.get 1)))
      (func (export "r64") (param i64 i64) (result i64) (i64.rem_s (local.get 0) (local.get 1))))`,
    calls: [
      ['s32', 7, 2],
      ['s32', 7, 0],
      ['s32', I32_MIN, MINUS_ONE],
      ['u32', MINUS_ONE, 10],
      ['u32', 1, 0],
      ['r32', I32_MIN, MINUS_ONE],
      ['r32', 1, 0],
      ['s64', 7n, 2n],
      ['s64', 7n, 0n],
      ['s64', 2n ** 63n, 2n ** 64n - 1n],
      ['u64', 2n ** 64n - 1n, 10n],
      ['u64', 1n, 0n],
      ['r64', 2n ** 63n, 2n ** 64n - 1n],
      ['r64', 1n, 0n],
    ],
  },
  {
    name: 'loads and stores, in and out of bounds',
    wat: `(module (memory 1) (data (i32.const 16) "\\01\\82\\03\\84\\05\\86\\07\\88")
      (func (export "load") (param i32) (result i64)
        (i64.add (i64.load (local.get 0)) (i64.add (i64.load8_s (local.get 0)) (i64.add (i64.load16_u (local.get 0)) (i64.load32_s (local.get 0))))))
      (func (export "narrow") (param i32) (result i32)
        (i32.add (i32.load16_s offset=1 (local.get 0)) (i32.add (i32.load8_u (local.get 0)) (i32.load8_s (local.get 0)))))
      (func (export "store") (param i32 i32) (result i32)
        (i32.store (local.get 0) (local.get 1)) (i32.store8 offset=2 (local.get 0) (i32.const 7)) (i32.load (local.get 0)))
      (func (export "store64") (param i32 i64) (result i64)
        (i64.store (local.get 0) (local.get 1)) (i64.store16 (local.get 0) (i64.const 1)) (i64.store32 offset=4 (local.get 0) (i64.const 2)) (i64.load (local.get 0))))`,
    calls: [
      ['load', 16],
      ['load', 65528],
      ['load', 65529],
      ['load', MINUS_ONE],
      ['narrow', 16],
      ['narrow', 65534],
      ['store', 65532, 9],
      ['store', 65533, 9],
      ['store64', 0, 2n ** 64n - 1n],
      ['store64', 65536, 1n],
    ],
  },
  {
    name: 'a trap inside a loop, after some iterations',
    wat: `(module (memory 1) (func (export "f") (param i32) (result i32) (local i32)
      (loop (local.set 1 (i32.add (local.get 1) (i32.load (local.get 0))))
        (local.set 0 (i32.add (local.get 0) (i32.const 4096)))
        (br_if 0 (i32.lt_u (local.get 0) (i32.const 100000))))
      local.get 1))`,
    calls: [
      ['f', 0],
      ['f', 99000],
    ],
  },
  {
    name: 'memory.grow',
    wat: `(module (memory 1 5)
      (func (export "f") (param i32) (result i32) (local i32)
        (local.set 1 (memory.grow (local.get 0)))
        (if (i32.ne (local.get 1) (i32.const -1)) (then (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (i32.const 5))))
        (i32.add (i32.mul (local.get 1) (i32.const 100)) (memory.size)))
      (func (export "dead") (result i32) (return (i32.const 1)) (memory.grow (i32.const 1))))`,
    calls: [['f', 0], ['f', 1], ['f', 4], ['f', 5], ['f', MINUS_ONE], ['dead']],
  },
  {
    name: 'memory.grow without a maximum of its own',
    wat: '(module (memory 0) (func (export "f") (param i32) (result i32) (memory.grow (local.get 0))))',
    calls: [
      ['f', 0],
      ['f', 3],
      ['f', 1024],
      ['f', 1025],
      ['f', I32_MIN],
    ],
  },
  {
    name: 'bulk memory',
    wat: `(module (memory 1) (data $d "hello, world") (data (i32.const 8) "12345678")
      (func (export "fill") (param i32 i32 i32) (result i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)) (i32.load (local.get 0)))
      (func (export "copy") (param i32 i32 i32) (result i64) (memory.copy (local.get 0) (local.get 1) (local.get 2)) (i64.load (i32.const 12)))
      (func (export "init") (param i32 i32 i32) (result i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)) (i32.load (local.get 0)))
      (func (export "drop") (param i32) (data.drop $d) (memory.init $d (i32.const 0) (i32.const 0) (local.get 0))))`,
    calls: [
      ['fill', 0, 0x155, 0],
      ['fill', 100, 0x1ff, 1001],
      ['fill', 65532, 1, 4],
      ['fill', 65533, 1, 4],
      ['fill', 1, 1, MINUS_ONE],
      ['copy', 12, 8, 8],
      ['copy', 10, 8, 6],
      ['copy', 0, 65530, 7],
      ['copy', 65530, 0, 7],
      ['copy', 0, 0, MINUS_ONE],
      ['init', 3, 7, 5],
      ['init', 3, 8, 5],
      ['init', 65535, 0, 2],
      ['drop', 0],
      ['drop', 1],
      ['drop', 12],
      ['drop', 13],
    ],
  },
  {
    name: 'indirect calls',
    wat: `(module (type $u (func (param i32) (result i32))) (type $b (func (param i32 i32) (result i32))) (type $same (func (param i32) (result i32)))
      (table 6 funcref) (elem (i32.const 1) $inc $add $again $other)
      (func $inc (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
      (func $add (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func $again (param i32) (result i32) (if (result i32) (local.get 0)
        (then (call_indirect (type $u) (i32.sub (local.get 0) (i32.const 1)) (i32.const 3))) (else (i32.const 42))))
      (func $other (type $same) (i32.const 5))
      (func (export "f") (param i32 i32) (result i32) (call_indirect (type $u) (local.get 0) (local.get 1)))
      (func (export "g") (param i32) (result i32) (call_indirect (type $b) (i32.const 1) (i32.const 2) (local.get 0))))`,
    calls: [
      ['f', 5, 1],
      ['f', 5, 3],
      ['f', 5, 4],
      ['f', 5, 0],
      ['f', 5, 2],
      ['f', 5, 6],
      ['f', 5, MINUS_ONE],
      ['f', 100000, 3],
      ['g', 2],
      ['g', 1],
    ],
  },
  {
    name: 'globals and a start function',
    wat: `(module (global $g (mut i64) (i64.const 5)) (global $c i32 (i32.const -7)) (start $init)
      (func $init (local i32) (loop (global.set $g (i64.mul (global.get $g) (i64.const 3)))
        (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 4)))))
      (func (export "f") (result i64) (global.set $g (i64.add (global.get $g) (i64.extend_i32_s (global.get $c)))) (global.get $g)))`,
    calls: [['f']],
  },
  {
    name: 'a start function that traps',
    wat: '(module (memory 1) (start $init) (func $init (i32.store (i32.const 65533) (i32.const 1))) (func (export "f")))',
    calls: [['f']],
  },
  {
    name: 'several results, blocks with parameters',
    wat: `(module
      (func $swap (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
      (func $deep (export "deep") (param i32 i64) (result i64 i32)
        (if (i32.eqz (local.get 0)) (then (return (i64.const 1) (i32.const 2))))
        (call $deep (i32.sub (local.get 0) (i32.const 1)) (local.get 1)))
      (func (export "f") (param i32 i64) (result i64 i32) (call $swap (local.get 0) (local.get 1))
        (block (param i64 i32) (result i64 i32) (br_if 0 (local.get 0)) (i32.const 1) (i32.add))))`,
    calls: [
      ['f', 0, 9n],
      ['f', 3, 9n],
      ['deep', 0, 1n],
      ['deep', 20, 1n],
    ],
  },
  {
    name: 'narrow integers',
    wat: `(module (func (export "f") (param i32 i64) (result i64)
      (i64.add (i64.extend_i32_u (i32.extend8_s (local.get 0))) (i64.add (i64.extend_i32_s (i32.extend16_s (local.get 0)))
        (i64.add (i64.extend8_s (local.get 1)) (i64.add (i64.extend16_s (local.get 1)) (i64.extend32_s (local.get 1))))))
      (i64.extend_i32_u (i32.add (i32.clz (local.get 0)) (i32.rotr (i32.ctz (local.get 0)) (i32.wrap_i64 (local.get 1)))))
      (i64.xor) (i64.clz (i64.shr_s (local.get 1) (i64.const 3))) (i64.add)))`,
    calls: [
      ['f', 0x8180, 0x8000_8000_8080n],
      ['f', 0, 0n],
      ['f', MINUS_ONE, 2n ** 64n - 1n],
    ],
  },
  {
    name: 'selects, branches that leave the function, code that never runs',
    wat: `(module (func (export "f") (param i32) (result i32)
      (block (result i32) (br_if 1 (select (i32.const 3) (local.get 0) (i32.lt_s (local.get 0) (i32.const 4))) (i32.eqz (local.get 0))))
      (loop (param i32) (result i32) (br_if 1 (local.get 0)) (br 1) (br_if 0 (i32.const 1)) (loop (br 0)) (unreachable))
      (drop) (unreachable)))`,
    calls: [
      ['f', 0],
      ['f', 5],
    ],
  },
  {
    name: 'what is owed along ways that meet',
    wat: `(module (memory 1)
      (func (export "counted") (param i32) (result i32) (local i32 i32)
        (block (loop
          (br_if 1 (i32.ge_u (local.get 1) (local.get 0)))
          (local.set 2 (i32.add (local.get 2) (i32.load (local.get 1))))
          (local.set 1 (i32.add (local.get 1) (i32.const 4)))
          (br 0)))
        (local.get 2))
      (func (export "branches") (param i32) (result i32)
        (block
          (br_if 0 (i32.eqz (local.get 0)))
          (br_if 0 (i32.eq (local.get 0) (i32.const 7)))
          (if (i32.eq (local.get 0) (i32.const 8)) (then (i32.store (i32.const 0) (local.get 0))))
          (loop (br_if 0 (i32.gt_u (local.tee 0 (i32.shr_u (local.get 0) (i32.const 1))) (i32.const 9)))))
        (i32.div_u (i32.const 90) (local.get 0)))
      (func (export "table") (param i32 i32) (result i32)
        (block (block (block
          (br_if 1 (i32.eq (local.get 0) (i32.const 9)))
          (if (i32.gt_u (local.get 0) (i32.const 20)) (then (br_if 2 (i32.and (local.get 0) (i32.const 1)))) (else (br_if 1 (local.get 1))))
          (br_table 0 1 2 1 (local.get 0)))
          (local.set 1 (i32.const 5)))
          (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (local.get 0)) (local.set 0 (i32.const 70000)))
        (i32.load (i32.add (local.get 0) (local.get 1)))))`,
    calls: [
      ['counted', 0],
      ['counted', 8],
      ['counted', 65_536],
      ['counted', 65_540],
      ...[0, 1, 7, 8, 9, 100, MINUS_ONE].map((n) => ['branches', n] as const),
      ...[0, 1, 2, 3, 9, 21, 22].flatMap((n) => [['table', n, 0] as const, ['table', n, 1] as const]),
    ],
  },
  {
    name: 'more ways to a label than may pay apart',
    wat: `(module (memory 1) (func (export "f") (param i32) (result i32)
      (block ${Array.from({ length: 80 }, (_, n) => `(br_if 0 (i32.eq (local.get 0) (i32.const ${n})))`).join(' ')})
      (i32.load (i32.mul (local.get 0) (i32.const 900)))))`,
    calls: [0, 3, 63, 64, 65, 72, 73, 79, 80, MINUS_ONE].map((n) => ['f', n] as const),
  },
  {
    name: 'an interpreter, each arm of which pays for its turn',
    wat: `(module (memory 1) (data (i32.const 0) "\\00\\01\\02\\03\\01\\04\\02\\00\\03\\05")
      (func (export "f") (param i32 i32) (result i32) (local i32)
        (loop
          (if (i32.lt_u (local.get 2) (local.get 0)) (then
            (block (block (block (block (block
              (br_table 0 1 2 3 4 (i32.load8_u (i32.and (local.get 2) (i32.const 15)))))
              (local.set 1 (i32.add (local.get 1) (i32.const 3))) (br 3))
              (local.set 1 (i32.mul (i32.xor (local.get 1) (i32.const 77)) (i32.const 5))) (br 2))
              (if (i32.and (local.get 1) (i32.const 1)) (then (local.set 2 (i32.add (local.get 2) (i32.const 1))))) (br 1))
              (i32.store8 (i32.const 3) (i32.rem_u (local.get 1) (i32.const 6))))
            (local.set 2 (i32.add (local.get 2) (i32.const 1)))
            (br 1))))
        (i32.load (i32.mul (local.get 1) (i32.const 9)))))`,
    calls: [0, 1, 2, 5, 16, 100].flatMap((n) => [['f', n, 0] as const, ['f', n, 70_000] as const]),
  },
  {
    name: 'tables that share labels, lead to a loop, out of the function, or where a branch carries a value',
    wat: `(module (memory 1)
      (func (export "shared") (param i32 i32) (result i32) (local i32)
        (loop
          (block (block (block
            (if (local.get 1) (then (br_table 1 2 3 (local.get 0))))
            (br_table 0 1 2 (i32.sub (local.get 0) (local.get 2))))
            (local.set 2 (i32.add (local.get 2) (i32.const 7))))
            (local.set 0 (i32.add (local.get 0) (i32.const 1))))
          (local.set 2 (i32.add (local.get 2) (i32.const 1)))
          (br_if 0 (i32.lt_u (local.get 2) (i32.const 30))))
        (i32.load (i32.mul (local.get 2) (i32.const 2000))))
      (func (export "again") (param i32 i32) (result i32) (local i32)
        (loop
          (local.set 2 (i32.add (local.get 2) (i32.const 1)))
          (block (block
            (br_table 0 1 2 1 (i32.sub (local.get 0) (local.get 2))))
            (local.set 0 (i32.shr_u (local.get 0) (i32.const 1))))
          (br_if 0 (i32.lt_u (local.get 2) (local.get 1))))
        (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 3))) (i32.const 50))))
        (local.get 2))
      (func (export "early") (param i32 i32) (result i32) (local i32)
        (loop
          (local.set 2 (i32.add (local.get 2) (i32.const 1)))
          (br_if 0 (i32.lt_u (local.get 2) (local.get 1)))
          (block (br_if 0 (i32.and (local.get 2) (i32.const 1))) (br_if 0 (i32.and (local.get 0) (i32.const 2))))
          (local.set 2 (i32.rotl (i32.rotr (i32.rotl (i32.rotr (local.get 2) (i32.const 5)) (i32.const 6)) (i32.const 7)) (i32.const 6)))
          (br_if 0 (i32.lt_u (local.get 2) (local.get 0))))
        (local.get 2))
      (func (export "out") (param i32 i32) (result i32) (local i32)
        (loop
          (local.set 2 (i32.add (local.get 2) (i32.const 1)))
          (block (result i32)
            (br_table 0 2 0 (i32.add (local.get 2) (i32.const 5)) (i32.sub (local.get 0) (local.get 2))))
          (local.set 1 (i32.sub (local.get 1)))
          (br_if 0 (i32.lt_u (local.get 2) (i32.const 9))))
        (local.get 1))
      (func (export "carried") (param i32 i32) (result i32) (local i32)
        (loop
          (local.set 2 (i32.add (local.get 2) (block (result i32)
            (drop (br_if 0 (i32.const 3) (i32.eq (local.get 0) (local.get 2))))
            (br_table 0 0 (i32.const 2) (local.get 0)))))
          (br_if 0 (i32.lt_u (local.get 2) (local.get 1))))
        (i32.load (i32.mul (local.get 2) (i32.const 7000)))))`,
    calls: ['shared', 'again', 'early', 'out', 'carried'].flatMap((entry) =>
      [0, 1, 2, 3, 9, 200].flatMap((n) => [[entry, n, 0] as const, [entry, n, 12] as const]),
    ),
  },
  {
    name: 'what is owed is never less than nothing',
    wat: `(module (memory 1) ${Array.from(
      { length: 24 },
      (_, n) => `(func (export "f${n}") (param i32 i32) (result i32) (local i32)
      (loop
        (local.set 2 (i32.add (local.get 2) (i32.const 1)))
        (br_if 0 (i32.lt_u (local.get 2) (local.get 1)))
        (block (br_if 0 (i32.and (local.get 2) (i32.const 1))) (br_if 0 (i32.and (local.get 0) (i32.const 2))))
        (block
          (br_if 0 (i32.gt_u (local.get 2) (local.get 0)))
          ${'(drop (i32.const 0))'.repeat(n)}
          (br 1))
        (block (block (br_table 0 1 (i32.and (local.get 2) (i32.const 1)))) (local.set 0 (i32.const 3)))
        (br_if 0 (i32.lt_u (local.get 2) (i32.const 9))))
      (local.get 2))`,
    ).join(' ')})`,
    calls: Array.from({ length: 24 }, (_, n) => n).flatMap((n) => [
      [`f${n}`, 0, 0] as const,
      [`f${n}`, 12, 2] as const,
    ]),
  },
  // Room is found for a payment in one of them, and for a segment in the other.
  ...[0, 4].map((nops): Case => ({
    name: `more edits than the plan of a module has room for at first, after ${nops} nops`,
    wat: `(module (func (export "f") (param i32) (result i64) ${'nop '.repeat(nops)} (block (result i64)
      (i64.const 1) ${'(br_if 0 (local.get 0))'.repeat(500)})))`,
    calls: [
      ['f', 0],
      ['f', 1],
    ],
  })),
];
