// Which packages a node accepts, and in which order it works on them. Spec: D40, sentence by sentence.
import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { MAX_WORK_PACKAGE_SIZE } from '../../../host/contract/index.js';
import { type Database, LmdbDatabase } from '../../../host/db/index.js';
import { buildPackage, collect, packageHash, refuse, withEvidence } from '../../../host/incore/index.js';
import type { GuestResult, GuestRun, InCoreRun } from '../../../host/incore/index.js';
import { verifySignature } from '../../../host/executor/index.js';
import { Validators } from '../../../host/validators/index.js';
import type { StageEvent, ValidatorsOptions } from '../../../host/validators/index.js';
import { BOUNDS } from '../../../host/validators/bounds.js';
import { signerOf } from '../incore/fixtures.js';
import { errorOf } from '../results.js';
import { FakeNode } from './fake-node.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of buffers in use. */
function arrayBuffers(): number {
  collectGarbage();
  collectGarbage(); // what the first one found is freed in the background, until the next one begins
  return process.memoryUsage().arrayBuffers;
}

const signers = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'].map(signerOf);

/** A guest that authorizes every package and returns an empty output. */
function obliging({ entry }: GuestRun): GuestResult {
  const output = entry === 'is_authorized' ? Uint8Array.of(1) : new Writer().bytes(new Uint8Array()).finish();
  return { outcome: 'returned', output, weightUsed: 10n };
}

/** Runs of guests that wait until they are let go, by entry point. */
class Gate {
  readonly runs: string[] = [];
  readonly #held = new Set<string>();
  #waiting: { entry: string; go: () => void }[] = [];

  hold(entry: string): void {
    this.#held.add(entry);
  }

  release(entry: string): void {
    this.#held.delete(entry);
    const going = this.#waiting.filter((each) => each.entry === entry);
    this.#waiting = this.#waiting.filter((each) => each.entry !== entry);
    for (const { go } of going) go();
  }

