// Texts in pieces: what is sent is what `JSON.stringify` would make of the same value with hex in it.
import { describe, expect, test } from '@jest/globals';
import { Chunks, CHUNK_BYTES, Sending } from '../../../host/rpc/sending.js';
import { Hex, Text, type Answer } from '../../../host/rpc/text.js';
import { Random, seedOf } from '../../random.js';

/** All of a text, in chunks of this size. */
function read(text: Text, chunkBytes: number): string {
  const reader = text.reader();
  const parts: Buffer[] = [];
  while (!reader.isDone) {
    const chunk = Buffer.alloc(chunkBytes);
    const used = reader.read(chunk);
    expect(used).toBeGreaterThan(0);
    parts.push(chunk.subarray(0, used));
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A value, and the same with text in place of bytes. */
function value(random: Random, depth: number): [Answer, unknown] {
  switch (random.below(depth > 0 ? 7 : 5)) {
    case 0:
      return [7, 7];
    case 1:
      return [null, null];
    case 2: {
      const text = random
        .list(20, () => random.pick(['a', '"', '\\', '\n', 'é', '€', '𝄞', '\ud834', '\u0000']))
        .join('');
      return [text, text];
    }
    case 3:
    case 4: {
      const bytes = random.bytes(random.below(300));
      return [new Hex(bytes), `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`];
    }
    case 5: {
      const items = random.list(5, () => value(random, depth - 1));
      return [items.map(([answer]) => answer), items.map(([, plain]) => plain)];
    }
    default: {
      const members = random.list(5, () => [`${random.below(9)}"€`, value(random, depth - 1)] as const);
      return [
        Object.fromEntries(members.map(([name, [answer]]) => [name, answer])),
        Object.fromEntries(members.map(([name, [, plain]]) => [name, plain])),
      ];
    }
  }
}

describe('a text in pieces', () => {
  test('is what JSON.stringify makes, whole, in bytes, and in chunks of any size', () => {
    const random = new Random(seedOf('text in pieces'));
    for (let times = 0; times < 2_000; times++) {
      const [answer, plain] = value(random, 4);
      const expected = JSON.stringify(plain);
      const text = Text.join(['[', Text.json(answer), ',"€"]']);
      expect(String(text)).toBe(`[${expected},"€"]`);
      expect(text.bytes).toBe(Buffer.byteLength(`[${expected},"€"]`));
      expect(read(text, 4 + random.below(400))).toBe(`[${expected},"€"]`);
    }
  });

  test('bytes stay bytes until they are sent', () => {
    const text = Text.json({ result: new Hex(new Uint8Array(1 << 20)) });
    // {"result":"0x…"}: 15 characters around the hex.
    expect([text.bytes, text.held]).toEqual([15 + (2 << 20), 15 + (1 << 20)]);
  });

  test('a member that is undefined is left out, and a short text fits without a count', () => {
    const members = { a: undefined, b: new Hex(Uint8Array.of(1)) } as unknown as Answer;
    expect(String(Text.json(members))).toBe('{"b":"0x01"}');
    expect([new Text(['€€']).fits(6), new Text(['€€']).fits(5), new Text(['aaa']).fits(3)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('sending', () => {
  test('four chunks are written ahead, and their buffers are used again', () => {
    const written: { bytes: number; isLast: boolean; buffer: ArrayBufferLike; taken: () => void }[] = [];
    let progress = 0;
    const sending = new Sending(
      new Chunks(),
      (chunk, isLast, taken) => written.push({ bytes: chunk.length, isLast, buffer: chunk.buffer, taken }),
      () => progress++,
    );
    sending.push(new Text(['a'.repeat(5 * CHUNK_BYTES + 1)]));
    sending.push(new Text(['b']));
    expect(written.map(({ bytes }) => bytes)).toEqual(Array(4).fill(CHUNK_BYTES));
    expect([sending.isIdle, progress]).toEqual([false, 0]);
    written[0]!.taken();
    written[1]!.taken();
    expect(written.map(({ bytes, isLast }) => [bytes, isLast]).slice(4)).toEqual([
      [CHUNK_BYTES, false],
      [1, true],
    ]);
    expect(new Set(written.map(({ buffer }) => buffer)).size).toBe(4);
    expect([sending.isIdle, progress]).toEqual([false, 2]);
    written[2]!.taken();
    expect(written.at(-1)).toMatchObject({ bytes: 1, isLast: true });
    expect(sending.isIdle).toBe(true);
  });

  test('what is not written when a connection closes is dropped', () => {
    const taken: (() => void)[] = [];
    const sending = new Sending(
      new Chunks(),
      (_chunk, _isLast, call) => taken.push(call),
      () => undefined,
    );
    sending.push(new Text(['a'.repeat(9 * CHUNK_BYTES)]));
    sending.close();
    for (const call of taken) call();
    expect([taken.length, sending.bytes]).toEqual([4, 0]);
  });
});
