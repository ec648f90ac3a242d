// The Reporting pallet: every check of Initial Validation with both sides of its limit, and Join.
// Spec: RFC-0031 § Initial Validation, § Weight Provisioning, § Join and `prune`; D1, D5, D7, D8, D11, D13, D14, D30,
// D34.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedPruneInvocation } from '../../bench/weights/constants.js';
import { blake2_256, err, toHex } from '../../host/bytes/index.js';
import { type Attestation, ERRORS, type JoinAnswer, type WorkReport } from '../../host/contract/index.js';
import { attestationMessage, encodeAttestations } from '../../host/incore/index.js';
import { expectEvent, expectNoop, pair, type ReportingError, root, signed, type TestChain } from '../harness/index.js';
import {
  assignCores,
  attest,
  indices,
  isRegistered,
  join,
  joinRuns,
  joinTerms,
  lastRegistered,
  makeAvailable,
  minimumAttestations,
  pending,
  progress,
  registerClass,
  report,
  reportOf,
  resultOf,
  RICH,
  screen,
  startChain,
  trapOf,
  validate,
  VALIDATORS,
} from './support/corejam.js';
import { scaleTestRuntime } from '../harness/blob.js';
import { greatest, reportsFit } from './support/space.js';
import { FIRST, GARBAGE, guest, NINTH, NOTHING, TWICE_FIRST } from './support/guests.js';

/** 6 validators on 3 cores: core 0 is served by 0 and 1, core 1 by 2 and 3, core 2 by 4 and 5. */
const GROUPS = [
  [0, 1],
  [2, 3],
  [4, 5],
];
/** 75 % of 2·10¹² over 3 cores. */
const [PRUNE, ACCUMULATE] = [1_000_000_000n, 2_000_000_000n];

let chain: TestChain;

beforeEach(async () => {
  chain = await startChain();
  registerClass(chain, guest({}), PRUNE, ACCUMULATE);
  assignCores(chain, 0, 1, 2);
  chain.advanceTo(2);
});

/** The report, attested by all of its core's group. */
const attested = (work: WorkReport): Attestation => attest(work, GROUPS[work.coreIndex] ?? [0, 1]);

/** Results of the author's dry run: the error's name, or 'fine'. */
const verdicts = (...all: Attestation[]): (ReportingError | 'fine')[] =>
  validate(chain, all).map((error) => error ?? 'fine');

/** Expects this error from the dry run, and that a block with the attestation is invalid. */
function expectRefused(attestation: Attestation, error: ReportingError): void {
  expect(verdicts(attestation)).toEqual([error]);
  const index = ERRORS.Reporting.indexOf(error);
  expect(trapOf(chain, () => report(chain, [attestation]))).toContain(`fails with error ${index} `);
}

describe('a valid report', () => {
  test('is Registered: it is pending, and an event has its values', () => {
    const work = reportOf(chain, { outputs: ['a', 'b'] });
    expect(verdicts(attested(work))).toEqual(['fine']);
    report(chain, [attested(work)]);
    expect(pending(chain)).toEqual([[0, work, 2]]);
    expectEvent(chain, 'Reporting.Registered', {
      package_hash: toHex(work.packageSpec.hash),
      core: 0,
      auth_id: 10_000,
      context_block: 1,
      items: 2,
      refine_weight: 2_000,
      liability: Number(2n * (PRUNE + ACCUMULATE)) + 100_000_000, // and the end of a block
      signatures: 2,
    });
    expect(progress(chain).stages).toEqual([{ packageHash: work.packageSpec.hash, core: 0, stage: 'registered' }]);
  });

  test('may have failed items, or no items', () => {
    const failed = reportOf(chain, { results: [{ ...resultOf(1, ''), result: err('panic') }] });
    const empty = reportOf(chain, { coreIndex: 1, results: [] });
    expect(verdicts(attested(failed), attested(empty))).toEqual(['fine', 'fine']);
    report(chain, [attested(failed), attested(empty)]);
    expect(pending(chain).map(([core]) => core)).toEqual([0, 1]);
  });

  test('the dry run changes nothing', () => {
    const before = chain.root();
    verdicts(attested(reportOf(chain, {})));
    expect(chain.root()).toBe(before);
  });

  test('comes in an inherent, once per block, which no account can send', () => {
    report(chain, []);
    expect(() => report(chain, [])).toThrow(/BadMandatory/);
    expectNoop(chain.dispatch(signed(RICH), 'Reporting.report', []), 'BadOrigin');
    expectNoop(chain.dispatch(root, 'Reporting.report', []), 'BadOrigin');
  });
});

