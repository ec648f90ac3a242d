// The reporting inherent: order of candidates, trimming and verdicts; and recovery of packages.
import { describe, expect, test } from '@jest/globals';
import { blake2_256, utf8 } from '../../../host/bytes/index.js';
import type { WorkReport } from '../../../host/contract/index.js';
import { recoverPackage, verdictOf } from '../../../host/validators/index.js';
import type { Candidate } from '../../../host/validators/index.js';
import { afterPrerequisites, trimmed } from '../../../host/validators/reporting.js';
import { encode } from '../../../host/erasure/index.js';
import { errorOf, valueOf } from '../results.js';

const hash = (name: string): Uint8Array => blake2_256(utf8(name));

function candidate(name: string, prerequisite?: string): Candidate {
  const report: WorkReport = {
    packageSpec: { hash: hash(name), root: hash('root'), len: 1 },
    context: { headerHash: hash('block'), prerequisite: prerequisite === undefined ? undefined : hash(prerequisite) },
    coreIndex: 0,
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

describe('candidates', () => {
  test('are moved behind their prerequisites, and otherwise stay in order', () => {
    const order = [candidate('d', 'c'), candidate('a'), candidate('c', 'b'), candidate('b'), candidate('e', 'unknown')];
    expect(afterPrerequisites(order).map(nameOf).join('')).toBe('bcdae');
  });

  test('that have themselves or each other as prerequisite are kept for the runtime to refuse', () => {
    const order = [candidate('a', 'a'), candidate('b', 'c'), candidate('c', 'b')];
    expect(afterPrerequisites(order).map(nameOf).sort().join('')).toBe('abc');
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
