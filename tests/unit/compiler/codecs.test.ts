// Codecs of every form against @polkadot/types: its encodings decode and encode to the same bytes; any other input is
// refused or canonical.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { TypeRegistry } from '@polkadot/types';
import { seedOf } from '../../random.js';
import { fixtureBlob, hex, ScaleRandom } from './fixture.js';
import { Blob, BlobTrap } from './host.js';

const random = new ScaleRandom(seedOf('codecs'));
const registry = new TypeRegistry();
registry.register({
  Sparse: { _enum: { First: 1, Third: 3, Last: 200 } },
  Peculiar: {
    fixed: '[u8; 3]',
    hidden: 'u16',
    small: 'Compact<u8>',
    wide: 'Compact<u128>',
    few: 'Vec<u16>',
    sparse: 'Sparse',
    maybe: 'Option<Bytes>',
  },
  Pair: { left: 'u32', right: 'H256' },
  Derived: { left: 'u32', right: 'H256', more: 'i64' },
  BoxOfSparse: { inner: 'Sparse', again: 'Vec<Sparse>' },
  BoxOfU64: { inner: 'u64', again: 'Vec<u64>' },
  BoxOfBoxes: { inner: 'BoxOfU64', again: 'Vec<BoxOfU64>' },
  Tree: { label: 'u8', children: 'Vec<Tree>' },
  // @polkadot/types numbers variants by their order: the gaps are filled.
  Shape: {
    _enum: { Point: 'Null', No1: 'Null', Circle: 'u32', No3: 'Null', No4: 'Null', Path: '(Vec<(i16, i16)>, bool)' },
  },
});

const sparse = (): string => random.pick(['First', 'Third', 'Last']);
const sorted = <T>(keys: T[], compare: (a: T, b: T) => number): T[] =>
  [...keys].sort(compare).filter((key, index, all) => index === 0 || compare(all[index - 1]!, key) !== 0);
const tree = (depth: number): unknown => ({
  label: random.below(256),
  children: depth === 0 ? [] : random.list(3, () => tree(depth - 1)),
});
const boxOfU64 = (): unknown => ({ inner: random.unsigned(64), again: random.list(3, () => random.unsigned(64)) });