describe('core, authorizer, sizes', () => {
  test('the last core index is accepted, the next is refused', () => {
    expect(verdicts(attested(reportOf(chain, { coreIndex: 2 })))).toEqual(['fine']);
    expectRefused(attested(reportOf(chain, { coreIndex: 3 })), 'NoSuchCore');
  });

  test('Instantaneous Coretime is refused', () => {
    const authorization = {
      kind: 'instantaneous',
      account: RICH,
      signature: { kind: 'sr25519', value: new Uint8Array(64) },
    } as const;
    expectRefused(attested(reportOf(chain, { authorization, authId: undefined })), 'InstantaneousNotOffered');
  });

  test("an AuthId other than the core's is refused, and so is none", () => {
    expectRefused(attested(reportOf(chain, { authId: 10_001 })), 'WrongAuthorizer');
    expect(verdicts(attested(reportOf(chain, { authId: undefined })))).toEqual(['WrongAuthorizer']);
  });

  test('an AuthId that is not registered is refused', () => {
    // Only on a chain with a short `expungeDelay`: an Authorizer that is unregistered while its last context is Recent.
    chain.poke('Authorizations.Authorizers', [10_000], undefined);
    expectRefused(attested(reportOf(chain, {})), 'UnknownAuthorizer');
  });

  test('an encoded authorization has at most 4,096 bytes', () => {
    // A bulk authorization of n bytes takes 1 + 2 + n: the compact length of 4,093 has two bytes.
    const evidence = (length: number) => ({ kind: 'bulk', evidence: new Uint8Array(length) }) as const;
    expect(verdicts(attested(reportOf(chain, { authorization: evidence(4_093) })))).toEqual(['fine']);
    expectRefused(attested(reportOf(chain, { authorization: evidence(4_094) })), 'AuthorizationTooLong');
  });

  test('a package has at most 5 MiB, plus its version and length', () => {
    const sized = (len: number): Attestation =>
      attested(
        reportOf(chain, {
          packageSpec: { hash: new Uint8Array(32).fill(len & 255), root: new Uint8Array(32), len },
        }),
      );
    expect(verdicts(sized(5 * 1024 * 1024 + 8))).toEqual(['fine']);
    expectRefused(sized(5 * 1024 * 1024 + 9), 'PackageTooLong');
  });
});

describe('context (D7, D11)', () => {
  test('a context is recent for 15 blocks after it', () => {
    const [hash, number] = [chain.parentHash, chain.number - 1];
    const context = { headerHash: hash, prerequisite: undefined };
    chain.advanceTo(number + 15);
    expect(verdicts(attested(reportOf(chain, { context })))).toEqual(['fine']);
    chain.advance();
    expectRefused(attested(reportOf(chain, { context })), 'ContextNotRecent');
  });

  test('the genesis block is recent in block 15, where no core was assigned yet', () => {
    const context = { headerHash: chain.genesisHash, prerequisite: undefined };
    chain.advanceTo(15);
    expectRefused(attested(reportOf(chain, { context })), 'WrongAuthorizer');
    chain.advance();
    expectRefused(attested(reportOf(chain, { context })), 'ContextNotRecent');
  });

  test('a block of another chain is refused as context', () => {
    const context = { headerHash: new Uint8Array(32).fill(1), prerequisite: undefined };
    expectRefused(attested(reportOf(chain, { context })), 'ContextNotRecent');
  });

  test('a context before the current validator set is refused', () => {
    chain.poke('Validators.SessionStart', [], Uint8Array.of(1, 0, 0, 0));
    expect(verdicts(attested(reportOf(chain, {})))).toEqual(['fine']);
    chain.poke('Validators.SessionStart', [], Uint8Array.of(2, 0, 0, 0));
    expect(verdicts(attested(reportOf(chain, {})))).toEqual(['ContextOfEarlierSet']);
  });

  test('the context block determines the authorizer, even if the core was reassigned since', () => {
    const before = reportOf(chain, {});
    const second = assignCores(chain, 0);
    chain.advance();
    const after = reportOf(chain, { authId: second });
    expect(verdicts(attested(before))).toEqual(['fine']);
    expect(verdicts(attested(after))).toEqual(['fine']);
    expect(verdicts(attested({ ...before, authId: second }))).toEqual(['WrongAuthorizer']);
    expect(verdicts(attested({ ...after, authId: 10_000 }))).toEqual(['WrongAuthorizer']);
  });

  test('the context block determines the group, even if groups have rotated since', async () => {
    chain = await startChain({ groupRotationFrequency: 4 });
    registerClass(chain, guest({}), PRUNE, ACCUMULATE);
    assignCores(chain, 0, 1, 2);
    chain.advanceTo(4); // context block 3: group 0 is on core 0
    const early = reportOf(chain, {});
    chain.advanceTo(5); // context block 4: groups have rotated, so group 2 is on core 0
    const late = reportOf(chain, {});
    expect(verdicts(attest(early, [0, 1]))).toEqual(['fine']);
    expect(verdicts(attest(early, [4, 5]))).toEqual(['BadSignature']);
    expect(verdicts(attest(late, [4, 5]))).toEqual(['fine']);
    // One report per group and block: group 0 may attest for core 0 of block 3 or core 1 of block 4.
    expect(verdicts(attest(early, [0, 1]), attest(reportOf(chain, { coreIndex: 1 }), [0, 1]))).toEqual([
      'fine',
      'GroupReported',
    ]);
  });
});

