// Importing and refusing blocks of others.
import { describe, expect, test } from '@jest/globals';
import { concat, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import {
  decodeBlock,
  devKey,
  encodeBlock,
  hashHeader,
  slotOf,
  type CommittedBlock,
  type Header,
  type ManualClock,
  type Node,
} from '../../../host/node/index.js';
import { seal } from '../../../host/node/aura.js';
import { extrinsic, FakeRuntime, KIND } from './fake-runtime.js';
import { bytesOf, openNode, submit } from './open-node.js';

describe('import', () => {
  function pair(): { author: Node; importer: Node; block: CommittedBlock; runtime: FakeRuntime; clock: ManualClock } {
    const { node: author } = openNode();
    const { node: importer, runtime, clock } = openNode();
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
    const { node: other, clock } = openNode();
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
    const slot = slotOf(header)!;
    expect(refusal(importer, encodeBlock({ header: child, extrinsics }))).toEqual([
      'slot',
      `block 2 claims slot ${slot}, which is not after its parent's, ${slot}`,
    ]);
  });
});
