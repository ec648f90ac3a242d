// An instance that has served a call serves the next one as new, if its module lets the host make it so.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import wabtFactory from 'wabt';
import { RuntimeTrap, Runtime } from '../../../host/executor/index.js';
import { exposeGlobals } from '../../../host/vm/index.js';
import { testBlob } from '../../harness/blob.js';
import { emptyOverlay, REQUIRED } from './fixtures.js';

const wabt = await wabtFactory();

/** More calls than those after which instances begin to be renewed. */
const CALLS = 100;
const ENTRY = '(param i32 i32) (result i64)';

const MEMORY = '(memory (export "memory") 1)';

/** A runtime with one page of memory, and its heap at 1,024. `head`: imports, and the memory. */
function code(body: string, head = MEMORY, required = REQUIRED): Uint8Array {
  const module = wabt.parseWat(
    'renewed.wat',
    `(module ${head} (global (export "__heap_base") i32 (i32.const 1024)) ${required} ${body})`,
    { mutable_globals: true, bulk_memory: true, reference_types: true },
  );
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** The results of `count` calls, as text; the reason where one traps. */
function results(runtime: Runtime, count = CALLS, method = 'Test_run', args: Uint8Array = new Uint8Array()): string[] {
  return Array.from({ length: count }, () => {
    try {
      return Buffer.from(runtime.call(method, args, emptyOverlay())).toString('hex');
    } catch (error) {
      if (!(error instanceof RuntimeTrap)) throw error;
      return error.reason;
    }
  });
}

/** How many instances are made while `run` runs. */
function instancesMadeBy(run: () => void): number {
  const Original = WebAssembly.Instance;
  const made = jest.spyOn(WebAssembly, 'Instance').mockImplementation((...args) => new Original(...args));
  run();
  const count = made.mock.calls.length;
  made.mockRestore();
  return count;
}

afterEach(() => void jest.restoreAllMocks());

describe('an instance is made as new', () => {
  test('in its globals, its data, its heap, and wherever else the code wrote', () => {
    // Counts up a global of each type, a byte of the data, and the last byte of the memory; returns all, then a block of
    // the heap that it fills.
    const runtime = Runtime.load(
      code(
        `(global $narrow (mut i32) (i32.const 7))
        (global $wide (mut i64) (i64.const -1))
        (data (i32.const 0) "\\05")
        (func (export "Test_run") ${ENTRY} (local $block i32)
          (local.set $block (call $malloc (i32.const 16)))
          (global.set $narrow (i32.add (global.get $narrow) (i32.const 1)))
          (global.set $wide (i64.add (global.get $wide) (i64.const 3)))
          (i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1)))
          (i32.store8 (i32.const 65535) (i32.add (i32.load8_u (i32.const 65535)) (i32.const 1)))
          (i32.store8 offset=0 (local.get $block) (global.get $narrow))
          (i32.store8 offset=1 (local.get $block) (i32.wrap_i64 (global.get $wide)))
          (i32.store8 offset=2 (local.get $block) (i32.load8_u (i32.const 0)))
          (i32.store8 offset=3 (local.get $block) (i32.load8_u (i32.const 65535)))
          (i32.store8 offset=4 (local.get $block) (i32.add (i32.load8_u offset=4 (local.get $block)) (i32.const 1)))
          (i64.or (i64.const 0x800000000) (i64.extend_i32_u (local.get $block))))`,
        `(import "env" "ext_allocator_malloc_version_1" (func $malloc (param i32) (result i32))) ${MEMORY}`,
      ),
    );
    // 7 + 1, -1 + 3, 5 + 1, 0 + 1, 0 + 1, and three bytes of the block that were not written.
    expect(results(runtime)).toEqual(Array(CALLS).fill('0802060101000000'));
    expect(instancesMadeBy(() => results(runtime))).toBe(0);
  });

  test('also where the runtime calls itself through the host', () => {
    // Test_run asks the host for the version of its own code, its argument. Core_version counts the same global up and
    // returns nothing, which is no version: it is asked each time.
    const own = code(
      `(global $calls (mut i32) (i32.const 0))
      (func $count (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
      (func (export "Core_version") ${ENTRY} (call $count) (i64.const 0))
      (func (export "Test_run") ${ENTRY}
        (call $count)
        (drop (call $version (i64.or
          (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0)))))
        (i32.store8 (i32.const 0) (global.get $calls))
        (i64.const 0x100000000))`,
      `(import "env" "ext_misc_runtime_version_version_1" (func $version (param i64) (result i64))) ${MEMORY}`,
      REQUIRED.replace('Core_version', 'Core_other'),
    );
    const runtime = Runtime.load(own);
    const calls = jest.spyOn(runtime, 'call');
    expect(results(runtime, CALLS, 'Test_run', own)).toEqual(Array(CALLS).fill('01'));
    expect(calls).toHaveBeenCalledTimes(2 * CALLS);
  });

  test('and not used again after a trap', () => {
    const runtime = Runtime.load(
      code(`
        (global $calls (mut i32) (i32.const 0))
        (func (export "Test_run") ${ENTRY}
          (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
          (i32.store8 (i32.const 0) (global.get $calls))
          (i64.const 0x100000000))
        (func (export "Test_trap") ${ENTRY}
          (global.set $calls (i32.const 9))
          unreachable)`),
    );
    results(runtime);
    expect(results(runtime, 1, 'Test_trap')).toEqual(['unreachable']);
    expect(instancesMadeBy(() => expect(results(runtime, 2)).toEqual(['01', '01']))).toBe(1);
  });

  test("for the chain's own runtime", async () => {
    const blob = await testBlob();
    expect(exposeGlobals(blob)?.isRenewable()).toBe(true);
    const runtime = Runtime.load(blob);
    const versions = results(runtime, CALLS, 'Core_version');
    expect(new Set(versions).size).toBe(1);
    expect(instancesMadeBy(() => results(runtime, CALLS, 'Core_version'))).toBe(0);
  });
});

describe('a new instance serves each call', () => {
  const everyCallIsNew = (runtime: Runtime, expected: string): void => {
    expect(results(runtime)).toEqual(Array(CALLS).fill(expected));
    expect(instancesMadeBy(() => results(runtime))).toBe(CALLS);
  };

  test('where the memory grew: its size can be observed, and it never shrinks', () => {
    everyCallIsNew(
      Runtime.load(
        code(`(func (export "Test_run") ${ENTRY}
          (drop (memory.grow (i32.const 1)))
          (i32.store8 (i32.const 0) (memory.size))
          (i64.const 0x100000000))`),
      ),
      '02',
    );
  });

  test('where code can change a table', () => {
    const runtime = Runtime.load(
      code(`
        (type $answer (func (result i32)))
        (table 2 funcref)
        (elem (i32.const 0) $one $two)
        (func $one (result i32) (i32.const 1))
        (func $two (result i32) (i32.const 2))
        (func (export "Test_run") ${ENTRY}
          (i32.store8 (i32.const 0) (call_indirect (type $answer) (i32.const 0)))
          (table.set (i32.const 0) (table.get (i32.const 1)))
          (i64.const 0x100000000))`),
    );
    everyCallIsNew(runtime, '01');
  });

  test('where code can drop a segment', () => {
    const runtime = Runtime.load(
      code(`
        (data $text "\\2a")
        (func (export "Test_run") ${ENTRY}
          (memory.init $text (i32.const 0) (i32.const 0) (i32.const 1))
          (data.drop $text)
          (i64.const 0x100000000))`),
    );
    everyCallIsNew(runtime, '2a');
  });

  test('where the memory is imported, or a name is one that the host adds', () => {
    const add = `(global $calls (mut i32) (i32.const 0))
      (func (export "Test_run") ${ENTRY}
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.store8 (i32.const 0) (global.get $calls))
        (i64.const 0x100000000))`;
    everyCallIsNew(Runtime.load(code(add, '(import "env" "memory" (memory 1))')), '01');
    everyCallIsNew(Runtime.load(code(`${add} (export "$vm.global.1" (global $calls))`)), '01');
  });
});

describe('exposing globals', () => {
  test('adds an export for each mutable one, and changes nothing else', () => {
    const before = code('(global (mut i32) (i32.const 1)) (global i32 (i32.const 2)) (global (mut i64) (i64.const 3))');
    const { code: after, globals } = exposeGlobals(before)!;
    // Global 0 is __heap_base.
    expect(globals).toEqual(['$vm.global.1', '$vm.global.3']);
    const names = (bytes: Uint8Array): string[] =>
      WebAssembly.Module.exports(new WebAssembly.Module(bytes.slice())).map(({ name }) => name);
    expect(names(after)).toEqual([...names(before), ...globals]);
    // Two entries of a byte for the length, twelve of the name, one each for kind and index.
    expect(after.length).toBe(before.length + 2 * 15);
  });

  test('is left out where the sections are not those of a renewable module', () => {
    expect(exposeGlobals(Uint8Array.of(0, 0x61, 0x73, 0x6d))).toBeUndefined();
    expect(exposeGlobals(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toBeUndefined();
  });
});
