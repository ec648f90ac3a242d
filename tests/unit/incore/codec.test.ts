// The RFC's types in SCALE, against @polkadot/types given the same declarations in words.
import { describe, expect, test } from '@jest/globals';
import { TypeRegistry } from '@polkadot/types';
import { blake2_256, concat, fromHex, ScaleError, toHex, utf8 } from '../../../host/bytes/index.js';
import {
  attestationMessage,
  bitfieldMessage,
  decodeAttestations,
  decodeBitfields,
  decodePackage,
  decodeReport,
  encodeAttestations,
  encodeBitfields,
  encodePackage,
  encodeReport,
  itemHash,
  packageHash,
  packageMessage,
} from '../../../host/incore/index.js';
import type { Attestation, Authorization, WorkPackage, WorkReport } from '../../../host/incore/index.js';

const registry = new TypeRegistry();
registry.register({
  InstantaneousAuth: { account: 'AccountId32', signature: 'MultiSignature' },
  Authorization: { _enum: { Instantaneous: 'InstantaneousAuth', Bulk: 'Bytes' } },
  Context: { header_hash: 'H256', prerequisite: 'Option<H256>' },
  WorkItem: { class: 'u32', payload: 'Bytes' },
  WorkPackage: { authorization: 'Authorization', context: 'Context', items: 'Vec<WorkItem>' },
  EncodedWorkPackage: { version: 'u32', encoded: 'Bytes' },
  WorkError: { _enum: ['Timeout', 'Panic'] },
  WorkResult: { class: 'u32', item_hash: 'H256', result: 'Result<Bytes, WorkError>', weight: 'u64' },
  WorkPackageSpec: { hash: 'H256', root: 'H256', len: 'u32' },
  WorkReport: {
    package_spec: 'WorkPackageSpec',
    context: 'Context',
    core_index: 'u16',
    results: 'Vec<WorkResult>',
    authorization: 'Authorization',
    auth_id: 'Option<u32>',
  },
  Attestation: { report: 'WorkReport', validators: 'BitVec', attestations: 'Vec<[u8; 64]>' },
  SignedBitfield: { validator: 'u32', bits: 'BitVec', signature: '[u8; 64]' },
});
const oracle = (type: string, value: unknown): string => registry.createType(type, value).toHex();

const hash = (tag: string): Uint8Array => blake2_256(utf8(tag));
const bulk: Authorization = { kind: 'bulk', evidence: utf8('evidence') };
const ours: WorkPackage = {
  authorization: bulk,
  context: { headerHash: hash('block'), prerequisite: hash('before') },
  items: [
    { class: 7, payload: utf8('one') },
    { class: 9, payload: new Uint8Array(300).fill(3) },
  ],
};
const theirs = {
  authorization: { Bulk: toHex(utf8('evidence')) },
  context: { header_hash: toHex(hash('block')), prerequisite: toHex(hash('before')) },
  items: ours.items.map((item) => ({ class: item.class, payload: toHex(item.payload) })),
};
const report: WorkReport = {
  packageSpec: { hash: hash('package'), root: hash('root'), len: 4_711 },
  context: { headerHash: hash('block'), prerequisite: undefined },
  coreIndex: 2,
  results: [
    { class: 7, itemHash: hash('item'), result: { output: utf8('output') }, weight: 123_456_789_012n },
    { class: 9, itemHash: hash('other'), result: { error: 'panic' }, weight: 0n },
    { class: 9, itemHash: hash('third'), result: { error: 'timeout' }, weight: 2_000_000_000_000n },
  ],
  authorization: bulk,
  authId: 10_000,
};
const theirReport = {
  package_spec: { hash: hash('package'), root: hash('root'), len: 4_711 },
  context: { header_hash: hash('block'), prerequisite: null },
  core_index: 2,
  results: [
    { class: 7, item_hash: hash('item'), result: { Ok: toHex(utf8('output')) }, weight: 123_456_789_012n },
    { class: 9, item_hash: hash('other'), result: { Err: 'Panic' }, weight: 0 },
    { class: 9, item_hash: hash('third'), result: { Err: 'Timeout' }, weight: 2_000_000_000_000n },
  ],
  authorization: { Bulk: toHex(utf8('evidence')) },
  auth_id: 10_000,
};

