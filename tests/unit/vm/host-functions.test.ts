// Host functions: what they cost, what they can access, and who is at fault when they fail.
import { describe, expect, test } from '@jest/globals';
import { HostFault, InvalidModule, prepare } from '../../../host/vm/index.js';
import type { CallResult, Guest, GuestContext, HostFunction } from '../../../host/vm/index.js';
import { wat } from './wat.js';

const FUEL = 10_000_000n;

/** A guest that passes its two arguments to `env.f` and returns its result. */
const CALLER = prepare(
  wat(`(module
  (import "env" "f" (func $f (param i32 i32) (result i32)))
  (memory (export "memory") 1 4) (data (i32.const 100) "hello") (global (export "base") i32 (i32.const 1024))
  (func (export "run") (param i32 i32) (result i32) (call $f (local.get 0) (local.get 1)))
  (func (export "after") (param i32 i32) (result i32) (drop (call $f (local.get 0) (local.get 1))) (i32.load (i32.const 131072)))
  (func (export "idle")))`),
);

function hostFunction(call: HostFunction['call'], price = { fixed: 0n, perByte: 0n }): HostFunction {
  return { params: ['i32', 'i32'], results: ['i32'], price, call };
}

function run(
  call: HostFunction['call'],
  args: number[] = [0, 0],
  price?: HostFunction['price'],
  fuel = FUEL,
  entry = 'run',
): CallResult {
  return CALLER.instantiate({ imports: { f: hostFunction(call, price) } }).call(entry, args, { fuel });
}

/** Fuel of a run whose host function is free and does nothing. */
const BARE = run(() => 0).fuelUsed;

describe('the price of a host function', () => {
  test('its fixed price is charged before it runs', () => {
    let calls = 0;
    const call = (): number => (calls += 1);
    expect(run(call, [0, 0], { fixed: 500n, perByte: 0n })).toMatchObject({
      outcome: 'returned',
      value: 1,
      fuelUsed: BARE + 500n,
    });
    // With one unit less than it needs, the work is never done.
    expect(run(call, [0, 0], { fixed: 500n, perByte: 0n }, BARE + 499n)).toEqual({
      outcome: 'outOfFuel',
      fuelUsed: BARE + 499n,
    });
    expect(calls).toBe(1);
  });

  test('each byte that it moves is charged before it moves', () => {
    const copy = (context: GuestContext, from: number | bigint, length: number | bigint): number => {
      context.write(200, context.read(from as number, length as number));
      return context.readU32(200);
    };
    const result = run(copy, [100, 5], { fixed: 10n, perByte: 3n });
    expect(result).toMatchObject({
      outcome: 'returned',
      value: 0x6c6c6568,
      fuelUsed: BARE + 10n + 3n * (5n + 5n + 4n),
    });
    expect(run(copy, [100, 5], { fixed: 10n, perByte: 3n }, result.fuelUsed)).toEqual(result);
    expect(run(copy, [100, 5], { fixed: 10n, perByte: 3n }, result.fuelUsed - 1n).outcome).toBe('outOfFuel');
  });

  test('it sees the fuel left, and may charge more', () => {
    const result = run((context) => {
      const before = context.fuelLeft();
      context.charge(1_234n);
      expect(before - context.fuelLeft()).toBe(1_234n);
      return 7;
    });
    expect(result).toMatchObject({ outcome: 'returned', value: 7, fuelUsed: BARE + 1_234n });
    expect(run((context) => (context.charge(2n ** 70n), 7)).outcome).toBe('outOfFuel');
  });

  test('a guest that has just run out reaches no host function', () => {
    let calls = 0;
    for (let fuel = CALLER.setupFuel; fuel < BARE; fuel += 1n) {
      expect(run(() => (calls += 1), [0, 0], undefined, fuel).outcome).toBe('outOfFuel');
    }
    expect(calls).toBe(0);
  });
});

