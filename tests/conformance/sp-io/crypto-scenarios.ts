// Lists of host calls that need no state: signatures, hashes, tries in memory, the log, and what a node lacks.
import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sr25519PairFromSeed, sr25519Sign } from '@polkadot/util-crypto';
import { createHash } from 'node:crypto';
import { blake2_256, concat, fromHex, keccak256, utf8, Writer } from '../../../host/bytes/index.js';
import { encodeNode, hashOf, NOTHING, seal, sortedChanges, toPath, update } from '../../../host/trie/index.js';
import type { NodeHash, TrieHasher, TrieNode } from '../../../host/trie/index.js';
import type { Random } from '../../random.js';
import type { Argument, Scenario, Step } from './our-functions.js';
import { at, bytes, fat } from './scenarios.js';

const SECRET = new Uint8Array(32).fill(5);
const MESSAGE = utf8('Zcash');
const N = secp256k1.Point.Fn.ORDER;
const L = ed25519.Point.Fn.ORDER;

const bigEndian = (value: bigint): Uint8Array => fromHex(`0x${value.toString(16).padStart(64, '0')}`);
const littleEndian = (value: bigint): Uint8Array => bigEndian(value).reverse();

/** r, s, v */
const ecdsaBytes = (r: bigint, s: bigint, v: number): Uint8Array => concat(bigEndian(r), bigEndian(s), bytes(v));

const DIGEST = blake2_256(MESSAGE);
const ECDSA = secp256k1.sign(DIGEST, SECRET); // with a low s
const ECDSA_KEY = secp256k1.getPublicKey(SECRET, true);

/** Every function on ECDSA signatures, of the message and its digest. */
function ecdsaSteps(signature: Uint8Array, key = ECDSA_KEY): Step[] {
  const message = fat(MESSAGE);
  return [
    ['ext_crypto_ecdsa_verify_version_1', 'i32', at(signature), message, at(key)],
    ['ext_crypto_ecdsa_verify_version_2', 'i32', at(signature), message, at(key)],
    ['ext_crypto_ecdsa_verify_prehashed_version_1', 'i32', at(signature), at(DIGEST), at(key)],
    ['ext_crypto_ecdsa_batch_verify_version_1', 'i32', at(signature), message, at(key)],
    ...['', '_compressed'].flatMap((form) =>
      [1, 2].map((version): Step => [
        `ext_crypto_secp256k1_ecdsa_recover${form}_version_${version}`,
        'fat',
        at(signature),
        at(DIGEST),
      ]),
    ),
  ];
}

const ed25519Step = (key: Uint8Array, signature: Uint8Array, message = MESSAGE): Step => [
  'ext_crypto_ed25519_verify_version_1',
  'i32',
  at(signature),
  fat(message),
  at(key),
];

/** The encodings of the eight points of small order: canonical ones, and those with a y of p or more, or "-0". */
function smallOrderEncodings(): Uint8Array[] {
  const p = 2n ** 255n - 19n;
  const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
  const encodings = new Set<string>();
  let point = ed25519.Point.ZERO;
  for (let i = 0; i < 8; i++) {
    const { x, y } = point.toAffine();
    for (const encodedY of [y, y + p].filter((value) => value < 2n ** 255n)) {
      for (const sign of x === 0n ? [0n, 1n] : [x & 1n]) {
        encodings.add(Buffer.from(littleEndian(encodedY | (sign << 255n))).toString('hex'));
      }
    }
    point = point.add(torsion);
  }
  return [...encodings].map((hex) => fromHex(`0x${hex}`));
}

/** A signature by a key with a torsion component: valid only with the cofactor. */
function mixedOrder(i: number): { key: Uint8Array; signature: Uint8Array } {
  const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
  const [a, r] = [1234567n + BigInt(i), 7654321n + BigInt(i)];
  const key = ed25519.Point.BASE.multiply(a)
    .add(torsion.multiplyUnsafe(BigInt(i % 8)))
    .toBytes();
  const R = ed25519.Point.BASE.multiply(r)
    .add(torsion.multiplyUnsafe(BigInt((i >> 3) % 8)))
    .toBytes();
  const k = BigInt(
    `0x${createHash('sha512').update(R).update(key).update(MESSAGE).digest().reverse().toString('hex')}`,
  );
  return { key, signature: concat(R, littleEndian((r + k * a) % L)) };
}