describe('packages', () => {
  const encoded = encodePackage(ours);

  test('are encoded as declared', () => {
    const inner = registry.createType('WorkPackage', theirs).toHex();
    expect(toHex(encoded)).toBe(oracle('EncodedWorkPackage', { version: 0, encoded: inner }));
    expect(decodePackage(encoded)).toEqual(ours);
  });

  test.each(['ed25519', 'sr25519', 'ecdsa'] as const)('an Instantaneous authorization with %s', (scheme) => {
    const signature = new Uint8Array(scheme === 'ecdsa' ? 65 : 64).fill(5);
    const authorization: Authorization = {
      kind: 'instantaneous',
      account: hash('payer'),
      signature: { scheme, signature },
    };
    const name = { ed25519: 'Ed25519', sr25519: 'Sr25519', ecdsa: 'Ecdsa' }[scheme];
    const inner = registry
      .createType('WorkPackage', {
        ...theirs,
        authorization: { Instantaneous: { account: hash('payer'), signature: { [name]: toHex(signature) } } },
      })
      .toHex();
    const bytes = encodePackage({ ...ours, authorization });
    expect(toHex(bytes)).toBe(oracle('EncodedWorkPackage', { version: 0, encoded: inner }));
    expect(decodePackage(bytes)).toEqual({ ...ours, authorization });
  });

  test('every truncation, and trailing bytes outside or inside, are refused', () => {
    for (let length = 0; length < encoded.length; length++)
      expect(() => decodePackage(encoded.subarray(0, length))).toThrow(ScaleError);
    expect(() => decodePackage(concat(encoded, Uint8Array.of(0)))).toThrow('1 bytes are left over');
    const inner = concat(encoded.subarray(6), Uint8Array.of(0)); // 4 bytes of version, 2 of length
    expect(encoded[4] & 3).toBe(1);
    const length = Uint8Array.of(((inner.length << 2) | 1) & 0xff, inner.length >> 6);
    expect(() => decodePackage(concat(Uint8Array.of(0, 0, 0, 0), length, inner))).toThrow('1 bytes are left over');
  });

  test('another version, or five items, are refused', () => {
    expect(() => decodePackage(concat(Uint8Array.of(1), encoded.subarray(1)))).toThrow('package version 1 is unknown');
    expect(() =>
      decodePackage(
        encodePackage({ ...ours, items: [1, 2, 3, 4, 5].map((id) => ({ class: id, payload: hash('x') })) }),
      ),
    ).toThrow('a length of 5 exceeds the limit of 4');
  });

  test('have the hashes that D36 says, and the message that D18 says', () => {
    expect(toHex(packageHash(encoded))).toBe(toHex(blake2_256(encoded)));
    expect(toHex(itemHash(ours.items[0]))).toBe(
      toHex(blake2_256(registry.createType('WorkItem', theirs.items[0]).toU8a())),
    );
    const message = registry
      .createType('(Text, u32, Context, Vec<WorkItem>)', ['CJ-PKG', 0, theirs.context, theirs.items])
      .toU8a();
    expect(toHex(packageMessage(ours))).toBe(toHex(blake2_256(message)));
  });
});

describe('reports and what validators sign', () => {
  test('a report is encoded as declared, and its hash is what is signed', () => {
    expect(toHex(encodeReport(report))).toBe(oracle('WorkReport', theirReport));
    expect(decodeReport(encodeReport(report))).toEqual(report);
    expect(toHex(attestationMessage(report))).toBe(
      toHex(blake2_256(registry.createType('WorkReport', theirReport).toU8a())),
    );
  });

  test('a report whose output is over 4,096 bytes is refused', () => {
    const long = (length: number): WorkReport => ({
      ...report,
      results: [{ ...report.results[0], result: { output: new Uint8Array(length) } }],
    });
    expect(decodeReport(encodeReport(long(4_096)))).toEqual(long(4_096));
    expect(() => decodeReport(encodeReport(long(4_097)))).toThrow('a length of 4097 exceeds the limit of 4096');
  });

  test('attestations', () => {
    const signatures = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)];
    const attestation: Attestation = { report, validators: [true, false, true], attestations: signatures };
    const theirAttestation = {
      report: theirReport,
      validators: fromHex('0x0c05'), // 3 bits: compact 3, then 0b101
      attestations: attestation.attestations.map(toHex),
    };
    expect(toHex(encodeAttestations([attestation]))).toBe(oracle('Vec<Attestation>', [theirAttestation]));
    expect(decodeAttestations(encodeAttestations([attestation, attestation]))).toEqual([attestation, attestation]);
  });

  test('bitfields and their message', () => {
    const bits = [false, true, true, false, false, false, false, false, true];
    const field = { validator: 4, bits, signature: new Uint8Array(64).fill(9) };
    const theirBits = fromHex('0x240601'); // 9 bits: compact 9, then 0b110, 0b1
    const theirField = { validator: 4, bits: theirBits, signature: toHex(field.signature) };
    expect(toHex(encodeBitfields([field]))).toBe(oracle('Vec<SignedBitfield>', [theirField]));
    expect(decodeBitfields(encodeBitfields([field]))).toEqual([field]);
    expect(toHex(bitfieldMessage(hash('parent'), bits))).toBe(
      oracle('(Text, H256, BitVec)', ['CJ-BITS', hash('parent'), theirBits]),
    );
  });
});
