// Headers and blocks against @polkadot/types, and malformed input.
import { describe, expect, test } from '@jest/globals';
import { TypeRegistry } from '@polkadot/types';
import type { Header as TheirHeader } from '@polkadot/types/interfaces';
import { toHex } from '../../../host/bytes/index.js';
import {
  decodeBlock,
  decodeHeader,
  encodeBlock,
  encodeHeader,
  hashHeader,
  isWholeExtrinsic,
  slotOf,
  type Header,
} from '../../../host/node/index.js';

const registry = new TypeRegistry();
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const slot = Uint8Array.of(9, 1, 0, 0, 0, 0, 0, 0);
const header: Header = {
  parentHash: fill(1),
  number: 70_000,
  stateRoot: fill(2),
  extrinsicsRoot: fill(3),
  digest: [
    { kind: 'preRuntime', engine: 'aura', data: slot },
    { kind: 'consensus', engine: 'FRNK', data: Uint8Array.of(1, 2) },
    { kind: 'other', data: Uint8Array.of(7) },
    { kind: 'runtimeEnvironmentUpdated' },
    { kind: 'seal', engine: 'aura', data: new Uint8Array(64).fill(5) },
  ],
};

describe('headers', () => {
  test('encode and hash as with @polkadot/types', () => {
    const theirs = registry.createType<TheirHeader>('Header', toHex(encodeHeader(header)));
    expect(theirs.number.toNumber()).toBe(70_000);
    expect(theirs.digest.logs.map((log) => log.type)).toEqual([
      'PreRuntime',
      'Consensus',
      'Other',
      'RuntimeEnvironmentUpdated',
      'Seal',
    ]);
    expect(theirs.toHex()).toBe(toHex(encodeHeader(header)));
    expect(theirs.hash.toHex()).toBe(toHex(hashHeader(header)));
  });

  test('decode to what was encoded', () => {
    expect(decodeHeader(encodeHeader(header))).toEqual(header);
    expect(slotOf(header)).toBe(265n);
    expect(slotOf({ ...header, digest: [] })).toBeUndefined();
    expect(
      slotOf({ ...header, digest: [{ kind: 'preRuntime', engine: 'aura', data: slot.slice(1) }] }),
    ).toBeUndefined();
  });

  test('cut at any byte, or with one too many, they are refused', () => {
    const bytes = encodeHeader(header);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeHeader(bytes.slice(0, length))).toThrow(/at byte/);
    expect(() => decodeHeader(Uint8Array.of(...bytes, 0))).toThrow('1 bytes are left over');
  });

  test('a digest of more than 16 KiB is refused', () => {
    const withData = (length: number): Header => ({
      ...header,
      digest: [{ kind: 'runtimeEnvironmentUpdated' }, { kind: 'other', data: new Uint8Array(length) }],
    });
    // The count (1 byte), the first item (1), kind and length of the second (1 + 2; up to 16,383 bytes have 2).
    const most = 16 * 1024 - 5;
    expect(decodeHeader(encodeHeader(withData(most)))).toEqual(withData(most));
    expect(() => decodeHeader(encodeHeader(withData(most + 1)))).toThrow('a digest exceeds the limit of 16384 bytes');
  });

  test('an unknown digest item and a number above 32 bits are refused', () => {
    const bytes = encodeHeader({ ...header, digest: [{ kind: 'runtimeEnvironmentUpdated' }] });
    bytes[bytes.length - 1] = 9;
    expect(() => decodeHeader(bytes)).toThrow('a digest item of kind 9 is unknown');
    expect(() => decodeHeader(encodeHeader({ ...header, number: 2 ** 32 }))).toThrow(
      'a block number must fit 32 bits, and 4294967296 does not',
    );
  });
});

describe('blocks', () => {
  const block = { header, extrinsics: [Uint8Array.of(4, 9), Uint8Array.of(12, 1, 2, 3)] };

  test('keep each extrinsic with its length prefix', () => {
    expect(decodeBlock(encodeBlock(block))).toEqual(block);
    expect(() => decodeBlock(encodeBlock(block).slice(0, -1))).toThrow(/are needed/);
    expect(() => decodeBlock(Uint8Array.of(...encodeBlock(block), 1))).toThrow(/left over/);
  });

  test.each([
    ['04ff', true],
    ['00', false],
    ['', false],
    ['04', false],
    ['04ffff', false],
    ['0100ff', false],
    ['08ffff', true],
  ])('0x%s is a whole extrinsic: %s', (hex, whole) => {
    expect(isWholeExtrinsic(Uint8Array.from(Buffer.from(hex, 'hex')))).toBe(whole);
  });
});
