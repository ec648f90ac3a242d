// Nodes that are killed while packages are on their way: `corejam dev` with instant sealing as a process of its own, with
// SIGKILL when a client hears of a chosen stage, and at random times. durable.test.ts covers every write of the database.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { fromHex, toHex, utf8 } from '../../host/bytes/index.js';
import { buildPackage, elementsItem, signPackage } from '../../host/incore/index.js';
import { eventually } from '../eventually.js';
import { Random, seedOf } from '../random.js';
import { root } from './command.js';
import { deployOrdering, signerOf, startChain } from './chain.js';

/** A stage as the RPC has it. */
type Stage = Readonly<Record<string, unknown>> & { readonly stage: string };

/** A node in a process of its own, and a client that follows packages. */
class Session {
  /** By the package's hash, the stages that the client was told, in order. */
  readonly told = new Map<string, Stage[]>();
  onStage: (hash: string, stage: Stage) => void = () => undefined;
  readonly #child: ChildProcess;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #count = 0;

  constructor(child: ChildProcess, socket: WebSocket) {
    this.#child = child;
    this.#socket = socket;
    socket.on('error', () => undefined); // the node is killed
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as {
        id?: number;
        result?: unknown;
        error?: { message: string };
        params?: { result: Stage };
      };
      if (message.id !== undefined) return this.#answers.get(message.id)!(message.error?.message ?? message.result);
      const stage = message.params!.result;
      const hash = String(stage['package']);
      this.told.set(hash, [...(this.told.get(hash) ?? []), stage]);
      this.onStage(hash, stage);
    });
  }

  static async open(basePath: string): Promise<Session> {
    const flags = ['dev', '--base-path', basePath, '--port', '0'];
    const child = spawn(process.execPath, [join(root, 'bin/corejam.mjs'), ...flags], { cwd: root, stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /ws:\/\/\S+/.exec(line);
        if (found !== null) resolve(found[0]);
      });
      child.once('exit', () => reject(new Error(`the node ended: ${said}`)));
    });
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new Session(child, socket);
  }

  /** The answer to a request, or the message of its error. Never, if the node is killed first. */
  async ask(method: string, ...params: unknown[]): Promise<unknown> {
    const id = this.#count++;
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  /** Ends the node, without a chance to write anything. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    this.#socket.terminate();
  }
}

const WHOLE = ['submitted', 'authorized', 'refined', 'attested', 'reported', 'available', 'accumulated'];
let basePath: string;
let classId: number;
let session: Session | undefined;

beforeAll(async () => {
  basePath = mkdtempSync(join(tmpdir(), 'corejam-killed-'));
  const chain = await startChain({}, basePath);
  classId = deployOrdering(chain, [0, 1]);
  await chain.close();
});

afterAll(async () => {
  await session?.kill();
  rmSync(basePath, { recursive: true, force: true });
});

/** Submits packages for core 0, core 1 and any core, and follows them. `taken`: their hashes, and whether the node took them. */
async function submitThree(client: Session, name: string, taken: Map<string, boolean>): Promise<void> {
  const best = fromHex((await client.ask('chain_getBlockHash')) as string);
  for (const [index, core] of [0, 1, undefined].entries()) {
    const element = { namespace: utf8('killed'), key: utf8(`${name} ${index}`), data: utf8(name) };
    const { encoded, hash } = signPackage(buildPackage([elementsItem(classId, [element])], best), signerOf('Bob'));
    taken.set(toHex(hash), false);
    await client.ask('corejam_subscribePackage', toHex(hash));
    const answer = await client.ask('corejam_submitPackage', toHex(encoded), core);
    expect(answer).toBe(toHex(hash));
    taken.set(toHex(hash), true);
  }
}

/** The node goes on with all that it took: nothing that it told is taken back, and all is accumulated. */
async function goesOn(taken: ReadonlyMap<string, boolean>, before: ReadonlyMap<string, Stage[]>): Promise<void> {
  session = await Session.open(basePath);
  for (const [hash, wasTaken] of taken) {
    const story = (await session.ask('corejam_packageStatus', hash)) as Stage[] | null;
    if (story === null && !wasTaken) continue; // the node was killed before it had the package
    const told = before.get(hash) ?? [];
    expect(story!.slice(0, told.length)).toEqual(told);
    await session.ask('corejam_subscribePackage', hash);
    const stages = (): string[] => session!.told.get(hash)?.map(({ stage }) => stage) ?? [];
    await eventually(() => stages().length >= WHOLE.length || stages().at(-1) === 'refused' || undefined);
    expect(stages().filter((stage) => stage !== 'postponed')).toEqual(WHOLE);
  }
}

test('a killed node goes on with its packages, which are told of as before, and makes blocks for them', async () => {
  const random = new Random(seedOf('kills'));
  let taken = new Map<string, boolean>();
  let before = new Map<string, Stage[]>();
  const moments = [
    'submitted',
    'attested',
    'reported',
    'available',
    random.below(60),
    random.below(200),
    random.below(600),
  ];
  for (const [round, moment] of moments.entries()) {
    await goesOn(taken, before);
    const client = session!;
    const now = (taken = new Map<string, boolean>());
    const heard = new Promise<void>((resolve) => {
      client.onStage = (hash, { stage }) => {
        if (now.has(hash) && stage === moment) resolve();
      };
    });
    const submitted = submitThree(client, `${moment} of ${round}`, now);
    // A failure of the submission fails the test; an answer that the kill prevents never comes.
    await Promise.race([typeof moment === 'number' ? sleep(moment) : heard, submitted.then(() => heard)]);
    await client.kill();
    before = client.told;
  }
  await goesOn(taken, before);
});

test('a chain keeps all of its facts in one database, of which no part can be lost without the others', () => {
  expect(existsSync(join(basePath, 'corejam', 'db'))).toBe(true);
  expect(existsSync(join(basePath, 'corejam', 'network'))).toBe(false);
});
