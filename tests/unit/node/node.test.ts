// The node with a fake runtime: making, importing and refusing blocks, and opening an existing chain.
import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { InvalidRuntime } from '../../../host/executor/index.js';
import {
  decodeBlock,
  devKey,
  encodeBlock,
  hashHeader,
  KeyRing,
  ManualClock,
  Node,
  silent,
  slotOf,
  type CommittedBlock,
  type Header,
  type Logger,
  type NodeOptions,
} from '../../../host/node/index.js';
import { seal } from '../../../host/node/aura.js';
import { BLOCK_WEIGHT, extrinsic, FakeRuntime, fakeSpec, KIND, SLOT_MS } from './fake-runtime.js';

const nodes: Node[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Setup {
  node: Node;
  clock: ManualClock;
  lines: string[];
  runtime: FakeRuntime;
}

function open(options: Partial<NodeOptions> = {}): Setup {
  const clock = new ManualClock();
  const lines: string[] = [];
  const keep = (message: string): void => void lines.push(message);
  const log: Logger = { error: keep, warn: keep, info: () => undefined, debug: () => undefined };
  const runtime = new FakeRuntime();
  const node = Node.open({
    spec: fakeSpec(),
    database: options.basePath === undefined ? new MemoryDatabase() : undefined,
    clock,
    log,
    sealing: 'manual',
    executeOwnBlocks: true,
    loadRuntime: () => runtime,
    ...options,
  });
  nodes.push(node);
  return { node, clock, lines, runtime };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'corejam-test-'));
  folders.push(path);
  return path;
}

const bytesOf = (node: Node, block: CommittedBlock): Uint8Array =>
  encodeBlock({ header: block.header, extrinsics: node.body(block.hash)! });
const kinds = (block: CommittedBlock): number[] => block.extrinsics.map((bytes) => bytes[1]!);
const submit = (node: Node, ...list: Uint8Array[]): void => {
  for (const bytes of list) expect(node.pool.submit(bytes)).toMatchObject({ ok: true });
};

