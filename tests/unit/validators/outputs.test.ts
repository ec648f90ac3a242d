// Candidates by the classes of their outputs, and by their submitters.
import { expect, test } from '@jest/globals';
import type { Candidate } from '../../../host/validators/index.js';
import { Outputs } from '../../../host/validators/selection/outputs.js';
import { Random, seedOf } from '../../random.js';
import { report } from './join-world.js';

const of = (name: string, classes: number[], ...submitter: string[]): Candidate => ({
  attestation: { report: report(name, classes), validators: [true], attestations: [] },
  submitter,
});

test('a candidate without outputs leaves after the others of its submitter', () => {
  const outputs = new Outputs();
  const [none, one, failed] = [of('none', [], 'a', '1'), of('one', [1], 'a', '1'), of('failed', [-2], 'a', '1')];
  for (const candidate of [none, one, failed]) outputs.add(candidate);
  outputs.remove(one);
  outputs.remove(none);
  outputs.remove(failed);
  expect(outputs.classes()).toEqual([]);
});

test('are the same as by a list of all candidates', () => {
  const random = new Random(seedOf('outputs'));
  const outputs = new Outputs();
  let all: Candidate[] = [];
  const has = ({ attestation }: Candidate, id: number): boolean =>
    attestation.report.results.some((one) => one.class === id && one.result.ok);
  for (let step = 0; step < 3_000; step++) {
    if (all.length > 0 && random.chance(all.length / 20)) {
      const leaving = random.pick(all);
      outputs.remove(leaving);
      all = all.filter((one) => one !== leaving);
    } else {
      const classes = Array.from({ length: random.below(4) }, () => random.pick([1, 2, 3, -1, -2]));
      const candidate = of(`${step}`, classes, random.pick(['a', 'b']), random.pick(['1', '2']));
      outputs.add(candidate);
      all.push(candidate);
    }
    expect([...outputs.classes()].sort()).toEqual([1, 2, 3].filter((id) => all.some((one) => has(one, id))));
    for (const id of [1, 2, 3]) expect([...outputs.of(id)]).toEqual(all.filter((one) => has(one, id)));
    const [asked, id] = [random.pick(all), random.pick([1, 2, 3])];
    if (asked === undefined || !has(asked, id)) continue;
    const before = all.slice(0, all.indexOf(asked));
    const theirs = before.filter((one) => has(one, id) && String(one.submitter) === String(asked.submitter));
    expect([...outputs.before(asked, id)]).toEqual(theirs);
  }
});
