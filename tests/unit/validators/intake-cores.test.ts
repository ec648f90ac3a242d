// The packages of a core: how many there are, their order, and which of them give way. Spec: D40.
import { describe, expect, test } from '@jest/globals';
import { toHex } from '../../../host/bytes/index.js';
import { BOUNDS } from '../../../host/validators/queues/bounds.js';
import { Gate, gatedWorld, numbered, type GatedWorld } from './gated-world.js';

describe("a core's share of the node's bounds", () => {
  test('one submitter that sends 1,024 tiny packages to core 0 does not make core 1 busy', async () => {
    const { submit, last, stages, validators } = gatedWorld();
    const answers = [];
    for (const name of numbered(1_024)) {
      answers.push(submit(name, 0));
      await Promise.resolve(); // messages of a connection come one after another
    }
    await validators.settled();
    expect(answers.filter((answer) => answer === 'busy').length).toBeGreaterThan(0);
    expect(submit('other', 1)).toBeUndefined();
    await validators.settled();
    expect(stages('other')).toBe('submitted authorized refined attested');
    const attested = numbered(1_024).filter((name) => last(name)?.stage === 'attested');
    expect(attested).toHaveLength(BOUNDS.corePackagesMax);
  });

  test('a package counts from its authorization on, until it is concluded', async () => {
    const { node, gate, submit, last, rest, validators } = gatedWorld({ bounds: { corePackagesMax: 2 } });
    gate.hold('is_authorized');
    for (const name of ['one', 'two', 'three']) expect(submit(name, 0)).toBeUndefined(); // they only wait
    gate.release('is_authorized');
    await validators.settled();
    expect(['one', 'two'].map((name) => last(name)?.stage)).toEqual(['attested', 'attested']);
    expect(last('three')).toMatchObject({
      stage: 'refused',
      reason: 'busy',
      core: 0,
      message:
        'core 0 has 2 packages on their way, and this node keeps no more of them at a time: try again when one of them is concluded',
    });
    expect(submit('four', 0)).toBe('busy');
    node.author();
    expect(submit('four', 0)).toBe('busy'); // Registered, but not concluded
    node.author();
    expect(submit('four', 0)).toBeUndefined();
    await rest();
  });

  test('a package that is refused in refine does not count any more', async () => {
    const { node, submit, last, validators } = gatedWorld({ bounds: { corePackagesMax: 1 } });
    node.classes.clear();
    submit('one', 0);
    await validators.settled();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'unknownClass' });
    expect([submit('two', 0), validators.keptBytes > 0]).toEqual([undefined, true]);
    await validators.settled();
    expect(validators.keptBytes).toBe(0);
  });

  test('authorization is done ahead of the refinements of the core', async () => {
    const { gate, submit, stages, rest, validators } = gatedWorld();
    gate.hold('refine');
    for (const name of ['one', 'two', 'three']) submit(name, 0);
    await rest();
    expect(['one', 'two', 'three'].map(stages)).toEqual(Array<string>(3).fill('submitted authorized'));
    expect(gate.runs).toEqual(['is_authorized', 'refine', 'is_authorized', 'is_authorized']); // one refines at a time
    gate.release('refine');
    await validators.settled();
    expect(['one', 'two', 'three'].map((name) => stages(name).split(' ').at(-1))).toEqual(
      Array<string>(3).fill('attested'),
    );
  });

  test('packages that name no core go to the cores that have room, and are refused when none has', async () => {
    const { submit, last, validators } = gatedWorld({ bounds: { corePackagesMax: 1 } });
    for (const name of ['one', 'two', 'three', 'four']) expect(submit(name)).toBeUndefined();
    await validators.settled();
    expect(['one', 'two', 'three'].map((name) => last(name)?.core)).toEqual([0, 1, 2]);
    expect(last('four')).toMatchObject({ stage: 'refused', reason: 'busy' });
  });
});

