// A model of availability with authors who leave bitfields out: whether reports become available within the time-out that
// the runtime has by default. Spec: D8, D15; § Weight of prune and accumulate, 6. SEED=… repeats one.
//
// n validators author in turn (Aura). Of them a fraction f is hostile, at random places: they hold no shards, so that they
// have no bits, and put no bitfields into their blocks. All others have a new bit in each block, as on a chain whose cores
// always have reports; so a block has the bitfields of as many honest validators as fit, from its turn on.
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { inTurn } from '../../host/validators/availability.js';
import { TestChain } from '../harness/index.js';
import { Random, seedOf } from '../random.js';
import { bitfieldsThatFit } from './support/space.js';

const COUNT = 1_023;
const CORES = 512;
const M = 2_000_000_000_000n;
const REPORTS = 1_000;
/** n − ⌊(n − 1) / 3⌋ */
const THRESHOLD = 1_023 - 340;

/** The fraction of reports that become available. */
function available(random: Random, hostile: number, fit: number, timeOut: number): number {
  let done = 0;
  for (let report = 0; report < REPORTS; report++) {
    const isHostile = new Set(random.sample(COUNT, hostile));
    const honest = Array.from({ length: COUNT }, (_, index) => ({ index })).filter(
      ({ index }) => !isHostile.has(index),
    );
    const registered = random.below(100_000);
    const votes = new Set<number>();
    // D15: the bits of block b + time-out are counted before the report of block b times out.
    for (let block = registered + 1; block <= registered + timeOut; block++) {
      if (isHostile.has(block % COUNT)) continue;
      for (const { index } of inTurn(honest, COUNT, block, fit).slice(0, fit)) votes.add(index);
    }
    if (votes.size >= THRESHOLD) done++;
  }
  return done / REPORTS;
}

/**
 * A bound of the fraction that is lost. Each of `blocks` blocks can have `fit` of the honest bitfields, so that each of these
 * has a place in k = ⌊blocks · fit / honest⌋ of them, and is missing with probability fᵏ, the same for all that have the same
 * blocks: at most as many kinds as blocks. Sampling adds four standard errors.
 */
function lossOf(hostile: number, fit: number, blocks: number): number {
  const places = Math.floor((blocks * fit) / (COUNT - hostile));
  const lost = blocks * (hostile / COUNT) ** places;
  return lost + 4 * Math.sqrt((lost * (1 - lost)) / REPORTS);
}

test('authors who leave bitfields out, nearly a third of the validators, lose few reports', async () => {
  const random = new Random(seedOf('availability model'));
  const preset = JSON.parse(readFileSync(new URL('../../chain-spec/presets/scale.json', import.meta.url), 'utf8')) as {
    validators: { keys: string[] };
    coretime: { cores: number };
  };
  expect([preset.validators.keys.length, preset.coretime.cores]).toEqual([COUNT, CORES]);
  const timeOut = Number((await TestChain.start(preset)).integer('Availability.TimeOut'));
  const fit = bitfieldsThatFit(M, CORES);
  const turns = Math.ceil(COUNT / fit);
  expect(turns).toBeGreaterThan(1);
  for (const hostile of [Math.floor(COUNT / 4), 340]) {
    const few = lossOf(hostile, fit, 4 * turns);
    expect(available(random, hostile, fit, timeOut)).toBeGreaterThan(1 - few);
    // The model can tell: the least time-out that a genesis may have, two turns, loses more if a third is hostile.
    if (hostile === 340) expect(available(random, hostile, fit, 2 * turns)).toBeLessThan(1 - few);
  }
});
