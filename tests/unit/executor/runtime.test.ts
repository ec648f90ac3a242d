// Loading and calling runtimes: refusals and their reasons, memories, results, traps, versions.
import { describe, expect, test } from '@jest/globals';
import wabtFactory from 'wabt';
import { blake2_256, concat, toHex, utf8 } from '../../../host/bytes/index.js';
import {
  encodeVersion,
  InvalidRuntime,
  isCompressed,
  Runtime,
  RuntimeTrap,
  UnknownEntryPoint,
  type RuntimeVersion,
} from '../../../host/executor/index.js';
import { emptyOverlay, REQUIRED, wat } from './fixtures.js';

const wabt = await wabtFactory();

const MEMORY = '(memory (export "memory") 1)';
const HEAP = '(global (export "__heap_base") i32 (i32.const 1024))';
const blob = (body: string, memory = MEMORY): Uint8Array => wat(`(module ${memory} ${HEAP} ${REQUIRED} ${body})`);
const echo =
  '(func (export "Test_echo") (param i32 i32) (result i64) ' +
  '(i64.or (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32)) (i64.extend_i32_u (local.get 0))))';
const call = (code: Uint8Array, method: string, args: Uint8Array = new Uint8Array()): Uint8Array =>
  Runtime.load(code).call(method, args, emptyOverlay());

function refusal(code: Uint8Array): string {
  try {
    Runtime.load(code);
  } catch (error) {
    if (error instanceof InvalidRuntime) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a blob is refused', () => {
  test('when it is not Wasm', () => {
    expect(refusal(utf8('hello, this is no module'))).toContain(
      'the code is not a WebAssembly module: expected magic word',
    );
    expect(refusal(new Uint8Array(0))).toContain('the code is not a WebAssembly module');
  });

  test('with the name of every unknown import', () => {
    const imports = '(import "env" "ext_storage_fly_version_9" (func)) (import "wasi" "fd_write" (func))';
    const message = refusal(
      wat(`(module ${imports} (import "env" "t" (table 1 funcref)) ${MEMORY} ${HEAP} ${REQUIRED})`),
    );
    expect(message).toContain('it imports env.ext_storage_fly_version_9, which is not a host function');
    expect(message).toContain('it imports wasi.fd_write, which is not a host function');
    expect(message).toContain('it imports the table env.t');
  });

  test('when it imports a host function with another type', () => {
    const wrong = '(import "env" "ext_storage_get_version_1" (func (param i32) (result i64)))';
    expect(refusal(wat(`(module ${wrong} ${MEMORY} ${HEAP} ${REQUIRED})`))).toContain(
      'it imports ext_storage_get_version_1 as (i32) -> (i64), but that is (i64) -> (i64)',
    );
  });

  test.each(['(import "env" "memory" (memory 1 2 shared))', '(memory (export "memory") 1 2 shared)'])(
    'when its memory is shared: %s',
    (memory) => {
      // Its first call would fail with a LinkError, or where text is read from the memory.
      const shared = wabt.parseWat('shared.wat', `(module ${memory} ${HEAP} ${REQUIRED})`, { threads: true });
      expect(refusal(new Uint8Array(shared.toBinary({}).buffer))).toContain('a memory that is shared');
      shared.destroy();
    },
  );

  test('when __heap_base is no global of 32 bits', () => {
    const withBase = (heapBase: string): (() => unknown) => {
      const code = wat(`(module ${MEMORY} ${heapBase} ${REQUIRED})`);
      return () => Runtime.load(code);
    };
    for (const type of ['i64', 'f32', 'f64']) {
      const heapBase = `(global (export "__heap_base") ${type} (${type}.const 1024))`;
      expect(withBase(heapBase)).toThrow(`it exports __heap_base as ${type}, but it must be i32`);
    }
    const other = '(global (export "other") i32 (i32.const 1024))';
    expect(withBase(`(func (export "__heap_base")) ${other}`)).toThrow('it does not export __heap_base');
    expect(withBase('(global (export "__heap_base") (mut i32) (i32.const 1024))')).not.toThrow();
  });

  test('with the name of every export that is missing or of another type', () => {
    const message = refusal(wat('(module (func (export "Core_version") (param i32) (result i64) unreachable))'));
    for (const part of [
      'it neither exports nor imports a memory',
      'it does not export __heap_base',
      'it does not export Core_execute_block',
      'it does not export Core_initialize_block',
      'it exports Core_version as (i32) -> (i64), but an entry point is (i32, i32) -> (i64)',
    ])
      expect(message).toContain(part);
  });

  test('when it has a start function', () => {
    expect(refusal(blob('(func $start) (start $start)'))).toContain('it has a start function');
  });

  test('unless the caller requires other entry points', () => {
    const code = wat(`(module ${MEMORY} ${HEAP} ${echo})`);
    expect(Runtime.load(code, ['Test_echo']).entryPoints).toEqual(['Test_echo']);
    expect(() => Runtime.load(code)).toThrow('it does not export Core_version');
  });
});

