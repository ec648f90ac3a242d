// What becomes of packages when their node ends, by a kill or by a stop. Spec: D43. On a fake node, whose chain outlives it.
import { describe, expect, test } from '@jest/globals';
import { toHex } from '../../../host/bytes/index.js';
import { Batch } from '../../../host/db/index.js';
import { packageHash } from '../../../host/incore/index.js';
import { Tracker } from '../../../host/validators/index.js';
import type { StageEvent } from '../../../host/validators/index.js';
import { Journal } from '../../../host/validators/journal.js';
import { PackageStore } from '../../../host/validators/package-store.js';
import { DiskFull, FailingDatabase } from '../db/failing-database.js';
import { errorOf, valueOf } from '../results.js';
import { gatedWorld, numbered, type GatedWorld } from './gated-world.js';
import { packageOf } from './world.js';

const ATTESTED = 'submitted authorized refined attested';

/** The number of entries in a column of the database. */
const entries = ({ node }: GatedWorld, column: string): number => [...node.database.column(column).entries()].length;

describe('after a kill, a package goes on that', () => {
  test('waited for its authorization: in the order of arrival, however full the queue is', async () => {
    const made = gatedWorld({ bounds: { queuePackagesMax: 5 } });
    const { gate, submit, stages, rest, kill, hashOf } = made;
    const names = numbered(6); // one is being authorized, five wait
    gate.hold('is_authorized');
    for (const name of names) {
      expect(submit(name, 0)).toBeUndefined();
      await rest();
    }
    expect(names.map(stages)).toEqual(names.map(() => 'submitted'));
    kill();
    const order: string[] = [];
    made.validators.tracker.subscribeAll(({ stage, package: hash }) => {
      if (stage === 'authorized') order.push(toHex(hash));
    });
    gate.release('is_authorized');
    await made.validators.settled();
    expect(order).toEqual(names.map((name) => toHex(hashOf(name))));
    expect(names.map(stages)).toEqual(names.map(() => ATTESTED));
  });

  test('waited for its refinement: on the core that was chosen, and it is not authorized again', async () => {
    const { gate, submit, stages, last, rest, kill, ...made } = gatedWorld();
    gate.hold('refine');
    for (const name of ['zero', 'any']) {
      submit(name, name === 'zero' ? 0 : undefined);
      await rest();
    }
    expect(last('any')).toMatchObject({ stage: 'authorized', core: 1, authId: 10_001, weightPs: 10n });
    made.node.assigned.delete(1); // for contexts from now on; the fake node answers for all
    kill();
    gate.release('refine');
    await rest();
    expect(gate.runs.filter((entry) => entry === 'is_authorized')).toHaveLength(2);
    expect(['zero', 'any'].map(stages)).toEqual([ATTESTED, ATTESTED]);
    expect(last('any')).toMatchObject({ core: 1 });
  });

  test('was attested: it is not refined again, has a block at once, and its shards are kept with that', async () => {
    const made = gatedWorld();
    const { node, gate, submit, stages, kill, hashOf } = made;
    submit('one', 2);
    await made.validators.settled();
    const [wakes, runs] = [node.wakes, gate.runs.length];
    kill();
    expect(node.wakes).toBe(wakes + 1);
    expect(stages('one')).toBe(ATTESTED);
    expect(submit('one', 2)).toBe('alreadyKnown');
    node.author();
    expect(stages('one')).toBe(`${ATTESTED} reported`);
    expect(node.lastInherents.attestations[0]!.validators).toEqual([true, true]);
    const { packageSpec } = node.pending()[0]!.report;
    expect(toHex(packageSpec.hash)).toBe(toHex(hashOf('one')));
    for (const from of [
      [0, 1],
      [4, 5],
    ]) {
      const recovered = valueOf(made.validators.recover(packageSpec, from));
      expect(toHex(recovered.package)).toBe(toHex(packageOf({ best: () => node.blocks[0]! }, 'one')));
    }
    node.author();
    expect(stages('one')).toBe(`${ATTESTED} reported available accumulated`);
    expect(gate.runs).toHaveLength(runs);
  });

  test('was Registered: it becomes available, and is accumulated', async () => {
    const made = gatedWorld();
    const { node, submit, stages, last, kill } = made;
    submit('one', 0);
    await made.validators.settled();
    node.author();
    const wakes = node.wakes;
    kill();
    expect(node.wakes).toBe(wakes + 1);
    node.author();
    expect(stages('one')).toBe(`${ATTESTED} reported available accumulated`);
    expect(last('one')).toMatchObject({ block: 2, core: 0, classes: [{ class: 1, outcome: 'returned' }] });
  });

  test('was available and waits in the queue of its core: blocks are made until it is accumulated', async () => {
    const made = gatedWorld({ deliver: () => undefined });
    const { node, submit, stages, kill, hashOf } = made;
    const happens = (stage: 'available' | 'accumulated'): void => {
      node.foreign.push({ packageHash: hashOf('one'), core: 0, stage });
      node.author();
    };
    submit('one', 0);
    await made.validators.settled();
    node.author();
    happens('available');
    const wakes = node.wakes;
    kill();
    expect(node.wakes).toBe(wakes + 1);
    node.foreign.push({ packageHash: new Uint8Array(32), core: 0, stage: 'accumulated' });
    node.author(); // it takes another package of the core
    expect(node.wakes).toBe(wakes + 2);
    happens('accumulated');
    expect(stages('one')).toBe(`${ATTESTED} reported available accumulated`);
    expect(node.wakes).toBe(wakes + 2);
  });

  test("waits in a core's queue on the chain, and of which this node has no record: blocks are made until it is accumulated", () => {
    const made = gatedWorld();
    const { node, kill } = made;
    const packageHash = new Uint8Array(32).fill(7);
    node.foreign.push({ packageHash, core: 0, stage: 'available' });
    node.author();
    expect([node.wakes, node.patientWakes]).toEqual([1, 0]);
    kill();
    expect(entries(made, 'packages')).toBe(0);
    expect([node.wakes, node.patientWakes]).toEqual([2, 0]);
    node.author(); // no package moves, so that blocks as fast as possible would not help it
    expect([node.wakes, node.patientWakes]).toEqual([2, 1]);
    node.foreign.push({ packageHash, core: 0, stage: 'accumulated' });
    node.author();
    expect([node.wakes, node.patientWakes]).toEqual([2, 1]);
    kill();
    expect([node.wakes, node.patientWakes]).toEqual([2, 1]);
  });

  test('was Registered without enough shards: it times out, ten blocks after its Registration', async () => {
    const made = gatedWorld({ deliver: () => undefined });
    const { node, submit, last, kill } = made;
    submit('one', 0);
    await made.validators.settled();
    node.author();
    kill();
    while (node.best().number < 10) node.author();
    expect(last('one')).toMatchObject({ stage: 'reported' });
    node.author();
    expect(last('one')).toMatchObject({ stage: 'timedOut', block: 11 });
  });

  test('waits for its prerequisite: it expires with its context, and says why', async () => {
    const made = gatedWorld();
    const { node, submitDependent, last, kill } = made;
    submitDependent('one', new Uint8Array(32).fill(7), 0);
    await made.validators.settled();
    for (let blocks = 0; blocks < 7; blocks++) node.author();
    kill();
    for (let blocks = 0; blocks < 7; blocks++) node.author();
    expect(last('one')).toMatchObject({ stage: 'attested' });
    node.author();
    expect(last('one')).toMatchObject({
      stage: 'refused',
      reason: 'expired',
      block: 15,
      message: 'the package was not Registered within 15 blocks of its context: its prerequisite has not come',
    });
  });
});

