// Tracing: what each function used, by itself and with its callees, compared with the reference meter. Tracing changes
// no fuel.
import { describe, expect, test } from '@jest/globals';
import { prepare } from '../../../host/vm/index.js';
import type { Guest, HostFunction, PreparedModule, Trace } from '../../../host/vm/index.js';
import { randomModule } from '../../fuzz/vm-generator.js';
import { CASES } from './cases.js';
import { Reference } from './reference.js';
import { wat } from './wat.js';

const FUEL = 50_000_000n;
/** Units of stack: few, so that the reference can recurse in JavaScript. */
const STACK = 4_000;
/** Seeds of random modules; `TRACE_SEED` sets the first, `TRACE_MODULES` how many. */
const SEED = Number(process.env['TRACE_SEED'] ?? Date.now() % 1_000_000_000);
const MODULES = Number(process.env['TRACE_MODULES'] ?? 50);

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
/** All that a trace accounts for. */
const accounted = ({ setup, placing, functions, host }: Trace): bigint =>
  setup + placing + sum(functions.map(({ self }) => self)) + sum(host.map(({ total }) => total));

const host = (
  params: ('i32' | 'i64')[],
  results: ('i32' | 'i64')[],
  fixed: bigint,
  call: HostFunction['call'],
  perByte = 0n,
): HostFunction => ({ params, results, price: { fixed, perByte }, call });

/** A guest's trace and the reference's profile, in one form. */
function traceOf(guest: Guest, module: PreparedModule): unknown {
  const { setup, functions, host: hosts } = guest.trace()!;
  return {
    setup,
    functions: Object.fromEntries(
      functions.map(({ name, index, calls, self, total }) => [index ?? name, { calls, self, total }]),
    ),
    host: Object.fromEntries(hosts.map(({ name, calls, total }) => [name, { calls, self: total, total }])),
    imports: module.imports.length,
  };
}

function profileOf({ profile }: Reference, module: PreparedModule): unknown {
  const figures = ({ calls, self, total }: { calls: number; self: number; total: number }): unknown => ({
    calls: BigInt(calls),
    self: BigInt(self),
    total: BigInt(total),
  });
  const imports = module.imports.map(({ name }) => name);
  const entries = [...profile.entries];
  const isHost = (key: number | string): key is number => typeof key === 'number' && key < imports.length;
  return {
    setup: BigInt(profile.setup),
    functions: Object.fromEntries(entries.filter(([key]) => !isHost(key)).map(([key, entry]) => [key, figures(entry)])),
    host: Object.fromEntries(entries.flatMap(([key, entry]) => (isHost(key) ? [[imports[key]!, figures(entry)]] : []))),
    imports: imports.length,
  };
}

type Call = readonly [entry: string, ...args: (number | bigint)[]];
interface Setting {
  fuel?: bigint;
  stack?: number;
  hosts?: Record<string, HostFunction>;
}

/** Makes all `calls` of one guest until one does not return, traced, plain and in the reference: all must agree. */
function agree(
  code: Uint8Array,
  calls: readonly Call[],
  { fuel = FUEL, stack = STACK, hosts = {} }: Setting = {},
): Trace {
  const plain = prepare(code).instantiate({ imports: hosts });
  const module = prepare(code, { trace: true });
  const traced = module.instantiate({ imports: hosts });
  const reference = new Reference(code, module.setupFuel, hosts);
  let used = 0n;
  let executed = 0;
  let returned = true;
  for (const [entry, ...args] of calls) {
    const result = traced.call(entry, args, { fuel, stack });
    expect(result).toEqual(plain.call(entry, args, { fuel, stack }));
    executed += reference.call(entry, args, fuel, stack).executed;
    used += result.fuelUsed;
    returned &&= result.outcome === 'returned';
    if (!returned) break;
  }
  const trace = traced.trace()!;
  expect(traceOf(traced, module)).toEqual(profileOf(reference, module));
  expect(accounted(trace)).toBe(used);
  for (const { self, total } of trace.functions) {
    expect(total >= self && total <= used).toBe(true);
  }
  if (returned) {
    // Nothing was paid that was not done: each function's share is what its instructions cost one by one.
    expect(BigInt(executed)).toBe(used);
    for (const { self, executed: own } of reference.profile.entries.values()) expect(own).toBe(self);
  }
  return trace;
}

/** Everything about one function. */
const share = (trace: Trace, name: string): unknown => {
  const found = trace.functions.find((entry) => entry.name === name);
  return found === undefined ? undefined : { calls: found.calls, self: found.self, total: found.total };
};