/** Method, type name in @polkadot/types, random value. */
const FORMS: [string, string, () => unknown][] = [
  [
    'integers',
    '(u8, u16, u32, u64, bool)',
    () => [random.unsigned(8), random.unsigned(16), random.unsigned(32), random.unsigned(64), random.bool()],
  ],
  ['signed', '(i8, i16, i32, i64)', () => [random.signed(8), random.signed(16), random.signed(32), random.signed(64)]],
  ['wide', 'u128', () => random.unsigned(128)],
  [
    'compacts',
    '(Compact<u8>, Compact<u16>, Compact<u32>, Compact<u64>, Compact<u128>)',
    () => [8, 16, 32, 64, 128].map((bits) => random.unsigned(bits)),
  ],
  ['text', 'Text', () => random.text()],
  ['bytes', 'Bytes', () => hex(random.bytes(random.pick([0, 1, 63, 64, 300])))],
  ['bounded_bytes', 'Bytes', () => hex(random.bytes(random.below(5)))],
  ['bounded_vec', 'Vec<H256>', () => random.list(10, () => random.bytes(32))],
  ['numbers', 'Vec<u32>', () => random.list(100, () => random.unsigned(32))],
  ['nested', 'Vec<Vec<Text>>', () => random.list(4, () => random.list(4, () => random.text()))],
  ['fixed', '(H256, AccountId32, [u8; 3])', () => [random.bytes(32), random.bytes(32), random.bytes(3)]],
  ['nullable', 'Option<H256>', () => (random.bool() ? hex(random.bytes(32)) : null)],
  ['option', 'Option<u32>', () => (random.bool() ? random.unsigned(32) : null)],
  ['sparse', 'Vec<Sparse>', () => random.list(9, sparse)],
  ['result', 'Result<Bytes, Sparse>', () => (random.bool() ? { Ok: hex(random.bytes(9)) } : { Err: sparse() })],
  ['unit_result', 'Result<Null, Text>', () => (random.bool() ? { Ok: null } : { Err: random.text() })],
  [
    'map',
    'BTreeMap<u32, Text>',
    () =>
      new Map(
        sorted(
          random.list(9, () => random.below(2 ** 32)),
          (a, b) => a - b,
        ).map((key) => [key, random.text()]),
      ),
  ],
  [
    'map_of_bytes',
    'BTreeMap<Bytes, Sparse>',
    () =>
      new Map(
        sorted(
          random.list(5, () => random.bytes(3)),
          Buffer.compare,
        ).map((key) => [hex(key), sparse()]),
      ),
  ],
  [
    'map_of_hashes',
    'BTreeMap<H256, u8>',
    () =>
      new Map(
        sorted(
          random.list(5, () => random.bytes(32)),
          Buffer.compare,
        ).map((key) => [hex(key), random.below(256)]),
      ),
  ],
  [
    'peculiar',
    'Peculiar',
    () => ({
      fixed: random.bytes(3),
      hidden: random.unsigned(16),
      small: random.unsigned(8),
      wide: random.unsigned(128),
      few: random.list(4, () => random.unsigned(16)),
      sparse: sparse(),
      maybe: random.bool() ? hex(random.bytes(4)) : null,
    }),
  ],
  ['pair', 'Pair', () => ({ left: random.unsigned(32), right: random.bytes(32) })],
  ['derived', 'Derived', () => ({ left: random.unsigned(32), right: random.bytes(32), more: random.signed(64) })],
  ['boxed', 'BoxOfSparse', () => ({ inner: sparse(), again: random.list(3, sparse) })],
  ['box_of_boxes', 'BoxOfBoxes', () => ({ inner: boxOfU64(), again: random.list(3, boxOfU64) })],
  ['tree', 'Tree', () => tree(4)],
  [
    'shape',
    'Vec<Shape>',
    () =>
      random.list(5, () =>
        random.pick<() => unknown>([
          () => ({ Point: null }),
          () => ({ Circle: random.unsigned(32) }),
          () => ({ Path: [random.list(4, () => [random.signed(16), random.signed(16)]), random.bool()] }),
        ])(),
      ),
  ],
  [
    'address',
    'MultiAddress',
    () =>
      random.pick<() => unknown>([
        () => ({ Id: random.bytes(32) }),
        () => ({ Raw: hex(random.bytes(5)) }),
        () => ({ Address32: random.bytes(32) }),
        () => ({ Address20: random.bytes(20) }),
      ])(),
  ],
  [
    'signature',
    'MultiSignature',
    () =>
      random.pick<() => unknown>([
        () => ({ Ed25519: random.bytes(64) }),
        () => ({ Sr25519: random.bytes(64) }),
        () => ({ Ecdsa: random.bytes(65) }),
      ])(),
  ],
  [
    'era',
    'ExtrinsicEra',
    () => (random.bool() ? '0x00' : { current: random.below(2 ** 31), period: 2 ** (2 + random.below(15)) }),
  ],
];

/** Encodings by hand, for forms without a type in @polkadot/types. */
const WRITTEN: [string, string, string][] = [
  ['option_of_option', 'none', '0x00'],
  ['option_of_option', 'some of none', '0x0100'],
  ['option_of_option', 'some of some of true', '0x010101'],
  ['bits', 'no bits', '0x00'],
  ['bits', 'bits 0 and 8 of 9, least significant first', '0x240101'],
  ['error', 'BadOrigin', '0x02'],
  ['error', 'Module 7, error 1', '0x030701000000'],
  ['error', 'Token, Frozen', '0x0705'],
  ['error', 'Trie, the last', '0x0e0d'],
  ['outcome', 'fine', '0x00'],
  ['outcome', 'Arithmetic, Overflow', '0x010801'],
  ['digest', 'a pre-runtime item and a marker', `0x0806${'61757261'}20${'00'.repeat(8)}08`],
];