describe("a guest's memory, as a host function sees it", () => {
  test('a range is good up to the last byte and no further', () => {
    expect(run((context) => context.read(65_536, 0).length)).toMatchObject({ value: 0 });
    expect(run((context) => context.read(65_535, 1).length)).toMatchObject({ value: 1 });
    const price = { fixed: 0n, perByte: 1_000n };
    for (const [pointer, length] of [
      [65_535, 2],
      [65_537, 0],
      [0xffffffff, 1],
      [0, 0xffffffff],
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [Number.NaN, 1],
    ]) {
      const result = run((context) => context.read(pointer!, length!).length, [0, 0], price);
      expect(result).toMatchObject({ outcome: 'trapped', fuelUsed: BARE }); // no byte was charged
    }
    expect(run((context) => (context.write(65_534, new Uint8Array(3)), 0)).outcome).toBe('trapped');
    expect(run((context) => (context.writeU64(65_529, 1n), 0)).outcome).toBe('trapped');
    expect(run((context) => Number(context.readU64(65_528))).outcome).toBe('returned');
    expect(run((context) => (context.writeU32(65_532, 1), 0)).outcome).toBe('returned');
  });

  test('it is read anew after it has grown', () => {
    const result = run((context) => {
      expect(context.grow(2)).toBe(1);
      context.write(131_072, Uint8Array.of(9));
      return context.memoryBytes();
    });
    expect(result).toMatchObject({ outcome: 'returned', value: 3 * 65_536, fuelUsed: BARE + 4_000n + 2n * 24_000n });
    // The guest sees the growth too.
    const after = run(
      (context) => (context.grow(2), context.write(131_072, Uint8Array.of(9)), 0),
      [0, 0],
      undefined,
      FUEL,
      'after',
    );
    expect(after).toMatchObject({ outcome: 'returned', value: 9 });
  });

  test('growth stops at the maximum, for the flat price', () => {
    expect(run((context) => context.grow(3))).toMatchObject({ value: 1 });
    expect(run((context) => context.grow(4))).toMatchObject({ value: 0xffffffff, fuelUsed: BARE + 4_000n });
  });

  test('allocation is what the instance was given', () => {
    const f = hostFunction((context) => context.allocate(24));
    const allocate = (context: GuestContext, bytes: number): number => (
      context.charge(5n),
      (context.global('base') as number) + bytes
    );
    expect(CALLER.instantiate({ imports: { f }, allocate }).call('run', [0, 0], { fuel: FUEL })).toMatchObject({
      value: 1_048,
      fuelUsed: BARE + 5n,
    });
    expect(() => CALLER.instantiate({ imports: { f } }).call('run', [0, 0], { fuel: FUEL })).toThrow('no allocator');
  });

  test('arguments are placed as part of the call, at its expense', () => {
    const guest = CALLER.instantiate({
      imports: { f: hostFunction((context, pointer, length) => context.read(pointer as number, length as number)[1]!) },
    });
    const place = (context: GuestContext): number[] => {
      context.charge(100n);
      context.write(300, Uint8Array.of(1, 2, 3));
      return [300, 3];
    };
    expect(guest.call('run', place, { fuel: FUEL })).toMatchObject({ value: 2, fuelUsed: BARE + 100n });
    expect(guest.peek(300, 3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(guest.peek(65_535, 2)).toBeUndefined();
    const poor = CALLER.instantiate({ imports: { f: hostFunction(() => 0) } });
    expect(poor.call('run', place, { fuel: CALLER.setupFuel + 99n }).outcome).toBe('outOfFuel');
  });
});

describe('whose fault it is', () => {
  test("a trap that the host function asks for is the guest's", () => {
    expect(run((context) => context.trap('bad hash'))).toEqual({
      outcome: 'trapped',
      trap: 'bad hash',
      fuelUsed: BARE,
    });
  });

  test('an exception of the host function comes out of the call as it was thrown', () => {
    const fault = new Error('disk on fire');
    expect(() =>
      run(() => {
        throw fault;
      }),
    ).toThrow(fault);
  });

  test("a trap of other WebAssembly inside a host function is the host's fault, not the guest's", () => {
    const other = new WebAssembly.Instance(
      new WebAssembly.Module(wat('(module (func (export "f") (unreachable)))')),
      {},
    );
    expect(() => run(() => (other.exports['f'] as () => number)())).toThrow(WebAssembly.RuntimeError);
  });

  test("an overflow of the host's own stack is no verdict on the guest", () => {
    const deeper = (): number => 1 + deeper();
    expect(() => run(() => deeper())).toThrow(RangeError);
  });

  test("V8's stack ending before the guest's limit is a fault of the host", () => {
    const endless = prepare(
      wat('(module (func $f (export "f") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1))))'),
    );
    expect(() => endless.instantiate().call('f', [0], { fuel: 1n << 60n, stack: 2 ** 31 - 1 })).toThrow(HostFault);
    expect(endless.instantiate().call('f', [0], { fuel: 1n << 60n }).outcome).toBe('stackExhausted');
  });

  test('an instance for which the machine has no memory is a fault of the host', () => {
    const { Instance } = WebAssembly;
    const full = new RangeError('WebAssembly.Instance(): Out of memory'); // as V8 says after some 13,000 memories
    try {
      WebAssembly.Instance = class {
        constructor() {
          throw full;
        }
      } as unknown as typeof Instance;
      expect(() => CALLER.instantiate({ imports: { f: hostFunction(() => 0) } })).toThrow(HostFault);
    } finally {
      WebAssembly.Instance = Instance;
    }
    expect(run(() => 0).outcome).toBe('returned');
  });

  test("a result of the wrong type is the host's fault", () => {
    expect(() => run(() => 5n)).toThrow('must return an i32');
    expect(() => run(() => undefined)).toThrow('must return an i32');
    expect(() => run(() => 1.5)).toThrow('must return an i32');
    expect(() => run(() => 2 ** 32)).toThrow('must return an i32');
    for (const value of [2 ** 32 - 1, -1]) expect(run(() => value)).toMatchObject({ value: 2 ** 32 - 1 });
  });

  test('a host function may not call back into its guest', () => {
    const guest = CALLER.instantiate({
      imports: { f: hostFunction(() => (guest.call('idle', [], { fuel: FUEL }), 0)) },
    });
    expect(() => guest.call('run', [0, 0], { fuel: FUEL })).toThrow('may not call back');
  });

  test('an attempt to call back that is caught, and calls of other guests, do not change its fuel', () => {
    const other = CALLER.instantiate({ imports: { f: hostFunction((context) => context.trap('no')) } });
    const guest = CALLER.instantiate({
      imports: {
        f: hostFunction((context) => {
          const before = context.fuelLeft();
          expect(() => guest.call('idle', [], { fuel: 1n })).toThrow('may not call back');
          expect(other.call('run', [0, 0], { fuel: FUEL }).outcome).toBe('trapped');
          expect(context.fuelLeft()).toBe(before);
          return 1;
        }),
      },
    });
    expect(guest.call('run', [0, 0], { fuel: FUEL })).toMatchObject({ outcome: 'returned', fuelUsed: BARE });
  });

  test('running out of fuel cannot be caught: a host function that continues ends the run all the same', () => {
    const swallow = (context: GuestContext): number => {
      expect(() => context.charge(FUEL)).toThrow('out of fuel');
      return 1;
    };
    expect(run(swallow)).toEqual({ outcome: 'outOfFuel', fuelUsed: FUEL });
  });

  test('a price that is negative is a fault of the host', () => {
    expect(() => run(() => 0, [0, 0], { fixed: -1n, perByte: 0n })).toThrow('negative charge');
    expect(() => run((context) => context.read(0, 1).length, [0, 0], { fixed: 0n, perByte: -1n })).toThrow(
      'negative charge',
    );
  });

  test('a guest that did not return is spent; one that did is not', () => {
    const guest = CALLER.instantiate({
      imports: { f: hostFunction((context, fail) => (fail === 1 ? context.trap('no') : 3)) },
    });
    expect(guest.call('run', [0, 0], { fuel: FUEL }).fuelUsed).toBe(BARE);
    expect(guest.call('run', [0, 0], { fuel: FUEL }).fuelUsed).toBe(BARE - CALLER.setupFuel);
    expect(guest.call('run', [1, 0], { fuel: FUEL }).outcome).toBe('trapped');
    expect(() => guest.call('idle', [], { fuel: FUEL })).toThrow('instantiate a fresh one');
  });
});

describe('what links', () => {
  const types: HostFunction = hostFunction(() => 0);

  test('a missing import, or one of another type, is an invalid module', () => {
    expect(() => CALLER.instantiate()).toThrow(InvalidModule);
    expect(() => CALLER.instantiate({ imports: { f: { ...types, results: ['i64'] } } })).toThrow(
      'import env.f is (i32, i32) -> (i64), not',
    );
    expect(() => CALLER.instantiate({ imports: { toString: types } })).toThrow('env.f is unknown');
  });

  test('names of properties that every object has are ordinary names', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const three = (from: string): Uint8Array =>
      wat(`(module
      ${names.map((name, index) => `(import "${from}" "${name}" (func $${index} (result i32)))`).join(' ')}
      ${names.map((name, index) => `(func (export "${name}") (result i32) (call $${index}))`).join(' ')})`);
    const one = (value: number): HostFunction => ({
      params: [],
      results: ['i32'],
      price: { fixed: 0n, perByte: 0n },
      call: () => value,
    });
    const imports = Object.fromEntries(names.map((name, index) => [name, one(index)]));
    for (const from of ['env', '__proto__', 'constructor']) {
      const before = Reflect.ownKeys(Object.prototype);
      const module = prepare(three(from), { imports: { module: from } });
      expect(() => module.instantiate({ imports: {} })).toThrow(`import ${from}.__proto__ is unknown`);
      names.forEach((name, index) =>
        expect(module.instantiate({ imports }).call(name, [], { fuel: FUEL })).toMatchObject({ value: index }),
      );
      expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
    }
  });

  test('one name imported twice is one function; with another type it does not link', () => {
    const count: HostFunction = { params: [], results: [], price: { fixed: 7n, perByte: 0n }, call: () => undefined };
    const twice = prepare(
      wat('(module (import "env" "f" (func)) (import "env" "f" (func)) (func (export "run") (call 0) (call 1)))'),
    );
    const { fuelUsed } = twice.instantiate({ imports: { f: count } }).call('run', [], { fuel: FUEL });
    expect(fuelUsed - twice.setupFuel).toBe(2n * (10n + 7n));
    const unlike = prepare(wat('(module (import "env" "f" (func)) (import "env" "f" (func (param i32))))'));
    expect(() => unlike.instantiate({ imports: { f: count } })).toThrow('import env.f is () -> (), not (i32) -> ()');
  });

  test('an import that is exported again, or starts the module, is paid as in any other call', () => {
    const f: HostFunction = { params: [], results: [], price: { fixed: 7n, perByte: 0n }, call: () => undefined };
    for (const use of ['(export "run" (func $f))', '(start $f) (func (export "run"))']) {
      const module = prepare(wat(`(module (import "env" "f" (func $f)) ${use})`));
      expect(module.instantiate({ imports: { f } }).call('run', [], { fuel: FUEL }).fuelUsed).toBe(
        module.setupFuel + 7n,
      );
      expect(module.instantiate({ imports: { f } }).call('run', [], { fuel: module.setupFuel + 6n }).outcome).toBe(
        'outOfFuel',
      );
    }
  });

  test('a policy refuses unknown imports before anything is compiled', () => {
    const code = wat('(module (import "env" "f" (func (param i32 i32) (result i32))))');
    expect(() => prepare(code, { imports: { functions: { f: types } } })).not.toThrow();
    expect(() => prepare(code, { imports: { functions: { g: types } } })).toThrow('import env.f is unknown');
    expect(() => prepare(code, { imports: { functions: {} } })).toThrow(InvalidModule);
    expect(() => prepare(code, { imports: { module: 'host' } })).toThrow('import env.f is not from host');
    expect(() => prepare(code, { imports: { functions: { f: { params: [], results: [] } } } })).toThrow(
      'import env.f is () -> (), not (i32, i32) -> (i32)',
    );
  });

  test('integers cross unsigned', () => {
    const wide = prepare(
      wat(`(module (import "env" "f" (func $f (param i32 i64) (result i64)))
      (func (export "run") (param i32 i64) (result i64) (call $f (local.get 0) (local.get 1))))`),
    );
    const seen: (number | bigint)[] = [];
    const f: HostFunction = {
      params: ['i32', 'i64'],
      results: ['i64'],
      price: { fixed: 0n, perByte: 0n },
      call: (_, ...args) => (seen.push(...args), 2n ** 64n - 1n),
    };
    const result = wide.instantiate({ imports: { f } }).call('run', [-1, -1n], { fuel: FUEL });
    expect(seen).toEqual([0xffffffff, 2n ** 64n - 1n]);
    expect(result).toMatchObject({ value: 2n ** 64n - 1n });
  });

  test('a call of what is not there, or with the wrong arguments, is a mistake of the caller', () => {
    const guest = CALLER.instantiate({ imports: { f: types } });
    expect(() => guest.call('nothing', [], { fuel: FUEL })).toThrow(TypeError);
    expect(() => guest.call('memory', [], { fuel: FUEL })).toThrow(TypeError);
    expect(() => guest.call('run', [1], { fuel: FUEL })).toThrow('run takes (i32, i32)');
    expect(() => guest.call('run', [1, 2n], { fuel: FUEL })).toThrow('run takes (i32, i32)');
    expect(CALLER.entry('run')).toEqual({ params: ['i32', 'i32'], results: ['i32'] });
    expect(CALLER.entry('toString')).toBeUndefined();
    for (const name of ['__proto__', 'constructor', '$vm.fuel', '$vm.start']) {
      expect(() => guest.call(name, [], { fuel: FUEL })).toThrow('exports no function');
    }
    for (const bad of [2 ** 32, -(2 ** 31) - 1, Number.NaN, Infinity, 0.5]) {
      expect(() => guest.call('run', [0, bad], { fuel: FUEL })).toThrow('run takes (i32, i32)');
    }
    expect(guest.call('run', [-(2 ** 31), 2 ** 32 - 1], { fuel: FUEL }).outcome).toBe('returned');
  });

  test('fuel and stack are counts, read once; more than a counter holds is cut to it', () => {
    const fresh = (): Guest => CALLER.instantiate({ imports: { f: types } });
    for (const fuel of [-1n, 5, Number.NaN, undefined] as bigint[]) {
      expect(() => fresh().call('run', [0, 0], { fuel })).toThrow('fuel must be a bigint that is not negative');
    }
    for (const stack of [-1, 0.5, Number.NaN, Infinity]) {
      expect(() => fresh().call('run', [0, 0], { fuel: FUEL, stack })).toThrow(
        'stack must be an integer that is not negative',
      );
    }
    for (const fuel of [(1n << 63n) - 1n, 1n << 63n, 1n << 80n]) {
      for (const stack of [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40]) {
        expect(fresh().call('run', [0, 0], { fuel, stack })).toMatchObject({ outcome: 'returned', fuelUsed: BARE });
      }
    }
    // What is owed at a loop's head is added to the counter before: 2^63 - 1 became the least of all numbers.
    const owing = prepare(
      wat(`(module (func (export "f") (param i32) (loop
      (br_if 0 (i32.rotl (i32.rotl (i32.rotl (local.get 0) (i32.const 0)) (i32.const 0)) (i32.const 0))))))`),
    ).instantiate();
    const [first, second] = [0, 1].map(() => owing.call('f', [0], { fuel: (1n << 63n) - 1n }));
    expect([first!.outcome, second!.outcome]).toEqual(['returned', 'returned']);
    expect(second!.fuelUsed).toBeLessThan(100n);
    expect(fresh().call('run', [0, 0], { fuel: FUEL, stack: 0 }).outcome).toBe('stackExhausted');
    let reads = 0;
    const moving = {
      get fuel(): bigint {
        reads += 1;
        return FUEL;
      },
    };
    expect(fresh().call('run', [0, 0], moving).fuelUsed).toBe(BARE);
    expect(reads).toBe(1);
  });
});

test('arguments are read once, and what is missing in the middle of them does not fit', () => {
  const module = prepare(
    wat(`(module (func (export "narrow") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "wide") (param i64) (result i64) (local.get 0)))`),
  );
  const guest = module.instantiate();
  const holes: number[] = [1, 2];
  delete holes[0];
  expect(() => guest.call('narrow', holes, { fuel: 10n ** 9n })).toThrow(new TypeError('narrow takes (i32, i32)'));
  expect(() => guest.call('wide', new Array<bigint>(1), { fuel: 10n ** 9n })).toThrow(
    new TypeError('wide takes (i64)'),
  );
  let reads = 0;
  const moving = [1, 2];
  Object.defineProperty(moving, 0, { get: () => ((reads += 1), reads) });
  expect(guest.call('narrow', moving, { fuel: 10n ** 9n })).toMatchObject({ value: 3 });
});