const ED_KEY = ed25519.getPublicKey(SECRET);
const ED_SIGNATURE = ed25519.sign(MESSAGE, SECRET);
const flipped = (data: Uint8Array, index: number): Uint8Array => data.map((byte, i) => (i === index ? byte ^ 1 : byte));

const SR = sr25519PairFromSeed(SECRET);
const srStep = (name: string, signature: Uint8Array, message = MESSAGE): Step => [
  `ext_crypto_sr25519_${name}`,
  'i32',
  at(signature),
  fat(message),
  at(SR.publicKey),
];

const vec = (items: readonly Uint8Array[]): Argument =>
  fat(new Writer().vec(items, (writer, item) => writer.bytes(item)).finish());
type Entry = readonly [key: Uint8Array, value: Uint8Array];
const pairs = (items: readonly Entry[]): Argument =>
  fat(new Writer().vec(items, (writer, [key, value]) => writer.bytes(key).bytes(value)).finish());

function trieSteps(entries: readonly Entry[]): Step[] {
  const values = vec(entries.map(([, value]) => value));
  return ['blake2_256', 'keccak_256'].flatMap((name): Step[] => [
    [`ext_trie_${name}_root_version_1`, 32, pairs(entries)],
    ...[0, 1, 2].map((version): Step => [`ext_trie_${name}_root_version_2`, 32, pairs(entries), version]),
    [`ext_trie_${name}_ordered_root_version_1`, 32, values],
    ...[0, 1, 2].map((version): Step => [`ext_trie_${name}_ordered_root_version_2`, 32, values, version]),
  ]);
}

/** The compact proof of `key`: the nodes down to it, each without its value if it is `key`'s, and without the next one. */
function compactProof(
  entries: readonly Entry[],
  key: Uint8Array,
  hash: TrieHasher,
): { root: Uint8Array; proof: Uint8Array[] } {
  const { root, nodes } = seal(update(NOTHING, undefined, sortedChanges(entries), 0, hash).root, hash);
  const proof: Uint8Array[] = [];
  let path = toPath(key);
  let node: TrieNode | undefined = nodes.get(root as NodeHash);
  while (node !== undefined) {
    path = path.slice(node.partial.length);
    if (path === '') {
      proof.push(encodeNode({ ...node, value: node.children === undefined ? new Uint8Array(0) : undefined }));
      break;
    }
    const slot = parseInt(path[0]!, 16);
    const child = node.children![slot]!;
    proof.push(leaveOut(node, slot, typeof child === 'string'));
    if (typeof child !== 'string') throw new Error('a proof through an inline node is not made here');
    node = nodes.get(child);
    path = path.slice(1);
  }
  return { root: hashOf(root), proof };
}

/** The encoding of a branch whose child at `slot`, a hash, is left out: its 33 bytes become one zero byte. */
function leaveOut(node: TrieNode, slot: number, hashed: boolean): Uint8Array {
  const whole = encodeNode(node);
  if (!hashed) return whole;
  const before = encodeNode({ ...node, children: node.children!.map((child, i) => (i > slot ? undefined : child)) });
  return concat(whole.subarray(0, before.length - 33), bytes(0), whole.subarray(before.length));
}

const LONG = (i: number): Uint8Array => new Uint8Array(40 + i).fill(i);
const ENTRIES: readonly Entry[] = ['alpha', 'alphabet', 'beta', 'b', 'gamma', 'g'].map((key, i) => [
  utf8(key),
  LONG(i),
]);