describe("a core's time", () => {
  /** Lets refinements go on one by one, each of which takes as long as it says; returns what was refined, in order. */
  const refinedIn = async (made: GatedWorld, names: readonly string[]): Promise<string[]> => {
    const order: string[] = [];
    made.validators.tracker.subscribeAll((event) => {
      if (event.stage !== 'refined') return;
      order.push(names.find((name) => toHex(made.hashOf(name)) === toHex(event.package))!);
    });
    made.gate.release('refine');
    await made.validators.settled();
    return order;
  };

  /** A world whose refinements of a name take these milliseconds. */
  const timed = (costMs: (name: string) => number): GatedWorld => {
    let now = 0;
    const gate = new Gate();
    const made = gatedWorld({
      nowMs: () => now,
      runGuest: async (run) => {
        const result = await gate.runGuest(run);
        if (run.entry === 'refine') now += costMs(new TextDecoder().decode(run.args.subarray(1)));
        return result;
      },
    });
    return { ...made, gate };
  };

  test("one submitter's 127 packages of 2 s do not delay another's by more than the one that is refined", async () => {
    const made = timed(() => 2_000);
    const [greedy, modest] = [{}, {}];
    made.gate.hold('refine');
    const names = numbered(127, 'greedy ');
    for (const name of names) {
      expect(made.submit(name, 0, greedy)).toBeUndefined();
      await made.rest();
    }
    expect(made.submit('modest', 0, modest)).toBeUndefined();
    await made.rest();
    const order = await refinedIn(made, [...names, 'modest']);
    expect(order.slice(0, 3)).toEqual(['greedy 0', 'modest', 'greedy 1']);
    expect(order).toHaveLength(128);
  });

  test('is shared by time: while one package of 2 s is refined, another submitter has 20 of 100 ms', async () => {
    const made = timed((name) => (name.startsWith('long') ? 2_000 : 100));
    made.gate.hold('refine');
    const [long, short] = [numbered(3, 'long '), numbered(45, 'short ')];
    for (const name of long) made.submit(name, 0, {}, '10.0.0.1');
    await made.rest();
    for (const name of short) {
      made.submit(name, 0, short, '10.0.0.2');
      await made.rest();
    }
    const order = await refinedIn(made, [...long, ...short]);
    const places = long.map((name) => order.indexOf(name));
    // The other one begins with the time at which "long 0" ends. At equal times, the one that waits longer is next.
    expect(places).toEqual([0, 2, 22]);
  });

  test('packages of an AuthId whose share is used up, or waited for, come after those of others', async () => {
    const { node, gate, submit, rest, ...made } = gatedWorld();
    gate.hold('refine');
    node.shareLeft = (_core, id) => (id === 10_000 ? 2 : 16);
    for (const name of numbered(5, 'old ')) submit(name, 0, {});
    await rest();
    node.assigned.set(0, { ...node.assigned.get(0)!, id: 10_009 });
    node.author();
    for (const name of numbered(5, 'new ')) submit(name, 0, {});
    await rest();
    const order = await refinedIn({ node, gate, submit, rest, ...made }, [
      ...numbered(5, 'old '),
      ...numbered(5, 'new '),
    ]);
    expect(order.slice(0, 2).sort()).toEqual(['new 0', 'old 0']);
    expect(order.slice(2, 7).sort()).toEqual(['new 1', 'new 2', 'new 3', 'new 4', 'old 1'].sort());
    expect(order.slice(7)).toEqual(['old 2', 'old 3', 'old 4']);
  });

  test('a package whose prerequisite is not refined comes after others, and is next once that is', async () => {
    const made = gatedWorld();
    const { gate, submit, submitDependent, hashOf, rest } = made;
    gate.hold('refine');
    submit('busy', 0);
    await rest();
    submitDependent('child', hashOf('parent'), 0, {});
    for (const name of ['other', 'parent']) {
      submit(name, 0, made);
      await rest();
    }
    expect(await refinedIn(made, ['busy', 'child', 'other', 'parent', 'last'])).toEqual([
      'busy',
      'other',
      'parent',
      'child',
    ]);
  });

  test('when the chain does not say what can be Registered, packages are refused, and the core goes on', async () => {
    const { node, submit, last, validators } = gatedWorld();
    node.shareLeft = () => {
      throw new Error('no such function');
    };
    submit('one', 0);
    await validators.settled();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'hostFault' });
    node.shareLeft = () => 16;
    node.author(); // what it says is asked once a block
    submit('two', 0);
    await validators.settled();
    expect(last('two')).toMatchObject({ stage: 'attested' });
  });
});

