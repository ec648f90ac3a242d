// What a client was told of a package outlives the process: kills before each write of the database, and a disk that is full
// at each of them. Real blob and guests.
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { equal, utf8 } from '../../host/bytes/index.js';
import { coreJamApi } from '../../host/contract/index.js';
import { Batch } from '../../host/db/index.js';
import { buildPackage, elementsItem, signPackage, type SignedPackage } from '../../host/incore/index.js';
import type { StageEvent } from '../../host/validators/index.js';
import { PackageStore } from '../../host/validators/package-store.js';
import { Random, seedOf } from '../random.js';
import { DiskFull, FailingDatabase } from '../unit/db/failing-database.js';
import { deployOrdering, signerOf, startChain, submitTo, type TestChain } from './chain.js';

const CORE = 1;
const WHOLE = ['submitted', 'authorized', 'refined', 'attested', 'reported', 'available', 'accumulated'];
/** A chain with the class and an assigned core. */
let deployed: FailingDatabase;
let classId: number;

beforeAll(async () => {
  deployed = new FailingDatabase();
  const chain = await startChain({}, deployed);
  classId = deployOrdering(chain, [CORE, 0]);
  await chain.close();
});

const open: TestChain[] = [];
afterEach(async () => {
  for (const chain of open.splice(0)) await chain.close();
});

async function start(database: FailingDatabase): Promise<TestChain> {
  const chain = await startChain({}, database);
  open.push(chain);
  return chain;
}

function packageOf(chain: TestChain, name: string, prerequisite?: Uint8Array): SignedPackage {
  const elements = elementsItem(classId, [{ namespace: utf8('docs'), key: utf8(name), data: utf8(name) }]);
  return signPackage(buildPackage([elements], chain.node.best().hash, prerequisite), signerOf('Bob'));
}

/** What a client learned of a package. */
interface Client {
  readonly signed: SignedPackage;
  /** The core that it is submitted for, if any. */
  readonly core: number | undefined;
  told: StageEvent[];
  /** Whether the node took the package, after which it is not submitted again. */
  isTaken: boolean;
}

/** Packages and the nodes that get them, one after another. */
class Run {
  readonly clients: Client[] = [];
  /** Stages that were told before they were on disk. */
  readonly early: string[] = [];
  #database: FailingDatabase;
  #chain: TestChain;

  constructor(database: FailingDatabase, chain: TestChain) {
    this.#database = database;
    this.#chain = chain;
  }

  /** A client for a package, which is not submitted yet. */
  add(name: string, core: number | undefined = CORE, prerequisite?: Client): Client {
    const signed = packageOf(this.#chain, name, prerequisite?.signed.hash);
    const client: Client = { signed, core, told: [], isTaken: false };
    this.clients.push(client);
    this.#follow(client);
    return client;
  }

  #follow(client: Client): void {
    const store = new PackageStore(this.#database);
    client.told = [];
    this.#chain.validators.tracker.subscribe(client.signed.hash, (event) => {
      client.told.push(event);
      const story = store.stories().find(([first]) => equal(first!.package, event.package)) ?? [];
      if (!story.some(({ stage }) => stage === event.stage)) this.early.push(event.stage);
    });
  }

  /** Submits a package that the node did not take so far. */
  submit(client: Client): void {
    if (client.isTaken) return;
    const answer = this.#chain.validators.submit(client.signed.encoded, client.core);
    client.isTaken = answer.ok;
    // A kill after the write and before the answer leaves a package that the node has.
    if (!answer.ok) expect(['hostFault', 'alreadyKnown', 'alreadyRegistered']).toContain(answer.error.reason);
  }

  /** Makes a block, unless the disk is full. */
  async block(): Promise<void> {
    await this.#chain.validators.settled();
    try {
      this.#chain.block();
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
    }
  }

  /** From this write on, counted from 1, nothing reaches the disk any more, which is what a kill leaves. */
  killAt(at: number): void {
    this.#database.beforeWrite = (write) => {
      if (write >= at) throw new DiskFull();
    };
  }

  /** The process is gone, and another one opens the database as it is. */
  async restart(): Promise<void> {
    this.#database = this.#database.copy();
    this.#chain = await start(this.#database);
    for (const client of this.clients) {
      const { signed, told } = client;
      const story = this.#chain.validators.tracker.story(signed.hash) ?? [];
      expect(story.slice(0, told.length)).toEqual(told); // nothing that was told is taken back
      this.#follow(client);
    }
  }

  /** The stages of all packages, and what was told too early. */
  outcome(): string[][] {
    return [...this.#stories(), this.early];
  }

  #stories(): string[][] {
    return this.clients.map(({ signed }) =>
      (this.#chain.validators.tracker.story(signed.hash) ?? []).map(({ stage }) => stage),
    );
  }
}

/** Two packages of one core. */
async function runOfTwo(database: FailingDatabase): Promise<Run> {
  const run = new Run(database, await start(database));
  for (const name of ['first', 'second']) run.add(name);
  return run;
}