function proofSteps(entries: readonly Entry[], key: Uint8Array, value: Uint8Array): Step[] {
  return (
    [
      ['blake2_256', blake2_256],
      ['keccak_256', keccak256],
    ] as const
  ).flatMap(([name, hash]) => {
    const { root, proof } = compactProof(entries, key, hash);
    const verify = (nodes: readonly Uint8Array[], claimed: Uint8Array, ...version: number[]): Step => [
      `ext_trie_${name}_verify_proof_version_${version.length + 1}`,
      'i32',
      at(root),
      vec(nodes),
      fat(key),
      fat(claimed),
      ...version,
    ];
    return [
      verify(proof, value),
      verify(proof, value, 0),
      verify(proof, value, 1),
      verify(proof, value, 2),
      verify(proof, flipped(value, 0)),
      verify(proof.slice(1), value),
      verify([...proof, bytes(0)], value),
    ];
  });
}

const trap = (step: Step): Scenario => [[step]];
const OUTSIDE = 0x7fff_ffff;
const KEYSTORE = ['ed25519', 'sr25519', 'ecdsa'].flatMap((scheme): Step[] => [
  [`ext_crypto_${scheme}_public_keys_version_1`, 'fat', at(utf8('aura'))],
  [`ext_crypto_${scheme}_generate_version_1`, scheme === 'ecdsa' ? 33 : 32, at(utf8('aura')), fat(bytes(0))],
  [`ext_crypto_${scheme}_sign_version_1`, 'fat', at(utf8('aura')), at(new Uint8Array(33)), fat(MESSAGE)],
]);
const traps = (group: string, steps: readonly Step[]): [string, Scenario][] =>
  steps.map((step, i) => [
    `${group}: ${step[0]}${steps.findIndex(([name]) => name === step[0]) < i ? `, ${i}` : ''}`,
    trap(step),
  ]);

const HASHINGS: readonly (readonly [string, number])[] = [
  ['keccak_256', 32],
  ['keccak_512', 64],
  ['sha2_256', 32],
  ['blake2_128', 16],
  ['blake2_256', 32],
  ['twox_64', 8],
  ['twox_128', 16],
  ['twox_256', 32],
];