describe('order of packages', () => {
  test('a core has one report at a time', () => {
    expect(verdicts(attested(reportOf(chain, {})), attested(reportOf(chain, {})))).toEqual(['fine', 'CoreOccupied']);
    report(chain, [attested(reportOf(chain, {}))]);
    chain.advance();
    expectRefused(attested(reportOf(chain, {})), 'CoreOccupied');
  });

  test('a package is Registered once while its first report is recent', () => {
    const first = reportOf(chain, {});
    const again = (): Attestation => attested(reportOf(chain, { packageSpec: first.packageSpec, coreIndex: 1 }));
    expect(verdicts(attested(first), again())).toEqual(['fine', 'AlreadyRegistered']);
    report(chain, [attested(first)]);
    chain.advanceTo(2 + 15);
    expect(verdicts(again())).toEqual(['AlreadyRegistered']);
    chain.advance();
    expect(verdicts(again())).toEqual(['fine']);
  });

  test('CoreJamApi.is_registered returns after each block whether the next one would find it Registered', () => {
    const first = reportOf(chain, {});
    const { hash } = first.packageSpec;
    const after = (block: number): boolean => {
      chain.advanceTo(block);
      chain.close();
      const registered = isRegistered(chain, hash);
      chain.open();
      return registered;
    };
    expect(isRegistered(chain, hash)).toBe(false);
    report(chain, [attested(first)]); // in block 2
    expect(chain.number).toBe(2);
    expect([2, 3, 16, 17].map(after)).toEqual([true, true, true, false]);
    expect(isRegistered(chain, new Uint8Array(32))).toBe(false);
  });

  test('a prerequisite must be Registered in recent blocks, or earlier in the same block', () => {
    const first = reportOf(chain, {});
    const dependent = (): Attestation =>
      attested(
        reportOf(chain, {
          coreIndex: 1,
          context: { headerHash: chain.parentHash, prerequisite: first.packageSpec.hash },
        }),
      );
    expect(verdicts(dependent(), attested(first))).toEqual(['PrerequisiteMissing', 'fine']);
    expect(verdicts(attested(first), dependent())).toEqual(['fine', 'fine']);
    report(chain, [attested(first)]);
    chain.advanceTo(2 + 15);
    expect(verdicts(dependent())).toEqual(['fine']);
    chain.advance();
    expectRefused(dependent(), 'PrerequisiteMissing');
  });

  test("a package can't be its own prerequisite", () => {
    const hash = new Uint8Array(32).fill(5);
    expectRefused(
      attested(
        reportOf(chain, {
          packageSpec: { hash, root: hash, len: 1 },
          context: { headerHash: chain.parentHash, prerequisite: hash },
        }),
      ),
      'PrerequisiteMissing',
    );
  });

  test('an assignment has at most as many reports as it had of the last 16 blocks', async () => {
    // Core 0 has AuthId 10,000 only in the states of blocks 1 and 2: two reports, in any blocks.
    chain = await startChain({ timeOut: 2 });
    registerClass(chain, guest({}), PRUNE, ACCUMULATE);
    assignCores(chain, 0);
    chain.advanceTo(3);
    const contexts = [chain.parentHash];
    assignCores(chain, 0);
    const next = (): Attestation =>
      attested(reportOf(chain, { context: { headerHash: contexts[0]!, prerequisite: undefined } }));
    report(chain, [next()]);
    chain.advance(2);
    makeAvailable(chain, []); // times the first one out, so that the core is free
    report(chain, [next()]);
    chain.advance(2);
    makeAvailable(chain, []);
    expectRefused(next(), 'ShareExhausted');
  });
});