  readonly runGuest = async (run: GuestRun): Promise<GuestResult> => {
    this.runs.push(run.entry);
    if (this.#held.has(run.entry)) {
      await new Promise<void>((go) => this.#waiting.push({ entry: run.entry, go }));
    }
    return obliging(run);
  };
}

interface World {
  readonly node: FakeNode;
  readonly gate: Gate;
  validators: Validators;
  /** Submits a package of this name, over the connection `by`. Returns the reason why it is refused. */
  submit(name: string, core?: number, by?: object, address?: string): string | undefined;
  /** Submits a package of this name that has a prerequisite. */
  submitDependent(name: string, prerequisite: Uint8Array, core?: number, by?: object): string | undefined;
  hashOf(name: string): Uint8Array;
  last(name: string): StageEvent | undefined;
  stages(name: string): string;
  /** Lets all work go on that can. */
  rest(): Promise<void>;
  restart(): void;
}

function world(change: Partial<ValidatorsOptions> = {}, database?: Database): World {
  const node = new FakeNode(database);
  node.validatorKeys = signers.map((signer) => signer.publicKey);
  const codeHash = node.provide(utf8('code'));
  for (const core of [0, 1, 2]) node.assigned.set(core, { id: 10_000 + core, codeHash, param: utf8('param') });
  node.classes.set(1, codeHash);
  const gate = new Gate();
  const packages = new Map<string, Uint8Array>();
  const start = (): Validators =>
    new Validators({
      chain: node,
      signers,
      runGuest: gate.runGuest,
      nowMs: () => 0,
      warn: () => undefined,
      verify: (key, message, signature) => verifySignature('sr25519', key, message, signature),
      ...change,
    });
  const encodedOf = (name: string, prerequisite?: Uint8Array): Uint8Array => {
    const encoded =
      packages.get(name) ??
      withEvidence(buildPackage([{ class: 1, payload: utf8(name) }], node.best().hash, prerequisite), utf8(name))
        .encoded;
    packages.set(name, encoded);
    return encoded;
  };
  const made: World = {
    node,
    gate,
    validators: start(),
    submit: (name, core, by = node, address = 'one address') => {
      const answer = made.validators.submit(encodedOf(name), core, { address, connection: by });
      return answer.ok ? undefined : answer.error.reason;
    },
    submitDependent: (name, prerequisite, core, by) => {
      encodedOf(name, prerequisite);
      return made.submit(name, core, by);
    },
    hashOf: (name) => packageHash(encodedOf(name)),
    last: (name) => made.validators.tracker.story(made.hashOf(name))?.at(-1),
    stages: (name) => (made.validators.tracker.story(made.hashOf(name)) ?? []).map(({ stage }) => stage).join(' '),
    rest: async () => {
      for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    },
    restart: () => {
      made.validators.close();
      made.validators = start();
    },
  };
  return made;
}

const numbered = (count: number, name = 'p'): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

describe('refused at submission, before any work', () => {
  test('a package that is on its way here, at each stage', async () => {
    const { node, gate, submit, rest, validators } = world();
    gate.hold('is_authorized');
    expect(submit('one', 0)).toBeUndefined();
    expect(submit('one', 0)).toBe('alreadyKnown'); // waits for authorization
    gate.hold('refine');
    gate.release('is_authorized');
    await rest();
    expect(submit('one', 1)).toBe('alreadyKnown'); // is refined
    gate.release('refine');
    await validators.settled();
    expect(submit('one')).toBe('alreadyKnown'); // is attested
    node.author();
    expect(submit('one', 0)).toBe('alreadyKnown'); // is Registered
    expect(gate.runs).toEqual(['is_authorized', 'refine']);
  });

  test('an accumulated package is not refined again, however often it is resubmitted, nor after a restart', async () => {
    const { node, gate, submit, stages, restart, validators } = world();
    submit('one', 0);
    await validators.settled();
    node.author();
    node.author();
    expect(stages('one')).toMatch(/accumulated$/);
    const runs = gate.runs.length;
    for (let time = 0; time < 10; time++) expect(submit('one', 0)).toBe('alreadyRegistered');
    restart();
    expect([submit('one', 0), submit('one')]).toEqual(['alreadyRegistered', 'alreadyRegistered']);
    expect(gate.runs).toHaveLength(runs);
  });

  test('a package that timed out, with the advice to build it anew', async () => {
    const { node, gate, last, hashOf, submit, validators } = world({ deliver: () => undefined });
    submit('one', 0);
    const encoded = withEvidence(buildPackage([{ class: 1, payload: utf8('one') }], node.best().hash), utf8('one'));
    await validators.settled();
    for (let block = 0; block < 11; block++) node.author();
    expect(last('one')).toMatchObject({ stage: 'timedOut', block: 11 });
    expect(toHex(encoded.hash)).toBe(toHex(hashOf('one')));
    expect(errorOf(validators.submit(encoded.encoded, 0))).toMatchObject({
      reason: 'alreadyRegistered',
      message: expect.stringMatching(/build it anew, with a newer context$/),
    });
    expect(gate.runs).toEqual(['is_authorized', 'refine']);
  });

  test('a package for a core that the chain does not have', () => {
    const { gate, submit } = world();
    expect([submit('one', 3), submit('one', 2)]).toEqual(['unknownCore', undefined]);
    expect(gate.runs).toEqual([]);
  });
});

describe('a package whose story ended otherwise may come again', () => {
  test('refused by its Authorizer', async () => {
    let says = 0;
    const { submit, last, stages, validators } = world({
      runGuest: (run) =>
        run.entry === 'is_authorized'
          ? { outcome: 'returned', output: Uint8Array.of(says), weightUsed: 1n }
          : obliging(run),
    });
    submit('one', 0);
    await validators.settled();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'notAuthorized' });
    says = 1;
    expect(submit('one', 0)).toBeUndefined();
    await validators.settled();
    expect(stages('one')).toBe('submitted authorized refined attested');
  });

  test.each(['is_authorized', 'refine'])('hostFault in %s', async (entry) => {
    let fails = true;
    const { submit, last, stages, validators } = world({
      runGuest: (run) => {
        if (fails && run.entry === entry) throw new Error('out of order');
        return obliging(run);
      },
    });
    submit('one', 0);
    await validators.settled();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'hostFault' });
    fails = false;
    expect(submit('one', 0)).toBeUndefined();
    await validators.settled();
    expect(stages('one')).toBe('submitted authorized refined attested');
  });

  test('busy', async () => {
    const { node, submit, stages, validators } = world({ bounds: { corePackagesMax: 1 } });
    submit('one', 0);
    await validators.settled();
    expect(submit('two', 0)).toBe('busy');
    node.author();
    node.author(); // "one" is accumulated
    expect(submit('two', 0)).toBeUndefined();
    await validators.settled();
    expect(stages('two')).toBe('submitted authorized refined attested');
  });

  test('pruned', async () => {
    const { node, submit, last, validators } = world();
    submit('one', 0);
    await validators.settled();
    node.joinAnswer = () => ({ kind: 'indices', indices: [0] });
    node.author();
    expect(last('one')).toMatchObject({ stage: 'pruned' });
    expect(submit('one', 0)).toBeUndefined();
  });

  test('Registered on a fork that is abandoned', async () => {
    const { node, submit, last, stages, validators } = world();
    submit('one', 0);
    await validators.settled();
    node.author();
    expect(stages('one')).toMatch(/reported$/);
    node.abandon(1);
    node.author();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'abandonedFork', block: 1, core: 0 });
    expect(submit('one', 0)).toBeUndefined();
    await validators.settled();
    node.author();
    node.author();
    expect(stages('one')).toBe('submitted authorized refined attested reported available accumulated');
  });

  test('expired: it is not known any more, but its context is too old', async () => {
    const { node, submit, last, validators } = world();
    submit('one', 0);
    await validators.settled();
    node.reportError = () => 'ShareExhausted';
    for (let block = 0; block < 15; block++) node.author();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'expired' });
    expect(submit('one', 0)).toBe('contextNotRecent');
  });
});

