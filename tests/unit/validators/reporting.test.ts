// The reporting inherent: order of candidates (D34), trimming and verdicts; and recovery of packages.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, utf8 } from '../../../host/bytes/index.js';
import type { WorkReport } from '../../../host/contract/index.js';
import { recoverPackage, verdictOf } from '../../../host/validators/index.js';
import type { Candidate } from '../../../host/validators/index.js';
import { CandidateQueues } from '../../../host/validators/selection/candidates.js';
import { trimmed } from '../../../host/validators/selection/reporting.js';
import { type Claim, inTurn, SinglyTaken } from '../../../host/validators/selection/singly.js';
import { Random, seedOf } from '../../random.js';
import { encode } from '../../../host/erasure/index.js';
import { errorOf, valueOf } from '../results.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));

function candidate(name: string, coreIndex = 0, submitter: readonly string[] = [], authId = 10_000): Candidate {
  const report: WorkReport = {
    packageSpec: { hash: hash(name), root: hash('root'), len: 1 },
    context: { headerHash: hash('block'), prerequisite: undefined },
    coreIndex,
    results: [],
    authorization: { kind: 'bulk', evidence: utf8(name) },
    authId,
  };
  return {
    submitter,
    attestation: { report, validators: [true, false, true, true], attestations: [hash('1'), hash('2'), hash('3')] },
  };
}

const nameOf = ({
  attestation: {
    report: { authorization },
  },
}: Candidate): string => (authorization.kind === 'bulk' ? String.fromCharCode(...authorization.evidence) : '');

/** The candidates in order, once exactly these are there. */
const inOrder = (queues: CandidateQueues, all: Candidate[], last: Record<number, number> = {}, number = 0): string => {
  for (const one of [...queues.all()]) if (!all.includes(one)) queues.remove(one);
  for (const one of all) if (!queues.has(one)) queues.add(one);
  const order = queues.inOrder({
    number,
    lastRegistered: (cores) => cores.map((core) => last[core]),
    authIds: () => [10_000, 10_000, 10_000, 10_000],
  });
  return [...order.values()].flatMap((queue) => [...queue].map(nameOf)).join('');
};

