// ext_trie_*: roots against smoldot's trie, and compact proofs made by hand from whole nodes.
import { describe, expect, test } from '@jest/globals';
import * as smoldot from '@acala-network/chopsticks-executor';
import { toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { Overlay, StateStore } from '../../../host/state/index.js';
import { verifyCompactProof } from '../../../host/trie/index.js';
import { at, emptyOverlay, run, seeded } from './fixtures.js';

const values = (items: readonly Uint8Array[]): Uint8Array =>
  new Writer().vec(items, (writer, item) => writer.bytes(item)).finish();
const pairs = (items: readonly (readonly [Uint8Array, Uint8Array])[]): Uint8Array =>
  new Writer().vec(items, (writer, [key, value]) => writer.bytes(key).bytes(value)).finish();

type Hex = `0x${string}`;
const hex = (bytes: Uint8Array): Hex => toHex(bytes) as Hex;
const foreignRoot = (items: readonly (readonly [Uint8Array, Uint8Array])[], version: 0 | 1): Promise<string> =>
  smoldot.calculate_state_root(
    items.map(([key, value]): [Hex, Hex] => [hex(key), hex(value)]),
    version,
  );

const LIST = [
  utf8('one'),
  new Uint8Array(40).fill(2),
  new Uint8Array(0),
  ...Array.from({ length: 80 }, (_, i) => new Uint8Array(i).fill(i)),
];

describe('roots', () => {
  test.each([0, 1] as const)('of lists, state version %i', async (version) => {
    const expected = await foreignRoot(
      LIST.map((value, i) => [new Writer().compact(i).finish(), value]),
      version,
    );
    expect(run(emptyOverlay(), 32, [['ext_trie_blake2_256_ordered_root_version_2', values(LIST), version]])).toBe(
      expected,
    );
    if (version === 1) return;
    expect(run(emptyOverlay(), 32, [['ext_trie_blake2_256_ordered_root_version_1', values(LIST)]])).toBe(expected);
  });

  test.each([0, 1] as const)('of pairs in any order, state version %i', async (version) => {
    const items = LIST.map((value, i) => [utf8(`key ${(i * 7) % 83}`), value] as const);
    const expected = await foreignRoot(items, version);
    expect(run(emptyOverlay(), 32, [['ext_trie_blake2_256_root_version_2', pairs(items), version]])).toBe(expected);
    if (version === 0)
      expect(run(emptyOverlay(), 32, [['ext_trie_blake2_256_root_version_1', pairs(items)]])).toBe(expected);
  });

  test('of nothing: BLAKE2b-256 of one zero byte', () => {
    expect(run(emptyOverlay(), 32, [['ext_trie_blake2_256_ordered_root_version_2', values([]), 1]])).toBe(
      '0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314',
    );
  });

  test('of entries whose trie is too deep: ends the call', () => {
    const nested = (levels: number): Overlay => {
      const overlay = emptyOverlay();
      for (let level = 1; level <= levels; level += 1) overlay.set(new Uint8Array(level), utf8('value'));
      return overlay;
    };
    const root = 'ext_storage_root_version_2';
    expect(run(nested(1_024), 'fat', [[root, 1]])).toHaveLength(66);
    expect(() => run(nested(1_025), 'fat', [[root, 1]])).toThrow('a trie of more than 1024 levels');
  });

  test('a malformed list ends the call', () => {
    expect(() =>
      run(emptyOverlay(), 32, [['ext_trie_blake2_256_ordered_root_version_2', Uint8Array.of(4), 1]]),
    ).toThrow('values: malformed SCALE');
  });
});

/**
 * The trie of three keys: `a` -> value A, `ab` -> 40 bytes, `b…` -> short. Its nodes, derived by hand (version 1):
 *   root    branch, partial 6, children 1 and 2            (nibbles: 61 | 61 62 | 62)
 *   child 1 branch with value A, no partial, child 6       (key `a`)
 *   child 6 leaf, partial 2, value of 40 bytes, hashed     (key `ab`)
 */
describe('verify_proof', () => {
  const A = utf8('value A');
  const AB = new Uint8Array(40).fill(9);
  const store = new StateStore(new MemoryDatabase());
  const overlay = new Overlay(store.empty);
  overlay.set(utf8('a'), A);
  overlay.set(utf8('ab'), AB);
  overlay.set(utf8('b'), utf8('value B, which is longer than a hash is, so that its node is hashed'));
  const view = store.at(store.commit(overlay, 1).root);

  /** The complete nodes on the path to `key`, the root first. */
  const nodesTo = (key: string): Uint8Array[] => {
    const nodes = view.proof([utf8(key)]).filter((node) => toHex(node) !== toHex(AB));
    return nodes;
  };

  const verify = (proof: readonly Uint8Array[], key: string, value: Uint8Array, root = view.root): string =>
    run(emptyOverlay(), 'i32', [
      ['ext_trie_blake2_256_verify_proof_version_2', at(root), values(proof), key, value, 1],
    ]);

  // Branch of the root: header 0x81 (branch without value, 1 nibble), 0x06 (the nibble), bitmap 0x0006 (children 1, 2).
  // A child by hash is 0x80 and 32 bytes; left out it is 0x00.
  const root = nodesTo('a')[0]!;
  const compactRoot = Uint8Array.from([...root.subarray(0, 4), 0x00, ...root.subarray(4 + 33)]);

  test('the nodes are as derived', () => {
    expect(toHex(root).slice(0, 12)).toBe('0x8106060080');
    expect(root).toHaveLength(4 + 33 + 33);
  });

  test('the value of a branch, left out together with the reference to the branch', () => {
    const branch = nodesTo('a')[1]!;
    // 0xc0 (branch with value, no partial), bitmap of child 6, value with its length, child. Without value: 0x80.
    expect(toHex(branch.subarray(0, 3))).toBe('0xc04000');
    const compact = Uint8Array.from([0x80, 0x40, 0x00, ...branch.subarray(3 + 1 + A.length)]);
    expect(verify([compactRoot, compact], 'a', A)).toBe('0x01000000');
    expect(verify([compactRoot, compact], 'a', utf8('value Z'))).toBe('0x00000000');
    expect(verify([compactRoot, compact], 'c', A)).toBe('0x00000000');
    expect(verify([compactRoot, compact], 'a', A, new Uint8Array(32))).toBe('0x00000000');
    expect(verify([compactRoot], 'a', A)).toBe('0x00000000');
    expect(verify([compactRoot, compact, compact], 'a', A)).toBe('0x00000000');
    expect(verify([compactRoot, branch], 'a', A)).toBe('0x00000000'); // nothing is left out: not a compact proof
  });

  test('a hashed value of a leaf', () => {
    const [, branch, leaf] = nodesTo('ab') as [Uint8Array, Uint8Array, Uint8Array];
    // 0x21 (leaf, hashed value, 1 nibble), 0x02, hash. Left out: 0x41 (leaf), 0x02, empty value.
    expect(toHex(leaf.subarray(0, 2))).toBe('0x2102');
    const compactBranch = Uint8Array.from([...branch.subarray(0, 3 + 1 + A.length), 0x00]);
    const proof = [compactRoot, compactBranch, Uint8Array.from([0x41, 0x02, 0x00])];
    expect(verify(proof, 'ab', AB)).toBe('0x01000000');
    expect(verify(proof, 'ab', AB.subarray(1))).toBe('0x00000000');
    expect(verify(proof, 'abc', AB)).toBe('0x00000000');
  });

  test('a changed proof is never valid, and never an error (seed 7)', () => {
    const branch = nodesTo('ab')[1]!;
    const proof = [
      compactRoot,
      Uint8Array.from([...branch.subarray(0, 3 + 1 + A.length), 0x00]),
      Uint8Array.from([0x41, 0x02, 0x00]),
    ];
    const holds = (nodes: readonly Uint8Array[]): boolean => verifyCompactProof(view.root, nodes, utf8('ab'), AB, 1);
    expect(holds(proof)).toBe(true);
    const random = seeded(7);
    const below = (end: number): number => Math.floor(random() * end);
    for (let i = 0; i < 20_000; i++) {
      const changed = proof.map((node) => node.slice());
      const which = below(proof.length);
      const node = changed[which]!;
      const kind = below(3);
      if (kind === 0) node[below(node.length)]! ^= 1 << below(8);
      else if (kind === 1) changed[which] = node.subarray(0, below(node.length));
      else changed[which] = Uint8Array.from([...node, below(256)]);
      if (holds(changed)) throw new Error(`seed 7, change ${i}: ${changed.map(toHex).join(' ')}`);
    }
  });

  test('a partial key that is too long is not a proof', () => {
    // 65,536 nibbles: 0x7f (leaf, 63 and more), 256 times 255, then 193; the key itself; an empty value.
    const leaf = Uint8Array.from([
      0x7f,
      ...new Array<number>(256).fill(255),
      193,
      ...new Array<number>(32_768).fill(0x11),
      0,
    ]);
    expect(verifyCompactProof(view.root, [leaf], new Uint8Array(32_768).fill(0x11), A, 1)).toBe(false);
  });

  test('malformed nodes are not a proof', () => {
    for (const proof of [
      [],
      [new Uint8Array(0)],
      [Uint8Array.of(0)],
      [Uint8Array.of(0x81)],
      [compactRoot.subarray(1)],
      [root],
    ]) {
      expect(verify(proof, 'a', A)).toBe('0x00000000');
    }
  });
});

test('a compact proof of thousands of nodes is refused, without exhausting the stack', () => {
  const branch = Uint8Array.of(0x80, 1, 0, 0); // no partial key, no value; the child at 0 is the next node
  const proof = Array<Uint8Array>(30_000).fill(branch);
  expect(verifyCompactProof(new Uint8Array(32), proof, new Uint8Array(30_000), utf8('value'), 1)).toBe(false);
});