describe('a trace', () => {
  test('has self and total, and what the host was paid, as calculated by hand', () => {
    const source = `(module (import "env" "f" (func $f (param i32) (result i32))) (memory 1)
      (func $step (param i32) (result i32) (call $f (local.get 0)))
      (func (export "run") (param i32) (loop (drop (call $step (local.get 0)))
        (memory.fill (i32.const 0) (i32.const 1) (i32.const 400))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
    const f = host(['i32'], ['i32'], 250n, (_, value) => value);
    const trace = agree(wat(source), [['run', 8]], { hosts: { f } });
    const step = 8n * (1n + 1n + 10n); // its parameter, local.get, call
    const run = 1n + 8n * (1n + 1n + 10n + 3n + 64n + 5n); // its parameter; head, local.get, call, constants, fill, the rest
    expect(trace.functions).toEqual([
      { name: 'memory.fill', calls: 8n, self: 8n * 100n, total: 8n * 100n },
      { name: 'run', index: 2, calls: 1n, self: run, total: run + step + 8n * (100n + 250n) },
      { name: 'function 1', index: 1, calls: 8n, self: step, total: step + 8n * 250n },
    ]);
    expect(trace.host).toEqual([{ name: 'f', calls: 8n, fixed: 2_000n, bytes: 0n, further: 0n, total: 2_000n }]);
    expect(prepare(wat(source)).instantiate({ imports: { f } }).trace()).toBeUndefined();
  });

  test('counts only the outermost activation of a recursive function into its total', () => {
    const source = `(module (func $down (export "down") (param i32)
      (if (local.get 0) (then (call $down (i32.sub (local.get 0) (i32.const 1)))))))`;
    const trace = agree(wat(source), [['down', 3]]);
    const frame = 1n + 1n + 1n; // the parameter, local.get, if
    const inner = 1n + 1n + 1n + 10n; // local.get, const, sub, call
    const all = 4n * frame + 3n * inner;
    expect(share(trace, 'down')).toEqual({ calls: 4n, self: all, total: all });
  });

  test('in mutual recursion, both functions have nearly all of the total', () => {
    const source = `(module
      (func $even (export "even") (param i32) (result i32)
        (if (result i32) (local.get 0) (then (call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1))))
      (func $odd (param i32) (result i32)
        (if (result i32) (local.get 0) (then (call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0)))))`;
    const trace = agree(wat(source), [['even', 4]]);
    const turn = 3n + 13n; // frame and condition, then the arm with the call
    expect(share(trace, 'even')).toEqual({ calls: 3n, self: 2n * turn + 4n, total: 4n * turn + 4n });
    expect(share(trace, 'function 1')).toEqual({ calls: 2n, self: 2n * turn, total: 3n * turn + 4n });
  });

  test('a trap charges its whole segment to the function that it happens in, and callers keep their totals', () => {
    const source = `(module
      (func $inner (param i32) (result i32) (i32.div_u (i32.const 8) (local.get 0)) (i32.const 5) (i32.add))
      (func $middle (export "middle") (param i32) (result i32) (call $inner (local.get 0)) (i32.const 1) (i32.add)))`;
    const trace = agree(wat(source), [['middle', 0]]);
    const inner = 1n + 2n + 12n + 2n; // the constant and the addition after the division were paid, not done
    const middle = 1n + 1n + 10n + 2n;
    expect(share(trace, 'function 0')).toEqual({ calls: 1n, self: inner, total: inner });
    expect(share(trace, 'middle')).toEqual({ calls: 1n, self: middle, total: middle + inner });
  });

  test('adds up over the calls of one guest, setup and the start function once', () => {
    const source = `(module (global $g (mut i32) (i32.const 0)) (start $init)
      (func $init (global.set $g (i32.const 3)))
      (func (export "get") (result i32) (global.get $g)))`;
    const trace = agree(wat(source), [['get'], ['get'], ['get']]);
    expect(share(trace, 'function 0')).toEqual({ calls: 1n, self: 4n, total: 4n });
    expect(share(trace, 'get')).toEqual({ calls: 3n, self: 9n, total: 9n });
    expect(trace.setup).toBe(prepare(wat(source)).setupFuel);
  });

  test('with too little fuel for setup, setup is all of it', () => {
    const trace = agree(wat('(module (func (export "f")))'), [['f']], { fuel: 1_000n });
    expect(trace).toEqual({ setup: 1_000n, placing: 0n, functions: [], host: [] });
  });

  test('separates bytes, further charges of host functions, and the cost of placing arguments', () => {
    const source = `(module (import "env" "f" (func $f)) (memory (export "memory") 1) (func (export "run") (param i32) (call $f)))`;
    const f = host(
      [],
      [],
      100n,
      (context) => {
        context.read(0, 7);
        context.charge(11n);
        context.grow(1);
      },
      3n,
    );
    const module = prepare(wat(source), { trace: true });
    const guest = module.instantiate({ imports: { f } });
    const { fuelUsed } = guest.call('run', (context) => (context.charge(40n), [1]), { fuel: FUEL });
    const trace = guest.trace()!;
    const further = 11n + BigInt(module.schedule.grow + module.schedule.growPage);
    expect(trace.host).toEqual([{ name: 'f', calls: 1n, fixed: 100n, bytes: 21n, further, total: 121n + further }]);
    expect(trace.placing).toBe(40n);
    expect(share(trace, 'run')).toEqual({ calls: 1n, self: 11n, total: 11n + 121n + further });
    expect(accounted(trace)).toBe(fuelUsed);
  });

  test('the sums are right after a host function that refuses, uses up the fuel, or throws', () => {
    const source = '(module (import "env" "f" (func $f)) (func $g (call $f)) (func (export "run") (call $g)))';
    const ways: [HostFunction['call'], string][] = [
      [(context) => context.trap('no'), 'trapped'],
      [(context) => context.charge(FUEL), 'outOfFuel'],
      [
        () => {
          throw new Error('fault');
        },
        'fault',
      ],
    ];
    for (const [call, outcome] of ways) {
      const module = prepare(wat(source), { trace: true });
      const guest = module.instantiate({ imports: { f: host([], [], 100n, call) } });
      let used: bigint | undefined;
      if (outcome === 'fault') {
        expect(() => guest.call('run', [], { fuel: FUEL })).toThrow('fault');
        used = module.setupFuel + 120n;
      } else {
        const result = guest.call('run', [], { fuel: FUEL });
        expect(result.outcome).toBe(outcome);
        used = result.fuelUsed;
      }
      const trace = guest.trace()!;
      expect(accounted(trace)).toBe(used);
      expect(share(trace, 'run')).toEqual({ calls: 1n, self: 10n, total: used - module.setupFuel });
    }
  });

  test('the sums are right at every amount of fuel, and show which function ran out', () => {
    const source = `(module (import "env" "f" (func $f (param i32) (result i32))) (memory 1)
      (func $leaf (param i32) (result i32) (local i64) (call $f (local.get 0)) (i32.const 3) (i32.mul))
      (func $twice (param i32) (result i32) (i32.add (call $leaf (local.get 0)) (call $leaf (i32.const 9))))
      (func (export "run") (param i32) (result i32) (local i32)
        (loop (local.set 1 (call $twice (local.get 0))) (memory.copy (i32.const 0) (i32.const 8) (i32.const 20))
          (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (local.get 1)))`;
    const code = wat(source);
    const f = host(['i32'], ['i32'], 17n, (_, value) => value);
    const { setupFuel } = prepare(code);
    const { fuelUsed } = prepare(code).instantiate({ imports: { f } }).call('run', [2], { fuel: FUEL });
    expect(fuelUsed - setupFuel).toBeGreaterThan(300n);
    for (let fuel = setupFuel; fuel <= fuelUsed; fuel += 1n) agree(code, [['run', 2]], { fuel, hosts: { f } });
  });

  test('names functions by the name section, else by their first export, else by index', () => {
    const bytes = Uint8Array.from([
      0,
      0x61,
      0x73,
      0x6d,
      1,
      0,
      0,
      0,
      1,
      4,
      1,
      0x60,
      0,
      0,
      3,
      4,
      3,
      0,
      0,
      0,
      7,
      13,
      3,
      1,
      0x61,
      0,
      0,
      1,
      0x62,
      0,
      1,
      1,
      0x63,
      0,
      1, // "a" is 0; "b" and "c" are 1
      10,
      14,
      3,
      4,
      0,
      0x10,
      1,
      0x0b,
      4,
      0,
      0x10,
      2,
      0x0b,
      2,
      0,
      0x0b,
      0,
      14,
      4,
      0x6e,
      0x61,
      0x6d,
      0x65,
      1,
      7,
      1,
      0,
      4,
      0x68,
      0x65,
      0x61,
      0x64, // name: function 0 is "head"
    ]);
    const guest = prepare(bytes, { trace: true }).instantiate();
    guest.call('a', [], { fuel: FUEL });
    expect(guest.trace()!.functions.map(({ name, index }) => [name, index])).toEqual([
      ['b', 1],
      ['head', 0],
      ['function 2', 2],
    ]);
  });
});

describe('a traced run against the plain meter', () => {
  for (const { name, wat: source, calls } of CASES) {
    test(name, () => {
      const code = wat(source);
      for (const call of calls) agree(code, [call]);
      agree(code, calls);
    });
  }

  test('random modules: self, total and calls of every function, at full fuel and at the edge', () => {
    console.log(`trace: ${MODULES} modules from seed ${SEED}`);
    let nested = 0; // calls in which a function's total holds another's
    for (let seed = SEED; seed < SEED + MODULES; seed += 1) {
      const { code, calls } = randomModule(seed);
      const { setupFuel } = prepare(code);
      try {
        for (const call of calls) {
          const trace = agree(code, [call], { fuel: setupFuel + 30_000n, stack: 1_500 });
          const used = accounted(trace);
          if (used > setupFuel) agree(code, [call], { fuel: setupFuel + (used - setupFuel) / 2n, stack: 1_500 });
          nested += Number(sum(trace.functions.map(({ total }) => total)) > used - setupFuel);
        }
        agree(code, calls, { fuel: setupFuel + 30_000n, stack: 1_500 });
      } catch (error) {
        throw new Error(`TRACE_SEED=${seed}`, { cause: error });
      }
    }
    expect(nested).toBeGreaterThan(MODULES / 5);
  });
});
