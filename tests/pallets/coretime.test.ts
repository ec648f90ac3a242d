// The Coretime and Validators pallets: assignments of cores, now and in recent states, and groups of validators.
// Spec: RFC-0031 § Notes on Agile Coretime; D4, D7, D13. The share of an assignment (D7) is in
// coretime-shares.test.ts.
import { describe, expect, test } from '@jest/globals';
import { storedInvocation, storedPruneInvocation } from '../../bench/weights/constants.js';
import { Reader, toHex, Writer } from '../../host/bytes/index.js';
import { coreJamApi } from '../../host/contract/index.js';
import { ALICE, expectEvent, expectNoop, expectOk, none, root, signed, TestChain } from '../harness/index.js';
import { assignCores, startChain, VALIDATORS } from './support/corejam.js';

const core = (index: number): Uint8Array => new Writer().u16(index).finish();

/** CoreJamApi.authorizer: the AuthId, undefined for none. */
function authorizer(chain: TestChain, index: number): number | undefined {
  return new Reader(chain.call('CoreJamApi_authorizer', core(index))).option((r) => {
    const id = r.u32();
    r.raw(32);
    r.bytes();
    return id;
  });
}

function group(chain: TestChain, index: number): number[] {
  return new Reader(chain.call('CoreJamApi_group', core(index))).vec((r) => r.u32());
}

describe('assign', () => {
  test("assigns a core from this block's state on", async () => {
    const chain = await startChain();
    const id = assignCores(chain);
    expect(authorizer(chain, 1)).toBeUndefined();
    const outcome = expectOk(chain.dispatch(root, 'Coretime.assign', 1, id));
    expectEvent(outcome, 'Coretime.Assigned', { core: 1, auth_id: id });
    expect([0, 1, 2].map((index) => authorizer(chain, index))).toEqual([undefined, id, undefined]);
    const all = coreJamApi.authIds((method, args) => chain.call(method, args));
    expect(all.slice(0, 3)).toEqual([undefined, id, undefined]);
    expect(all).toHaveLength(new Reader(chain.call('CoreJamApi_cores', new Uint8Array())).u16());
  });

  test('the last assignment of a block counts, and none leaves the core idle', async () => {
    const chain = await startChain();
    const [first, second] = [assignCores(chain), assignCores(chain)];
    for (const id of [first, second]) expectOk(chain.dispatch(root, 'Coretime.assign', 0, id));
    expect(authorizer(chain, 0)).toBe(second);
    expect(chain.query('Coretime.Assignments', 0)!.toJSON()).toHaveLength(1);
    expectEvent(expectOk(chain.dispatch(root, 'Coretime.assign', 0, null)), 'Coretime.Assigned', {
      core: 0,
      auth_id: null,
    });
    expect(authorizer(chain, 0)).toBeUndefined();
  });

  test('the core index is limited', async () => {
    const chain = await startChain({ cores: 2 });
    const id = assignCores(chain);
    expectOk(chain.dispatch(root, 'Coretime.assign', 1, id));
    expectNoop(chain.dispatch(root, 'Coretime.assign', 2, id), 'Coretime.NoSuchCore');
  });

  test("an AuthId that is not registered can't be assigned, nor one of the native authorizers below 10,000", async () => {
    const chain = await startChain();
    const id = assignCores(chain);
    for (const other of [id + 1, 9_999, 0])
      expectNoop(chain.dispatch(root, 'Coretime.assign', 0, other), 'Coretime.NotRegistered');
  });

  test('only root may call it', async () => {
    const chain = await startChain();
    const id = assignCores(chain);
    expectNoop(chain.dispatch(signed(ALICE), 'Coretime.assign', 0, id), 'BadOrigin');
    expectNoop(chain.dispatch(none, 'Coretime.assign', 0, id), 'BadOrigin');
  });

  test('assignments older than all recent blocks are removed', async () => {
    const chain = await startChain();
    const kept = (): unknown[] => chain.json('Coretime.Assignments', 0) as unknown[];
    const ids = [assignCores(chain), assignCores(chain)];
    for (let block = 0; block < 40; block++) {
      expectOk(chain.dispatch(root, 'Coretime.assign', 0, ids[block % 2]));
      expect(kept().length).toBeLessThanOrEqual(17);
      chain.advance();
    }
    expect(kept()).toHaveLength(17);
  });
});