describe('candidates', () => {
  test('come by the last Registered report of their core, longest ago first, and then in the order of its queue', () => {
    const all = [candidate('a', 0), candidate('b', 1), candidate('c', 2), candidate('d', 3), candidate('e', 1)];
    expect(inOrder(new CandidateQueues(), all)).toBe('abecd');
    // Core 2 has never had a report; cores 0 and 3 had theirs in the same block, after core 1.
    expect(inOrder(new CandidateQueues(), all, { 0: 9, 1: 8, 3: 9 })).toBe('cbead');
  });

  test('of cores that had their last report in the same block come first in turn, by block', () => {
    const all = [candidate('a', 0), candidate('b', 1), candidate('c', 2)];
    const queues = new CandidateQueues();
    expect([30, 31, 32, 33].map((number) => inOrder(queues, all, { 0: 5, 1: 5, 2: 5 }, number))).toEqual([
      'abc',
      'bca',
      'cab',
      'abc',
    ]);
  });

  test('that a join left out go behind all others of their submitter, and newer ones behind those', () => {
    const queues = new CandidateQueues();
    const all = ['a', 'b', 'c', 'd'].map((name) => candidate(name));
    const [a, , c] = all as [Candidate, Candidate, Candidate, Candidate];
    expect(inOrder(queues, all.slice(0, 3))).toBe('abc');
    queues.leaveOut(a, 1, { keepsPlace: false });
    expect(inOrder(queues, all)).toBe('bcad');
    queues.leaveOut(c, 2, { keepsPlace: false });
    expect(inOrder(queues, all)).toBe('badc');
  });

  test('that could not be checked keep their place in the queue of their submitter, which had its turn', () => {
    const queues = new CandidateQueues();
    const all = ['a', 'b', 'x', 'y'].map((name) => candidate(name, 0, [name < 'x' ? 'E' : 'H']));
    expect(inOrder(queues, all)).toBe('axby');
    queues.leaveOut(all[0]!, 1, { keepsPlace: true });
    expect(inOrder(queues, all)).toBe('xayb');
  });

  test('that a join left out decide only between cores with their last report in the same block', () => {
    const queues = new CandidateQueues();
    const all = [candidate('a', 0), candidate('b', 1), candidate('c', 2)];
    inOrder(queues, all);
    queues.leaveOut(all[0]!, 7, { keepsPlace: false });
    expect(inOrder(queues, all, { 1: 6 })).toBe('cab');
    expect(inOrder(queues, all, { 0: 5, 1: 6, 2: 6 })).toBe('abc');
  });

  test('keep the place of their core while they wait, if another one was Registered for which there was room', () => {
    const queues = new CandidateQueues();
    const all = [candidate('a', 0, ['L']), candidate('s', 0, ['S']), candidate('b', 1), candidate('c', 2)];
    const before = { 0: 3, 1: 4, 2: 5 };
    expect(inOrder(queues, all, before)).toBe('asbc');
    queues.register(all[1]!, 6, all[0]);
    all[1] = candidate('t', 0, ['S']);
    const after = { 0: 6, 1: 4, 2: 5 };
    expect(inOrder(queues, all, after)).toBe('atbc');
    // Once it has left, the core is behind those whose last report is older.
    expect(inOrder(queues, all.slice(1), after)).toBe('bct');
  });

  test('of one submitter let others have every other turn', () => {
    const queues = new CandidateQueues();
    const all = [...'abcd'].map((name) => candidate(name, 0, ['E', '1']));
    all.push(candidate('x', 0, ['H', '1']), candidate('y', 0, ['H', '1']));
    expect(inOrder(queues, all)).toBe('axbycd');
    queues.register(all[0]!, 1, undefined);
    all.shift();
    expect(inOrder(queues, all)).toBe('xbycd');
    // One that comes anew has no turn before those that wait.
    expect(inOrder(queues, [...all, candidate('n', 0, ['N', '1'])])).toBe('xbnycd');
  });

  test('of one address share its turns, however many connections it uses', () => {
    const all = [...'abcd'].map((name) => candidate(name, 0, ['E', name]));
    all.push(candidate('x', 0, ['H', '1']), candidate('y', 0, ['H', '1']));
    expect(inOrder(new CandidateQueues(), all)).toBe('axbycd');
  });

  test('of the AuthId that the core is assigned to come before those of another', () => {
    const all = [candidate('a', 0, [], 9), candidate('b', 0, [], 9), candidate('c', 0), candidate('d', 0)];
    expect(inOrder(new CandidateQueues(), all)).toBe('cdab');
  });

  test('keep their first signatures when trimmed', () => {
    const { attestation } = candidate('a');
    expect(trimmed(attestation, 2)).toMatchObject({
      validators: [true, false, true, false],
      attestations: [hash('1'), hash('2')],
    });
    expect(trimmed(attestation, 3)).toBe(attestation);
  });
});

describe('a class that failed', () => {
  test("is taken singly in the block in which it failed, and in this author's next 16", () => {
    const singly = new SinglyTaken();
    singly.beginBlock(5);
    singly.add([7]);
    // The author makes every third block, and attempts each of them twice.
    const own = Array.from({ length: 17 }, (_, index) => 8 + 3 * index);
    const taken = own.map((height) => {
      singly.beginBlock(height);
      singly.beginBlock(height);
      return singly.has(7);
    });
    expect(taken).toEqual([...Array.from({ length: 16 }, () => true), false]);
  });

  test('again has another 16 blocks', () => {
    const singly = new SinglyTaken();
    singly.beginBlock(1);
    singly.add([7]);
    for (let height = 2; height <= 10; height++) singly.beginBlock(height);
    singly.add([7]);
    for (let height = 11; height <= 26; height++) singly.beginBlock(height);
    expect(singly.has(7)).toBe(true);
    singly.beginBlock(27);
    expect(singly.has(7)).toBe(false);
  });
});

