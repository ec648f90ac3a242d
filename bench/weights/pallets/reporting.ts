// Benchmarks of Reporting: the inherent that registers reports, and its hook.
import { concat, ok } from '../../../host/bytes/index.js';
import { coreJamApi, FIRST_AUTH_ID, type Attestation, type WorkReport } from '../../../host/contract/index.js';
import { SignatureCache } from '../../../host/executor/index.js';
import { attestationMessage, encodeAttestations } from '../../../host/incore/index.js';
import { none, type TestChain } from '../../../tests/harness/chain.js';
import type { Benchmark, Values } from '../benchmark.js';
import {
  busyChain,
  FIRST_CLASS,
  hashes,
  pokeClasses,
  pokeTracked,
  RECENT_BLOCKS,
  reportOf,
  sign,
} from '../packages.js';
import { once } from '../scenes.js';

/** With 1,023 validators, groups of at least three. */
const CORES = 256;
/**
 * About a third of what a block has room for, so that slopes are of work on the reports. The memory of an instance grows in
 * steps, each of which would count as a slope where few reports are measured.
 */
const REPORTS = 64;
const ITEMS = 128;
const SIGNATURES = 192;
const KIB = 1_024;
/** Reports that a block of the chain registers at most, about. */
const REGISTERED_A_BLOCK = 256;
/** Below these, a length has one byte. */
const [EVIDENCE_MIN, OUTPUT_MIN] = [256, 64];
const [EVIDENCE_MAX, OUTPUT_MAX] = [4_093, 4_096];

const scene = once(async () => {
  const chain = await busyChain(CORES);
  pokeClasses(chain, FIRST_CLASS, ITEMS);
  const registered = hashes(REGISTERED_A_BLOCK);
  for (let back = 1; back < RECENT_BLOCKS; back++)
    chain.poke('Reporting.RecentInclusions', [chain.number - back], registered);
  return chain;
});

/** As many as `count` shared out to `places`. */
const share = (count: number, places: number, place: number): number =>
  Math.floor(count / places) + (place < count % places ? 1 : 0);

/** Packages that Reporting keeps, on cores that get no report: half of them await availability. */
function track(chain: TestChain, count: number): void {
  const list = Array.from({ length: count / 2 }, (_, index) => ({
    core: REPORTS + Math.floor((index * (CORES - REPORTS)) / (count / 2)),
    registeredAt: chain.number - 1,
    order: 1_000 + index,
    classes: [1, 2, 3, 4],
  }));
  pokeTracked(chain, 'Pending', list);
  pokeTracked(chain, 'Ready', list);
}

/** Reports with these totals; `bytes` is the length of all with their signatures, exactly. */
function attestations(chain: TestChain, totals: Values): Attestation[] {
  const { reports = 0, signatures = 0, items = 0, bytes = 0 } = totals;
  let nextClass = FIRST_CLASS;
  const works = Array.from({ length: reports }, (_, index): WorkReport => {
    const classes = Array.from({ length: share(items, reports, index) }, () => nextClass++);
    const report = reportOf(chain, { core: index, registeredAt: chain.number, order: index, classes });
    return {
      ...report,
      // The oldest that is Recent.
      context: { ...report.context, headerHash: oldestRecent(chain) },
      authId: FIRST_AUTH_ID + index,
    };
  });
  const groups = works.map(({ coreIndex }) => coreJamApi.group((method, args) => chain.call(method, args), coreIndex));
  const build = (padded: readonly WorkReport[], signed: boolean): Attestation[] =>
    padded.map((report, index) => {
      const count = share(signatures, reports, index);
      const message = attestationMessage(report);
      return {
        report,
        validators: groups[index]!.map((_, member) => member < count),
        attestations: groups[index]!.slice(0, count).map((validator) =>
          signed ? sign(validator, message) : new Uint8Array(64),
        ),
      };
    });
  const padding = works.map(({ results }) => [EVIDENCE_MIN, ...results.map(() => OUTPUT_MIN)]);
  const padded = (): WorkReport[] =>
    works.map((report, index) => ({
      ...report,
      authorization: { kind: 'bulk', evidence: new Uint8Array(padding[index]![0]!).fill(7) },
      results: report.results.map((result, item) => ({
        ...result,
        result: ok(new Uint8Array(padding[index]![item + 1]!).fill(7)),
      })),
    }));
  let room = bytes - length(build(padded(), false));
  if (room < 0) throw new RangeError(`the reports of a benchmark are ${-room} bytes too long`);
  for (const lengths of padding) {
    for (let place = 0; place < lengths.length && room > 0; place++) {
      const more = Math.min((place === 0 ? EVIDENCE_MAX : OUTPUT_MAX) - lengths[place]!, room);
      lengths[place]! += more;
      room -= more;
    }
  }
  if (room > 0) throw new RangeError(`the reports of a benchmark are ${room} bytes too short`);
  return build(padded(), true);
}

/** The length of reports without that of their list. */
const length = (list: readonly Attestation[]): number =>
  encodeAttestations([...list]).length - (list.length < 64 ? 1 : 2);

const oldestRecent = (chain: TestChain): Uint8Array =>
  chain.query('System.BlockHash', chain.number - (RECENT_BLOCKS - 1))!.toU8a();

export const REPORTING: readonly Benchmark[] = [
  {
    pallet: 'Reporting',
    name: 'report',
    worst:
      'Reports of the oldest Recent context, each with an Authorizer of its own, each item with a class of its own.',
    components: {
      reports: { unit: 'number of reports', min: REPORTS / 2, max: REPORTS },
      signatures: { unit: 'number of their signatures', min: REPORTS, max: SIGNATURES },
      items: { unit: 'number of their items', min: ITEMS / 4, max: ITEMS },
      bytes: { unit: 'their length, signatures included', min: 96 * KIB, max: 384 * KIB },
      tracked: { unit: 'packages that Reporting keeps', min: 0, max: 2 * CORES },
    },
    apart: {
      component: 'signatures',
      without: (chain, isWithout) => (chain.signatures = isWithout ? new SignatureCache() : undefined),
    },
    scene,
    subject: (chain, values) => {
      track(chain, values['tracked']!);
      const indices = chain.names.call('Reporting.report', []).subarray(0, 2);
      return { origin: none, call: concat(indices, encodeAttestations(attestations(chain, values))) };
    },
  },
  {
    pallet: 'Reporting',
    name: 'onInitialize',
    worst: 'A block without Recent reports any longer.',
    components: {},
    scene,
    subject: () => ({ hook: 'Reporting.onInitialize' }),
  },
];
