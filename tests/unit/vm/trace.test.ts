// Seeing inside: each function's share, without changing what the chain would charge.
import { describe, expect, test } from '@jest/globals';
import { prepare } from '../../../host/vm/index.js';
import type { HostFunction, Trace } from '../../../host/vm/index.js';
import { CASES } from './cases.js';
import { wat } from './wat.js';

const GAS = 50_000_000n;
const total = (trace: Trace): bigint => [...trace.functions, ...trace.host].reduce((sum, { fuel }) => sum + fuel, 0n);

describe('a traced run', () => {
  test('names functions, counts their calls, and tells what the host was paid', () => {
    const source = `(module (import "env" "f" (func $f (param i32) (result i32))) (memory 1)
      (func $step (param i32) (result i32) (call $f (local.get 0)))
      (func (export "run") (param i32) (loop (drop (call $step (local.get 0)))
        (memory.fill (i32.const 0) (i32.const 1) (i32.const 400))
        (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
    const f: HostFunction = { params: ['i32'], results: ['i32'], price: { fixed: 250n, perByte: 0n }, call: (_, value) => value };
    const module = prepare(wat(source), { trace: true });
    const guest = module.instantiate({ imports: { f } });
    const { gasUsed } = guest.call('run', [8], { gas: GAS });
    const trace = guest.trace()!;
    expect(trace.host).toEqual([{ name: 'f', calls: 8n, fuel: 2_000n }]);
    const run = 1n + 8n * (1n + 10n + 1n + 64n + 3n + 5n) ; // the parameter; head, call, its argument, fill, its arguments, the rest
    expect(trace.functions).toEqual([
      { name: 'memory.fill', calls: 8n, fuel: 8n * 100n },
      { name: 'run', calls: 1n, fuel: run },
      { name: 'function 1', calls: 8n, fuel: 8n * (10n + 1n + 1n) },
    ]);
    expect(total(trace)).toBe(gasUsed - module.setupFuel);
    expect(prepare(wat(source)).instantiate({ imports: { f } }).trace()).toBeUndefined();
  });

  test('uses exactly what an untraced one uses, and accounts for all of it', () => {
    for (const { wat: source, calls } of CASES) {
      const code = wat(source);
      const plain = prepare(code);
      const traced = prepare(code, { trace: true });
      for (const [entry, ...args] of calls) {
        const guest = traced.instantiate();
        const result = guest.call(entry, args, { gas: GAS });
        expect(result).toEqual(plain.instantiate().call(entry, args, { gas: GAS }));
        expect(total(guest.trace()!)).toBe(result.gasUsed - traced.setupFuel);
      }
    }
  });

  test('a module tells how much of each limit it takes', () => {
    const { measures } = prepare(wat('(module (memory 3) (func (param i32 i64) (local i32) (i32.const 1) (drop)))'));
    expect(measures).toMatchObject({ memoryPages: 3, locals: 3, operands: 1, functions: 1, params: 2, tableEntries: 0 });
  });
});
