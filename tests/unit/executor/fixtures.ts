// Small runtimes written in Wat for the tests of host/executor: each runs a fixed list of host calls.
import wabtFactory from 'wabt';
import { concat, toHex } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { Runtime, type CallContext } from '../../../host/executor/index.js';
import { Overlay, StateStore } from '../../../host/state/index.js';

const wabt = await wabtFactory();

/** Assembles Wat with only the proposals that a runtime may use. */
export function wat(source: string): Uint8Array {
  const module = wabt.parseWat('fixture.wat', source, {
    mutable_globals: true,
    bulk_memory: true,
    sign_extension: true,
  });
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** An overlay of the empty state. */
export function emptyOverlay(): Overlay {
  return new Overlay(new StateStore(new MemoryDatabase()).empty);
}

/** Entry points that a runtime must have, which only trap. */
export const REQUIRED = ['Core_version', 'Core_execute_block', 'Core_initialize_block']
  .map((name) => `(func (export "${name}") (param i32 i32) (result i64) unreachable)`)
  .join('\n');

/** An argument that is passed by its address instead of as a fat pointer. */
export interface Addressed {
  readonly addressed: Uint8Array;
}

/** `bytes`, passed by their address. */
export const at = (bytes: Uint8Array): Addressed => ({ addressed: bytes });

type Argument = Uint8Array | string | Addressed | number | bigint;

/** A host function's name and its arguments: bytes and text become fat pointers, numbers i32, bigints i64. */
export type Step = readonly [name: string, ...args: Argument[]];

/** The result of the last step: a fat pointer, the address of that many bytes, an i32 (as four bytes), or nothing. */
export type Last = 'fat' | number | 'i32' | 'none';

const DATA_START = 1_024;
const HEAP_BASE = 32_768;

/** A constant for the argument, whose bytes `place` puts into the memory. */
function operand(arg: Argument, place: (bytes: Uint8Array) => number): string {
  if (typeof arg === 'number') return `(i32.const ${arg})`;
  if (typeof arg === 'bigint') return `(i64.const ${arg})`;
  if (typeof arg === 'object' && 'addressed' in arg) return `(i32.const ${place(arg.addressed)})`;
  const bytes = typeof arg === 'string' ? new TextEncoder().encode(arg) : arg;
  return `(i64.const ${(BigInt(bytes.length) << 32n) | BigInt(place(bytes))})`;
}

/** A runtime whose entry point `Test_run` runs the steps in order and returns the result of the last one. */
export function program(
  steps: readonly Step[],
  last: Last,
  returns: Readonly<Record<string, 'i32' | 'i64'>> = {},
): Runtime {
  let data: Uint8Array = new Uint8Array(0);
  const place = (bytes: Uint8Array): number => {
    const pointer = DATA_START + data.length;
    data = concat(data, bytes);
    return pointer;
  };
  const types = new Map<string, string>();
  const body = steps.map(([name, ...args], index) => {
    const isLast = index === steps.length - 1;
    const result = isLast ? ({ fat: 'i64', i32: 'i32', none: '' }[last as string] ?? 'i32') : (returns[name] ?? '');
    const operands = args.map((arg) => operand(arg, place));
    const params = operands.map((text) => text.slice(1, 4));
    types.set(
      name,
      `(import "env" "${name}" (func $${name} (param ${params.join(' ')}) ${result && `(result ${result})`}))`,
    );
    const call = `(call $${name} ${operands.join(' ')})`;
    if (!isLast) return result === '' ? call : `(drop ${call})`;
    if (last === 'fat') return call;
    if (last === 'none') return `${call} (i64.const 0)`;
    if (last === 'i32') return `(i32.store (i32.const 0) ${call}) (i64.const ${4n << 32n})`;
    return `(i64.or (i64.const ${BigInt(last) << 32n}) (i64.extend_i32_u ${call}))`;
  });
  return Runtime.load(
    wat(`(module
    ${[...types.values()].join('\n')}
    (memory (export "memory") 1)
    (global (export "__heap_base") i32 (i32.const ${HEAP_BASE}))
    (data (i32.const ${DATA_START}) "${[...data].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}")
    ${REQUIRED}
    (func (export "Test_run") (param i32 i32) (result i64) ${body.join('\n')}))`),
  );
}

/** Runs a program on `overlay` and returns its result in hex, for readable comparisons. */
export function run(
  overlay: Overlay,
  last: Last,
  steps: readonly Step[],
  context?: CallContext,
  returns?: Readonly<Record<string, 'i32' | 'i64'>>,
): string {
  return toHex(program(steps, last, returns).call('Test_run', new Uint8Array(), overlay, context));
}

/** A simple generator of pseudo-random numbers in [0, 1), for tests that print their seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
