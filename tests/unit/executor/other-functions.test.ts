// The host functions of the allocator, logging, printing, panics, the keystore, off-chain workers and versions.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { encodeVersion, Runtime, RuntimeTrap, type RuntimeVersion } from '../../../host/executor/index.js';
import { at, emptyOverlay, REQUIRED, run, wat, type Step } from './fixtures.js';

const LOG = 'ext_logging_log_version_1';

function trapOf(steps: readonly Step[]): RuntimeTrap {
  try {
    run(emptyOverlay(), 'none', steps);
  } catch (error) {
    if (error instanceof RuntimeTrap) return error;
    throw error;
  }
  throw new Error('it did not trap');
}

describe('logging', () => {
  test('lines are passed to the caller as they are logged', () => {
    const lines: unknown[] = [];
    run(
      emptyOverlay(),
      'none',
      [
        [LOG, 0, 'target', 'first'],
        [LOG, 4, 't', 'second'],
      ],
      {
        log: (...line) => lines.push(line),
      },
    );
    expect(lines).toEqual([
      [0, 'target', 'first'],
      [4, 't', 'second'],
    ]);
  });

  test('a level beyond trace and a target that is not UTF-8 end the call; such a message is not logged', () => {
    const lines: unknown[] = [];
    const log = (...line: unknown[]): number => lines.push(line);
    const broken = Uint8Array.of(0xff);
    expect(() => run(emptyOverlay(), 'none', [[LOG, 5, 't', 'text']], { log })).toThrow('level: 5 is not a level');
    expect(() => run(emptyOverlay(), 'none', [[LOG, 0, broken, 'text']], { log })).toThrow('target: it is not UTF-8');
    run(emptyOverlay(), 'none', [[LOG, 0, 't', broken]], { log });
    run(emptyOverlay(), 'none', [['ext_misc_print_utf8_version_1', broken]], { log });
    expect(lines).toEqual([]);
  });

  test('printed text is logged at debug level', () => {
    const lines: unknown[] = [];
    const steps: Step[] = [
      ['ext_misc_print_utf8_version_1', 'text'],
      ['ext_misc_print_hex_version_1', Uint8Array.of(1, 255)],
      ['ext_misc_print_num_version_1', -1n],
    ];
    run(emptyOverlay(), 'none', steps, { log: (...line) => lines.push(line) });
    expect(lines).toEqual([
      [3, 'runtime', 'text'],
      [3, 'runtime', '0x01ff'],
      [3, 'runtime', '18446744073709551615'],
    ]);
  });

  test('the host returns its maximum log level', () => {
    expect(run(emptyOverlay(), 'i32', [['ext_logging_max_level_version_1']])).toBe('0x03000000');
    expect(run(emptyOverlay(), 'i32', [['ext_logging_max_level_version_1']], { maxLogLevel: 5 })).toBe('0x05000000');
  });

  test('a trap has the lines that were logged before it', () => {
    const trap = trapOf([[LOG, 0, 'runtime', 'panicked at here'], ['ext_storage_rollback_transaction_version_1']]);
    expect(trap.log).toEqual(['error runtime: panicked at here']);
    expect(trap.method).toBe('Test_run');
    expect(trap.message).toContain('its last log line: error runtime: panicked at here');
  });

  test('only the last 64 lines are kept, and long lines are truncated', () => {
    const steps = Array.from({ length: 70 }, (_, i): Step => [LOG, 2, 't', `line ${i}`]);
    const trap = trapOf([...steps, [LOG, 2, 't', 'x'.repeat(5_000)], ['ext_storage_rollback_transaction_version_1']]);
    expect(trap.log).toHaveLength(64);
    expect(trap.log[0]).toBe('info t: line 7');
    expect(trap.log[63]).toHaveLength('info t: '.length + 2_048 + 1);
  });

  test('the message of a panic is the reason', () => {
    expect(trapOf([['ext_panic_handler_abort_on_panic_version_1', 'boom']]).reason).toContain(
      'the runtime panicked: boom',
    );
  });
});