describe('making blocks', () => {
  test('a block holds the timestamp first, then the pool by priority and nonce', () => {
    const { node } = open();
    submit(node, extrinsic(KIND.pay, 1, 0, 3), extrinsic(KIND.pay, 1, 1, 9), extrinsic(KIND.pay, 2, 0, 5));
    const block = node.createBlock();
    expect(block.extrinsics.map((bytes) => [...bytes.slice(1)])).toEqual([
      [0, 0, 0, 1],
      [1, 2, 0, 5],
      [1, 1, 0, 3],
      [1, 1, 1, 9],
    ]);
    expect(node.pool.readyCount).toBe(0);
    expect(node.best().hash).toEqual(block.hash);
    expect(node.blockHash(1)).toEqual(block.hash);
  });

  test('the same inputs give the same block, seal included', () => {
    const hashes = [0, 1].map(() => {
      const { node } = open();
      submit(node, extrinsic(KIND.pay, 1, 0, 3));
      return toHex(node.createBlock().hash);
    });
    expect(hashes[0]).toBe(hashes[1]);
  });

  test('what does not fit stays in the pool for the next block', () => {
    const { node } = open();
    submit(node, extrinsic(KIND.pay, 1, 0, BLOCK_WEIGHT - 1), extrinsic(KIND.pay, 2, 0, 2));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(node.pool.readyCount).toBe(1);
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(node.pool.readyCount).toBe(0);
  });

  test('a transaction that fits no block is rejected after eight', () => {
    const { node } = open();
    submit(node, extrinsic(KIND.misfit, 1, 0, 1));
    const left = Array.from({ length: 8 }, () => {
      node.createBlock();
      return node.pool.readyCount;
    });
    expect(left).toEqual([1, 1, 1, 1, 1, 1, 1, 0]);
  });

  test('packages whose inherents take longer than the time for transactions leave them their time', () => {
    const { node, clock } = open();
    node.addInherentProvider({
      name: 'packages',
      provide: () => {
        clock.advance(260); // of 250 for transactions
        return { identifier: utf8('notenote'), data: Uint8Array.of(1) };
      },
    });
    submit(node, extrinsic(KIND.pay, 1, 0, 50), extrinsic(KIND.pay, 2, 0, 3));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.note, KIND.pay, KIND.pay]);
  });

  test('when the time is over, transactions still get the guaranteed weight of their class', () => {
    const { node, clock, runtime } = open();
    runtime.onApply = () => clock.advance(250);
    // Priority is weight here. 15 in time; then 6 would exceed the guaranteed 20, and 4 and 1 are all of it.
    submit(node, ...[1, 4, 6, 15].map((weight, signer) => extrinsic(KIND.pay, signer, 0, weight)));
    const weights = (block: CommittedBlock): number[] => block.extrinsics.slice(1).map((bytes) => bytes[4]!);
    expect(weights(node.createBlock())).toEqual([15, 4, 1]);
    expect(weights(node.createBlock())).toEqual([6]);
  });

  test('when the time is over, few that do not get into the block are tried, and those are known in the next one', () => {
    const { node, clock, runtime } = open();
    runtime.onApply = () => clock.advance(250);
    const applied = (): number => runtime.calls.get('BlockBuilder_apply_extrinsic') ?? 0;
    const measured = (): number => runtime.calls.get('CoreJamApi_extrinsic_needs') ?? 0;
    for (let signer = 1; signer <= 100; signer++) submit(node, extrinsic(KIND.misfit, signer, 0, 90));
    submit(node, extrinsic(KIND.pay, 200, 0, 1));
    const before = applied();
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp]);
    // The timestamp and the first misfit are applied, 64 others only measured.
    expect([applied() - before, measured()]).toEqual([2, 65]);
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(measured()).toBe(101);
  });

  test('transactions that can not fit beside packages keep no others out, however many and whatever their tips', () => {
    const { node, clock, runtime } = open();
    node.addInherentProvider({
      name: 'packages',
      provide: () => ({ identifier: utf8('notenote'), data: Uint8Array.of(1) }),
    });
    runtime.onApply = () => clock.advance(10); // at most 25 are applied in time
    for (let signer = 1; signer <= 100; signer++) submit(node, extrinsic(KIND.misfit, signer, 0, 90));
    submit(node, extrinsic(KIND.pay, 200, 0, 50));
    for (let i = 0; i < 2; i++) node.createBlock();
    expect(node.pool.ready().filter(({ bytes }) => bytes[1] === KIND.pay)).toEqual([]);
    // Each is applied once: what the first one needs is more than what is left.
    submit(node, extrinsic(KIND.pay, 200, 1, 50));
    const before = runtime.calls.get('BlockBuilder_apply_extrinsic')!;
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.note, KIND.pay]);
    // The timestamp, the note, one transaction without room and one with, and the timestamp of a block that could follow.
    expect(runtime.calls.get('BlockBuilder_apply_extrinsic')! - before).toBe(5);
  });

  test('one that finds no room in 256 blocks full of packages leaves the pool, and may come again', () => {
    const { node } = open();
    node.addInherentProvider({
      name: 'packages',
      provide: () => ({ identifier: utf8('notenote'), data: Uint8Array.of(1) }),
    });
    const statuses: unknown[] = [];
    expect(node.pool.submit(extrinsic(KIND.misfit, 1, 0, 1), (status) => statuses.push(status)).ok).toBe(true);
    for (let i = 0; i < 255; i++) node.createBlock();
    expect(statuses).toEqual(['ready']);
    node.createBlock();
    expect(statuses).toEqual(['ready', 'dropped']);
    submit(node, extrinsic(KIND.misfit, 1, 0, 1));
  });

  test('one that packages keep out is not rejected, as long as they do', () => {
    const { node } = open();
    let isFull = true;
    node.addInherentProvider({
      name: 'packages',
      provide: () => (isFull ? { identifier: utf8('notenote'), data: Uint8Array.of(1) } : undefined),
    });
    submit(node, extrinsic(KIND.misfit, 1, 0, 1));
    const left = (blocks: number): number => {
      for (let i = 0; i < blocks; i++) node.createBlock();
      return node.pool.readyCount;
    };
    expect(left(20)).toBe(1);
    isFull = false;
    expect(left(7)).toBe(1);
    isFull = true; // a block with packages: the count starts anew
    expect(left(1)).toBe(1);
    isFull = false;
    expect(left(7)).toBe(1);
    expect(left(1)).toBe(0);
  });

  test('heavy transactions at the head of the pool do not keep lighter ones out of the block', () => {
    const { node } = open();
    for (let signer = 1; signer <= 20; signer++) submit(node, extrinsic(KIND.misfit, signer, 0, 90));
    submit(node, extrinsic(KIND.pay, 30, 0, 1));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(node.pool.readyCount).toBe(20);
  });

  test('one that others keep out, block after block, is not rejected', () => {
    const { node } = open();
    submit(node, extrinsic(KIND.pay, 9, 0, 60));
    for (let nonce = 0; nonce < 10; nonce++) {
      submit(node, extrinsic(KIND.pay, 1, nonce, BLOCK_WEIGHT));
      expect(node.createBlock().extrinsics.map((bytes) => bytes[2])).toEqual([0, 1]);
    }
    expect(node.createBlock().extrinsics.map((bytes) => bytes[2])).toEqual([0, 9]);
  });

  test('a transaction that traps is rejected; the block is made with the others', () => {
    const { node, lines } = open();
    const statuses: unknown[] = [];
    node.pool.submit(extrinsic(KIND.trap, 1, 0, 50), (status) => statuses.push(status));
    submit(node, extrinsic(KIND.pay, 2, 0, 1));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(statuses).toEqual(['ready', 'invalid']);
    expect(lines.join('\n')).toMatch(/is rejected: BlockBuilder_apply_extrinsic trapped: unreachable/);
    expect(node.pool.submit(extrinsic(KIND.trap, 1, 0, 50))).toMatchObject({ ok: false, error: { kind: 'banned' } });
  });

  test('a transaction whose dispatch fails is in the block, one that became invalid is not', () => {
    const { node } = open();
    submit(node, extrinsic(KIND.fail, 1, 0, 1), extrinsic(KIND.nobody, 2, 0, 1));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.fail]);
    expect(node.pool.readyCount).toBe(0);
  });

  test('each block has a later slot, even if the clock stands still', () => {
    const { node, clock } = open();
    const slots = [node.createBlock(), node.createBlock()].map(({ header }) => slotOf(header)!);
    expect(slots[0]).toBe(BigInt(Math.floor(clock.nowMs() / SLOT_MS)));
    expect(slots[1]).toBe(slots[0]! + 1n);
    clock.advance(10 * SLOT_MS);
    expect(slotOf(node.createBlock().header)).toBe(slots[0]! + 10n);
  });
});