export function cryptoScenarios(srSignature: Uint8Array): Readonly<Record<string, Scenario>> {
  return {
    'a high s is valid for verify and recover': [
      [
        ...ecdsaSteps(ecdsaBytes(ECDSA.r, ECDSA.s, ECDSA.recovery)),
        ...ecdsaSteps(ecdsaBytes(ECDSA.r, N - ECDSA.s, ECDSA.recovery ^ 1)),
        ...ecdsaSteps(ecdsaBytes(ECDSA.r, N - ECDSA.s, ECDSA.recovery)),
        ...[27, 28].flatMap((v) => ecdsaSteps(ecdsaBytes(ECDSA.r, N - ECDSA.s, v))),
      ],
    ],
    'r, s and v at their edges': [
      [1n, N / 2n, N / 2n + 1n, N - 1n, N, N + 1n, 0n, 2n ** 256n - 1n].flatMap((s) =>
        [0, 1, 2, 3].flatMap((v) => ecdsaSteps(ecdsaBytes(ECDSA.r, s, v))),
      ),
      [0n, 1n, 2n, 5n, N - 1n, N, N + 1n, 2n ** 256n - 1n].flatMap((r) =>
        [0, 1, 2, 3].flatMap((v) => ecdsaSteps(ecdsaBytes(r, N - ECDSA.s, v))),
      ),
      [4, 26, 27, 30, 31, 255].flatMap((v) => ecdsaSteps(ecdsaBytes(ECDSA.r, ECDSA.s, v))),
    ],
    'small-order Ed25519 keys and R are valid, in any encoding': [
      smallOrderEncodings().flatMap((key) =>
        smallOrderEncodings().map((r) => ed25519Step(key, concat(r, new Uint8Array(32)))),
      ),
    ],
    'Ed25519 keys and R of mixed order are valid with the cofactor': [
      Array.from({ length: 64 }, (_, i) => mixedOrder(i)).flatMap(({ key, signature }) => [
        ed25519Step(key, signature),
        ed25519Step(key, signature, utf8('another')),
      ]),
    ],
    'Ed25519 signatures: honest, changed, and with an s of the order or more': [
      [
        ed25519Step(ED_KEY, ED_SIGNATURE),
        ed25519Step(ED_KEY, ED_SIGNATURE, utf8('another')),
        ...[0, 31, 32, 63].flatMap((index) => [
          ed25519Step(ED_KEY, flipped(ED_SIGNATURE, index)),
          ed25519Step(flipped(ED_KEY, index % 32), ED_SIGNATURE),
        ]),
        ...[L - 1n, L, L + 1n, 2n ** 255n - 1n, 2n ** 256n - 1n].map((s) =>
          ed25519Step(smallOrderEncodings()[0]!, concat(smallOrderEncodings()[0]!, littleEndian(s))),
        ),
        ed25519Step(bytes(2, ...new Uint8Array(31)), new Uint8Array(64)), // no point has this y
        ed25519Step(ED_KEY, concat(bytes(2, ...new Uint8Array(31)), new Uint8Array(32))),
      ],
    ],
    'sr25519 signatures': [
      ['verify_version_1', 'verify_version_2', 'batch_verify_version_1'].flatMap((name) => [
        srStep(name, srSignature),
        srStep(name, srSignature, utf8('another')),
        ...[0, 40, 63].map((index) => srStep(name, flipped(srSignature, index))),
        // Without the mark of sr25519, the highest bit.
        srStep(
          name,
          srSignature.map((byte, i) => (i === 63 ? byte & 0x7f : byte)),
        ),
      ]),
    ],
    'a batch is good if all its signatures are': [
      [
        ['ext_crypto_start_batch_verify_version_1', 'none'],
        ['ext_crypto_finish_batch_verify_version_1', 'i32'],
        ['ext_crypto_start_batch_verify_version_1', 'none'],
        srStep('batch_verify_version_1', srSignature),
        srStep('batch_verify_version_1', srSignature, utf8('another')),
        ['ext_crypto_ecdsa_batch_verify_version_1', 'i32', at(new Uint8Array(65)), fat(''), at(ECDSA_KEY)],
        ['ext_crypto_finish_batch_verify_version_1', 'i32'],
      ],
    ],
    hashes: [
      HASHINGS.flatMap(([name, length]) =>
        ['', 'abc', 'x'.repeat(300)].map((text): Step => [`ext_hashing_${name}_version_1`, length, fat(text)]),
      ),
    ],
    'roots of tries by BLAKE2b and Keccak': [
      [
        ...trieSteps([]),
        ...trieSteps(ENTRIES),
        ...trieSteps([...ENTRIES, [utf8('beta'), utf8('twice')]]),
        ...trieSteps(Array.from({ length: 70 }, (_, i): Entry => [bytes(i, i * 3), LONG(i % 3)])),
      ],
    ],
    'compact proofs by BLAKE2b and Keccak': [
      [
        ...ENTRIES.flatMap(([key, value]) => proofSteps(ENTRIES, key, value)),
        ...proofSteps([[utf8('one'), LONG(1)]], utf8('one'), LONG(1)),
      ],
    ],
    'an unknown state version ends verify_proof': trap([
      'ext_trie_keccak_256_verify_proof_version_2',
      'i32',
      at(new Uint8Array(32)),
      vec([]),
      fat('k'),
      fat('v'),
      3,
    ]),
    'the log takes every level, and text that is not UTF-8 as a message only': [
      [
        ...[0, 1, 2, 3, 4, 256].map((level): Step => ['ext_logging_log_version_1', 'none', level, fat('t'), fat('m')]),
        ['ext_logging_log_version_1', 'none', 0, fat('t'), fat(bytes(0xff))],
        ['ext_misc_print_utf8_version_1', 'none', fat(bytes(0xff))],
        ['ext_misc_print_hex_version_1', 'none', fat(bytes(0xff))],
        ['ext_misc_print_num_version_1', 'none', -1],
        ['ext_storage_changes_root_version_1', 'fat', fat('')],
        ['ext_offchain_index_set_version_1', 'none', fat('k'), fat('v')],
        ['ext_offchain_index_clear_version_1', 'none', fat('k')],
        ['ext_transaction_index_index_version_1', 'none', 0, 1, at(DIGEST)],
        ['ext_transaction_index_renew_version_1', 'none', 0, at(DIGEST)],
      ],
    ],
    ...Object.fromEntries(
      traps('ends the call', [
        ['ext_logging_log_version_1', 'none', 5, fat('t'), fat('m')],
        ['ext_logging_log_version_1', 'none', 255, fat('t'), fat('m')],
        ['ext_logging_log_version_1', 'none', 0, fat(bytes(0xff)), fat('m')],
        ['ext_crypto_finish_batch_verify_version_1', 'i32'],
        ['ext_storage_commit_transaction_version_1', 'none'],
        ['ext_storage_rollback_transaction_version_1', 'none'],
        ['ext_offchain_is_validator_version_1', 'i32'],
        ['ext_offchain_timestamp_version_1', 'i64'],
        ['ext_offchain_random_seed_version_1', 32],
        ['ext_offchain_submit_transaction_version_1', 'fat', fat('')],
        ['ext_offchain_local_storage_get_version_1', 'fat', 1, fat('k')],
        ['ext_offchain_local_storage_set_version_1', 'none', 1, fat('k'), fat('v')],
        ...KEYSTORE,
      ]),
    ),
    ...Object.fromEntries(
      traps('ends the call outside of the memory', [
        ['ext_offchain_index_set_version_1', 'none', fat('k'), 2 ** 32 + OUTSIDE],
        ['ext_offchain_index_clear_version_1', 'none', 2 ** 32 + OUTSIDE],
        ['ext_transaction_index_index_version_1', 'none', 0, 1, OUTSIDE],
        ['ext_transaction_index_renew_version_1', 'none', 0, OUTSIDE],
        ['ext_storage_changes_root_version_1', 'fat', 2 ** 32 + OUTSIDE],
        ['ext_storage_get_version_1', 'fat', 2 ** 32 + OUTSIDE],
        ['ext_misc_print_hex_version_1', 'none', 2 ** 32 + OUTSIDE],
        ['ext_hashing_blake2_256_version_1', 32, 2 ** 32 + OUTSIDE],
        ['ext_crypto_ed25519_verify_version_1', 'i32', OUTSIDE, fat(''), at(ED_KEY)],
        ['ext_trie_keccak_256_verify_proof_version_1', 'i32', OUTSIDE, vec([]), fat(''), fat('')],
      ]),
    ),
  };
}

