// This host's functions against polkadot-sdk's own, as recorded by tests/conformance/sp-io, and against a build of them
// if SP_IO_ORACLE names one: the same results, the same traps, the same roots.
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { HOST_FUNCTIONS } from '../../host/executor/families/index.js';
import { Random, seedOf } from '../random.js';
import { cryptoScenarios, randomCryptoScenario, signSr25519 } from './sp-io/crypto-scenarios.js';
import { isTrap, runOurs, type BlockResult, type Outcome, type Scenario } from './sp-io/our-functions.js';
import { isComparable, randomStateScenario, STATE_SCENARIOS } from './sp-io/scenarios.js';

const FILE = fileURLToPath(new URL('sp-io.json.gz', import.meta.url));
const ORACLE = process.env['SP_IO_ORACLE'];
const ROUNDS = Number(process.env['SP_IO_ROUNDS'] ?? 1);
const RECORD_SEED = 49;

interface Recording {
  /** Name, parameters, result. */
  readonly functions: readonly string[];
  readonly scenarios: Readonly<Record<string, { readonly blocks: Scenario; readonly results: readonly BlockResult[] }>>;
}

function askOracle(scenarios: readonly Scenario[]): BlockResult[][] {
  const options = { input: JSON.stringify(scenarios), encoding: 'utf8', maxBuffer: 1 << 30 } as const;
  return JSON.parse(execFileSync(ORACLE!, options)) as BlockResult[][];
}

/** trie-db 0.32 panics while it removes certain keys, among them the empty one. */
const isFaultOfTrieDb = (outcome: Outcome): boolean => isTrap(outcome) && outcome.trap.includes('nibbleslice.rs');

/** Messages of traps differ between implementations. */
function withoutMessages(results: readonly BlockResult[]): BlockResult[] {
  return results.map((block) => ({
    ...block,
    outcomes: block.outcomes.map((outcome) => (isTrap(outcome) ? { trap: '' } : outcome)),
  }));
}

function record(): Recording {
  const random = new Random(RECORD_SEED);
  const scenarios: Record<string, Scenario> = { ...STATE_SCENARIOS, ...cryptoScenarios(signSr25519()) };
  for (let i = 0; i < 60; i++) scenarios[`random calls on the state, ${i}`] = randomStateScenario(random);
  for (let i = 0; i < 10; i++) scenarios[`random signatures and tries, ${i}`] = randomCryptoScenario(random);
  const results = askOracle(Object.values(scenarios));
  const functions = execFileSync(ORACLE!, ['--functions'], { encoding: 'utf8' }).trim().split('\n');
  return {
    functions,
    scenarios: Object.fromEntries(
      Object.entries(scenarios).map(([name, blocks], i) => [name, { blocks, results: withoutMessages(results[i]!) }]),
    ),
  };
}

if (ORACLE !== undefined && process.env['COREJAM_RECORD'] === '1') {
  writeFileSync(FILE, gzipSync(JSON.stringify(record()), { level: 9 }));
}
const recording = JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as Recording;

describe("on polkadot-sdk's own host functions", () => {
  test('every function of sp-io 49 exists here, with the same type', () => {
    expect(recording.functions.length).toBe(110);
    for (const line of recording.functions) {
      const [, name, params, result] = /^(\S+) \[(.*)\] (?:Some\((.*)\)|None)$/.exec(line)!;
      const ours = HOST_FUNCTIONS.get(name!);
      const expected = `(${params}) -> (${result ?? ''})`.toLowerCase();
      expect([name, `(${ours?.params.join(', ')}) -> (${ours?.results.join(', ')})`]).toEqual([name, expected]);
    }
  });

  test.each(Object.entries(recording.scenarios))('%s', (_name, { blocks, results }) => {
    expect(runOurs(blocks)).toEqual(results);
  });
});

const live = ORACLE === undefined ? test.skip : test;
live(
  'random calls, on a build of sp-io',
  () => {
    const random = new Random(seedOf('sp-io'));
    const scenarios = Array.from({ length: 300 * ROUNDS }, (_, i) =>
      i % 10 === 0 ? randomCryptoScenario(random) : randomStateScenario(random),
    );
    const results = askOracle(scenarios);
    const different = scenarios.find((scenario, i) => differs(scenario, results[i]!));
    if (different === undefined) return;
    const least = reduced(different);
    const theirs = JSON.stringify(askOracle([least])[0]);
    throw new Error(`${JSON.stringify(least)}\nhere ${JSON.stringify(runOurs(least))}\nsp-io ${theirs}`);
  },
  600_000,
);

function differs(scenario: Scenario, theirs: readonly BlockResult[]): boolean {
  if (theirs.some(({ outcomes }) => outcomes.some(isFaultOfTrieDb))) return false;
  return JSON.stringify(runOurs(scenario)) !== JSON.stringify(withoutMessages(theirs));
}

/** The scenario without all steps and blocks that the difference does not need. */
function reduced(scenario: Scenario): Scenario {
  const shorter = scenario.flatMap((steps, block) => [
    scenario.filter((_, i) => i !== block),
    ...steps.map((_, step) => scenario.map((all, i) => (i === block ? all.filter((_step, j) => j !== step) : all))),
  ]);
  const comparable = shorter.filter(isComparable);
  const results = askOracle(comparable);
  const next = comparable.find((candidate, i) => differs(candidate, results[i]!));
  return next === undefined ? scenario : reduced(next);
}
