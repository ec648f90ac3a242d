// Random parties with packages of any length, `prune` and `accumulate` on several cores: each has its turn within a bound.
// Spec: D34, D40; § Weight of prune and accumulate, 2.
import { expect, test } from '@jest/globals';
import { ok, Reader, toHex, Writer } from '../../host/bytes/index.js';
import { decode, ERRORS, readAttestation, type WorkReport } from '../../host/contract/index.js';
import { Random, seedOf } from '../random.js';
import { Author } from './support/author.js';
import {
  allAvailable,
  assignCores,
  attest,
  groupOf,
  registerClass,
  reportOf,
  resultOf,
  startChain,
} from './support/corejam.js';
import { guest } from './support/guests.js';

const CORES = [0, 1, 2, 3];
const PARTIES = 4;
const BLOCKS = 60;
/** M × 75 % for each of the cores. */
const WPP = 1_500_000_000_000n / BigInt(CORES.length);
/** Bytes of the longest report, and of all reports of a block: between one and two of the longest. */
const LONGEST = 4_000;
const ROOM = 6_000;

/** Blocks after which a package is built anew: its context is Recent for 15. */
const AGE_MAX = 13;

/**
 * A party waits for at most one turn of each other party of its core. For each turn, its own included, the core waits until it is
 * the first of all cores: the others have a block each. A core that is kept takes one block more. A candidate that is built
 * anew no longer keeps the place of its core, so that one turn may begin again.
 */
const WAIT_MAX = (PARTIES + 1) * (CORES.length + 1);

/** Of a package, what its class requires of a core's weight. */
interface Kind {
  readonly prune: bigint;
  readonly accumulate: bigint;
}

const KINDS: readonly Kind[] = [
  { prune: 0n, accumulate: (WPP * 9n) / 10n },
  { prune: 0n, accumulate: WPP - 100_000_000n },
  { prune: 0n, accumulate: WPP / 10n },
  { prune: WPP / 4n, accumulate: WPP / 10n },
  { prune: WPP / 3n, accumulate: WPP / 2n },
  { prune: WPP / 20n, accumulate: (WPP * 7n) / 10n },
];

const lengthOf = ({ results }: WorkReport): number =>
  results.reduce((sum, { result }) => sum + 200 + (result.ok ? result.value.length : 0), 0);

/** The author's runtime, with so little room for the reports of a block. */
function narrow(author: Author): void {
  author.intercept = (method, answer, args) => {
    if (method !== 'CoreJamApi_validate_reports') return answer();
    const works = new Reader(args).vec(readAttestation).map(({ report }) => report);
    const errors = decode((r) => r.vec((one) => one.option((o) => o.u8())), answer());
    let used = 0;
    const narrowed = works.map((work, at) => {
      if (errors[at] !== undefined) return errors[at];
      if (used + lengthOf(work) > ROOM) return ERRORS.Reporting.indexOf('ReportsTooLong');
      used += lengthOf(work);
      return undefined;
    });
    return new Writer().vec(narrowed, (w, e) => w.option(e, (v, x) => v.u8(x))).finish();
  };
}

test('a party with a package waiting on a core has its turn within a bound, whatever other parties submit', async () => {
  const random = new Random(seedOf('turns of cores'));
  const chain = await startChain({ cores: CORES.length, minimumAttestations: 1 });
  const classes = KINDS.map(({ prune, accumulate }) => registerClass(chain, guest({}), prune, accumulate));
  assignCores(chain, ...CORES);
  chain.advanceTo(2);
  const author = new Author(chain);
  narrow(author);
  // Each party prefers a kind and a length, so that patterns last long enough to be unfair.
  const tastes = CORES.map(() =>
    Array.from({ length: PARTIES }, () => ({
      kinds: random.sample(KINDS.length, 1 + random.below(2)),
      isLong: random.bool(),
      chance: random.pick([0.2, 0.6, 1]),
    })),
  );
  const since = new Map<string, number>();
  const made = new Map<WorkReport, number>();
  let longest = 0;
  let turns = 0;
  for (let block = 0; block < BLOCKS; block++) {
    for (const core of CORES) {
      for (let party = 0; party < PARTIES; party++) {
        const { kinds, isLong, chance } = tastes[core]![party]!;
        const submitter = `${core}/${party}`;
        const waiting = author.candidates.filter((one) => one.submitter[0] === submitter);
        // What would expire is built anew.
        const old = waiting.filter(({ attestation: { report } }) => chain.number - made.get(report)! >= AGE_MAX);
        author.candidates = author.candidates.filter((one) => !old.includes(one));
        const isMore = waiting.length < 3 && random.chance(chance);
        for (let count = old.length + (isMore ? 1 : 0); count > 0; count--) {
          const bytes = isLong ? LONGEST - 200 - random.below(500) : random.below(300);
          const result = { ...resultOf(classes[random.pick(kinds)]!, 'x'), result: ok(new Uint8Array(bytes)) };
          const work = reportOf(chain, { coreIndex: core, results: [result] });
          made.set(work, chain.number);
          author.addOf(submitter, attest(work, groupOf(chain, core)));
        }
        if (waiting.length === 0 && !isMore) continue;
        if (!since.has(submitter)) since.set(submitter, block);
      }
    }
    const owners = new Map(
      author.candidates.map(({ attestation, submitter }) => [
        toHex(attestation.report.packageSpec.hash),
        submitter[0] as string,
      ]),
    );
    for (const work of author.register()) {
      const owner = owners.get(toHex(work.packageSpec.hash))!;
      longest = Math.max(longest, block - since.get(owner)!);
      turns++;
      if (author.candidates.some(({ submitter }) => submitter[0] === owner)) since.set(owner, block);
      else since.delete(owner);
    }
    expect(author.findings).toEqual([]);
    for (const [owner, at] of since) expect([owner, block - at <= WAIT_MAX]).toEqual([owner, true]);
    chain.advance();
    allAvailable(chain, CORES);
  }
  process.stderr.write(`${turns} turns, the longest wait ${longest} of ${WAIT_MAX} blocks\n`);
  expect(turns).toBeGreaterThan(BLOCKS / 2);
});