/** A fresh sr25519 signature of the message. */
export const signSr25519 = (): Uint8Array => sr25519Sign(MESSAGE, SR);

/** Random signatures, changed and not, and random tries. */
export function randomCryptoScenario(random: Random): Scenario {
  const steps: Step[] = [];
  const scalar = (): bigint =>
    random.chance(0.2)
      ? random.pick([0n, 1n, N, N - 1n, N / 2n, N / 2n + 1n])
      : BigInt(`0x${Buffer.from(random.bytes(32)).toString('hex')}`);
  for (let i = 0; i < 4; i++) {
    const r = random.chance(0.5) ? ECDSA.r : scalar();
    const s = random.pick([ECDSA.s, N - ECDSA.s, scalar()]);
    steps.push(...ecdsaSteps(ecdsaBytes(r, s, random.pick([0, 1, 2, 3, 27, 28, random.below(256)]))));
    const { key, signature } = random.chance(0.5)
      ? mixedOrder(random.below(1_000))
      : { key: ED_KEY, signature: ED_SIGNATURE };
    const changed = random.chance(0.5) ? flipped(signature, random.below(64)) : signature;
    steps.push(ed25519Step(random.chance(0.2) ? random.bytes(32) : key, changed));
    steps.push(
      ed25519Step(
        random.pick(smallOrderEncodings()),
        concat(random.pick(smallOrderEncodings()), new Uint8Array(32)),
        random.bytes(3),
      ),
    );
    const entries = random.list(12, (): Entry => [
      random.bytes(random.below(3)),
      random.bytes(random.pick([0, 5, 31, 32, 33, 60])),
    ]);
    steps.push(...trieSteps(entries));
  }
  return [steps];
}