/** Encodings that must be refused. */
const REFUSED: [string, string, string][] = [
  ['text', 'a length above the input', '0x0861'],
  ['text', 'bytes that are no UTF-8', '0x04ff'],
  ['text', 'an overlong form', '0x08c080'],
  ['text', 'a surrogate', '0x0ceda080'],
  ['bytes', 'trailing bytes', '0x0401ff'],
  ['bounded_bytes', 'more than the bound', '0x140102030405'],
  ['bounded_vec', 'more than the bound', `0x2c${'00'.repeat(11 * 32)}`],
  ['numbers', 'four thousand million elements', '0x02ffffff'],
  ['compacts', 'a compact longer than needed', '0x010004040404'],
  ['compacts', 'a value above its type', '0x010404040404'],
  ['integers', 'a bool of two', `0x${'00'.repeat(15)}02`],
  ['option', 'an option of two', '0x0200000000'],
  ['result', 'a result of two', '0x0200'],
  ['sparse', 'a value that is no member', '0x0402'],
  ['shape', 'an index without a variant', '0x0401'],
  ['map', 'keys out of order', '0x0802000000000100000000'],
  ['map', 'a key twice', '0x0801000000000100000000'],
  ['bits', 'unused bits that are set', '0x0402'],
  ['bits', 'more bits than bytes', '0x2401'],
  ['tree', 'seventeen levels', `0x${'0004'.repeat(17)}0000`],
  ['error', 'a kind that does not exist', '0x0f'],
  ['error', 'a token error that does not exist', '0x070a'],
];

let blob: Blob;
beforeAll(async () => {
  blob = new Blob(await fixtureBlob());
});

/** The output of a method, undefined if it refuses the input; any other trap fails the test. */
function passThrough(method: string, input: Uint8Array): Uint8Array | undefined {
  try {
    return blob.call(`Forms_${method}`, input);
  } catch (error) {
    if (error instanceof BlobTrap && error.message.includes('the arguments do not decode')) return undefined;
    throw error;
  }
}

describe('encodings of @polkadot/types are returned byte for byte', () => {
  test.each(FORMS)('%s', (method, type, value) => {
    for (let round = 0; round < 30; round++) {
      const input = registry.createType(type, value()).toU8a();
      expect(hex(passThrough(method, input)!)).toBe(hex(input));
    }
  });
});

test.each(WRITTEN)('%s: %s', (method, _what, input) => {
  expect(hex(passThrough(method, Buffer.from(input.slice(2), 'hex'))!)).toBe(input);
});

test.each(REFUSED)('%s refuses %s', (method, _what, input) => {
  expect(passThrough(method, Buffer.from(input.slice(2), 'hex'))).toBeUndefined();
});

test('a tree of sixteen levels is accepted', () => {
  const input = `0x${'0004'.repeat(15)}0000`;
  expect(hex(passThrough('tree', Buffer.from(input.slice(2), 'hex'))!)).toBe(input);
});

describe('modified input is refused or canonical, and never causes another trap', () => {
  test.each(FORMS)('%s', (method, type, value) => {
    for (let round = 0; round < 40; round++) {
      const input = Uint8Array.from(registry.createType(type, value()).toU8a());
      const spoilt = random.bool() ? input.slice(0, random.below(input.length + 1)) : Uint8Array.from(input);
      for (let flips = random.below(3); flips > 0 && spoilt.length > 0; flips--)
        spoilt[random.below(spoilt.length)] = random.below(256);
      const output = passThrough(method, spoilt);
      // An accepted input is the only encoding of its value.
      if (output) expect(hex(output)).toBe(hex(spoilt));
    }
  });
});

test('a method without arguments and result returns no bytes', () => {
  expect(hex(passThrough('nothing', new Uint8Array())!)).toBe('0x');
});

test('a length that the input can not hold allocates no memory', () => {
  passThrough('bytes', Uint8Array.from([0xfe, 0xff, 0xff, 0xff]));
  expect(blob.allocated).toBeLessThan(200_000);
});