describe('weights', () => {
  test('a result of an unregistered class is refused', () => {
    expectRefused(attested(reportOf(chain, { classId: 2 })), 'UnknownClass');
    expect(verdicts(attested(reportOf(chain, { classId: 0 })))).toEqual(['UnknownClass']);
  });

  test("a result's weight beyond what refine has for a package (D18: 2·10¹²), and a sum beyond it, are refused (D39)", () => {
    const most = 2_000_000_000_000n;
    const used = (...weights: bigint[]): Attestation =>
      attested(reportOf(chain, { results: weights.map((weight, index) => resultOf(1, `item ${index}`, weight)) }));
    expect(verdicts(used(most))).toEqual(['fine']);
    expectRefused(used(most + 1n), 'RefineWeightTooHigh');
    expect(verdicts(used(0n, most - 7n, 7n))).toEqual(['fine']);
    expectRefused(used(1n, most - 7n, 7n), 'RefineWeightTooHigh');
    expectRefused(used(0xffff_ffff_ffff_ffffn, 1n), 'RefineWeightTooHigh'); // the sum wraps
  });

  test("the liability of all items, and what the end of a block does for a package, must fit a core's weight", () => {
    // 500 ms less 0.1 ms, of which each item has a half.
    const half = registerClass(chain, guest({}), 0n, 249_950_000_000n);
    const more = registerClass(chain, guest({}), 0n, 249_950_000_001n);
    chain.advance();
    expect(verdicts(attested(reportOf(chain, { results: [resultOf(half, 'a'), resultOf(half, 'b')] })))).toEqual([
      'fine',
    ]);
    expectRefused(
      attested(reportOf(chain, { results: [resultOf(half, 'a'), resultOf(more, 'b')] })),
      'LiabilityTooHigh',
    );
  });
});

describe("prune's part of a report's liability (D5a)", () => {
  // WPP / 3 is 166,666,666,666.67, twice 83,333,333,333 and a little. Registration refuses more for one item (D38).
  test('is at most a third of what a core may use of a block', () => {
    const [half, more] = [83_333_333_333n, 83_333_333_334n].map((prune) =>
      registerClass(chain, guest({}), prune, ACCUMULATE),
    ) as [number, number];
    const ofBoth = (first: number, second: number): Attestation =>
      attested(reportOf(chain, { results: [resultOf(first, 'a'), resultOf(second, 'b')] }));
    expect(verdicts(ofBoth(half, half))).toEqual(['fine']);
    expectRefused(ofBoth(half, more), 'LiabilityTooHigh');
  });
});

