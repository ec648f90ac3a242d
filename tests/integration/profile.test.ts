// `corejam profile`: the weight of a guest's run by function, exact to the unit.
import { describe, expect, test } from '@jest/globals';
import { utf8 } from '../../host/bytes/index.js';
import { elementsPayload } from '../../host/incore/index.js';
import { wat } from '../unit/vm/wat.js';
import { corejam, temporaryFolder } from './command.js';

const { file } = temporaryFolder();
const profile = (...args: string[]): ReturnType<typeof corejam> => corejam('profile', ...args);

interface Json {
  outcome: string;
  output?: string;
  reason?: string;
  weightUsedPs: number;
  fuel: {
    setup: number;
    placing: number;
    functions: { name: string; calls: number; self: number; total: number }[];
    host: { name: string; total: number }[];
  };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const traced = ({ fuel: { setup, placing, functions, host } }: Json): number =>
  setup + placing + sum(functions.map(({ self }) => self)) + sum(host.map(({ total }) => total));

/** A guest whose `run` returns its arguments, whose `ask` needs a chain, and whose `spin` never ends. */
const GUEST = `(module (import "env" "ext_corejam_lookup_version_1" (func $lookup (param i32) (result i64)))
  (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 1024))
  (func (export "run") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0))))
  (func (export "ask") (param i32 i32) (result i64) (call $lookup (i32.const 0)))
  (func (export "spin") (param i32 i32) (result i64) (loop (br 0)) (unreachable)))`;

describe('corejam profile', () => {
  test('accounts for all of the weight of refining a real payload, deterministically', () => {
    const elements = ['a', 'b', 'c'].map((name) => ({
      namespace: utf8('n'),
      key: utf8(name),
      data: new Uint8Array(500).fill(7),
    }));
    const args = [
      'build/guests/ordering.wasm',
      'refine',
      '--payload',
      file('payload', elementsPayload(elements)),
      '--json',
    ];
    const first = profile(...args);
    expect([first.code, first.err]).toEqual([0, '']);
    const report = JSON.parse(first.out) as Json;
    expect(report.outcome).toBe('returned');
    const outputBytes = report.output!.length / 2 - 1; // taking it costs a unit of fuel a byte
    expect((traced(report) + outputBytes) * 500).toBe(report.weightUsedPs);
    expect(report.fuel.functions.find(({ name }) => name === 'refine')).toMatchObject({ calls: 1 });
    const hashing = report.fuel.host.find(({ name }) => name === 'ext_hashing_blake2_256_version_1');
    expect(hashing).toMatchObject({ calls: 3, fixed: 18_000 });
    expect(profile(...args).out).toBe(first.out);
  });

  test('prints a table, the most expensive first', () => {
    const { code, out } = profile(file('guest.wasm', wat(GUEST)), 'run', '--args', '0x0102', '--top', '2');
    expect(code).toBe(0);
    expect(out).toMatch(/^returned 2 bytes; [\d.]+ µs of weight, [\d,]+ fuel of 500 ps\n/);
    expect(out).toMatch(/\n +[\d,]+ +\d+\.\d % +[\d,]+ +\d+\.\d % +setup: compiling and instantiating\n/);
    // run: 2 locals, 7 instructions; and 2 bytes of result
    expect(out).toMatch(/placing the arguments\n {2}and 2 more: 11 fuel\n$/);
  });

  test('names the host function that needs a chain, and exits with 1', () => {
    const { code, out } = profile(file('guest.wasm', wat(GUEST)), 'ask');
    const sentence = 'trapped: there is no chain here, which ext_corejam_lookup_version_1 needs';
    expect([code, out]).toEqual([1, expect.stringContaining(sentence)]);
    expect(out).toMatch(/1 +ext_corejam_lookup_version_1 \(host: 800,000 fixed/);
  });

  test('accounts for all of the weight of a run that is out of weight', () => {
    const path = file('guest.wasm', wat(GUEST));
    const { code, out } = profile(path, 'spin', '--weight', '1000000000', '--json');
    const report = JSON.parse(out) as Json;
    expect([code, report.outcome, report.weightUsedPs]).toEqual([1, 'outOfWeight', 1_000_000_000]);
    expect(traced(report) * 500).toBe(1_000_000_000);
    const { out: words } = profile(path, 'spin', '--weight', '1000000000');
    expect(words).toMatch(/^ran out of weight: the weight is used up; 1\.00 ms of weight/);
  });

  test('limits the memory of an entry point as where it runs: 64 pages on-chain', () => {
    const grower = `(func (param i32 i32) (result i64)
      (if (i32.eq (memory.grow (i32.const 100)) (i32.const -1)) (then unreachable)) (i64.const 0))`;
    const path = file(
      'grower.wasm',
      wat(`(module (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 0))
      ${grower} (export "refine" (func 0)) (export "accumulate" (func 0)))`),
    );
    expect(profile(path, 'refine').out).toMatch(/^returned 0 bytes/);
    expect(profile(path, 'accumulate').out).toMatch(/^trapped: unreachable/);
  });

  test.each([
    [['FILE', 'walk'], 1, "can't run: it exports no function walk"],
    [['FILE'], 2, 'name a file and an entry point'],
    [['FILE', 'run', '--args', '0xzz'], 2, '--args'],
    [['FILE', 'run', '--args', '0x', '--payload', 'x'], 2, 'not both'],
    [['FILE', 'run', '--payload', 'x'], 2, '--payload is for refine'],
    [['FILE', 'run', '--weight', 'much'], 2, '--weight takes picoseconds'],
    [
      ['FILE', 'run', '--weight', '-5'],
      2,
      '--weight needs a value; one that begins with a dash is written --weight=-…',
    ],
    [['FILE', 'run', '--top', '0'], 2, '--top takes a number of rows'],
    [['README.md', 'run'], 1, 'is not a WebAssembly module'],
    [['build/runtime.wasm', 'run'], 1, "build/runtime.wasm can't run: import env."],
  ])('refuses %p in one line', (args, expected, sentence) => {
    const path = file('guest.wasm', wat(GUEST));
    const { code, out, err } = profile(...args.map((arg) => (arg === 'FILE' ? path : arg)));
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
