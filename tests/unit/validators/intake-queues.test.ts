// Packages that name no core, that are not authorized yet, and that wait to be Registered. Spec: D40.
import { describe, expect, test } from '@jest/globals';
import type { InCoreRun } from '../../../host/incore/index.js';
import { BOUNDS } from '../../../host/validators/queues/bounds.js';
import { gatedWorld, numbered, type GatedWorld } from './gated-world.js';

describe('a package that names no core', () => {
  test('goes to the core with the least packages, and of equal ones to the first', async () => {
    const { gate, submit, last, rest, validators } = gatedWorld();
    gate.hold('refine');
    for (const [name, core] of [
      ['a', 0],
      ['b', 0],
      ['c', 1],
      ['d', 2],
      ['e', 2],
    ] as const)
      submit(name, core);
    await rest();
    submit('free'); // 2, 1 and 2 packages
    await rest();
    submit('next'); // 2 each
    await rest();
    submit('third'); // 3, 2 and 2
    await rest();
    expect(['free', 'next', 'third'].map((name) => [last(name)?.stage, last(name)?.core])).toEqual([
      ['authorized', 1],
      ['authorized', 0],
      ['authorized', 1],
    ]);
    gate.release('refine');
    await validators.settled();
  });

  test('is refused at once if its context is not recent, before any work', async () => {
    const { node, gate, submit, hashOf, rest } = gatedWorld();
    for (const name of ['in time', 'late']) hashOf(name); // their context is block 0
    for (let block = 0; block < 14; block++) node.author();
    expect(submit('in time')).toBeUndefined(); // block 15 can Register it
    await rest();
    const { length } = gate.runs;
    node.author();
    expect(submit('late')).toBe('contextNotRecent');
    await rest();
    expect(gate.runs).toHaveLength(length);
  });

  /** 512 cores, with one AuthId for each `coresEach` of them; the Authorizer always refuses. */
  const refusing = (coresEach: number): { made: GatedWorld; tries: () => number } => {
    let tries = 0;
    const made = gatedWorld({
      runGuest: () => {
        tries++;
        return { outcome: 'returned', output: Uint8Array.of(0), weightUsed: 10n };
      },
    });
    const { node } = made;
    const one = node.assigned.get(0)!;
    node.groups = Array.from({ length: 512 }, (_, core) => [core % 6]);
    for (let core = 0; core < 512; core++) {
      node.assigned.set(core, { ...one, id: 10_000 + Math.floor(core / coresEach) });
    }
    return { made, tries: () => tries };
  };

  test('is tried once with an Authorizer that 512 cores have, and with few calls of the runtime', async () => {
    const { made, tries } = refusing(512);
    made.node.calls = [];
    made.submit('any');
    await made.validators.settled();
    expect(made.last('any')).toMatchObject({ stage: 'refused', reason: 'notAuthorized' });
    expect(tries()).toBe(1);
    // is_registered, auth_ids; cores, authorizer and lookup for the one try
    expect(made.node.calls).toHaveLength(5);
  });

  test('is tried with eight Authorizers at most', async () => {
    const { made, tries } = refusing(1);
    made.submit('any');
    await made.validators.settled();
    expect(tries()).toBe(8);
  });

  test('has one view for all tries, so that its message is hashed once', async () => {
    const views = new Set<unknown>();
    const made = gatedWorld({
      runGuest: (run) => {
        views.add((run as InCoreRun).view);
        return { outcome: 'returned', output: Uint8Array.of(0), weightUsed: 10n };
      },
    });
    made.submit('any');
    await made.validators.settled();
    expect(made.last('any')).toMatchObject({ reason: 'notAuthorized' });
    expect(views.size).toBe(1); // of three tries
  });
});