describe('what the author asks before it decides', () => {
  test('screening makes the checks that need no outputs, evidence or signatures, in order, and changes nothing', () => {
    const first = reportOf(chain, {});
    const context = { headerHash: chain.parentHash, prerequisite: first.packageSpec.hash };
    const dependent = reportOf(chain, { coreIndex: 1, context });
    const before = chain.root();
    expect(screen(chain, [dependent, first, dependent, reportOf(chain, {}), reportOf(chain, { authId: 1 })])).toEqual([
      'PrerequisiteMissing',
      undefined,
      undefined,
      'CoreOccupied',
      'CoreOccupied',
    ]);
    expect(screen(chain, [reportOf(chain, { authId: 1 }), reportOf(chain, { classId: 9 })])).toEqual([
      'WrongAuthorizer',
      'UnknownClass',
    ]);
    expect(chain.root()).toBe(before);
  });

  test('reports that are taken already are not checked again, and count for the others', () => {
    const taken = attested(reportOf(chain, { coreIndex: 0 }));
    const forged: Attestation = { ...taken, attestations: taken.attestations.map(() => new Uint8Array(64)) };
    const follower = reportOf(chain, {
      coreIndex: 1,
      context: { headerHash: chain.parentHash, prerequisite: taken.report.packageSpec.hash },
    });
    const occupied = attested(reportOf(chain, { coreIndex: 0 }));
    const all = [forged, attested(follower), occupied];
    expect(validate(chain, all, 0)).toEqual(['BadSignature', 'PrerequisiteMissing', undefined]);
    expect(validate(chain, all, 1)).toEqual([undefined, undefined, 'CoreOccupied']);
    const outlines = [{ ...forged.report, authId: 1 }, follower, occupied.report];
    expect(screen(chain, outlines)).toEqual(['WrongAuthorizer', 'PrerequisiteMissing', undefined]);
    expect(screen(chain, outlines, { taken: 1 })).toEqual([undefined, undefined, 'CoreOccupied']);
  });

  test('the block of the last report on each core, however long ago', () => {
    expect(lastRegistered(chain, [0, 1, 2])).toEqual([undefined, undefined, undefined]);
    report(chain, [attested(reportOf(chain, { coreIndex: 1 }))]);
    expect(lastRegistered(chain, [2, 1])).toEqual([undefined, 2]);
    chain.advanceTo(40);
    makeAvailable(chain, []);
    expect(lastRegistered(chain, [1])).toEqual([2]);
    report(chain, [attested(reportOf(chain, { coreIndex: 1 }))]);
    expect(lastRegistered(chain, [0, 1])).toEqual([undefined, 40]);
  });

  test('the quorum of a group by its size, which may differ from that of the group on the core now', () => {
    // minimumAttestations is 2, and the quorum at least one and at most all.
    expect([0, 1, 2, 3].map((size) => minimumAttestations(chain, size))).toEqual([1, 1, 2, 2]);
  });

  test('the total of a block for prune is M × 75 %, beside the weight of an output of each class', () => {
    const silent = registerClass(chain, guest({}), 0n, ACCUMULATE);
    expect(joinTerms(chain, [silent, 1, 99])).toEqual({ total: 1_500_000_000_000n, perOutput: [0n, PRUNE, 0n] });
  });

  test('some classes only, in the order asked, with the weight that each was given and used', () => {
    const loops = registerClass(chain, guest({ prune: '(loop $l (br $l)) unreachable' }), PRUNE, ACCUMULATE);
    const work = reportOf(chain, { results: [resultOf(1, 'abc'), resultOf(loops, 'd'), resultOf(loops, 'e')] });
    const [endless, fine] = joinRuns(chain, [work], [loops, 1]);
    expect(endless).toMatchObject({ classId: loops, answer: { kind: 'overran' }, weightGiven: 2n * PRUNE });
    expect(endless!.weightUsed).toBe(2n * PRUNE);
    expect(fine).toMatchObject({ classId: 1, answer: indices(), weightGiven: PRUNE });
    // The arguments have 5 bytes: the list's length, the output's and its 3 bytes.
    // Starting the instance and the guest itself are added to that.
    expect(fine!.weightUsed).toBeGreaterThan(storedPruneInvocation(5, guest({}).length));
    expect(fine!.weightUsed).toBeLessThan(PRUNE);
    expect(joinRuns(chain, [work], [1]).map((run) => run.classId)).toEqual([1]);
    expect(joinRuns(chain, [work], [99])).toEqual([]);
  });
});

