// Limits of the executor, on both sides of each, and the largest numbers as parameters.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { Overlay, StateStore } from '../../../host/state/index.js';
import { at, emptyOverlay, run, type Step } from './fixtures.js';

const U32_MAX = 0xffff_ffff;
/** The memory of a fixture is one page. */
const MEMORY_BYTES = 65_536;
const fat = (pointer: number, length: number): bigint => (BigInt(length) << 32n) | BigInt(pointer);
const limit = (count: number): Uint8Array => {
  const bytes = new Uint8Array(5);
  new DataView(bytes.buffer).setUint32(1, count, true);
  bytes[0] = 1;
  return bytes;
};

describe('the memory', () => {
  const hash = (pointer: number, length: number): string =>
    run(emptyOverlay(), 8, [['ext_hashing_twox_64_version_1', fat(pointer, length)]]);

  test('bytes up to its end, and not one more', () => {
    expect(hash(MEMORY_BYTES - 4, 4)).toHaveLength(18);
    expect(() => hash(MEMORY_BYTES - 4, 5)).toThrow('5 bytes at 65532 are outside of the memory of 65536 bytes');
    expect(() => hash(MEMORY_BYTES - 3, 4)).toThrow('4 bytes at 65533 are outside');
  });

  test('no bytes at its end, and none after it', () => {
    expect(hash(MEMORY_BYTES, 0)).toBe(hash(0, 0));
    expect(() => hash(MEMORY_BYTES + 1, 0)).toThrow('0 bytes at 65537 are outside');
  });

  test('the largest pointer and the largest length', () => {
    expect(() => hash(U32_MAX, 0)).toThrow('0 bytes at 4294967295 are outside');
    expect(() => hash(0, U32_MAX)).toThrow('4294967295 bytes at 0 are outside');
    expect(() => hash(U32_MAX, U32_MAX)).toThrow('4294967295 bytes at 4294967295 are outside');
  });

  test('an address of fixed length up to its end', () => {
    const index = (pointer: number): Step => ['ext_transaction_index_renew_version_1', 0, pointer];
    run(emptyOverlay(), 'none', [index(MEMORY_BYTES - 32)]);
    expect(() => run(emptyOverlay(), 'none', [index(MEMORY_BYTES - 31)])).toThrow('32 bytes at 65505 are outside');
    expect(() => run(emptyOverlay(), 'none', [index(-1)])).toThrow('32 bytes at 4294967295 are outside');
  });
});

describe('the allocator', () => {
  const malloc = (size: number) => (): string => run(emptyOverlay(), 'i32', [['ext_allocator_malloc_version_1', size]]);

  test('the largest block, and one byte more', () => {
    expect(malloc(32 * 1024 * 1024)()).toBe('0x18800000');
    expect(malloc(32 * 1024 * 1024 + 1)).toThrow('33554433 bytes are more than the 33554432 of the largest block');
    expect(malloc(U32_MAX)).toThrow('4294967295 bytes are more than');
  });

  test('freeing the ends of the memory', () => {
    const free = (pointer: number) => (): string =>
      run(emptyOverlay(), 'none', [['ext_allocator_free_version_1', pointer]]);
    expect(free(0)).toThrow('allocator: 0 is not the address of a block');
    expect(free(7)).toThrow('allocator: 7 is not the address of a block');
    expect(free(8)).toThrow('allocator: the block at 8 is not in use');
    expect(free(MEMORY_BYTES)).toThrow('allocator: the block at 65536 is not in use');
    expect(free(MEMORY_BYTES + 1)).toThrow('allocator: 65537 is not the address of a block');
    expect(free(U32_MAX)).toThrow('allocator: 4294967295 is not the address of a block');
  });
});

describe('the state', () => {
  const stored = (): Overlay => {
    const store = new StateStore(new MemoryDatabase());
    const overlay = new Overlay(store.empty);
    for (const key of ['p1', 'p2']) {
      overlay.set(utf8(key), utf8('v'));
      overlay.child(utf8('c')).set(utf8(key), utf8('v'));
    }
    return new Overlay(store.at(store.commit(overlay, 1).root));
  };

  test('a limit of 2^32 - 1 keys is one', () => {
    // 0: all are removed, of which two were stored.
    expect(run(stored(), 'fat', [['ext_storage_clear_prefix_version_2', 'p', limit(U32_MAX)]])).toBe('0x0002000000');
    const kill: Step = ['ext_default_child_storage_storage_kill_version_3', 'c', limit(U32_MAX)];
    expect(run(stored(), 'fat', [kill])).toBe('0x0002000000');
  });

  test('an offset of 2^32 - 1 is behind every value', () => {
    const read: Step = ['ext_storage_read_version_1', 'p1', '....', -1];
    expect(run(stored(), 'fat', [read])).toBe('0x0100000000');
  });

  test('the longest key, and one byte more', () => {
    const length = 32_767;
    const write = (bytes: number, overlay = emptyOverlay()): string =>
      run(overlay, 'none', [['ext_storage_set_version_1', fat(0, bytes), 'v']]);
    const overlay = emptyOverlay();
    write(length, overlay);
    expect(overlay.keys(new Uint8Array(0), 2).map((key) => key.length)).toEqual([length]);
    expect(toHex(overlay.root(1))).toHaveLength(66);
    expect(() => write(length + 1)).toThrow('key: 32768 bytes are more than the 32767 a key may have');
  });
});

describe('the log', () => {
  const LOG = 'ext_logging_log_version_1';
  const logged = (steps: readonly Step[]): string[] => {
    const lines: string[] = [];
    run(emptyOverlay(), 'none', steps, { log: (_level, _target, message) => lines.push(message) });
    return lines;
  };

  test('a line of 2,048 bytes is whole, a longer one is cut', () => {
    expect(logged([[LOG, 0, 't', 'x'.repeat(2_048)]])).toEqual(['x'.repeat(2_048)]);
    expect(logged([[LOG, 0, 't', 'x'.repeat(2_049)]])).toEqual([`${'x'.repeat(2_048)}…`]);
  });

  test('levels from 0 to 4', () => {
    expect(logged([0, 4].map((level): Step => [LOG, level, 't', String(level)]))).toEqual(['0', '4']);
    expect(() => logged([[LOG, 5, 't', '5']])).toThrow('level: 5 is not a level of the log');
  });

  test('the largest number', () => {
    expect(logged([['ext_misc_print_num_version_1', -1n]])).toEqual(['18446744073709551615']);
  });
});

test('v of a signature: 0 to 3 and 27 to 30 for recover', () => {
  const digest = at(new Uint8Array(32).fill(9));
  const recover = (v: number): string =>
    run(emptyOverlay(), 'fat', [
      ['ext_crypto_secp256k1_ecdsa_recover_version_2', at(Uint8Array.from([...new Uint8Array(64), v])), digest],
    ]);
  // 1: an error; 01 for v, 02 for the signature, since r and s are zero.
  for (const v of [0, 3, 27, 30]) expect([v, recover(v)]).toEqual([v, '0x0102']);
  for (const v of [4, 26, 31, 255]) expect([v, recover(v)]).toEqual([v, '0x0101']);
});