describe('who gives way in a full core', () => {
  const BOUND = { bounds: { corePackagesMax: 8 } };
  const never = new Uint8Array(32).fill(7);

  test('packages that can never be Registered do not keep another submitter off their core', async () => {
    const { submit, submitDependent, last, stages, validators } = gatedWorld(BOUND);
    const evil = {};
    for (const name of numbered(8)) expect(submitDependent(name, never, 0, evil)).toBeUndefined();
    await validators.settled();
    expect(submitDependent('p8', never, 0, evil)).toBe('busy');
    expect(submit('honest', 0, {})).toBeUndefined();
    await validators.settled();
    expect(stages('honest')).toBe('submitted authorized refined attested');
    expect(numbered(8).map((name) => last(name)?.stage)).toEqual([...Array<string>(7).fill('attested'), 'refused']);
    expect(last('p7')).toMatchObject({ reason: 'busy', core: 0, message: expect.stringMatching(/had to leave/) });
  });

  test('they give way to their own prerequisite, of the same submitter, and come after it', async () => {
    const { node, submit, submitDependent, hashOf, last, validators } = gatedWorld(BOUND);
    for (const name of numbered(8)) submitDependent(name, hashOf('first'), 0);
    await validators.settled();
    expect(submit('first', 0)).toBeUndefined();
    await validators.settled();
    expect([last('p6')?.stage, last('p7')?.stage, last('first')?.stage]).toEqual(['attested', 'refused', 'attested']);
    expect(submit('second', 0)).toBe('busy'); // the prerequisite is on its way: they can be Registered after it
    node.author();
    expect(last('first')?.stage).toBe('reported');
    expect(submit('second', 0)).toBe('busy'); // it is Registered
  });

  test("the only package of one whose prerequisite comes a moment later does not give way to another's eighth", async () => {
    const { submit, submitDependent, hashOf, last, validators } = gatedWorld(BOUND);
    const [modest, greedy, third] = [{}, {}, {}];
    submitDependent('waits', hashOf('first'), 0, modest);
    for (const name of numbered(7)) submit(name, 0, greedy);
    await validators.settled();
    expect(submit('p7', 0, greedy)).toBe('busy');
    expect(submit('first', 0, modest)).toBeUndefined(); // in the place of one of the seven
    await validators.settled();
    expect(['waits', 'p5', 'p6'].map((name) => last(name)?.stage)).toEqual(['attested', 'attested', 'refused']);
    // A newcomer takes the place of one that has more, not of the one that waits.
    expect(submit('other', 0, third)).toBeUndefined();
    await validators.settled();
    expect([last('waits')?.stage, last('p5')?.stage]).toEqual(['attested', 'refused']);
  });

  test('of as many parties as a core has room for, one whose package is stuck gives way to another one', async () => {
    const { submit, submitDependent, last, validators } = gatedWorld(BOUND);
    for (const name of numbered(7)) submit(name, 0, {});
    submitDependent('stuck', never, 0, {});
    await validators.settled();
    expect(submitDependent('stuck too', never, 0, {})).toBe('busy');
    expect(submit('good', 0, {})).toBeUndefined();
    await validators.settled();
    expect([last('stuck')?.stage, last('good')?.stage]).toEqual(['refused', 'attested']);
  });

  test('packages in a row behind one that never comes are stuck too, and do not displace others', async () => {
    const { submit, submitDependent, hashOf, last, validators } = gatedWorld(BOUND);
    submitDependent('p0', never, 0);
    for (let index = 1; index < 8; index++) submitDependent(`p${index}`, hashOf(`p${index - 1}`), 0);
    await validators.settled();
    expect(submitDependent('p8', hashOf('p7'), 0)).toBe('busy');
    for (const name of numbered(8, 'good ')) expect(submit(name, 0)).toBeUndefined();
    await validators.settled();
    expect(numbered(8, 'good ').map((name) => last(name)?.stage)).toEqual(Array<string>(8).fill('attested'));
    expect([submit('one more', 0), submitDependent('stuck', never, 0)]).toEqual(['busy', 'busy']);
  });

  test('packages of the last assignee do not keep out those of the next one', async () => {
    const { node, submit, last, validators } = gatedWorld(BOUND);
    for (const name of numbered(8)) submit(name, 0);
    await validators.settled();
    expect(submit('another', 0)).toBe('busy');
    node.assigned.set(0, { ...node.assigned.get(0)!, id: 10_009 });
    node.author(); // "p0" is Registered
    for (const name of numbered(4, 'next ')) expect(submit(name, 0)).toBeUndefined();
    expect(last('p1')?.stage).toBe('attested');
    await validators.settled();
    expect(['p3', 'p4', 'p5', 'p6', 'p7'].map((name) => last(name)?.stage)).toEqual([
      'attested',
      ...Array<string>(4).fill('refused'),
    ]);
    expect(submit('next 4', 0)).toBe('busy'); // four of each
  });

  test('a package that had to leave while it waited for its refinement is not refined', async () => {
    const { gate, submit, rest, stages, validators } = gatedWorld(BOUND);
    const greedy = {};
    gate.hold('refine');
    for (const name of numbered(8)) submit(name, 0, greedy);
    await rest();
    submit('modest', 0, {});
    await rest();
    expect(stages('p7')).toBe('submitted authorized refused');
    expect(submit('p7', 0, {})).toBeUndefined(); // it may come again, of another submitter
    await rest();
    gate.release('refine');
    await validators.settled();
    expect(stages('p7')).toBe('submitted authorized refined attested');
    expect(gate.runs.filter((run) => run === 'refine')).toHaveLength(8); // p0 to p5, "modest" and p7
  });

  test('nor is one whose context is not recent any more: it expires, and gives its place back', async () => {
    const { node, gate, submit, last, rest, validators } = gatedWorld(BOUND);
    gate.hold('refine');
    for (const name of numbered(8)) submit(name, 0);
    await rest();
    for (let block = 0; block < 14; block++) node.author();
    expect([last('p7')?.stage, submit('new', 0)]).toEqual(['authorized', 'busy']); // block 15 could Register them
    node.author();
    expect(numbered(8).map((name) => last(name))).toMatchObject(
      Array<unknown>(8).fill({ stage: 'refused', reason: 'expired', core: 0, block: 15 }),
    );
    expect(submit('newer', 0)).toBeUndefined();
    await rest();
    gate.release('refine');
    await validators.settled();
    expect(gate.runs.filter((run) => run === 'refine')).toHaveLength(2); // p0, which had begun, and "newer"
    expect([last('p0')?.stage, last('newer')?.stage]).toEqual(['refused', 'attested']);
  });
});
