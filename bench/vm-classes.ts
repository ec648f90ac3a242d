// Kernels for calibration: each executes one class of instructions as often, and as unfavourably for the machine, as it
// can; or, if it exports `instance`, is instantiated as often. Those marked adversarial are what an attacker would
// write for the most time per fuel.

/** One kernel: `f(n)` repeats its body n times. */
export interface ClassKernel {
  /** Field of the schedule that prices it. */
  readonly price: string;
  readonly name: string;
  readonly adversarial: boolean;
  /** Text of the module. */
  readonly wat: string;
}

const times = (count: number, piece: string | ((index: number) => string)): string =>
  Array.from({ length: count }, (_, index) => (typeof piece === 'string' ? piece : piece(index))).join('\n');

/** A module whose `f` loops over `body`; locals $n $i $x $y (i32) and $a $b (i64) are there, memory as said. */
function looping(body: string, { pages = 1, before = '', setup = '', start = '' } = {}): string {
  return `(module (memory ${pages}) ${before} (global $g (mut i64) (i64.const 0)) (global $h (mut i32) (i32.const 1))
    (func (export "setup") (local $i i32) ${setup})
    (func (export "f") (param $n i32) (result i64) (local $i i32) (local $x i32) (local $y i32) (local $a i64) (local $b i64)
      (local.set $x (i32.const 12345)) (local.set $y (i32.const 77)) (local.set $a (i64.const 987654321)) (local.set $b (i64.const 33))
      ${start}
      (loop ${body} (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (i64.add (i64.add (local.get $a) (local.get $b)) (i64.extend_i32_u (i32.add (local.get $x) (local.get $y))))))`;
}

/** A module whose instances are what costs. */
const instance = (fields: string): string => `(module ${fields} (func (export "instance")))`;

const kernel = (price: string, name: string, wat: string, adversarial = false): ClassKernel => ({
  price,
  name,
  adversarial,
  wat,
});
const binary = (op: string, type: 'i32' | 'i64'): string =>
  times(
    32,
    `(local.set ${type === 'i32' ? '$x' : '$a'} (${type}.${op} (local.get ${type === 'i32' ? '$x' : '$a'})
      (local.get ${type === 'i32' ? '$y' : '$b'})))`,
  );

/** Writes `bytes` (a power of two) of memory so that each line of it points to another, far away. */
const chase = (bytes: number): string => `(local.set $i (i32.const 0)) (loop $fill
    (i32.store (local.get $i)
      (i32.and (i32.mul (i32.add (local.get $i) (i32.const 0x9e3741)) (i32.const 0x27d4eb2d)) (i32.const ${bytes - 64})))
    (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 64))) (i32.const ${bytes}))))`;
const MEMORY_BYTES = 1 << 26;

/** The next of a pseudo-random sequence, in $x. */
const NEXT = '(local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))';