describe('the turns of classes that are taken singly', () => {
  const claim = (core: number, ...classes: number[]): Claim => ({ core, classes });
  /** The cores that have a turn in each of 200 blocks. */
  function turnsOf(...claims: Claim[]): string[] {
    const random = new Random(seedOf('turns of classes taken singly'));
    const all = Array.from({ length: 200 }, () => {
      const turns = inTurn(claims, new Set(), (limit) => random.below(limit));
      return turns.map(({ core, classes }) => `${core}: ${classes.join(' ')}`);
    });
    return [...new Set(all.map((turns) => turns.sort().join(', ')))].sort();
  }

  test('are given by lot, one of each class', () => {
    expect(turnsOf(claim(0, 7), claim(4, 7), claim(2, 7))).toEqual(['0: 7', '2: 7', '4: 7']);
    expect(turnsOf(claim(0, 7), claim(1, 8), claim(2, 7))).toEqual(['0: 7, 1: 8', '1: 8, 2: 7']);
  });

  test('are given to a package of two classes together', () => {
    expect(turnsOf(claim(0, 7, 8), claim(1, 7), claim(2, 8))).toEqual(['0: 7 8', '1: 7, 2: 8']);
  });

  test('are given to the claims of a core in their order', () => {
    expect(turnsOf(claim(0, 7), claim(0, 7, 8), claim(0, 8))).toEqual(['0: 7, 0: 8']);
    // Many claims of a core make its turn no likelier.
    const many = Array.from({ length: 50 }, (_, i) => claim(0, 7, 100 + i));
    const random = new Random(seedOf('turns of a core with many claims'));
    let count = 0;
    for (let block = 0; block < 1_000; block++)
      if (inTurn([...many, claim(1, 7)], new Set(), (limit) => random.below(limit)).some(({ core }) => core === 1))
        count++;
    expect(count).toBeGreaterThan(400);
    expect(count).toBeLessThan(600);
  });

  test('are not given for classes that are used in the block', () => {
    const used = new Set([7]);
    expect(inTurn([claim(0, 7), claim(1, 8)], used, () => 0)).toEqual([claim(1, 8)]);
    expect([...used]).toEqual([7, 8]);
  });
});

describe("the runtime's errors", () => {
  test('that are unknown are not tried again', () => {
    expect(verdictOf(200)).toMatchObject({ waitsFor: 'nothing', message: expect.stringContaining('error 200') });
  });
});

describe('recovery', () => {
  const data = utf8('what the package holds, in some length');
  const { shards, paths, root } = encode(data, 6);
  const spec = { hash: blake2_256(data), root, len: data.length };
  const honest = (index: number): { shard: Uint8Array; path: Uint8Array[] } => ({
    shard: shards[index]!,
    path: paths[index]!,
  });

  test('skips validators that return an invalid shard', () => {
    const answer = recoverPackage(spec, 6, (index) =>
      index < 4 ? { ...honest(index), shard: shards[5]! } : honest(index),
    );
    expect(valueOf(answer)).toEqual({ package: data, used: [4, 5] });
  });

  test('reports the number of invalid shards if too few are valid', () => {
    const answer = recoverPackage(spec, 6, (index) =>
      index === 0 ? honest(0) : index === 1 ? { ...honest(1), path: [] } : undefined,
    );
    expect(errorOf(answer)).toBe(
      'recovery needs 2 of 6 shards and 1 could be had; 1 more answered with a shard that is not under the root',
    );
  });

  test('detects a report whose root is not that of the package', () => {
    expect(errorOf(recoverPackage({ ...spec, hash: hash('another') }, 6, honest))).toContain('the report is false');
    expect(recoverPackage({ ...spec, len: data.length - 1 }, 6, honest).ok).toBe(false);
  });
});
