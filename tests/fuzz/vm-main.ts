// The main process of the fuzzer, outside of any test runner. `vm.test.ts` and the test of the regressions bundle and
// start it.
//
//   fuzz ROOT REPORT SECONDS SEED JOBS    random modules until the time is over
//   replay ROOT REPORT                    every regression once
//   worker                                a worker process (vm-worker.ts) of these two
//
// Writes its results to REPORT, as JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wasmOpt } from './vm-binaryen.js';
import type { Case, Verdict } from './vm-case.js';
import { Fleet, Slots, TIERS } from './vm-fleet.js';
import { reduce } from './vm-reduce.js';
import { keep, regressionsIn } from './vm-regressions.js';
import { Sources } from './vm-sources.js';
import { serve } from './vm-worker.js';

/** What fuzzing came to. */
export interface FuzzReport {
  readonly seeds: readonly [first: number, next: number];
  /** Modules of each source that ran, and that were refused. */
  readonly modules: Readonly<Record<string, { readonly ran: number; readonly refused: number }>>;
  /** Runs by outcome, each made in every way of compiling. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly found: readonly { readonly name: string; readonly differences: readonly string[]; readonly path: string }[];
}

/** Every regression by name, with what does not agree. */
export type ReplayReport = Readonly<Record<string, readonly string[]>>;

const FOUND_MAX = 5;
const REDUCE_MS = 20_000;

async function fuzz(root: string, seconds: number, first: number, jobs: number): Promise<FuzzReport> {
  const folder = join(root, 'build/fuzz');
  const slots = new Slots(jobs);
  const fleet = new Fleet(fileURLToPath(import.meta.url), slots);
  const tool = wasmOpt();
  if (tool === undefined) console.log("vm fuzz: no wasm-opt beside AssemblyScript: nothing of Binaryen's making");
  const sources = new Sources(root, folder, tool);
  const modules: Record<string, { ran: number; refused: number }> = {};
  const outcomes: Record<string, number> = {};
  const found: FuzzReport['found'][number][] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  let next = first;
  let told = started;

  const count = (seed: number, verdict: Verdict): void => {
    const counts = (modules[sources.sourceOf(seed)] ??= { ran: 0, refused: 0 });
    if ('refused' in verdict) {
      counts.refused += 1;
      return;
    }
    counts.ran += 1;
    for (const { answers } of verdict.runs) {
      const { outcome } = answers.at(-1)!;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  const tell = (): void => {
    const tried = Object.values(modules).reduce((sum, { ran, refused }) => sum + ran + refused, 0);
    const rate = tried / ((performance.now() - started) / 1000);
    const bySource = Object.entries(modules).map(([source, { ran, refused }]) =>
      refused > 0 ? `${source} ${ran} (and ${refused} refused)` : `${source} ${ran}`,
    );
    const ways = Object.keys(TIERS).length;
    console.log(
      `vm fuzz: seeds ${first} to ${next - 1}, ${rate.toFixed(1)} modules a second in ${ways} ways of compiling`,
    );
    console.log(`  modules: ${bySource.join(', ')}`);
    console.log(
      `  runs: ${Object.entries(outcomes)
        .map(([outcome, runs]) => `${outcome} ${runs}`)
        .join(', ')}`,
    );
  };
  const lane = async (): Promise<void> => {
    while (performance.now() < until && found.length < FOUND_MAX) {
      const seed = next++;
      const given =
        sources.sourceOf(seed) === 'binaryen' ? await slots.with(() => sources.case(seed)) : await sources.case(seed);
      const { differences, verdict } = await fleet.try(given);
      if (verdict !== undefined) count(seed, verdict);
      if (differences.length > 0) found.push(await keepFound(fleet, folder, given, differences, verdict));
      if (performance.now() > told + 60_000) {
        told = performance.now();
        tell();
      }
    }
  };
  await Promise.all(Array.from({ length: jobs + 1 }, lane));
  fleet.stop();
  tell();
  return { seeds: [first, next], modules, outcomes, found };
}

/** Reduces what was found, writes it to files, and prints what to do with it. */
async function keepFound(
  fleet: Fleet,
  folder: string,
  given: Case,
  differences: readonly string[],
  verdict: Verdict | undefined,
): Promise<FuzzReport['found'][number]> {
  console.log(`vm fuzz: ${given.name}: ${differences[0]}`);
  const runs = verdict !== undefined && 'runs' in verdict ? { runs: verdict.runs.map(({ steps }) => steps) } : {};
  const failing = async (smaller: Case): Promise<boolean> => (await fleet.try(smaller)).differences.length > 0;
  const exact: Case = { ...given, ...runs, refusable: true };
  const smallest = (await failing(exact)) ? await reduce(exact, failing, REDUCE_MS) : given;
  const last = await fleet.try(smallest);
  const made = last.verdict !== undefined && 'runs' in last.verdict ? last.verdict.runs : [];
  const outcomes = made.map(({ answers }) => answers.at(-1)!.outcome);
  const path = keep(folder, smallest, (last.differences[0] ?? differences[0])!, outcomes);
  console.log(`  FUZZ_SEED=${given.seed} begins with it.`);
  console.log(`  kept as ${path}.wasm and .json (${given.code.length} bytes, now ${smallest.code.length}).`);
  console.log('  Once it is understood, move both to tests/fuzz/regressions under a name that says what went wrong,');
  console.log('  and let "why" in the .json tell the whole of it.');
  return { name: given.name, differences, path };
}

async function replay(root: string): Promise<ReplayReport> {
  const fleet = new Fleet(fileURLToPath(import.meta.url), new Slots(2));
  const report: Record<string, string[]> = {};
  for (const { name, given, told } of regressionsIn(join(root, 'tests/fuzz/regressions'))) {
    const { differences, verdict } = await fleet.try(given);
    const wrong = [...differences];
    if (verdict !== undefined && 'refused' in verdict) {
      if (verdict.refused !== told.refused) wrong.push(`refused: ${verdict.refused}`);
    } else if (told.refused !== undefined) {
      wrong.push(`not refused: ${told.refused}`);
    } else {
      verdict?.runs.forEach(({ answers }, index) => {
        const { outcome, value } = told.runs[index]!;
        const last = answers.at(-1)!;
        if (last.outcome !== outcome) wrong.push(`run ${index} ends ${last.outcome}, not ${outcome}`);
        const answered = last.values?.[0];
        if (value !== undefined && answered !== value) wrong.push(`run ${index} answers ${answered}, not ${value}`);
      });
    }
    report[name] = wrong;
  }
  fleet.stop();
  return report;
}

const [role, root, report, seconds, seed, jobs] = process.argv.slice(2);
if (role === 'worker') serve();
else if (role === 'fuzz')
  writeFileSync(report!, JSON.stringify(await fuzz(root!, Number(seconds), Number(seed), Number(jobs))));
else if (role === 'replay') writeFileSync(report!, JSON.stringify(await replay(root!)));
else throw new Error(`no role ${role}`);