export const CLASS_KERNELS: readonly ClassKernel[] = [
  kernel('operator', 'i32.add, dependent', looping(binary('add', 'i32'))),
  kernel('operator', 'i32.mul, dependent', looping(binary('mul', 'i32'))),
  kernel('operator', 'i64.mul, dependent', looping(binary('mul', 'i64'))),
  kernel('rotate', 'i64.rotl, dependent', looping(binary('rotl', 'i64'))),
  kernel('rotate', 'i32.rotl, dependent', looping(binary('rotl', 'i32'))),
  kernel(
    'rotate',
    'i64.rotr by a constant',
    looping(times(32, '(local.set $a (i64.rotr (local.get $a) (i64.const 24)))')),
  ),
  kernel('operator', 'i64.shl, dependent', looping(binary('shl', 'i64'))),
  kernel('operator', 'i32.shr_s, dependent', looping(binary('shr_s', 'i32'))),
  kernel(
    'operator',
    'popcnt, clz, ctz',
    looping(times(12, `(local.set $a (i64.add (i64.popcnt (local.get $a)) (i64.clz (i64.ctz (local.get $a)))))`)),
  ),
  kernel(
    'operator',
    'comparison and select',
    looping(
      times(
        16,
        `(local.set $x (select (local.get $y) (i32.add (local.get $x) (i32.const 3)) (i32.lt_s (local.get $x)
      (local.get $y))))`,
      ),
    ),
  ),
  kernel(
    'operator',
    'conversions',
    looping(
      times(
        16,
        `(local.set $a (i64.extend_i32_s (i32.extend8_s (i32.wrap_i64 (i64.add (local.get $a) (local.get $b))))))`,
      ),
    ),
  ),
  kernel(
    'operator',
    'branches that are predicted',
    looping(
      times(16, `(block (br_if 0 (i32.eqz (local.get $n))) (local.set $x (i32.add (local.get $x) (i32.const 1))))`),
    ),
  ),
  kernel(
    'operator',
    'branches that are not',
    looping(
      times(
        16,
        `${NEXT} (if (i32.and (local.get $x) (i32.const 0x10000)) (then (local.set $y (i32.add (local.get $y)
      (i32.const 1)))) (else (local.set $y (i32.xor (local.get $y) (i32.const 9)))))`,
      ),
    ),
    true,
  ),
  kernel('operator', 'memory.size', looping(times(32, '(local.set $x (i32.add (local.get $x) (memory.size)))'))),
  kernel(
    'operator',
    'locals, more than there are registers',
    looping(
      times(
        16,
        `(local.set $x (local.get $y)) (local.set $y (local.get $i)) (local.set $i (local.get $x)) (local.set $a
      (local.get $b)) (local.set $b (local.get $a))`,
      ),
    ),
  ),
  kernel(
    'loopHead',
    'loops of one turn',
    looping(times(16, '(loop (local.set $x (i32.add (local.get $x) (i32.const 1))))')),
  ),
  kernel('loopHead', 'an empty loop', looping('')),
  kernel(
    'load',
    'loads in order',
    looping(
      times(
        16,
        (i) => `(local.set $a (i64.add (local.get $a) (i64.load offset=${i * 8} (i32.and (local.get $n)
      (i32.const 0x7ff8)))))`,
      ),
    ),
  ),
  kernel(
    'load',
    'loads that wait for each other, in the first cache',
    looping(times(16, `(local.set $x (i32.load (i32.and (local.get $x) (i32.const 0xfff))))`)),
  ),
  kernel(
    'load',
    'narrow loads',
    looping(
      times(
        16,
        (i) => `(local.set $x (i32.add (local.get $x) (i32.load8_s offset=${i} (i32.and (local.get $x)
      (i32.const 0xfff)))))`,
      ),
    ),
  ),
  kernel(
    'load',
    'loads that miss every cache, apart',
    looping(
      times(
        8,
        `${NEXT} (local.set $y (i32.add (local.get $y) (i32.load (i32.and (i32.shr_u (local.get $x) (i32.const 6))
      (i32.const -4)))))`,
      ),
      { pages: 1024, setup: chase(MEMORY_BYTES) },
    ),
    true,
  ),
  ...[16, 18, 20, 22, 24, 26].map((log2) =>
    kernel(
      'load',
      `loads all over ${2 ** log2 / 1024} KiB that wait for each other`,
      looping(times(16, '(local.set $x (i32.load (local.get $x)))'), {
        pages: 1024,
        setup: chase(2 ** log2),
        start: '(local.set $x (i32.const 64))',
      }),
      true,
    ),
  ),
  kernel(
    'store',
    'stores in order',
    looping(times(16, (i) => `(i64.store offset=${i * 8} (i32.and (local.get $n) (i32.const 0x7ff8)) (local.get $a))`)),
  ),
  kernel(
    'store',
    'stores that miss every cache',
    looping(
      times(
        8,
        `${NEXT} (i32.store (i32.and (i32.shr_u (local.get $x) (i32.const 6)) (i32.const -4))
      (local.get $y))`,
      ),
      { pages: 1024, setup: chase(MEMORY_BYTES) },
    ),
    true,
  ),
  kernel(
    'store',
    'a load that waits for a narrower store',
    looping(times(16, `(i32.store8 (i32.const 65) (local.get $x)) (local.set $x (i32.load (i32.const 64)))`)),
    true,
  ),
  kernel('global', 'global.get', looping(times(32, '(local.set $a (i64.add (local.get $a) (global.get $g)))'))),
  kernel(
    'global',
    'read, change, write back',
    looping(times(16, '(global.set $h (i32.add (global.get $h) (i32.const 1)))')),
    true,
  ),
  kernel(
    'divide32',
    'i32.div_s',
    looping(
      times(
        8,
        `(local.set $x (i32.or (i32.div_s (i32.const -2147483647) (i32.or (local.get $x) (i32.const 1))) (i32.const 1)))`,
      ),
    ),
  ),
  kernel(
    'divide32',
    'i32.rem_u',
    looping(
      times(
        8,
        `(local.set $x (i32.or (i32.rem_u (i32.const -5) (i32.or (local.get $x) (i32.const 3))) (i32.const 1)))`,
      ),
    ),
  ),
  kernel(
    'divide64',
    'i64.div_s',
    looping(
      times(
        8,
        `(local.set $a (i64.or (i64.div_s (i64.const -9223372036854775807) (i64.or (local.get $a) (i64.const 1)))
      (i64.const 1)))`,
      ),
    ),
  ),
  kernel(
    'divide64',
    'i64.rem_u',
    looping(
      times(
        8,
        `(local.set $a (i64.or (i64.rem_u (i64.const -5) (i64.or (local.get $a) (i64.const 3))) (i64.const 1)))`,
      ),
    ),
  ),
  kernel('call', 'an empty function', looping(times(16, '(call $empty)'), { before: '(func $empty)' })),
  kernel(
    'call',
    'a small function',
    looping(times(16, '(local.set $x (call $inc (local.get $x)))'), {
      before: `(func $inc (param i32) (result i32) (i32.add
      (local.get 0) (i32.const 1)))`,
    }),
  ),
  kernel(
    'call',
    'a recursion',
    looping('(local.set $a (i64.add (local.get $a) (call $down (i32.const 100))))', {
      before: `(func $down (param i32) (result i64) (if (result i64) (local.get 0) (then (i64.add (call $down (i32.sub
      (local.get 0) (i32.const 1))) (i64.const 1))) (else (i64.const 0))))`,
    }),
  ),
  kernel(
    'local',
    'a function of a thousand locals',
    looping(times(4, '(call $wide)'), { before: `(func $wide (local ${times(1000, 'i64')}))` }),
    true,
  ),
  kernel(
    'local',
    'a function of sixty parameters',
    looping(times(4, `(call $many ${times(60, '(local.get $a)')})`), {
      before: `(func $many (param ${times(60, 'i64')}))`,
    }),
  ),
  kernel(
    'local',
    'a thousand locals, all of them read',
    looping('(local.set $a (i64.add (local.get $a) (call $all)))', {
      before: `(func $all (result i64) (local ${times(500, 'i64')}) (local.get 0) ${times(499, (i) => `(local.get ${i + 1}) (i64.add)`)})`,
    }),
    true,
  ),
  kernel(
    'callIndirect',
    'one target',
    looping(times(16, '(call_indirect (i32.const 0))'), {
      before: `(table 1 funcref) (elem (i32.const 0) $empty) (func $empty)`,
    }),
  ),
  kernel(
    'callIndirect',
    'eight targets, unpredictably',
    looping(
      times(
        8,
        `${NEXT} (local.set $y (call_indirect (param i32) (result i32) (local.get $y) (i32.shr_u (local.get $x)
      (i32.const 29))))`,
      ),
      {
        before: `(table 8 funcref) (elem (i32.const 0) ${times(8, (i) => `$t${i}`)})
      ${times(8, (i) => `(func $t${i} (param i32) (result i32) (i32.add (local.get 0) (i32.const ${i})))`)}`,
      },
    ),
    true,
  ),
  kernel(
    'brTable',
    'sixteen targets, unpredictably',
    looping(
      times(
        4,
        `${NEXT} ${times(16, '(block')} (br_table ${times(16, (i) => `${i}`)} (i32.shr_u (local.get $x)
      (i32.const 28))) ${times(16, (i) => `) (local.set $y (i32.add (local.get $y) (i32.const ${i})))`)}`,
      ),
    ),
    true,
  ),
  kernel(
    'bulk',
    'memory.fill of nothing',
    looping(times(8, '(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))')),
    true,
  ),
  kernel(
    'bulk',
    'memory.copy of nothing',
    looping(times(8, '(memory.copy (i32.const 0) (i32.const 8) (i32.const 0))')),
    true,
  ),
  kernel(
    'bulk',
    'memory.init of nothing',
    looping(times(8, `(memory.init $d (i32.const 0) (i32.const 0) (i32.const 0))`), { before: '(data $d "abc")' }),
    true,
  ),
  kernel(
    'bulk',
    'memory.copy of 31 bytes',
    looping(times(8, '(memory.copy (i32.const 1) (i32.const 99) (i32.const 31))')),
  ),
  kernel(
    'bulk',
    'memory.fill of 31 bytes',
    looping(times(8, '(memory.fill (i32.const 1) (i32.const 99) (i32.const 31))')),
  ),
  kernel(
    'bulkBytesPerFuel',
    'memory.copy of 4 kB',
    looping('(memory.copy (i32.const 1) (i32.const 20000) (i32.const 4096))'),
  ),
  kernel(
    'bulkBytesPerFuel',
    'memory.fill of 4 kB',
    looping('(memory.fill (i32.const 1) (i32.const 3) (i32.const 4096))'),
  ),
  kernel(
    'bulkBytesPerFuel',
    'memory.fill of 32 MB, odd',
    looping(`(memory.fill (i32.const 1) (local.get $n) (i32.const 33554431))`, { pages: 1024 }),
    true,
  ),
  kernel(
    'bulkBytesPerFuel',
    'memory.copy of 31 MB, overlapping',
    looping(`(memory.copy (i32.const 0x100001) (i32.const 0) (i32.const 32505856))`, { pages: 1024 }),
    true,
  ),
  kernel('grow', 'memory.grow of nothing', looping('(drop (memory.grow (i32.const 0)))'), true),
  kernel('grow', 'memory.grow beyond the maximum', looping('(drop (memory.grow (i32.const 65535)))'), true),
  kernel(
    'growPage',
    'memory.grow by a page, each page touched',
    `(module (memory 1) (func (export "setup")) (func (export "once")
    (loop (i64.store (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)) (i64.const 1))
      (br_if 0 (i32.lt_u (memory.size) (i32.const 1000))))))`,
  ),
  kernel('setup.fixed', 'an instance of nothing', instance('')),
  kernel('setup.fixed', 'an instance of a page', instance('(memory 1)')),
  kernel('setup.page', 'an instance of 1,024 pages', instance('(memory 1024)')),
  kernel('setup.tableEntry', 'a table of 65,536 entries', instance('(table 65536 funcref)'), true),
  kernel(
    'setup.element',
    'entries of a few functions, over and over',
    instance(`(table 4096 funcref) (func $a) (func $b)
      ${times(64, `(elem (i32.const 0) ${times(4096, (i) => (i % 3 === 0 ? '$a' : '$b'))})`)}`),
    true,
  ),
  kernel(
    'setup.element',
    'entries of many functions',
    instance(
      `(table 4096 funcref) ${times(4096, (i) => `(func $f${i})`)} (elem (i32.const 0) ${times(4096, (i) => `$f${i}`)})`,
    ),
    true,
  ),
  kernel(
    'setup.export',
    'exports of a function',
    instance(`(func $f) ${times(1000, (i) => `(export "e${i}" (func $f))`)}`),
    true,
  ),
  kernel('setup.export', 'exports of many functions', instance(times(1000, (i) => `(func (export "e${i}"))`)), true),
  kernel(
    'setup.export',
    'exports of globals',
    instance(times(1000, (i) => `(global (export "g${i}") i32 (i32.const 0))`)),
    true,
  ),
];
