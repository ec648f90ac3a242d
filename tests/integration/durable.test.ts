// What a client was told of a package outlives the process: kills before each write of the database, and a disk that is full
// at each of them. Real blob and guests.
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { equal, utf8 } from '../../host/bytes/index.js';
import { buildPackage, elementsItem, signPackage, type SignedPackage } from '../../host/incore/index.js';
import type { StageEvent } from '../../host/validators/index.js';
import { PackageStore } from '../../host/validators/package-store.js';
import { DiskFull, FailingDatabase } from '../unit/db/failing-database.js';
import { deployOrdering, signerOf, startChain, type TestChain } from './chain.js';

const CORE = 1;
const WHOLE = ['submitted', 'authorized', 'refined', 'attested', 'reported', 'available', 'accumulated'];
/** A chain with the class and an assigned core. */
let deployed: FailingDatabase;
let classId: number;

beforeAll(async () => {
  deployed = new FailingDatabase();
  const chain = await startChain({}, deployed);
  classId = deployOrdering(chain, [CORE]);
  await chain.close();
}, 120_000);

const open: TestChain[] = [];
afterEach(async () => {
  for (const chain of open.splice(0)) await chain.close();
});

async function start(database: FailingDatabase): Promise<TestChain> {
  const chain = await startChain({}, database);
  open.push(chain);
  return chain;
}

function packageOf(chain: TestChain, name: string): SignedPackage {
  const elements = elementsItem(classId, [{ namespace: utf8('docs'), key: utf8(name), data: utf8(name) }]);
  return signPackage(buildPackage([elements], chain.node.best().hash), signerOf('Bob'));
}

/** What a client learned of a package. */
interface Client {
  readonly signed: SignedPackage;
  told: StageEvent[];
  /** Whether the node took the package, after which it is not submitted again. */
  isTaken: boolean;
}

/** Two packages of one core, the second submitted while the first waits for availability. */
class Run {
  readonly clients: Client[] = [];
  /** Stages that were told before they were on disk. */
  readonly early: string[] = [];
  #database: FailingDatabase;
  #chain: TestChain;

  constructor(database: FailingDatabase, chain: TestChain) {
    this.#database = database;
    this.#chain = chain;
    for (const name of ['first', 'second'])
      this.clients.push({ signed: packageOf(chain, name), told: [], isTaken: false });
    this.#listen();
  }

  #listen(): void {
    const { tracker } = this.#chain.validators;
    const store = new PackageStore(this.#database);
    for (const client of this.clients) {
      client.told = [];
      tracker.subscribe(client.signed.hash, (event) => {
        client.told.push(event);
        const story = store.stories().find(([first]) => equal(first!.package, event.package)) ?? [];
        if (!story.some(({ stage }) => stage === event.stage)) this.early.push(event.stage);
      });
    }
  }

  /** Submits a package that the node did not take so far. */
  submit(client: Client): void {
    if (client.isTaken) return;
    const answer = this.#chain.validators.submit(client.signed.encoded, CORE);
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

  /** The process is gone, and another one opens the database as it is. */
  async restart(): Promise<void> {
    this.#database = this.#database.copy();
    this.#chain = await start(this.#database);
    for (const { signed, told } of this.clients) {
      const story = this.#chain.validators.tracker.story(signed.hash) ?? [];
      expect(story.slice(0, told.length)).toEqual(told); // nothing that was told is taken back
    }
    this.#listen();
  }

  async finish(): Promise<void> {
    const [first, second] = this.clients as [Client, Client];
    this.submit(first);
    await this.block();
    this.submit(second);
    for (let blocks = 0; blocks < 3; blocks++) await this.block();
  }

  /** The stages of both packages, and what was told too early. */
  outcome(): string[][] {
    return [...this.#stories(), this.early];
  }

  #stories(): string[][] {
    return this.clients.map(({ signed }) =>
      (this.#chain.validators.tracker.story(signed.hash) ?? []).map(({ stage }) => stage),
    );
  }
}

/** The number of writes of a run in which nothing fails. */
async function writesOf(): Promise<number> {
  const database = deployed.copy();
  const run = new Run(database, await start(database));
  await run.finish();
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
      const run = new Run(database, await start(database));
      // From this write on nothing reaches the disk, which is what a kill leaves.
      database.beforeWrite = (write) => {
        if (write >= at) throw new DiskFull();
      };
      await run.finish();
      await run.restart();
      await run.finish();
      expect([at, ...run.outcome()]).toEqual([at, WHOLE, WHOLE, []]);
    }
  }, 240_000);

  test('has a full disk at any write loses nothing, and is told nothing that was not written', async () => {
    const writes = await writesOf();
    for (let at = 1; at <= writes; at++) {
      const database = deployed.copy();
      const run = new Run(database, await start(database));
      database.beforeWrite = (write) => {
        if (write === at) throw new DiskFull();
      };
      await run.finish();
      await run.finish();
      expect([at, ...run.outcome()]).toEqual([at, WHOLE, WHOLE, []]);
    }
  }, 240_000);
});