test('the stages of an accumulated package are the same after a restart, to the last field', async () => {
  const made = gatedWorld();
  const { node, submit, hashOf, kill } = made;
  submit('one', 0);
  await made.validators.settled();
  node.author();
  node.author();
  const before = made.validators.tracker.story(hashOf('one'))!;
  kill();
  expect(made.validators.tracker.story(hashOf('one'))).toEqual(before);
  expect(made.validators.tracker.concluded(hashOf('one'))).toBe(true);
  const heard: StageEvent[] = [];
  made.validators.tracker.subscribe(hashOf('one'), (event) => void heard.push(event));
  expect(heard).toEqual(before);
});

test('only packages in progress are on disk, and attestations of those that wait to be Registered', async () => {
  const made = gatedWorld();
  const { node, gate, submit } = made;
  submit('one', 0);
  submit('two', 0);
  await made.validators.settled();
  expect([entries(made, 'packages'), entries(made, 'attestations')]).toEqual([2, 2]);
  node.author();
  expect([entries(made, 'packages'), entries(made, 'attestations')]).toEqual([2, 1]);
  node.author();
  expect([entries(made, 'packages'), entries(made, 'attestations')]).toEqual([1, 0]);
  node.author();
  expect([entries(made, 'packages'), entries(made, 'attestations')]).toEqual([0, 0]);
  gate.hold('is_authorized');
  submit('three', 0);
  expect(entries(made, 'packages')).toBe(1);
  gate.release('is_authorized');
  await made.validators.settled();
  for (let blocks = 0; blocks < 2; blocks++) node.author();
  expect([entries(made, 'packages'), entries(made, 'attestations'), entries(made, 'stories')]).toEqual([0, 0, 3]);
});