describe('inherent providers', () => {
  const note = (argument: number) => ({ identifier: utf8('notenote'), data: Uint8Array.of(argument) });

  test('are called with the block under construction, and the writes of their calls are rolled back', () => {
    const { node } = open();
    let seen: unknown;
    node.addInherentProvider({
      name: 'test',
      provide: (parent, building) => {
        building.call('BlockBuilder_apply_extrinsic', extrinsic(KIND.pay, 1, 0, 1));
        seen = [parent.number, building.number, building.timestampMs === building.slot * BigInt(SLOT_MS)];
        return note(7);
      },
    });
    const block = node.createBlock();
    expect(kinds(block)).toEqual([KIND.timestamp, KIND.note]);
    expect(seen).toEqual([0, 1, true]);
    expect(node.stateAt(block.hash).get(utf8('note'))).toEqual(Uint8Array.of(7));
    expect(node.stateAt(block.hash).get(utf8('trace'))).toBeUndefined();
  });

  test('one that fails, or whose inherent is refused, is left out, and the block is made', () => {
    const { node, lines } = open();
    node.addInherentProvider({
      name: 'broken',
      provide: () => {
        throw new Error('no luck');
      },
    });
    node.addInherentProvider({ name: 'refused', provide: () => note(0xff) });
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp]);
    expect(lines).toEqual([
      'the inherent of broken is left out of block 1: no luck',
      'the inherent of refused is left out of block 1: the runtime refused the inherent of refused: A call was labelled as mandatory, but resulted in an Error.',
    ]);
  });
});

describe('an inherent that makes the end of the block trap', () => {
  test('is left out with all the others, and the block is made', () => {
    const { node, lines } = open();
    node.addInherentProvider({
      name: 'bad',
      provide: () => ({ identifier: utf8('notenote'), data: Uint8Array.of(0xfe) }),
    });
    submit(node, extrinsic(KIND.pay, 1, 0, 1));
    expect(kinds(node.createBlock())).toEqual([KIND.timestamp, KIND.pay]);
    expect(lines).toEqual([
      expect.stringMatching(/^block 1 is made without package inherents: .*the end of the block failed/),
    ]);
  });
});