describe('calls', () => {
  test('pass arguments and return the result, of any length', () => {
    for (const length of [0, 1, 1_000, 200_000]) {
      const args = new Uint8Array(length).fill(length);
      expect(call(blob(echo), 'Test_echo', args)).toEqual(args);
    }
  });

  test('also run on imported memory', () => {
    const args = utf8('imported');
    expect(call(blob(echo, '(import "env" "memory" (memory 1))'), 'Test_echo', args)).toEqual(args);
    expect(call(blob(echo, '(import "env" "memory" (memory 1 4))'), 'Test_echo', args)).toEqual(args);
    expect(() =>
      call(blob(echo, '(import "env" "memory" (memory 1 4))'), 'Test_echo', new Uint8Array(300_000)),
    ).toThrow('at most 4 allowed');
  });

  test('have a fresh instance each time', () => {
    const code = blob(`(global $n (mut i32) (i32.const 0))
      (func (export "Test_count") (param i32 i32) (result i64)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (global.get $n)))
        (i64.const ${4n << 32n}))`);
    expect([1, 2, 3].map(() => toHex(call(code, 'Test_count')))).toEqual(['0x01000000', '0x01000000', '0x01000000']);
  });

  test('of an unknown entry point, or of a function of another type', () => {
    const code = blob('(func (export "Test_other") (param i32) (result i64) (i64.const 0))');
    expect(() => call(code, 'Test_nothing')).toThrow(UnknownEntryPoint);
    expect(() => call(code, 'Test_nothing')).toThrow('the runtime has no entry point Test_nothing');
    expect(() => call(code, 'Test_other')).toThrow(UnknownEntryPoint);
    expect(Runtime.load(code).has('Test_other')).toBe(false);
    expect(Runtime.load(code).has('Core_version')).toBe(true);
  });

  test('with a result outside of the memory trap', () => {
    const code = blob(`(func (export "Test_far") (param i32 i32) (result i64) (i64.const ${(10n << 32n) | 65_530n}))`);
    expect(() => call(code, 'Test_far')).toThrow(
      'Test_far trapped: the result: 10 bytes at 65530 are outside of the memory',
    );
  });

  test.each([
    ['unreachable', 'unreachable', 'unreachable'],
    ['division by zero', '(drop (i32.div_u (i32.const 1) (i32.const 0)))', 'divide by zero'],
    ['a load out of bounds', '(drop (i32.load (i32.const -4)))', 'memory access out of bounds'],
    ['endless recursion', '(drop (call $again (i32.const 0) (i32.const 0)))', 'call stack exhausted'],
  ])('that end in %s trap, with the reason', (_, body, reason) => {
    const code = blob(`(func $again (export "Test_trap") (param i32 i32) (result i64) ${body} (i64.const 0))`);
    expect(() => call(code, 'Test_trap')).toThrow(RuntimeTrap);
    expect(() => call(code, 'Test_trap')).toThrow(reason);
  });

  test('of a module whose data is outside of its memory trap', () => {
    expect(() => call(blob('(data (i32.const 70000) "x")'), 'Core_version')).toThrow('the instantiation failed');
  });

  test('that trap keep writes outside of transactions, and roll back open ones', () => {
    const overlay = emptyOverlay();
    const code = wat(`(module
      (import "env" "ext_storage_set_version_1" (func $set (param i64 i64)))
      (import "env" "ext_storage_start_transaction_version_1" (func $begin))
      ${MEMORY} ${HEAP} (data (i32.const 0) "ab") ${REQUIRED}
      (func (export "Test_trap") (param i32 i32) (result i64)
        (call $set (i64.const ${1n << 32n}) (i64.const 0))
        (call $begin)
        (call $set (i64.const ${(1n << 32n) | 1n}) (i64.const 0))
        unreachable))`);
    expect(() => Runtime.load(code).call('Test_trap', new Uint8Array(), overlay)).toThrow(RuntimeTrap);
    expect([overlay.has(utf8('a')), overlay.has(utf8('b')), overlay.depth]).toEqual([true, false, 0]);
  });

  test('do not convert a fault of the host', () => {
    const overlay = emptyOverlay();
    overlay.get = () => {
      throw new TypeError('the database is gone');
    };
    const code = wat(`(module (import "env" "ext_storage_get_version_1" (func $get (param i64) (result i64)))
      ${MEMORY} ${HEAP} ${REQUIRED} (func (export "Test_get") (param i32 i32) (result i64) (call $get (i64.const 0))))`);
    expect(() => Runtime.load(code).call('Test_get', new Uint8Array(), overlay)).toThrow(
      new TypeError('the database is gone'),
    );
  });
});