describe('the queues of packages that are not authorized', () => {
  test('are bounded, one for each core and one for packages that name none', () => {
    const { submit } = gatedWorld({ bounds: { queuePackagesMax: 2 } });
    const results = ([0, 1, undefined] as const).map((core) =>
      numbered(3, `core ${core} `).map((name) => submit(name, core)),
    );
    expect(results).toEqual(Array<unknown>(3).fill([undefined, undefined, 'busy']));
  });

  test('a connection that fills a queue does not keep another out: packages leave, and the two take turns', async () => {
    const { gate, submit, last, rest, validators } = gatedWorld({ bounds: { queuePackagesMax: 8 } });
    const [greedy, modest] = [{}, {}];
    gate.hold('is_authorized');
    submit('first', 0, greedy);
    await rest(); // it is being authorized
    for (const name of numbered(8, 'greedy ')) expect(submit(name, 0, greedy)).toBeUndefined();
    expect(submit('greedy 8', 0, greedy)).toBe('busy');
    expect([submit('modest 0', 0, modest), submit('modest 1', 0, modest)]).toEqual([undefined, undefined]);
    expect(['greedy 7', 'greedy 6', 'greedy 5'].map((name) => last(name))).toMatchObject([
      {
        stage: 'refused',
        reason: 'busy',
        message:
          'too many packages wait for core 0, and their submitter had the most of them: submit it again when fewer of them wait',
      },
      { stage: 'refused', reason: 'busy' },
      { stage: 'submitted' },
    ]);
    const order: string[] = [];
    const nameOf = new Map([...numbered(6, 'greedy '), 'modest 0', 'modest 1', 'first'].map((name) => [name, name]));
    validators.tracker.subscribeAll((event) => {
      if (event.stage !== 'authorized') return;
      const found = [...nameOf.keys()].find((name) => last(name) === event);
      if (found !== undefined) order.push(found);
    });
    gate.release('is_authorized');
    await validators.settled();
    expect(order.slice(0, 5)).toEqual(['first', 'greedy 0', 'modest 0', 'greedy 1', 'modest 1']);
  });

  test('64 connections from one address with one package each do not keep another address out', () => {
    const { submit } = gatedWorld();
    for (const name of numbered(BOUNDS.queuePackagesMax)) expect(submit(name, 0, {}, '10.0.0.1')).toBeUndefined();
    expect(submit('another of these', 0, {}, '10.0.0.1')).toBe('busy');
    expect(submit('honest', 0, {}, '10.0.0.2')).toBeUndefined();
  });

  test('so it is for packages that name no core', () => {
    const { submit, last } = gatedWorld({ bounds: { queuePackagesMax: 4 } });
    const [greedy, modest] = [{}, {}];
    for (const name of numbered(4, 'greedy ')) submit(name, undefined, greedy);
    expect(submit('modest', undefined, modest)).toBeUndefined();
    expect(last('greedy 3')).toMatchObject({ stage: 'refused', reason: 'busy' });
  });
});

describe('the packages of a core that wait to be Registered', () => {
  test.each([
    [20, 1],
    [100, 3],
  ])("of one submitter, %i of them, don't keep %i of another out until they expire", async (mine, others) => {
    const { node, submit, validators, stages } = gatedWorld();
    const [evil, honest] = [{}, {}];
    for (const name of numbered(mine, 'evil')) {
      expect(submit(name, 0, evil, 'evil')).toBeUndefined();
      await validators.settled(); // all of them refined: only the order of Registration is left
    }
    for (const name of numbered(others, 'honest')) expect(submit(name, 0, honest, 'honest')).toBeUndefined();
    await validators.settled();
    // A block for each of both, and one to become available.
    for (let block = 0; block < 4 * others; block++) node.author();
    for (const name of numbered(others, 'honest')) expect(stages(name)).toMatch(/ accumulated$/);
  });

  test('of one submitter that has a new one in each block leave another every other turn', async () => {
    const { node, submit, validators, stages } = gatedWorld();
    const [evil, honest] = [{}, {}];
    let next = 0;
    while (next < 16) submit(`evil${next++}`, 0, evil, 'evil');
    await validators.settled();
    for (let block = 0; block < 60; block++) {
      if (block % 5 === 0) submit(`honest${block}`, 0, honest, 'honest');
      submit(`evil${next++}`, 0, evil, 'evil');
      await validators.settled();
      node.author();
    }
    for (let block = 0; block < 56; block += 5) expect(stages(`honest${block}`)).toMatch(/ accumulated$/);
  });
});
