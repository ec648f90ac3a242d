// The reporting inherent: order of candidates (D34), trimming and verdicts; and recovery of packages.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, utf8 } from '../../../host/bytes/index.js';
import type { WorkReport } from '../../../host/contract/index.js';
import { recoverPackage, verdictOf } from '../../../host/validators/index.js';
import type { Candidate } from '../../../host/validators/index.js';
import { CandidateQueues } from '../../../host/validators/candidates.js';
import { trimmed } from '../../../host/validators/reporting.js';
import { type Claim, SinglyTaken } from '../../../host/validators/singly.js';
import { encode } from '../../../host/erasure/index.js';
import { errorOf, valueOf } from '../results.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));

function candidate(name: string, coreIndex = 0, prerequisite?: string): Candidate {
  const report: WorkReport = {
    packageSpec: { hash: hash(name), root: hash('root'), len: 1 },
    context: { headerHash: hash('block'), prerequisite: prerequisite === undefined ? undefined : hash(prerequisite) },
    coreIndex,
    results: [],
    authorization: { kind: 'bulk', evidence: utf8(name) },
    authId: 10_000,
  };
  return {
    attestation: { report, validators: [true, false, true, true], attestations: [hash('1'), hash('2'), hash('3')] },
  };
}

const nameOf = ({
  attestation: {
    report: { authorization },
  },
}: Candidate): string => (authorization.kind === 'bulk' ? String.fromCharCode(...authorization.evidence) : '');

const inOrder = (queues: CandidateQueues, all: Candidate[], last: Record<number, number> = {}): string =>
  queues
    .inOrder(all, (cores) => cores.map((core) => last[core]))
    .map(nameOf)
    .join('');

describe('candidates', () => {
  test('come by the last Registered report of their core, longest ago first, and then in the order of its queue', () => {
    const all = [candidate('a', 0), candidate('b', 1), candidate('c', 2), candidate('d', 3), candidate('e', 1)];
    expect(inOrder(new CandidateQueues(), all)).toBe('abecd');
    // Core 2 has never had a report; cores 0 and 3 had theirs in the same block, after core 1.
    expect(inOrder(new CandidateQueues(), all, { 0: 9, 1: 8, 3: 9 })).toBe('cbead');
  });

  test('that a join left out go behind all others of their core, and newer ones behind those', () => {
    const queues = new CandidateQueues();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => candidate(name)) as [
      Candidate,
      Candidate,
      Candidate,
      Candidate,
    ];
    expect(inOrder(queues, [a, b, c])).toBe('abc');
    queues.moveBehind(a);
    expect(inOrder(queues, [a, b, c, d])).toBe('bcad');
    queues.moveBehind(c);
    expect(inOrder(queues, [a, b, c, d])).toBe('badc');
  });

  test('of a core whose candidate a join left out come after those of cores that had their turn before', () => {
    const queues = new CandidateQueues();
    const all = [candidate('a', 0), candidate('b', 1), candidate('c', 2)];
    // No core but core 1 has had a report: without what was left out, core 0 would come first for ever.
    queues.leaveOut(all[0]!, 7);
    expect(inOrder(queues, all, { 1: 6 })).toBe('cba');
    expect(inOrder(queues, all, { 1: 8 })).toBe('cab');
  });

  test('of a core come earlier if a candidate of an earlier core has its prerequisite there, in their own order', () => {
    const all = [candidate('a', 0), candidate('b', 0, 'e'), candidate('c', 1), candidate('d', 2), candidate('e', 2)];
    expect(inOrder(new CandidateQueues(), all)).toBe('adebc');
  });

  test('of two cores that wait for each other, or with an unknown prerequisite, are all offered', () => {
    const all = [candidate('a', 0, 'b'), candidate('b', 1, 'c'), candidate('c', 0, 'x'), candidate('d', 2, 'd')];
    expect(inOrder(new CandidateQueues(), all)).toBe('bacd');
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
  const cores = (turns: Set<Claim>): number[] => [...turns].map(({ core }) => core).sort();

  test('rotate among cores by their last turn, whether or not a package was Registered', () => {
    const singly = new SinglyTaken();
    const turns = Array.from({ length: 4 }, () => cores(singly.takeTurns([claim(0, 7), claim(4, 7), claim(2, 7)])));
    expect(turns).toEqual([[0], [4], [2], [0]]);
  });

  test('are not used up by a package that another of these classes may spoil', () => {
    const singly = new SinglyTaken();
    expect(cores(singly.takeTurns([claim(0, 7, 8), claim(1, 7)]))).toEqual([1]);
    expect(cores(singly.takeTurns([claim(0, 7, 8), claim(1, 8), claim(2, 7)]))).toEqual([1, 2]);
    // No other package claims a turn of both: it has one, and its core's turns stay as they were.
    expect(cores(singly.takeTurns([claim(0, 7, 8), claim(1, 9)]))).toEqual([0, 1]);
    expect(cores(singly.takeTurns([claim(0, 7), claim(2, 7)]))).toEqual([0]);
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
