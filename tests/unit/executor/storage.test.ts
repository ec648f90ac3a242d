// ext_storage_*: a runtime's access to the state. Expected encodings are written by hand.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { RuntimeTrap } from '../../../host/executor/index.js';
import { trieRoot } from '../../../host/trie/index.js';
import { emptyOverlay, program, run, type Step } from './fixtures.js';

const GET = 'ext_storage_get_version_1';
const SET = 'ext_storage_set_version_1';
const CLEAR = 'ext_storage_clear_version_1';
const BEGIN = 'ext_storage_start_transaction_version_1';
const COMMIT = 'ext_storage_commit_transaction_version_1';
const ROLLBACK = 'ext_storage_rollback_transaction_version_1';
const none = new Uint8Array([0]);
const limit = (count: number): Uint8Array => Uint8Array.of(1, count, 0, 0, 0);

describe('values', () => {
  test('a missing value is None, an empty one is not', () => {
    const overlay = emptyOverlay();
    expect(run(overlay, 'fat', [[GET, 'key']])).toBe('0x00');
    expect(
      run(overlay, 'fat', [
        [SET, 'key', ''],
        [GET, 'key'],
      ]),
    ).toBe('0x0100');
  });

  test.each([
    [1, '0x0104'],
    [63, '0x01fc'],
    [64, '0x010101'],
    [16_383, '0x01fdff'],
    [16_384, '0x0102000100'],
  ])('a value of %i bytes is returned with the shortest length prefix', (length, prefix) => {
    const overlay = emptyOverlay();
    overlay.set(utf8('key'), new Uint8Array(length).fill(7));
    expect(run(overlay, 'fat', [[GET, 'key']])).toBe(prefix + '07'.repeat(length));
  });

  test('set, replace, clear', () => {
    const overlay = emptyOverlay();
    run(overlay, 'none', [
      [SET, 'key', 'one'],
      [SET, 'key', 'two'],
    ]);
    expect(overlay.get(utf8('key'))).toEqual(utf8('two'));
    run(overlay, 'none', [[CLEAR, 'key']]);
    expect(overlay.has(utf8('key'))).toBe(false);
  });

  test('exists', () => {
    const overlay = emptyOverlay();
    overlay.set(utf8('there'), new Uint8Array(0));
    expect(run(overlay, 'i32', [['ext_storage_exists_version_1', 'there']])).toBe('0x01000000');
    expect(run(overlay, 'i32', [['ext_storage_exists_version_1', 'gone']])).toBe('0x00000000');
  });

  test('stored values are copies: the memory of the runtime may change', () => {
    const overlay = emptyOverlay();
    overlay.set(utf8('other'), utf8('later'));
    // `later` is read into the same bytes that were just stored.
    const value = (5n << 32n) | 1_024n;
    const writer = program(
      [
        ['ext_storage_exists_version_1', 'first'],
        [SET, 'key', value],
        ['ext_storage_read_version_1', 'other', value, 0],
      ],
      'fat',
      { ext_storage_exists_version_1: 'i32' },
    );
    writer.call('Test_run', new Uint8Array(), overlay);
    expect(overlay.get(utf8('key'))).toEqual(utf8('first'));
  });

  test('a key that is too long for a trie ends the call', () => {
    expect(() => run(emptyOverlay(), 'none', [[SET, 32_768n << 32n, 'x']])).toThrow(
      'ext_storage_set_version_1: key: 32768 bytes are more than the 32767 a key may have',
    );
  });
});

describe('read', () => {
  const read = (out: string, offset: number): Step => ['ext_storage_read_version_1', 'key', out, offset];

  test('returns the length from the offset, even if less fits', () => {
    const overlay = emptyOverlay();
    overlay.set(utf8('key'), utf8('hello world'));
    expect(run(overlay, 'fat', [read('....', 0)])).toBe('0x010b000000');
    expect(run(overlay, 'fat', [read('....', 6)])).toBe('0x0105000000');
    expect(run(overlay, 'fat', [read('....', 11)])).toBe('0x0100000000');
    expect(run(overlay, 'fat', [read('....', 99)])).toBe('0x0100000000');
  });

  test('a missing value is None', () => {
    expect(run(emptyOverlay(), 'fat', [read('....', 0)])).toBe('0x00');
  });

  test('writes only as much as fits', () => {
    const overlay = emptyOverlay();
    overlay.set(utf8('key'), utf8('hello world'));
    // The buffer is the 4 bytes at 1,027, after the 3 of the key; the bytes after it must be unchanged.
    const steps: Step[] = [
      ['ext_storage_read_version_1', 'key', '....', 6],
      [SET, 'seen', (8n << 32n) | 1_027n],
      ['ext_misc_print_utf8_version_1', 'tail'],
    ];
    run(overlay, 'none', steps, {}, { ext_storage_read_version_1: 'i64' });
    expect(overlay.get(utf8('seen'))).toEqual(utf8('worlseen'));
  });
});