describe('sealing', () => {
  test('instant: one block for transactions that arrive together, another for a later one', () => {
    const { node, clock } = open({ sealing: 'instant' });
    submit(node, extrinsic(KIND.pay, 1, 0, 1), extrinsic(KIND.pay, 2, 0, 1));
    clock.advance(0);
    expect(node.best().number).toBe(1);
    clock.advance(1000);
    expect(node.best().number).toBe(1);
    submit(node, extrinsic(KIND.pay, 1, 1, 1));
    clock.advance(0);
    expect(node.best().number).toBe(2);
    node.wakeAuthor();
    clock.advance(0);
    expect(node.best().number).toBe(3);
  });

  test('instant: a block that may take some time comes then, or with the next that is requested earlier', () => {
    const { node, clock } = open({ sealing: 'instant' });
    node.wakeAuthor(6_000);
    clock.advance(5_999);
    expect(node.best().number).toBe(0);
    clock.advance(1);
    expect(node.best().number).toBe(1);
    node.wakeAuthor(6_000);
    clock.advance(2_000);
    node.wakeAuthor(1_000);
    node.wakeAuthor(6_000); // there will be one
    clock.advance(1_000);
    expect(node.best().number).toBe(2);
    clock.advance(6_000);
    expect(node.best().number).toBe(2);
  });

  test('instant: a transaction that did not fit gets a block of its own at once', () => {
    const { node, clock } = open({ sealing: 'instant' });
    submit(node, extrinsic(KIND.pay, 1, 0, BLOCK_WEIGHT), extrinsic(KIND.pay, 2, 0, BLOCK_WEIGHT));
    clock.advance(0);
    expect(node.best().number).toBe(2);
    expect(node.pool.readyCount).toBe(0);
  });

  test('interval: a block after each interval, with or without transactions', () => {
    const { node, clock } = open({ sealing: { intervalMs: 2 * SLOT_MS } });
    clock.advance(6 * SLOT_MS - 1);
    expect(node.best().number).toBe(2);
    clock.advance(1);
    expect(node.best().number).toBe(3);
  });

  test('an interval never pushes the time of the chain ahead of the clock: blocks wait for their slots', () => {
    const { node, clock, lines } = open({ sealing: { intervalMs: 500 } });
    expect(lines).toEqual([
      'each block takes a slot of 6000 ms: blocks are made at the start of slots, and not every 500 ms',
    ]);
    // The clock starts 2 s after the start of a slot: 1_700_000_000_000 = 283_333_333 × 6_000 + 2_000.
    clock.advance(500);
    expect(node.best().number).toBe(1);
    clock.advance(3_499);
    expect(node.best().number).toBe(1);
    clock.advance(1);
    expect(node.best().number).toBe(2);
    clock.advance(10 * SLOT_MS);
    expect(node.best().number).toBe(12);
    expect(Number(slotOf(node.best().header)) * SLOT_MS).toBeLessThanOrEqual(clock.nowMs());
  });

  test('an interval on a chain whose time is ahead: the clock catches up first, and the log says how long', async () => {
    const basePath = folder();
    const first = open({ basePath });
    for (let i = 0; i < 5; i++) first.node.createBlock();
    await first.node.close();
    const { node, clock, lines } = open({ basePath, sealing: { intervalMs: SLOT_MS } });
    // Five blocks took five slots, the first of which began 2 s before: the sixth begins in 5 × 6 s - 2 s.
    expect(lines).toEqual(['the time of the chain is ahead of the clock: the next block is made in 28 s']);
    clock.advance(27_999);
    expect(node.best().number).toBe(5);
    clock.advance(1);
    expect(node.best().number).toBe(6);
  });

  test('instant: the time of a development chain may run ahead, which the log says at start; of another it does not', () => {
    const said: string[] = [];
    const log: Logger = { ...silent, info: (line) => void said.push(line) };
    const { node, clock } = open({ sealing: 'instant', log });
    expect(said.filter((line) => line.includes('ahead'))).toEqual([
      'each block takes a slot of 6000 ms: with instant sealing, the time of the chain runs ahead of the clock where blocks come faster',
    ]);
    for (const nonce of [0, 1, 2]) {
      submit(node, extrinsic(KIND.pay, 1, nonce, 1));
      clock.advance(0);
    }
    expect(node.best().number).toBe(3);

    const keys = new KeyRing([devKey('Zoe')]);
    const live = open({ sealing: 'instant', spec: fakeSpec({ chainType: 'Live' }), keys });
    live.runtime.authors = ['Zoe'];
    for (const nonce of [0, 1]) {
      submit(live.node, extrinsic(KIND.pay, 1, nonce, 1));
      live.clock.advance(0);
    }
    expect(live.node.best().number).toBe(1);
    live.clock.advance(SLOT_MS);
    expect(live.node.best().number).toBe(2);
  });

  test('a block that can not be made is logged, and the node continues', () => {
    const { node, clock, lines } = open({ sealing: 'instant', keys: new KeyRing() });
    submit(node, extrinsic(KIND.pay, 1, 0, 1));
    clock.advance(0);
    expect(node.best().number).toBe(0);
    expect(lines[0]).toMatch(
      /^no block was made: slot \d+ belongs to 0x[0-9a-f]{64}, whose key this node does not have$/,
    );
    expect(node.pool.readyCount).toBe(1);
  });
});

