// Ed25519 as ZIP-215 has it, compared with the verification of @noble/curves.
import { describe, expect, test } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import { concat, fromHex, toHex, utf8 } from '../../../host/bytes/index.js';
import { verifySignature } from '../../../host/executor/index.js';
import { littleEndian, mixedOrder, TORSION, type Signed } from '../../harness/mixed-order.js';
import { Random, seedOf } from '../../random.js';

const { Point } = ed25519;
const P = 2n ** 255n - 19n;
const L = Point.Fn.ORDER;
const MESSAGE = utf8('a message');
const host = ({ key, signature, message }: Signed): boolean => verifySignature('ed25519', key, message, signature);
const noble = ({ key, signature, message }: Signed): boolean =>
  ed25519.verify(signature, message, key, { zip215: true });

/** All encodings of the eight points of small order: also with a y of p or more, and "-0". */
function smallOrder(): Uint8Array[] {
  const encodings = new Set<string>();
  for (let index = 0; index < 8; index++) {
    const { x, y } = TORSION.multiplyUnsafe(BigInt(index)).toAffine();
    for (const encoded of [y, y + P].filter((value) => value < 2n ** 255n))
      for (const sign of x === 0n ? [0n, 1n] : [x & 1n]) encodings.add(toHex(littleEndian(encoded | (sign << 255n))));
  }
  return [...encodings].map(fromHex);
}

describe('Ed25519', () => {
  test('the first vectors of RFC 8032', () => {
    const vectors = [
      [
        '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        '0x',
        '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      ],
      [
        '0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        '0x72',
        '0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      ],
    ];
    for (const [key, message, signature] of vectors)
      expect(host({ key: fromHex(key!), message: fromHex(message!), signature: fromHex(signature!) })).toBe(true);
  });

  test('random signatures, and with a bit of key, R, s or message another', () => {
    const random = new Random(seedOf('ed25519'));
    const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256));
    for (let round = 0; round < 60; round++) {
      const [secret, message] = [bytes(32), bytes(1 + random.below(200))];
      const signed: Signed = { key: ed25519.getPublicKey(secret), message, signature: ed25519.sign(message, secret) };
      expect(host(signed)).toBe(true);
      const flip = (of: Uint8Array): Uint8Array => {
        const [at, bit] = [random.below(of.length), random.below(8)];
        return of.map((byte, index) => (index === at ? byte ^ (1 << bit) : byte));
      };
      for (const part of ['key', 'signature', 'message'] as const) {
        const changed = { ...signed, [part]: flip(signed[part]) };
        expect([part, host(changed)]).toEqual([part, noble(changed)]);
        expect(host(changed)).toBe(false);
      }
    }
  });

  test('keys and R of small order, in every encoding, with s = 0 (ZIP-215)', () => {
    const encodings = smallOrder();
    // ZIP-215 counts 14: eight points; (0, 1) and (0, −1) also as "-0"; and four with a y of p or more.
    expect(encodings).toHaveLength(14);
    for (const key of encodings)
      for (const R of encodings)
        expect(host({ key, message: MESSAGE, signature: concat(R, new Uint8Array(32)) })).toBe(true);
  });

  test('keys and R of mixed order, which are valid with the cofactor only, and not with another s', () => {
    for (let index = 0; index < 64; index++) {
      const signed = mixedOrder(1_234_567n + BigInt(index), 7_654_321n, index % 8, index >> 3, MESSAGE);
      expect([index, host(signed)]).toEqual([index, true]);
      const other = { ...signed, signature: signed.signature.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) };
      expect(host(other)).toBe(false);
    }
  });

  test('s of the order or more, and a y that no point has, are invalid', () => {
    const signed = mixedOrder(5n, 7n, 0, 0, MESSAGE);
    const s = BigInt(toHex(signed.signature.slice(32).reverse()));
    expect(host(signed)).toBe(true);
    expect(host({ ...signed, signature: concat(signed.signature.subarray(0, 32), littleEndian(s + L)) })).toBe(false);
    const none = littleEndian(2n); // (4 − 1) / (4 d + 1) has no square root
    expect(() => Point.fromBytes(none, true)).toThrow();
    expect(host({ ...signed, key: none })).toBe(false);
    expect(host({ ...signed, signature: concat(none, signed.signature.subarray(32)) })).toBe(false);
  });
});