describe("a core's share of the node's bounds", () => {
  test('one submitter that sends 1,024 tiny packages to core 0 does not make core 1 busy', async () => {
    const { submit, last, stages, validators } = world();
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
    const { node, gate, submit, last, rest, validators } = world({ bounds: { corePackagesMax: 2 } });
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
    const { node, submit, last, validators } = world({ bounds: { corePackagesMax: 1 } });
    node.classes.clear();
    submit('one', 0);
    await validators.settled();
    expect(last('one')).toMatchObject({ stage: 'refused', reason: 'unknownClass' });
    expect([submit('two', 0), validators.keptBytes > 0]).toEqual([undefined, true]);
    await validators.settled();
    expect(validators.keptBytes).toBe(0);
  });

  test('authorization is done ahead of the refinements of the core', async () => {
    const { gate, submit, stages, rest, validators } = world();
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
    const { submit, last, validators } = world({ bounds: { corePackagesMax: 1 } });
    for (const name of ['one', 'two', 'three', 'four']) expect(submit(name)).toBeUndefined();
    await validators.settled();
    expect(['one', 'two', 'three'].map((name) => last(name)?.core)).toEqual([0, 1, 2]);
    expect(last('four')).toMatchObject({ stage: 'refused', reason: 'busy' });
  });
});