test('a node that is stopped refuses none of its packages: they go on as after a kill', async () => {
  const made = gatedWorld();
  const { gate, submit, stages, rest, restart } = made;
  gate.hold('refine');
  submit('one', 0);
  submit('two', 0);
  await rest();
  const stopped = made.validators;
  restart();
  gate.release('refine');
  await stopped.settled();
  await made.validators.settled();
  expect(['one', 'two'].map(stages)).toEqual([ATTESTED, ATTESTED]);
  expect(errorOf(stopped.submit(packageOf(made.node, 'three'), 0)).reason).toBe('hostFault');
});

test('connections of one address are told apart after a restart: the one with most gives way', async () => {
  const made = gatedWorld({ bounds: { queuePackagesMax: 3 } });
  const { gate, submit, last, stages, rest, kill } = made;
  const [first, second] = [{}, {}];
  gate.hold('is_authorized');
  submit('being authorized', 0, first);
  await rest();
  submit('a1', 0, first);
  submit('a2', 0, first);
  submit('b', 0, second);
  kill();
  await rest(); // the first one is being authorized again
  expect(submit('c', 0, {})).toBeUndefined();
  // `b` is the newest of the address, and the only one of its connection.
  expect(last('a2')).toMatchObject({ stage: 'refused', reason: 'busy' });
  expect([stages('a1'), stages('b'), stages('c')]).toEqual(['submitted', 'submitted', 'submitted']);
});

test('a package of which the disk has not all is refused after a restart, with a sentence', async () => {
  const made = gatedWorld();
  const { node, submit, last, kill, hashOf } = made;
  submit('one', 0);
  await made.validators.settled();
  node.database.write(new Batch().remove('attestations', hashOf('one')));
  kill();
  expect(last('one')).toMatchObject({
    stage: 'refused',
    reason: 'hostFault',
    message: 'what this node has stored of the package does not fit together: it may be submitted again',
  });
  expect(entries(made, 'packages')).toBe(0);
  expect(submit('one', 0)).toBeUndefined();
});

test('with a full disk a submission is refused, keeps no memory, and may come again', async () => {
  const database = new FailingDatabase();
  const made = gatedWorld({}, database);
  const { submit, stages, hashOf, node } = made;
  database.beforeWrite = () => {
    throw new DiskFull();
  };
  const answer = made.validators.submit(packageOf(node, 'one'), 0);
  expect(errorOf(answer)).toEqual({
    reason: 'hostFault',
    message: `this node can't store the package, which may be submitted again: ${new DiskFull().message}`,
  });
  for (const name of numbered(100)) expect(submit(name, 0)).toBe('hostFault');
  await made.validators.settled();
  expect(made.validators.keptBytes).toBe(0);
  expect(made.validators.tracker.story(hashOf('one'))).toBeUndefined(); // nothing of it is on disk
  database.beforeWrite = () => undefined;
  expect(submit('one', 0)).toBeUndefined();
  await made.validators.settled();
  expect(stages('one')).toBe(ATTESTED);
});

test('packages of many submitters are written at once, and none is taken before that', async () => {
  const database = new FailingDatabase();
  const { validators, node } = gatedWorld({}, database);
  const submit = (name: string): ReturnType<typeof validators.submitWithOthers> =>
    validators.submitWithOthers(packageOf(node, name), 0, { address: name, connection: {} });
  const before = database.writes;
  const answers = await Promise.all(numbered(20).map(submit));
  expect(answers.every(({ ok }) => ok)).toBe(true);
  expect(database.writes).toBe(before + 1);
  database.beforeWrite = () => {
    throw new DiskFull();
  };
  const refused = await Promise.all(numbered(20, 'q').map(submit));
  expect(refused.map((answer) => errorOf(answer).reason)).toEqual(Array<string>(20).fill('hostFault'));
  await validators.settled();
  const known = numbered(20, 'q').map((name) => validators.tracker.story(packageHash(packageOf(node, name))));
  expect(known).toEqual(Array<undefined>(20).fill(undefined));
});

test('stories that are removed are removed from the disk, too', () => {
  const database = new FailingDatabase();
  const store = new PackageStore(database);
  const tracker = new Tracker(
    { update: () => undefined, forgotten: (hash) => journal.forget(hash), warn: () => undefined },
    { storiesMax: 2 },
  );
  const journal = new Journal(database, store, tracker, () => undefined);
  const record = (name: number): void => {
    const hash = new Uint8Array(32).fill(name);
    const where = { package: hash, timeMs: name, block: name, core: undefined };
    journal.record({ ...where, stage: 'submitted', bytes: 1, items: 1 });
    journal.record({ ...where, stage: 'timedOut' });
    journal.write();
  };
  for (const name of [5, 4, 3, 2, 1]) record(name);
  journal.write();
  expect(store.stories().map(([first]) => first!.block)).toEqual([1, 2]);
});