describe('versions', () => {
  const id = (byte: number): Uint8Array => new Uint8Array(8).fill(byte);
  const core = Uint8Array.from([0xdf, 0x6a, 0xcb, 0x68, 0x99, 0x07, 0x60, 0x9b]);
  const version: RuntimeVersion = {
    specName: 'test',
    implName: 'fixture',
    authoringVersion: 1,
    specVersion: 2,
    implVersion: 3,
    apis: [
      { id: core, version: 4 },
      { id: id(7), version: 9 },
    ],
    transactionVersion: 5,
    stateVersion: 1,
  };

  /** A custom section: 0, its length, the length of its name, the name, the content; all lengths below 128. */
  const section = (name: string, content: Uint8Array): Uint8Array =>
    Uint8Array.of(0, 1 + name.length + content.length, name.length, ...utf8(name), ...content);
  const u32 = (value: number): Uint8Array => Uint8Array.of(value, 0, 0, 0);

  test('come from the custom sections', () => {
    const withoutApis = encodeVersion({ ...version, apis: [] });
    const apis = concat(core, u32(4), id(7), u32(9));
    const code = concat(blob(''), section('runtime_version', withoutApis), section('runtime_apis', apis));
    expect(Runtime.load(code).version()).toEqual(version);
  });

  test('come from Core_version if there are none', () => {
    const encoded = encodeVersion(version);
    const data = [...encoded].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
    const code =
      wat(`(module ${MEMORY} ${HEAP} (data (i32.const 0) "${data}") ${REQUIRED.replace('Core_version', 'Core_other')}
      (func (export "Core_version") (param i32 i32) (result i64) (i64.const ${BigInt(encoded.length) << 32n})))`);
    expect(Runtime.load(code).version()).toEqual(version);
  });

  test('of old runtimes have fewer fields', () => {
    const old = encodeVersion({ ...version, apis: [{ id: core, version: 2 }] });
    const code = concat(
      blob(''),
      section('runtime_version', old.subarray(0, -5)),
      section('runtime_apis', concat(core, u32(2))),
    );
    expect(Runtime.load(code).version()).toMatchObject({ specVersion: 2, transactionVersion: 1, stateVersion: 0 });
  });

  test("that can't be read make the runtime invalid", () => {
    expect(() => Runtime.load(blob('')).version()).toThrow("the runtime's version can't be read: Core_version trapped");
    const broken = concat(
      blob(''),
      section('runtime_version', Uint8Array.of(99)),
      section('runtime_apis', new Uint8Array(0)),
    );
    expect(() => Runtime.load(broken).version()).toThrow(InvalidRuntime);
  });
});

describe('code', () => {
  test('is compiled once for each hash', () => {
    const code = blob('(func (export "Test_unique") (param i32 i32) (result i64) (i64.const 0))');
    expect(Runtime.load(code)).toBe(Runtime.load(code.slice()));
    expect(Runtime.load(code).codeHash).toEqual(blake2_256(code));
  });

  const compressed = Uint8Array.from([0x52, 0xbc, 0x53, 0x76, 0x46, 0xdb, 0x8e, 0x05, 1, 2, 3]);

  test('that is compressed is recognized by its first bytes', () => {
    expect([compressed, blob(''), compressed.subarray(0, 7)].map(isCompressed)).toEqual([true, false, false]);
  });

  /** A Zstandard frame of blocks [kind, size, data]: kind 0 is raw bytes, kind 1 one byte repeated. */
  const frame = (blocks: [kind: 0 | 1, size: number, data: Uint8Array][]): Uint8Array =>
    concat(
      compressed.subarray(0, 8),
      Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x38), // no content size, a window of 128 KiB
      ...blocks.flatMap(([kind, size, data], index) => {
        const header = (size << 3) | (kind << 1) | (index === blocks.length - 1 ? 1 : 0);
        return [Uint8Array.of(header & 0xff, (header >> 8) & 0xff, header >> 16), data];
      }),
    );

  test('that is compressed runs', () => {
    const plain = blob(echo);
    expect(call(frame([[0, plain.length, plain]]), 'Test_echo', utf8('x'))).toEqual(utf8('x'));
  });

  test('that is compressed wrongly is refused with a message', () => {
    expect(refusal(compressed)).toContain('does not decompress');
    const plain = blob(echo);
    expect(refusal(frame([[0, plain.length, plain]]).subarray(0, -3))).toContain('does not decompress');
  });

  test('that is a decompression bomb is refused at 50 MiB', () => {
    const block: [1, number, Uint8Array] = [1, 128 * 1024, Uint8Array.of(0)];
    expect(refusal(frame(Array.from({ length: 500 }, () => block)))).toContain('more than 52428800 bytes');
  });
});
