// The encoding of packages, and the hashes and messages of packages, reports and bitfields, against @polkadot/types.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, concat, fromHex, ok, ScaleError, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import {
  type Attestation,
  encode,
  type SignedBitfield,
  type WorkPackage,
  type WorkReport,
  writeWorkPackage,
} from '../../../host/contract/index.js';
import {
  attestationMessage,
  bitfieldMessage,
  decodePackage,
  encodeAttestations,
  encodeBitfields,
  encodePackage,
  itemHash,
  packageHash,
  packageMessage,
} from '../../../host/incore/index.js';
import { errorOf, valueOf } from '../results.js';
import { oracle, theirs } from '../contract/oracle.js';

const hash = (tag: string): Uint8Array => blake2_256(utf8(tag));
const ours: WorkPackage = {
  authorization: { kind: 'bulk', evidence: utf8('evidence') },
  context: { headerHash: hash('block'), prerequisite: hash('before') },
  items: [
    { class: 7, payload: utf8('one') },
    { class: 9, payload: new Uint8Array(300).fill(3) },
  ],
};
const theirContext = { headerHash: toHex(hash('block')), prerequisite: toHex(hash('before')) };
const theirItems = ours.items.map((item) => ({ class: item.class, payload: toHex(item.payload) }));
const theirPackage = {
  authorization: { Bulk: { evidence: toHex(utf8('evidence')) } },
  context: theirContext,
  items: theirItems,
};
const report: WorkReport = {
  packageSpec: { hash: hash('package'), root: hash('root'), len: 4_711 },
  context: ours.context,
  coreIndex: 2,
  results: [{ class: 7, itemHash: hash('item'), result: ok(utf8('output')), weight: 123_456_789_012n }],
  authorization: ours.authorization,
  authId: 10_000,
};

describe('packages', () => {
  const encoded = encodePackage(ours);

  test('are bytes in an EncodedWorkPackage of version 0', () => {
    const inner = toHex(oracle('WorkPackage', theirPackage));
    expect(toHex(encoded)).toBe(toHex(oracle('EncodedWorkPackage', { version: 0, encoded: inner })));
    expect(valueOf(decodePackage(encoded))).toEqual(ours);
  });

  test('every truncation, and trailing bytes outside or inside, are refused', () => {
    for (let length = 0; length < encoded.length; length++)
      expect(errorOf(decodePackage(encoded.subarray(0, length)))).toBeInstanceOf(ScaleError);
    expect(errorOf(decodePackage(concat(encoded, Uint8Array.of(0)))).message).toContain('1 bytes are left over');
    const inner = concat(encode(writeWorkPackage, ours), Uint8Array.of(0));
    expect(errorOf(decodePackage(new Writer().u32(0).bytes(inner).finish())).message).toContain(
      '1 bytes are left over',
    );
  });

  test('another version, or five items, are refused', () => {
    expect(errorOf(decodePackage(concat(Uint8Array.of(1), encoded.subarray(1)))).message).toContain(
      'package version 1 is unknown',
    );
    const items = [1, 2, 3, 4, 5].map((id) => ({ class: id, payload: hash('x') }));
    expect(errorOf(decodePackage(encodePackage({ ...ours, items }))).message).toContain(
      'a length of 5 exceeds the limit of 4',
    );
  });

  test('have the hashes of D36, and the message of D18', () => {
    expect(toHex(packageHash(encoded))).toBe(toHex(blake2_256(encoded)));
    expect(toHex(itemHash(ours.items[0]!))).toBe(toHex(blake2_256(oracle('WorkItem', theirItems[0]))));
    const message = oracle('(Text, u32, CorejamPrimitivesContext, Vec<WorkItem>)', [
      'CJ-PKG',
      0,
      theirContext,
      theirItems,
    ]);
    expect(toHex(packageMessage(ours))).toBe(toHex(blake2_256(message)));
  });
});

describe('what validators sign and authors include', () => {
  test('the signed message of a report is its hash', () => {
    expect(toHex(attestationMessage(report))).toBe(
      toHex(blake2_256(oracle('CorejamPrimitivesWorkReport', theirs(report)))),
    );
  });

  test('attestations are a list', () => {
    const attestation: Attestation = { report, validators: [true, false], attestations: [new Uint8Array(64).fill(1)] };
    expect(toHex(encodeAttestations([attestation, attestation]))).toBe(
      toHex(oracle('Vec<CorejamPrimitivesAttestation>', [theirs(attestation), theirs(attestation)])),
    );
  });

  test('bitfields are a list, and their message contains the parent and the bits', () => {
    const bits = [false, true, true, false, false, false, false, false, true];
    const theirBits = fromHex('0x240601'); // 9 bits: compact 9, then 0b110, 0b1
    const field: SignedBitfield = { validator: 4, bits, signature: new Uint8Array(64).fill(9) };
    const theirField = { validator: 4, bits: theirBits, signature: toHex(field.signature) };
    expect(toHex(encodeBitfields([field]))).toBe(toHex(oracle('Vec<CorejamPrimitivesSignedBitfield>', [theirField])));
    expect(toHex(bitfieldMessage(hash('parent'), bits))).toBe(
      toHex(oracle('(Text, H256, BitVec)', ['CJ-BITS', hash('parent'), theirBits])),
    );
  });
});