describe("a core's time", () => {
  /** Lets refinements go on one by one, each of which takes as long as it says; returns what was refined, in order. */
  const refinedIn = async (made: World, names: readonly string[]): Promise<string[]> => {
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
  const timed = (costMs: (name: string) => number): World => {
    let now = 0;
    const gate = new Gate();
    const made = world({
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
    const { node, gate, submit, rest, ...made } = world();
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
    const made = world();
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
    const { node, submit, last, validators } = world();
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
    const { submit, submitDependent, last, stages, validators } = world(BOUND);
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
    const { node, submit, submitDependent, hashOf, last, validators } = world(BOUND);
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
    const { submit, submitDependent, hashOf, last, validators } = world(BOUND);
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
    const { submit, submitDependent, last, validators } = world(BOUND);
    for (const name of numbered(7)) submit(name, 0, {});
    submitDependent('stuck', never, 0, {});
    await validators.settled();
    expect(submitDependent('stuck too', never, 0, {})).toBe('busy');
    expect(submit('good', 0, {})).toBeUndefined();
    await validators.settled();
    expect([last('stuck')?.stage, last('good')?.stage]).toEqual(['refused', 'attested']);
  });

  test('packages in a row behind one that never comes are stuck too, and do not displace others', async () => {
    const { submit, submitDependent, hashOf, last, validators } = world(BOUND);
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
    const { node, submit, last, validators } = world(BOUND);
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
    const { gate, submit, rest, stages, validators } = world(BOUND);
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
    const { node, gate, submit, last, rest, validators } = world(BOUND);
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

test("a block with packages of other nodes takes this node's own further, and no other is taken for its own", async () => {
  const { node, submit, last, stages, hashOf, validators } = world();
  expect(submit('own', 1)).toBeUndefined();
  await validators.settled();
  // It comes first in the block, and is still undecided when this node's own is accumulated.
  node.foreign.push({ packageHash: hashOf('foreign'), core: 0, stage: 'registered' });
  node.author();
  expect(stages('own')).toBe('submitted authorized refined attested reported');
  expect(last('own')).toMatchObject({ core: 1, block: 1 });
  for (const stage of ['available', 'accumulated'] as const) {
    node.foreign.push({ packageHash: hashOf('foreign'), core: 0, stage });
    node.author();
  }
  expect(stages('own')).toBe('submitted authorized refined attested reported available accumulated');
  expect(validators.tracker.story(hashOf('foreign'))).toBeUndefined();
});

describe('a package that names no core', () => {
  test('goes to the core with the least packages, and of equal ones to the first', async () => {
    const { gate, submit, last, rest, validators } = world();
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
    const { node, gate, submit, hashOf, rest } = world();
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
  const refusing = (coresEach: number): { made: World; tries: () => number } => {
    let tries = 0;
    const made = world({
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
    const made = world({
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

test('a package that comes again is recognized by its hash, before it is decoded', () => {
  const known = refuse('alreadyKnown', 'it is known');
  const seen: Uint8Array[] = [];
  const junk = utf8('no package');
  const answer = collect(junk, (hash) => {
    seen.push(hash);
    return known;
  });
  expect(answer).toBe(known);
  expect(seen).toEqual([packageHash(junk)]);
  expect(errorOf(collect(junk)).reason).toBe('undecodable');
});

describe('the queues of packages that are not authorized', () => {
  test('are bounded, one for each core and one for packages that name none', () => {
    const { submit } = world({ bounds: { queuePackagesMax: 2 } });
    const results = ([0, 1, undefined] as const).map((core) =>
      numbered(3, `core ${core} `).map((name) => submit(name, core)),
    );
    expect(results).toEqual(Array<unknown>(3).fill([undefined, undefined, 'busy']));
  });

  test('a connection that fills a queue does not keep another out: packages leave, and the two take turns', async () => {
    const { gate, submit, last, rest, validators } = world({ bounds: { queuePackagesMax: 8 } });
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
    const { submit } = world();
    for (const name of numbered(BOUNDS.queuePackagesMax)) expect(submit(name, 0, {}, '10.0.0.1')).toBeUndefined();
    expect(submit('another of these', 0, {}, '10.0.0.1')).toBe('busy');
    expect(submit('honest', 0, {}, '10.0.0.2')).toBeUndefined();
  });

  test('so it is for packages that name no core', () => {
    const { submit, last } = world({ bounds: { queuePackagesMax: 4 } });
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
    const { node, submit, validators, stages } = world();
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
    const { node, submit, validators, stages } = world();
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

describe('memory at the bounds', () => {
  const MIB = 2 ** 20;
  const large = (node: FakeNode, name: string, bytes = MAX_WORK_PACKAGE_SIZE - 100): Uint8Array => {
    const payload = new Uint8Array(bytes);
    payload.set(utf8(name));
    return withEvidence(buildPackage([{ class: 1, payload }], node.best().hash), utf8(name)).encoded;
  };

  test('every core has room for one package of the greatest size, and for more as the total allows', async () => {
    const { node, validators } = world({ bounds: { authorizedBytesMax: 8 * MIB } });
    const submit = async (name: string, core: number, bytes?: number): Promise<string | undefined> => {
      const encoded = large(node, name, bytes);
      const answer = validators.submit(encoded, core);
      await validators.settled();
      return answer.ok ? undefined : answer.error.reason;
    };
    expect(await submit('a', 0)).toBeUndefined(); // 5 MiB of 8
    expect(await submit('b', 0)).toBe('busy'); // 10
    expect(await submit('c', 0, 2 * MIB)).toBeUndefined(); // 7
    expect(await submit('d', 1)).toBeUndefined(); // 12: its core's only one
    expect(await submit('e', 2)).toBeUndefined(); // 17: likewise
    expect(await submit('f', 2, 1_000)).toBe('busy');
    expect(Math.round(validators.keptBytes / MIB)).toBe(17);
    for (let block = 0; block < 2; block++) node.author();
    expect(Math.round(validators.keptBytes / MIB)).toBe(2); // "c" waits for core 0
    expect(await submit('g', 0)).toBeUndefined(); // 7
  });

  test('a node at its bounds takes less than four times the bytes of its packages, and gives them back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'corejam-bounds-'));
    const database = new LmdbDatabase(folder);
    const bounds = { authorizedBytesMax: 40 * MIB };
    const { node, validators } = world({ bounds, deliver: () => undefined }, database);
    const before = arrayBuffers();
    let taken = 0;
    for (let index = 0; index < 12; index++) {
      if (validators.submit(large(node, `p${index}`), index % 3).ok) taken++;
      await validators.settled();
    }
    // With 6 validators, 2 of 6 shards recover a package: together they have three times its length.
    const held = (arrayBuffers() - before) / MIB;
    expect([taken, Math.round(validators.keptBytes / MIB)]).toEqual([8, 40]); // 8 packages of 5 MiB
    expect(held).toBeGreaterThan(2 * 40);
    expect(held).toBeLessThan(4 * 40);
    for (let block = 0; block < 26; block++) node.author(); // all are timed out or expired
    expect(validators.keptBytes).toBe(0);
    expect((arrayBuffers() - before) / MIB).toBeLessThan(8);
    await database.close();
    rmSync(folder, { recursive: true });
  });
});