describe('limits of a block', () => {
  test('all reports with their signatures have at most 3 MiB (D34)', async () => {
    // The largest report takes 20,777 bytes: 32 + 32 + 4 of the package, 33 of the context, 2 of the core, 1 and four
    // times (4 + 32 + 1 + 2 + 4,096 + 8) of results, 4,096 of the authorization, 5 of the AuthId. With two bytes for the
    // bit of its group's one member, and 1 + 64 of the signature, it takes 20,844. 3 MiB are 3,145,728 bytes: 150 such
    // take 3,126,600, and leave 19,128. So one that is 1,716 bytes shorter fits exactly, and one byte more does not.
    const cores = 151;
    const keys = Array.from({ length: cores }, (_, index) => pair(`Validator${index}`));
    // With the scale build's M, of which the weight of these is no more than 9 %.
    chain = await startChain({ cores, keys, runtime: await scaleTestRuntime() });
    const classId = registerClass(chain, guest({}), 0n, 1_000_000_000n);
    assignCores(chain, ...keys.keys());
    chain.advance();
    const largest = (coreIndex: number, shorterBy = 0): Attestation => {
      const work = reportOf(chain, {
        coreIndex,
        authorization: { kind: 'bulk', evidence: new Uint8Array(4_093 - shorterBy) },
        results: ['a', 'b', 'c', 'd'].map((item) => resultOf(classId, item.repeat(4_096))),
      });
      return { report: work, validators: [true], attestations: [keys[coreIndex]!.sign(attestationMessage(work))] };
    };
    const first = Array.from({ length: 150 }, (_, core) => largest(core));
    const fine = first.map(() => 'fine');
    expect(verdicts(...first, largest(150, 1_716))).toEqual([...fine, 'fine']);
    expect(verdicts(...first, largest(150, 1_715))).toEqual([...fine, 'ReportsTooLong']);
  });

  test('registering reports uses at most 9 % of a block: signatures in one report', async () => {
    const M = 2_000_000_000_000n;
    const members = 1_000;
    const keys = Array.from({ length: members }, (_, index) => ({
      publicKey: blake2_256(Uint8Array.of(index & 255, index >> 8)),
    }));
    chain = await startChain({ cores: 1, keys, timeOut: null });
    registerClass(chain, guest({}), PRUNE, ACCUMULATE);
    assignCores(chain, 0);
    chain.advance();
    const signedBy = (count: number): Attestation => ({
      report: reportOf(chain, {}),
      validators: keys.map((_, index) => index < count),
      attestations: Array.from({ length: count }, () => new Uint8Array(64)),
    });
    // The encoded list has one byte more than its report.
    const bytesOf = (count: number): number => encodeAttestations([signedBy(count)]).length - 1;
    const most = greatest(members, (signatures) =>
      reportsFit(M, 1, { reports: 1, signatures, items: 1, bytes: bytesOf(signatures) }),
    );
    expect(most).toBeLessThan(members);
    // Signatures are checked after the weight, and these are invalid.
    expect(verdicts(signedBy(most))).toEqual(['BadSignature']);
    expect(verdicts(signedBy(most + 1))).toEqual(['ReportsTooHeavy']);
  });
});

describe('signatures (D8, D14)', () => {
  test('the quorum is two of two: one signature is too few', () => {
    expectRefused(attest(reportOf(chain, {}), [0, 1], [1]), 'TooFewSignatures');
  });

  test('a group smaller than the quorum needs all its signatures', async () => {
    chain = await startChain({ validators: 2, cores: 2, minimumAttestations: 2 });
    registerClass(chain, guest({}), PRUNE, ACCUMULATE);
    assignCores(chain, 0);
    chain.advance();
    expect(verdicts(attest(reportOf(chain, {}), [0]))).toEqual(['fine']);
    expect(verdicts(attest(reportOf(chain, {}), [0], []))).toEqual(['TooFewSignatures']);
  });

  test('a report on a core without validators is refused', async () => {
    chain = await startChain({ validators: 2 });
    registerClass(chain, guest({}), PRUNE, ACCUMULATE);
    assignCores(chain, 0, 1, 2);
    chain.advance();
    expectRefused(attest(reportOf(chain, { coreIndex: 2 }), []), 'GroupEmpty');
  });

  test('there is one bit per member, and one signature per set bit', () => {
    const good = attested(reportOf(chain, {}));
    expectRefused({ ...good, validators: [true, true, false] }, 'WrongGroupSize');
    expectRefused({ ...good, attestations: good.attestations.slice(1) }, 'SignatureCountMismatch');
    expectRefused({ ...good, attestations: [...good.attestations, good.attestations[0]!] }, 'SignatureCountMismatch');
  });

  test('signatures are in the order of the group, each by its member, over this report', () => {
    const work = reportOf(chain, {});
    const good = attested(work);
    const swapped = { ...good, attestations: [...good.attestations].reverse() };
    expectRefused(swapped, 'BadSignature');
    const stranger = { ...good, attestations: [good.attestations[0]!, VALIDATORS[2]!.sign(attestationMessage(work))] };
    expect(verdicts(stranger)).toEqual(['BadSignature']);
    const changed = { ...good, report: { ...work, results: [resultOf(1, 'something else')] } };
    expect(verdicts(changed)).toEqual(['BadSignature']);
  });
});

