// The scale build: 1,023 validators and 512 cores. Reports on all cores, bitfields in turns, everything accumulated.
// Spec: § Weight of prune and accumulate, 6.
import { beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { coreJamApi, type Attestation } from '../../host/contract/index.js';
import { attestationMessage } from '../../host/incore/index.js';
import { SCALE_NAMES } from '../../host/node/index.js';
import { alicePair, expectOk, root, signExtrinsic, TestChain } from '../harness/index.js';
import { scaleTestRuntime } from '../harness/blob.js';
import { assignCores, pending, registerClass, report, reportOf } from './support/corejam.js';
import { guest } from './support/guests.js';
import { bitfieldsThatFit, greatest, reportsFit } from './support/space.js';
import { Voters } from './support/voters.js';

const M = 6_000_000_000_000n;
const CORES = 512;
/** Of reports with two signatures, one item, and at most 400 bytes. */
const REPORTS_A_BLOCK = greatest(CORES, (reports) =>
  reportsFit(M, CORES, { reports, signatures: 2 * reports, items: reports, bytes: 400 * reports }),
);
const FIT = bitfieldsThatFit(M, CORES);
/** Bitfields of the fullest block: of all 1,023 validators, if they fit. */
const BITFIELDS_A_BLOCK = Math.min(FIT, 1_023);

let chain: TestChain;
let voters: Voters;
let classId: number;

beforeAll(async () => {
  const preset = readFileSync(new URL('../../chain-spec/presets/scale.json', import.meta.url), 'utf8');
  chain = await TestChain.start(JSON.parse(preset) as object, await scaleTestRuntime());
  voters = new Voters(chain, SCALE_NAMES);
  classId = registerClass(chain, guest({}), 0n, 1_000_000_000n);
  const authId = assignCores(chain, 0);
  for (let core = 1; core < CORES; core++) {
    // A few a block: each call of the test runtime reads all events of the block.
    if (core % 32 === 0) chain.advance();
    expectOk(chain.dispatch(root, 'Coretime.assign', core, authId));
  }
  chain.advance();
});

/** A report on a core, signed by all members of its group. */
function attested(core: number): Attestation {
  const onParent = chain.onParent();
  const group = coreJamApi.group((method, args) => chain.call(method, args, onParent), core);
  const work = reportOf(chain, { classId, coreIndex: core });
  return {
    report: work,
    validators: group.map(() => true),
    attestations: group.map((index) => voters.sign(index, attestationMessage(work))),
  };
}

const events = (name: string) => chain.events().filter((event) => event.name === name);
const mandatory = (): bigint =>
  BigInt((chain.json('System.BlockWeight') as { mandatory: { refTime: number } }).mandatory.refTime);

test('512 cores and 1,023 validators: reports, bitfields in turns, all available and accumulated', () => {
  expect(coreJamApi.bitfieldsMax((method, args) => chain.call(method, args))).toBe(FIT);
  expect(chain.integer('Availability.TimeOut')).toBe(10n); // at least twice the turns of all

  const cores = [...Array(CORES).keys()];
  const lastVote = new Map<number, number>();
  let [registered, available, accumulated] = [0, 0, 0];
  let isUpgraded = false;
  while (accumulated < CORES) {
    expect(chain.number).toBeLessThan(30);
    const voted = voters.vote();
    for (const { validator } of voted) lastVote.set(validator, chain.number);
    const next = cores.slice(registered, registered + REPORTS_A_BLOCK);
    if (next.length > 0) report(chain, next.map(attested));
    registered += next.length;
    // A block with bitfields at their bound and reports: a code of 1 MiB fits, and so does an ordinary extrinsic.
    if (voted.length === BITFIELDS_A_BLOCK && !isUpgraded) {
      const code = chain.names.call('System.set_code_without_checks', `0x${'00'.repeat(1 << 20)}`);
      const done = { invalid: undefined, error: undefined, leftTraces: false };
      expect(chain.submit(signExtrinsic(chain, alicePair, chain.names.call('Sudo.sudo', code)))).toEqual(done);
      expect(chain.submit(signExtrinsic(chain, alicePair, chain.names.call('System.remark', '0x')))).toEqual(done);
      isUpgraded = true;
    }
    chain.close();
    expect(mandatory()).toBeLessThanOrEqual((M * 92n) / 100n);
    expect(events('Availability.TimedOut')).toEqual([]);
    available += events('Availability.Available').length;
    for (const { fields } of events('Accumulation.Accumulated')) {
      expect(fields['outcome']).toBe('Returned');
      accumulated += (fields['packages'] as unknown[]).length;
    }
    chain.open();
  }
  expect([registered, available, accumulated]).toEqual([CORES, CORES, CORES]);
  expect(pending(chain)).toEqual([]);
  expect(isUpgraded).toBe(true);
  // The threshold is 1,023 − ⌊1,022 / 3⌋ = 683 of 1,023; their turns reach all.
  expect(lastVote.size).toBe(1_023);
});

test('the metadata of the scale build has its M', () => {
  expect(chain.names.constant('System.BlockWeights').toJSON()).toMatchObject({ maxBlock: { refTime: Number(M) } });
});