describe('genesis', () => {
  test('sets the number of cores and the validators', async () => {
    const chain = await startChain({ validators: 4, cores: 2 });
    expect(toHex(chain.call('CoreJamApi_cores', new Uint8Array()))).toBe('0x0200');
    const keys = new Reader(chain.call('CoreJamApi_validators', new Uint8Array())).vec((r) => toHex(r.raw(32)));
    expect(keys).toEqual(VALIDATORS.slice(0, 4).map(({ publicKey }) => toHex(publicKey)));
  });

  test.each([
    [{ coretime: { cores: 513 } }, /more cores/],
    [{ coretime: { core: 1 } }, /expected "cores"/],
    [{ validators: { keys: ['0x00'] } }, /validators/],
    [{ reporting: { minimumAttestations: 0 } }, /at least 1/],
    [{ availability: { timeOut: 0 } }, /from 1 to 14400/],
    [{ workClasses: { registrationPolicy: 'Anyone' } }, /"Root" or "Signed"/],
  ])('%j is refused with a reason', async (document, reason) => {
    await expect(TestChain.start(document)).rejects.toThrow(reason);
  });

  test('512 cores are allowed', async () => {
    const chain = await TestChain.start({ coretime: { cores: 512 } });
    expect(chain.integer('Coretime.Cores')).toBe(512n);
  });

  test('has defaults: rotation every 10 blocks, 2 attestations, time-out after 10 blocks, 24 hours', async () => {
    const chain = await TestChain.start({ coretime: { cores: 1 } });
    expect(
      [
        'Validators.GroupRotationFrequency',
        'Reporting.MinimumAttestations',
        'Availability.TimeOut',
        'Storage.ExpungeDelay',
      ].map((name) => chain.integer(name)),
    ).toEqual([10n, 2n, 10n, 14_400n]);
  });
});

describe('groups (D13)', () => {
  test.each([
    [
      6,
      3,
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    [5, 3, [[0, 1], [2, 3], [4]]],
    [4, 3, [[0, 1], [2], [3]]],
    [2, 3, [[0], [1], []]],
    [6, 1, [[0, 1, 2, 3, 4, 5]]],
  ])('%i validators on %i cores', async (validators, cores, groups) => {
    const chain = await startChain({ validators, cores });
    expect(groups.map((_, index) => group(chain, index))).toEqual(groups);
    expect(group(chain, cores)).toEqual([]);
  });

  test('rotate to the next core together, at every multiple of the frequency', async () => {
    const chain = await startChain({ groupRotationFrequency: 2 });
    const serving = (): number[] => [0, 1, 2].map((index) => group(chain, index)[0]! / 2);
    const seen: number[][] = [];
    for (let number = 1; number <= 7; number++) {
      chain.advanceTo(number);
      seen.push(serving());
    }
    // Block 1; 2 and 3; 4 and 5; 6 and 7.
    expect(seen).toEqual([
      [0, 1, 2],
      [2, 0, 1],
      [2, 0, 1],
      [1, 2, 0],
      [1, 2, 0],
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  test.each([
    [6, 2, 2],
    [6, 3, 2],
    [6, 1, 1],
    [2, 2, 1],
    [6, 9, 2],
  ])('%i validators, minimum %i: a group of them gives %i', async (validators, minimumAttestations, quorum) => {
    const chain = await startChain({ validators, cores: validators === 2 ? 2 : 3, minimumAttestations });
    const size = new Writer().u32(group(chain, 0).length).finish();
    expect(new Reader(chain.call('CoreJamApi_minimum_attestations', size)).u32()).toBe(quorum);
  });
});

test.each([
  [1, 1_500_000_000_000n],
  [3, 500_000_000_000n],
  [7, 214_285_714_285n],
])('with %i cores a package may use %i ps of a block of 2·10¹²', async (cores, weight) => {
  const chain = await startChain({ cores });
  expect(new Reader(chain.call('CoreJamApi_weight_per_package', new Uint8Array())).u64()).toBe(weight);
});

test('constants have the limits for clients', async () => {
  const chain = await startChain();
  const constant = (name: string): string => chain.names.constant(name).toString();
  expect([
    constant('Coretime.RecentBlocks'),
    constant('Coretime.MaxCores'),
    constant('WorkClasses.InvocationWeight'),
    constant('WorkClasses.InvocationWeightPerByte'),
    constant('WorkClasses.InvocationWeightPerCodeByte'),
    constant('WorkClasses.PruneInvocationWeight'),
    constant('WorkClasses.PruneInvocationWeightPerByte'),
    constant('WorkClasses.PruneInvocationWeightPerCodeByte'),
  ]).toEqual([
    '16',
    '512',
    String(storedInvocation(0, 0)),
    String(storedInvocation(1, 0) - storedInvocation(0, 0)),
    String(storedInvocation(0, 1) - storedInvocation(0, 0)),
    String(storedPruneInvocation(0, 0)),
    String(storedPruneInvocation(1, 0) - storedPruneInvocation(0, 0)),
    String(storedPruneInvocation(0, 1) - storedPruneInvocation(0, 0)),
  ]);
  expect([constant('Storage.DepositBase'), constant('Storage.MaxPreimageSize')]).toEqual(['100000000000', '3800000']);
});

test('an idle core has no authorizer', async () => {
  const chain = await startChain();
  expect(authorizer(chain, 0)).toBeUndefined();
});