describe('many keys', () => {
  const filled = (): ReturnType<typeof emptyOverlay> => {
    const overlay = emptyOverlay();
    for (const key of ['a', 'ab', 'abc', 'abd', 'b']) overlay.set(utf8(key), utf8(key));
    return overlay;
  };

  test('next_key is in byte order and ends with None', () => {
    expect(run(filled(), 'fat', [['ext_storage_next_key_version_1', 'ab']])).toBe(
      '0x010c' + toHex(utf8('abc')).slice(2),
    );
    expect(run(filled(), 'fat', [['ext_storage_next_key_version_1', 'b']])).toBe('0x00');
  });

  test('clear_prefix removes exactly the keys with the prefix', () => {
    const overlay = filled();
    run(overlay, 'none', [['ext_storage_clear_prefix_version_1', 'ab']]);
    expect(overlay.keys(new Uint8Array(0), 9).map((key) => new TextDecoder().decode(key))).toEqual(['a', 'b']);
  });

  test('clear_prefix with a limit: all keys of this block are removed and not counted', () => {
    const overlay = filled();
    expect(run(overlay, 'fat', [['ext_storage_clear_prefix_version_2', 'ab', limit(1)]])).toBe('0x0000000000');
    expect(overlay.keys(new Uint8Array(0), 9)).toHaveLength(2);
  });

  test('clear_prefix without a limit returns that all are removed', () => {
    expect(run(filled(), 'fat', [['ext_storage_clear_prefix_version_2', 'ab', none]])).toBe('0x0000000000');
  });

  test('a malformed limit ends the call', () => {
    expect(() => run(filled(), 'fat', [['ext_storage_clear_prefix_version_2', 'ab', Uint8Array.of(2)]])).toThrow(
      'limit: malformed SCALE',
    );
  });

  test('append creates and extends a vector', () => {
    const overlay = emptyOverlay();
    const append = (item: number): Step => ['ext_storage_append_version_1', 'list', Uint8Array.of(item)];
    expect(run(overlay, 'fat', [append(7), append(8), [GET, 'list']])).toBe('0x010c080708');
  });

  test("keys of child roots can't be written", () => {
    const overlay = emptyOverlay();
    run(overlay, 'none', [[SET, ':child_storage:default:x', 'fake']]);
    expect(overlay.has(utf8(':child_storage:default:x'))).toBe(false);
  });
});

describe('roots', () => {
  test('of the state, in both versions', () => {
    const overlay = emptyOverlay();
    const long = new Uint8Array(40).fill(1);
    overlay.set(utf8('key'), long);
    const expected = [0, 1].map((version) => toHex(trieRoot([[utf8('key'), long]], version as 0 | 1)));
    expect(expected[0]).not.toBe(expected[1]);
    expect(run(overlay, 'fat', [['ext_storage_root_version_1']])).toBe(expected[0]);
    expect(run(overlay, 'fat', [['ext_storage_root_version_2', 0]])).toBe(expected[0]);
    expect(run(overlay, 'fat', [['ext_storage_root_version_2', 1]])).toBe(expected[1]);
  });

  test('version 2 is version 1, and version 3 ends the call', () => {
    const overlay = emptyOverlay();
    overlay.set(utf8('k'), new Uint8Array(40));
    const root = (version: number): string => run(overlay, 'fat', [['ext_storage_root_version_2', version]]);
    expect(root(2)).toBe(toHex(trieRoot([[utf8('k'), new Uint8Array(40)]], 1)));
    expect(() => root(3)).toThrow('state version 3 is not known');
  });

  test('changes_root is None', () => {
    expect(run(emptyOverlay(), 'fat', [['ext_storage_changes_root_version_1', new Uint8Array(32)]])).toBe('0x00');
  });
});

describe('transactions', () => {
  test('nest: an inner rollback keeps the outer changes', () => {
    const overlay = emptyOverlay();
    const steps: Step[] = [
      [BEGIN],
      [SET, 'a', '1'],
      [BEGIN],
      [SET, 'a', '2'],
      [SET, 'b', '2'],
      [ROLLBACK],
      [BEGIN],
      [SET, 'c', '3'],
      [COMMIT],
      [COMMIT],
      [GET, 'a'],
    ];
    expect(run(overlay, 'fat', steps)).toBe('0x010431');
    expect(overlay.has(utf8('b'))).toBe(false);
    expect(overlay.get(utf8('c'))).toEqual(utf8('3'));
    expect(overlay.depth).toBe(0);
  });

  test('an outer rollback undoes a committed inner one', () => {
    const overlay = emptyOverlay();
    run(overlay, 'none', [[BEGIN], [BEGIN], [SET, 'a', '1'], [COMMIT], [ROLLBACK]]);
    expect(overlay.has(utf8('a'))).toBe(false);
  });

  test('include child tries', () => {
    const overlay = emptyOverlay();
    run(overlay, 'none', [[BEGIN], ['ext_default_child_storage_set_version_1', 'child', 'a', '1'], [ROLLBACK]]);
    expect(overlay.child(utf8('child')).has(utf8('a'))).toBe(false);
  });

  test('one left open is rolled back when the call ends', () => {
    const overlay = emptyOverlay();
    run(overlay, 'none', [[SET, 'kept', '1'], [BEGIN], [SET, 'lost', '1']]);
    expect([overlay.has(utf8('kept')), overlay.has(utf8('lost')), overlay.depth]).toEqual([true, false, 0]);
  });

  test.each([COMMIT, ROLLBACK])(
    "%s without a transaction of the runtime ends the call, and keeps the caller's",
    (close) => {
      const overlay = emptyOverlay();
      overlay.begin();
      overlay.set(utf8('callers'), utf8('1'));
      expect(() => run(overlay, 'none', [[close]])).toThrow(RuntimeTrap);
      expect(overlay.depth).toBe(1);
      overlay.commit();
      expect(overlay.has(utf8('callers'))).toBe(true);
    },
  );
});

test('a pointer outside of the memory ends the call, with the name of the argument', () => {
  const outside = (16n << 32n) | 65_530n;
  expect(() => run(emptyOverlay(), 'fat', [[GET, outside]])).toThrow(
    'ext_storage_get_version_1: key: 16 bytes at 65530 are outside of the memory of 65536 bytes',
  );
});

test('lengths with the highest bit set are read as unsigned', () => {
  const huge = BigInt.asIntN(64, 0xffff_ffff_0000_0000n);
  expect(() => run(emptyOverlay(), 'fat', [[GET, huge]])).toThrow('4294967295 bytes at 0 are outside');
});