/** The second package is submitted while the first one waits for availability. */
async function finishTwo(run: Run): Promise<void> {
  const [first, second] = run.clients as [Client, Client];
  run.submit(first);
  await run.block();
  run.submit(second);
  for (let blocks = 0; blocks < 3; blocks++) await run.block();
}

/** The number of writes of a run in which nothing fails. */
async function writesOf(): Promise<number> {
  const database = deployed.copy();
  const run = await runOfTwo(database);
  await finishTwo(run);
  expect(run.outcome()).toEqual([WHOLE, WHOLE, []]);
  expect(run.clients.map(({ told }) => told.map(({ stage }) => stage))).toEqual([WHOLE, WHOLE]);
  // Two submissions, two packages worked on, four blocks.
  expect(database.writes).toBe(8);
  return database.writes;
}

describe('a package whose node', () => {
  test('is killed before any write of the database goes on after the restart, with all that was told of it', async () => {
    const writes = await writesOf();
    for (let at = 1; at <= writes; at++) {
      const database = deployed.copy();
      const run = await runOfTwo(database);
      run.killAt(at);
      await finishTwo(run);
      await run.restart();
      await finishTwo(run);
      expect([at, ...run.outcome()]).toEqual([at, WHOLE, WHOLE, []]);
    }
  });

  test('has a full disk at any write loses nothing, and is told nothing that was not written', async () => {
    const writes = await writesOf();
    for (let at = 1; at <= writes; at++) {
      const database = deployed.copy();
      const run = await runOfTwo(database);
      database.beforeWrite = (write) => {
        if (write === at) throw new DiskFull();
      };
      await finishTwo(run);
      await finishTwo(run);
      expect([at, ...run.outcome()]).toEqual([at, WHOLE, WHOLE, []]);
    }
  });

  test('is killed three times at random writes goes on each time, with its dependents on other cores', async () => {
    const seed = seedOf('kills at writes');
    for (let round = 0; round < 6; round++) {
      const random = new Random(seed + round);
      const database = deployed.copy();
      const run = new Run(database, await start(database));
      const first = run.add('first');
      run.add('dependent', 0, first);
      run.add('on any core', undefined);
      run.add('later');
      const order = random.sample(run.clients.length, run.clients.length).map((index) => run.clients[index]!);
      const kills: number[] = [];
      for (let kill = 0; kill < 3; kill++) {
        kills.push(1 + random.below(6));
        run.killAt(kills.at(-1)!);
        for (const client of order.slice(0, 1 + random.below(order.length))) run.submit(client);
        for (let blocks = 0; blocks < 2; blocks++) await run.block();
        await run.restart();
      }
      for (const client of order) run.submit(client);
      for (let blocks = 0; blocks < 7; blocks++) await run.block();
      expect([round, kills, ...run.outcome()]).toEqual([round, kills, WHOLE, WHOLE, WHOLE, WHOLE, []]);
    }
  });
});

describe('under instant sealing, a package of which only the chain knows', () => {
  /** A chain with a Registered package, ended by a kill, without what this node had written in these columns. */
  async function registeredWithout(...columns: string[]): Promise<{ chain: TestChain; at: number }> {
    const database = deployed.copy();
    const before = await start(database);
    await submitTo(before, packageOf(before, 'one'), CORE);
    before.block();
    expect(before.validators.pending()).toHaveLength(1);
    const at = before.node.best().number;
    const left = database.copy();
    const batch = new Batch();
    for (const name of columns) for (const [key] of left.column(name).entries()) batch.remove(name, key);
    left.write(batch);
    const chain = await startChain({}, left, { sealing: 'instant' });
    open.push(chain);
    expect(chain.validators.tracker.story(packageOf(chain, 'one').hash)).toBeUndefined();
    return { chain, at };
  }

  test('is accumulated after a restart, and then no more blocks are made', async () => {
    const { chain, at } = await registeredWithout('packages', 'attestations', 'stories');
    chain.clock.advance(0);
    expect(chain.node.best().number).toBe(at + 1);
    expect(chain.validators.pending()).toEqual([]);
    const [stages] = coreJamApi.progress((method, args) =>
      chain.node.runtimeCall(chain.node.best().hash, method, args),
    );
    expect(stages.map(({ stage }) => stage)).toEqual(['available', 'accumulated']);
    chain.clock.advance(60_000);
    expect(chain.node.best().number).toBe(at + 1);
  });

  test('and whose shards are lost, times out: a block is made every six seconds until then', async () => {
    const { chain, at } = await registeredWithout('packages', 'attestations', 'stories', 'shards');
    chain.clock.advance(0);
    expect(chain.node.best().number).toBe(at + 1);
    chain.clock.advance(8 * 6_000);
    expect([chain.node.best().number, chain.validators.pending().length]).toEqual([at + 9, 1]);
    chain.clock.advance(6_000); // the tenth block after that of the report (D15)
    expect([chain.node.best().number, chain.validators.pending().length]).toEqual([at + 10, 0]);
    chain.clock.advance(60_000);
    expect(chain.node.best().number).toBe(at + 10);
  });
});