describe('import', () => {
  function pair(): { author: Node; importer: Node; block: CommittedBlock; runtime: FakeRuntime; clock: ManualClock } {
    const { node: author } = open();
    const { node: importer, runtime, clock } = open();
    submit(author, extrinsic(KIND.pay, 1, 0, 3));
    return { author, importer, block: author.createBlock(), runtime, clock };
  }

  const refusal = (node: Node, bytes: Uint8Array): [string, string] => {
    const before = node.best();
    const imported = node.importBlock(bytes);
    if (imported.ok) throw new Error('the block was imported');
    expect(node.best()).toBe(before);
    return [imported.error.kind, imported.error.message];
  };

  test('accepts a block of another node, with the same state', () => {
    const { author, importer, block } = pair();
    expect(importer.importBlock(bytesOf(author, block))).toMatchObject({ ok: true });
    expect(importer.best().hash).toEqual(block.hash);
    expect(importer.stateAt(block.hash).root).toEqual(block.header.stateRoot);
  });

  test('an imported block prunes the pool by tag, also for a transaction the pool never saw', () => {
    const { author, importer, block } = pair();
    const statuses: unknown[] = [];
    importer.pool.submit(extrinsic(KIND.pay, 1, 0, 2), (status) => statuses.push(status));
    importer.pool.submit(extrinsic(KIND.pay, 1, 1, 2));
    expect(importer.importBlock(bytesOf(author, block))).toMatchObject({ ok: true });
    expect(statuses[0]).toBe('ready');
    expect(Object.keys(statuses[1] as object)).toEqual(['usurped']);
    expect(importer.pool.ready().map(({ bytes }) => bytes[3])).toEqual([1]);
  });

  test('bytes that are not a block', () => {
    const { author, importer, block } = pair();
    const bytes = bytesOf(author, block);
    expect(refusal(importer, bytes.slice(0, -1))[0]).toBe('undecodable');
    expect(refusal(importer, Uint8Array.of(...bytes, 0))).toEqual([
      'undecodable',
      expect.stringMatching(/^the bytes are no block: .*left over/),
    ]);
  });

  test('a known block, one without its parent, one that forks off below the best', () => {
    const { author, importer, block } = pair();
    const second = author.createBlock();
    expect(refusal(importer, bytesOf(author, second))).toEqual([
      'unknownParent',
      expect.stringContaining(toHex(block.hash)),
    ]);
    expect(importer.importBlock(bytesOf(author, block))).toMatchObject({ ok: true });
    expect(refusal(importer, bytesOf(author, block))[0]).toBe('known');
    const { node: other, clock } = open();
    clock.advance(60_000);
    const rival = other.createBlock();
    expect(refusal(importer, bytesOf(other, rival))).toEqual([
      'fork',
      'block 1 forks off below block 1, which is final',
    ]);
  });

  test('a seal that is missing, broken, or of another authority', () => {
    const { author, importer, block } = pair();
    const { header, extrinsics } = decodeBlock(bytesOf(author, block));
    const unsealed = { ...header, digest: header.digest.slice(0, -1) };
    expect(refusal(importer, encodeBlock({ header: unsealed, extrinsics }))[0]).toBe('seal');
    const slot = slotOf(header)!;
    const right = Number(slot % 6n);
    const wrong = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'][(right + 1) % 6]!;
    const resealed = seal(unsealed, devKey(wrong));
    expect(refusal(importer, encodeBlock({ header: resealed, extrinsics }))[0]).toBe('author');
    const broken = structuredClone(header);
    (broken.digest.at(-1) as { data: Uint8Array }).data[0]! ^= 1;
    expect(refusal(importer, encodeBlock({ header: broken, extrinsics }))[0]).toBe('author');
  });

  test("a header that claims another state root, and a body that is not the header's", () => {
    const { author, importer, block } = pair();
    const { header, extrinsics } = decodeBlock(bytesOf(author, block));
    const name = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'][Number(slotOf(header)! % 6n)]!;
    const unsealed = { ...header, digest: header.digest.slice(0, -1) };
    const lie = seal({ ...unsealed, stateRoot: new Uint8Array(32).fill(1) }, devKey(name));
    expect(refusal(importer, encodeBlock({ header: lie, extrinsics }))[0]).toBe('execution');
    expect(refusal(importer, encodeBlock({ header, extrinsics: extrinsics.slice(0, 1) }))[0]).toBe('execution');
    expect(importer.importBlock(bytesOf(author, block))).toMatchObject({ ok: true, value: { number: 1 } });
  });

  test("the runtime checks the inherents of the block without its seal, against this node's clock", () => {
    const { author, importer, block, runtime, clock } = pair();
    clock.advance(1_234);
    expect(importer.importBlock(bytesOf(author, block))).toMatchObject({ ok: true });
    const { header, extrinsics } = decodeBlock(bytesOf(author, block));
    const unsealed = { ...header, digest: header.digest.slice(0, -1) };
    const now = new Writer().u64(BigInt(clock.nowMs())).finish();
    const data = new Writer().compact(1).raw(utf8('timstap0')).bytes(now).finish();
    expect(toHex(runtime.checked!)).toBe(toHex(concat(encodeBlock({ header: unsealed, extrinsics }), data)));
  });

  test('inherents that the runtime refuses: the reason has each identifier and error', () => {
    const { author, importer, block, runtime } = pair();
    // okay, fatal_error, errors: Vec<([u8; 8], Vec<u8>)>
    const verdict = (...errors: [string, number[]][]): Uint8Array =>
      new Writer()
        .bool(false)
        .bool(true)
        .vec(errors, (w, [name, error]) => w.raw(utf8(name)).bytes(Uint8Array.from(error)))
        .finish();
    runtime.verdict = verdict(['timstap0', [1]], ['cjreport', [2, 3]]);
    expect(refusal(importer, bytesOf(author, block))).toEqual([
      'inherents',
      'the runtime refuses the inherents of block 1: timstap0 (0x01), cjreport (0x0203)',
    ]);
    runtime.verdict = verdict();
    expect(refusal(importer, bytesOf(author, block))).toEqual([
      'inherents',
      'the runtime refuses the inherents of block 1: it names none of them',
    ]);
    runtime.verdict = undefined;
    expect(refusal(importer, bytesOf(author, block))).toEqual([
      'inherents',
      expect.stringMatching(/^the inherents of block 1 can't be checked: .*no verdict/),
    ]);
    runtime.verdict = Uint8Array.of(1, 0, 0);
    expect(importer.importBlock(bytesOf(author, block))).toMatchObject({ ok: true });
  });

  test("a pre-runtime item besides Aura's, which the runtime would store without judging it", () => {
    const { author, importer, block } = pair();
    const { header, extrinsics } = decodeBlock(bytesOf(author, block));
    const name = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'][Number(slotOf(header)! % 6n)]!;
    const [slot, ...others] = header.digest.slice(0, -1);
    const resealed = (...digest: Header['digest']): Uint8Array =>
      encodeBlock({ header: seal({ ...header, digest }, devKey(name)), extrinsics });
    for (const item of [{ kind: 'preRuntime', engine: 'junk', data: new Uint8Array(8) } as const, slot!]) {
      for (const digest of [
        [slot!, item, ...others],
        [item, slot!, ...others],
      ]) {
        expect(refusal(importer, resealed(...digest))).toEqual([
          'slot',
          "block 1 has a pre-runtime item besides Aura's",
        ]);
      }
    }
    const long = { kind: 'preRuntime', engine: 'aura', data: new Uint8Array(9) } as const;
    expect(refusal(importer, resealed(long, ...others))).toEqual(['slot', 'block 1 claims no Aura slot']);
  });

  test('a number that does not follow, a slot that does not grow', () => {
    const { author, importer, block } = pair();
    const { header, extrinsics } = decodeBlock(bytesOf(author, block));
    expect(refusal(importer, encodeBlock({ header: { ...header, number: 2 }, extrinsics }))[0]).toBe('number');
    expect(importer.importBlock(bytesOf(author, block))).toMatchObject({ ok: true });
    const child = seal(
      { ...header, parentHash: hashHeader(header), number: 2, digest: header.digest.slice(0, -1) },
      devKey('Alice'),
    );
    expect(refusal(importer, encodeBlock({ header: child, extrinsics }))[0]).toBe('slot');
  });
});

describe('opening', () => {
  test('a base path keeps its chain', async () => {
    const basePath = folder();
    const first = open({ basePath });
    submit(first.node, extrinsic(KIND.pay, 1, 0, 3));
    const block = first.node.createBlock();
    await first.node.close();
    const again = open({ basePath });
    expect(again.node.best().hash).toEqual(block.hash);
    expect(again.node.body(block.hash)).toEqual(block.extrinsics);
    again.node.createBlock();
    expect(again.node.best().number).toBe(2);
  });

  test('a base path whose best block set code that is no runtime: it opens, and the log says what is wrong', async () => {
    const basePath = folder();
    // An author without checks: for it, any code is a runtime.
    const author = open().node;
    submit(author, extrinsic(KIND.setCode, 1, 0, 0));
    const block = author.createBlock();
    const runtime = new FakeRuntime();
    const loadRuntime = (code: Uint8Array): FakeRuntime => {
      if (code[0] === 0) throw new InvalidRuntime('the code is not a WebAssembly module');
      return runtime;
    };
    const first = open({ basePath, loadRuntime });
    expect(first.node.importBlock(bytesOf(author, block))).toMatchObject({ ok: true });
    await first.node.close();
    const { node, lines, clock } = open({ basePath, loadRuntime, sealing: 'instant' });
    expect(node.best().hash).toEqual(block.hash);
    expect(node.body(block.hash)).toEqual(block.extrinsics);
    expect(lines).toEqual(['block 1 left no runtime, so no block can follow it: the code is not a WebAssembly module']);
    expect(node.pool.submit(extrinsic(KIND.pay, 1, 1, 1))).toMatchObject({ ok: false, error: { kind: 'trapped' } });
    clock.advance(SLOT_MS);
    expect(() => node.createBlock()).toThrow('the code is not a WebAssembly module');
  });

  test('a base path of another chain is refused by its genesis hash', async () => {
    const basePath = folder();
    const { node } = open({ basePath });
    const genesis = toHex(node.genesisHash);
    await node.close();
    const other = fakeSpec({ id: 'other', genesis: { runtimeGenesis: { code: '0x01', patch: { greeting: 'bye' } } } });
    expect(() => open({ basePath, spec: other })).toThrow(
      new RegExp(
        `^the base path holds another chain: its genesis is ${genesis} \\(fake\\), and that of the chain spec other is 0x`,
      ),
    );
    // The refused database closes asynchronously.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(open({ basePath }).node.genesisHash).toEqual(node.genesisHash);
  });

  test('a second node on one base path is refused by name', () => {
    const basePath = folder();
    open({ basePath });
    expect(() => open({ basePath })).toThrow(/is already open in this process/);
  });

  test('development keys are refused on a chain that is not a development chain', () => {
    expect(() => open({ spec: fakeSpec({ chainType: 'Live' }), keys: KeyRing.development() })).toThrow(
      'Fake is a Live chain, and the key of //Alice is public: development keys are refused there',
    );
    const { node } = open({ spec: fakeSpec({ chainType: 'Live' }) });
    expect(() => node.createBlock()).toThrow(/whose key this node does not have/);
  });

  test('a new runtime takes over after the block that brings it', () => {
    const runtimes = new Map([
      [1, new FakeRuntime(Uint8Array.of(1), 1)],
      [2, new FakeRuntime(Uint8Array.of(2), 2)],
    ]);
    const { node } = open({ loadRuntime: (code) => runtimes.get(code[0]!)! });
    submit(node, extrinsic(KIND.setCode, 1, 0, 2));
    const block = node.createBlock();
    expect(node.runtimeAt(node.blockHash(0)!).version().specVersion).toBe(1);
    expect(node.runtimeAt(block.hash).version().specVersion).toBe(2);
    node.createBlock();
    // Once before the upgrade, to see that a block can begin.
    expect(runtimes.get(2)!.calls.get('Core_initialize_block')).toBe(2);
  });
});