describe('allocator', () => {
  test('a block is allocated above __heap_base and freed', () => {
    // The arguments of Test_run took a header and 8 bytes: 32,768 + 16. The block's own header and the block follow.
    expect(run(emptyOverlay(), 'i32', [['ext_allocator_malloc_version_1', 100]])).toBe('0x18800000');
    expect(run(emptyOverlay(), 'none', [['ext_allocator_free_version_1', 32_776]])).toBe('0x');
  });

  test('misuse ends the call', () => {
    const malloc = (size: number) => () => run(emptyOverlay(), 'i32', [['ext_allocator_malloc_version_1', size]]);
    expect(trapOf([['ext_allocator_free_version_1', 64]]).reason).toContain(
      'ext_allocator_free_version_1: allocator: the block at 64 is not in use',
    );
    expect(malloc(33_554_433)).toThrow('33554433 bytes are more than');
    expect(malloc(-1)).toThrow('4294967295 bytes are more than');
  });

  test('the heap ends at the limit of the caller', () => {
    const malloc: Step[] = [['ext_allocator_malloc_version_1', 65_536 * 4]];
    expect(run(emptyOverlay(), 'i32', malloc, { heapPages: 5 })).toBe('0x18800000');
    expect(() => run(emptyOverlay(), 'i32', malloc, { heapPages: 3 })).toThrow(
      '5 pages are needed and at most 4 allowed',
    );
  });
});

describe('missing parts of this host', () => {
  test('the keystore: each of its functions ends the call', () => {
    const id = at(utf8('aura'));
    const key = at(new Uint8Array(33));
    for (const scheme of ['sr25519', 'ed25519', 'ecdsa']) {
      const calls: Step[] = [
        [`ext_crypto_${scheme}_public_keys_version_1`, id],
        [`ext_crypto_${scheme}_sign_version_1`, id, key, 'message'],
      ];
      for (const call of calls) expect(() => run(emptyOverlay(), 'fat', [call])).toThrow(`${call[0]}: no keystore`);
      expect(() =>
        run(emptyOverlay(), 'i32', [[`ext_crypto_${scheme}_generate_version_1`, id, Uint8Array.of(0)]]),
      ).toThrow(`ext_crypto_${scheme}_generate_version_1: no keystore`);
    }
  });

  test('a recorder of proofs: their size is u64::MAX', () => {
    const module = wat(`(module
      (import "env" "ext_storage_proof_size_storage_proof_size_version_1" (func $size (result i64)))
      (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 1024))
      ${REQUIRED}
      (func (export "Test_run") (param i32 i32) (result i64)
        (i64.store (i32.const 0) (call $size)) (i64.const ${8n << 32n})))`);
    expect(toHex(Runtime.load(module).call('Test_run', new Uint8Array(), emptyOverlay()))).toBe('0xffffffffffffffff');
  });

  test('off-chain workers: indexed data is discarded, other calls end the call', () => {
    run(emptyOverlay(), 'none', [
      ['ext_offchain_index_set_version_1', 'k', 'v'],
      ['ext_offchain_index_clear_version_1', 'k'],
    ]);
    expect(() => run(emptyOverlay(), 'fat', [['ext_offchain_timestamp_version_1']])).toThrow('this host runs none');
  });
});

describe('runtime_version', () => {
  const version: RuntimeVersion = {
    specName: 'other',
    implName: 'test',
    authoringVersion: 1,
    specVersion: 2,
    implVersion: 3,
    apis: [{ id: Uint8Array.from([0xdf, 0x6a, 0xcb, 0x68, 0x99, 0x07, 0x60, 0x9b]), version: 4 }], // Core
    transactionVersion: 5,
    stateVersion: 1,
  };
  const encoded = encodeVersion(version);
  const escaped = [...encoded].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  const other = wat(`(module
    (memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 1024)) (data (i32.const 0) "${escaped}")
    ${REQUIRED.replace('"Core_version"', '"Core_version_"')}
    (func (export "Core_version") (param i32 i32) (result i64) (i64.const ${BigInt(encoded.length) << 32n})))`);

  test('of code with a Core_version', () => {
    expect(run(emptyOverlay(), 'fat', [['ext_misc_runtime_version_version_1', other]])).toBe(
      '0x01' + toHex(new Writer().bytes(encoded).finish()).slice(2),
    );
  });

  test('of code that is not a runtime: None', () => {
    for (const code of [utf8('nonsense'), new Uint8Array(0), wat('(module)'), wat(`(module ${REQUIRED})`)]) {
      expect(run(emptyOverlay(), 'fat', [['ext_misc_runtime_version_version_1', code]])).toBe('0x00');
    }
  });
});

test('arguments of every arity are passed in order', () => {
  const overlay = emptyOverlay();
  run(overlay, 'none', [['ext_default_child_storage_set_version_1', 'child', 'key', 'value']]);
  expect(overlay.child(utf8('child')).get(utf8('key'))).toEqual(utf8('value'));
});