describe('Join (D5)', () => {
  const rejects = (body: string): number => registerClass(chain, guest({ prune: body }), PRUNE, ACCUMULATE);

  test('a class that accepts its outputs returns no indices', () => {
    const work = reportOf(chain, { outputs: ['a', 'b'] });
    expect(join(chain, [work])).toEqual([[1, indices()]]);
  });

  test("a class that prunes an output makes the block invalid, and the author's dry run shows it", () => {
    const classId = rejects(FIRST);
    const work = reportOf(chain, { classId });
    expect(join(chain, [work])).toEqual([[classId, indices(0)]]);
    expect(trapOf(chain, () => report(chain, [attested(work)]))).toContain(
      `class ${classId} does not accept its outputs`,
    );
  });

  test.each<[string, string, JoinAnswer['kind']]>([
    ['a trap', 'unreachable', 'trapped'],
    ['an endless loop', '(loop $l (br $l)) unreachable', 'overran'],
    ['an index out of range', NINTH, 'malformed'],
    ['bytes that are no list', GARBAGE, 'malformed'],
    ['more positions than outputs', TWICE_FIRST, 'malformed'],
    ['a write', `(drop (call $set_work_storage ${NOTHING} ${NOTHING})) ${NOTHING}`, 'trapped'],
    ['a checkpoint', `(drop (call $checkpoint)) ${NOTHING}`, 'trapped'],
    ['a function of refine', `(drop (call $state_root (i32.const 1))) ${NOTHING}`, 'trapped'],
  ])('a complaint of prune: %s', (_what, body, kind) => {
    const classId = rejects(body);
    const work = reportOf(chain, { classId });
    expect(join(chain, [work])).toEqual([[classId, { kind }]]);
    expect(trapOf(chain, () => report(chain, [attested(work)]))).toContain('does not accept its outputs');
  });

  test("prune may read its class's state", () => {
    // Returns the empty list if there is no value at "one" (its length is u64::MAX), else the index of the first
    // output.
    const classId = rejects(`(if (result i64) (i64.eq (call $get_work_storage_len ${NOTHING}) (i64.const -1))
      (then ${NOTHING}) (else ${FIRST}))`);
    expect(join(chain, [reportOf(chain, { classId })])).toEqual([[classId, indices()]]);
  });

  test('each class receives its outputs in report order, without failed items; results are in ascending order of class', () => {
    // Prunes the first output if there are two outputs: SCALE Vec<Vec<u8>> begins with 0x08.
    const two = rejects(
      `(if (result i64) (i32.eq (i32.load8_u (local.get 0)) (i32.const 8)) (then ${FIRST}) (else ${NOTHING}))`,
    );
    const first = reportOf(chain, { results: [resultOf(two, 'x'), resultOf(1, 'y')] });
    const second = reportOf(chain, { coreIndex: 1, results: [{ ...resultOf(two, ''), result: err('timeout') }] });
    const third = reportOf(chain, { coreIndex: 2, results: [resultOf(two, 'z')] });
    expect(join(chain, [first, second])).toEqual([
      [1, indices()],
      [two, indices()],
    ]);
    expect(join(chain, [first, second, third])).toEqual([
      [1, indices()],
      [two, indices(0)],
    ]);
  });

  test('prune is not called for a class without prune weight or without outputs', () => {
    const silent = registerClass(chain, guest({ prune: FIRST }), 0n, ACCUMULATE);
    expect(join(chain, [reportOf(chain, { classId: silent })])).toEqual([]);
    expect(join(chain, [reportOf(chain, { results: [{ ...resultOf(1, ''), result: err('panic') }] })])).toEqual([]);
  });

  test('calling join does not change the state', () => {
    const before = chain.root();
    join(chain, [reportOf(chain, {})]);
    expect(chain.root()).toBe(before);
  });
});
