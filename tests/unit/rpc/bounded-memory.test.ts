// What clients make the server hold, and how many of them there are, is bounded for all together.
import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { ManualClock } from '../../../host/node/index.js';
import { Admission, type Visitor } from '../../../host/rpc/admission.js';
import { Budget } from '../../../host/rpc/budget.js';
import { Places } from '../../../host/rpc/places.js';
import type { Client } from '../../../host/rpc/registry.js';
import { Hex, type Answer as Sent } from '../../../host/rpc/text.js';
import type { Steps } from '../../../host/rpc/turns.js';
import { readMessage } from '../../../host/rpc/message.js';
import { post, serve, TestClient, type Answer, type Served } from './client.js';

let served: Served | undefined;
const opened: { destroy?(): void; terminate?(): void }[] = [];
afterEach(async () => {
  for (const socket of opened.splice(0)) (socket.terminate ?? socket.destroy)?.call(socket);
  await served?.close();
  expect(served?.faults ?? []).toEqual([]);
  served = undefined;
});

const MIB = 1 << 20;
const hex = (text: string): string => toHex(utf8(text));

describe('the budget', () => {
  test('ends who held most for longest, until the rest fits: bytes times milliseconds', () => {
    let now = 0;
    const budget = new Budget(100, () => now);
    const ended: string[] = [];
    const open = (name: string, bytes: number): void =>
      budget
        .open(
          () => bytes,
          () => ended.push(name),
        )
        .update();
    open('old and small', 30); // 30 × 1,001 at the end
    now = 900;
    open('new and large', 70); // 70 × 101
    expect([ended, budget.bytes]).toEqual([[], 100]);
    now = 1_000;
    open('one byte', 1);
    expect([ended, budget.bytes]).toEqual([['old and small'], 71]);
  });

  test('is not exceeded by what was read since it was measured', () => {
    const budget = new Budget(100, () => 0);
    let first = 90;
    let ended = 0;
    budget
      .open(
        () => first,
        () => ended++,
      )
      .update();
    first = 10;
    budget
      .open(
        () => 90,
        () => ended++,
      )
      .update();
    expect([ended, budget.bytes]).toEqual([0, 100]);
  });
});

describe('sockets that do not read took gigabytes', () => {
  test('they are ended, others are served', async () => {
    const value = `0x${'ab'.repeat(4 * MIB)}`;
    const genesis = { raw: { top: { [hex(':code')]: '0x01', [hex('big')]: value }, childrenDefault: {} } };
    const clock = new ManualClock();
    served = await serve({ genesis }, { clock, budgetBytesMax: 24 * MIB });
    const ended: Promise<unknown>[] = [];
    const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'state_getStorage', params: [hex('big')] });
    for (let index = 0; index < 8; index++) {
      const socket = new WebSocket(served.server.url);
      opened.push(socket);
      await new Promise((resolve) => socket.once('open', resolve));
      socket.pause();
      ended.push(new Promise((resolve) => socket.once('close', resolve).once('error', resolve)));
      // Each answer has 8 MiB. After the first, its others wait until it is read.
      for (let times = 0; times < 4; times++) socket.send(request);
      expect((await served.client.call('system_name')).result).toBe('Test');
    }
    // Every two seconds, one who does not read passes on its place. 4 MiB of bytes each: seven are more than 24 MiB.
    for (let second = 0; second < 20; second += 2) {
      clock.advance(2_000);
      for (let times = 0; times < 4; times++) await served.client.call('system_name');
    }
    for (const socket of opened) (socket as WebSocket).resume();
    await Promise.race(ended);
  });
});

describe('sixteen clients with large answers took 700 MiB, and were ended one after another', () => {
  test('two at a time have one prepared; each gets all of it', async () => {
    let prepared = 0;
    function* large(_params: unknown, client: Client): Steps<Sent> {
      client.gather(MIB);
      yield;
      prepared += 1;
      return new Hex(new Uint8Array(4 * MIB).fill(prepared));
    }
    served = await serve({}, { clock: new ManualClock() }, { methods: { test_large: large } });
    const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'test_large', params: [] });
    const sockets: WebSocket[] = [];
    const answers: Promise<number>[] = [];
    const settled = async (): Promise<number> => {
      for (let times = 0; times < 8; times++) await served!.client.call('system_name');
      return prepared;
    };
    for (let index = 0; index < 5; index++) {
      const socket = new WebSocket(served.server.url);
      opened.push(socket);
      sockets.push(socket);
      await new Promise((resolve) => socket.once('open', resolve));
      answers.push(
        new Promise((resolve, reject) => {
          socket.once('message', (data: Buffer) =>
            resolve((JSON.parse(data.toString('utf8')) as { result: string }).result.length),
          );
          socket.once('close', reject);
        }),
      );
      socket.pause();
      socket.send(request);
      await settled();
    }
    expect(await settled()).toBe(2);
    for (const [index, expected] of [3, 4, 5, 5, 5].entries()) {
      sockets[index]!.resume();
      expect(await answers[index]).toBe(2 + 2 * 4 * MIB);
      while ((await settled()) < expected);
      expect(prepared).toBe(expected);
    }
  });

  test('places are passed on after two seconds: at once by who waits for its client, by others while there is memory', () => {
    const clock = new ManualClock();
    let hasRoom = true;
    const places = new Places(clock, 2, () => hasRoom);
    const waiting = new Set<number>();
    const idle = new Set<number>();
    const all = [0, 1, 2, 3].map((index) =>
      places.of({
        hold: () => waiting.add(index),
        release: () => waiting.delete(index),
        isIdle: () => idle.has(index),
      }),
    );
    all[0]!.need();
    clock.advance(500);
    all[1]!.need();
    all[0]!.need();
    clock.advance(1_000);
    all[2]!.need();
    all[2]!.need();
    // It is looked every 250 ms. The first has its place for 1,500 ms.
    clock.advance(499);
    expect([...waiting]).toEqual([2]);
    clock.advance(1);
    expect([...waiting]).toEqual([]);
    // 1 (since 500) and 2 (since 2,000) have one. Without memory, those in work keep theirs.
    hasRoom = false;
    all[3]!.need();
    clock.advance(10_000);
    expect([...waiting]).toEqual([3]);
    idle.add(2);
    clock.advance(250);
    expect([...waiting]).toEqual([]);
    // 1 and 3 have one. 0 gives up before there is one for it; 2 has the next.
    all[0]!.need();
    all[2]!.need();
    all[0]!.leave();
    expect([...waiting]).toEqual([2]);
    all[3]!.leave();
    expect([...waiting]).toEqual([]);
    all[0]!.need();
    expect([...waiting]).toEqual([0]);
  });
});

describe('eight clients with large messages were ended one after another, and none was served', () => {
  const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'system_name' }).padEnd(2 * MIB, ' ');

  test('over WebSockets', async () => {
    // A message is counted twice: eight of 2 MiB are 32 MiB.
    served = await serve({}, { budgetBytesMax: 12 * MIB });
    const answers = Array.from({ length: 8 }, async () => {
      const client = await TestClient.connect(served!.server.url);
      opened.push(client.socket);
      let ended = 0;
      client.socket.on('close', () => ended++);
      for (let times = 0; times < 3; times++) {
        const answer = await Promise.race([
          client.send(text),
          new Promise<undefined>((resolve) => client.socket.once('close', () => resolve(undefined))),
        ]);
        expect(answer?.result).toBe('Test');
      }
      return ended;
    });
    expect(await Promise.all(answers)).toEqual(Array(8).fill(0));
  });

  test('over HTTP', async () => {
    served = await serve({}, { budgetBytesMax: 12 * MIB });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(served!.server.port, text)));
    expect(answers).toEqual(Array(8).fill([200, { jsonrpc: '2.0', id: 1, result: 'Test' }]));
  });
});

describe('unfinished messages took gigabytes', () => {
  test('who left one is ended, and the whole message of another is read', async () => {
    const clock = new ManualClock();
    served = await serve({}, { clock, budgetBytesMax: 8 * MIB });
    let ended = 0;
    for (let index = 0; index < 10; index++) {
      const socket = new WebSocket(served.server.url);
      opened.push(socket);
      await new Promise((resolve) => socket.once('open', resolve));
      socket.on('error', () => undefined).on('close', () => ended++);
      socket.send(' '.repeat(MIB), { fin: false });
    }
    // Each has the place for large messages for two seconds, in which more of its message is read.
    const pass = async (): Promise<void> => {
      clock.advance(2_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    };
    while (ended === 0) await pass();
    const whole = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'system_name' }).padEnd(2 * MIB, ' ');
    let answer: Answer | undefined;
    void served.client.send(whole).then((given) => (answer = given));
    while (answer === undefined) await pass();
    expect(answer.result).toBe('Test');
    expect(ended).toBeLessThan(10);
  });
});

describe('deep and wide JSON blocked for seconds', () => {
  const read = (text: string): { steps: number; value: unknown } => {
    const reading = readMessage(Buffer.from(text));
    for (let steps = 0; ; steps++) {
      const { done, value } = reading.next();
      if (done === true) return { steps, value };
    }
  };
  test('128 levels are read, 129 are refused', () => {
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(read(deep(128)).value).toBeInstanceOf(Array);
    expect(() => read(deep(129))).toThrow('Parse error: the message is nested more than 128 levels deep');
  });

  test('131,072 values are read, one more is refused', () => {
    // One for the list, one for each item: 131,071 items of a list have 131,070 commas, and the list is one.
    const wide = (items: number): string => `[${Array(items).fill('1').join()}]`;
    expect((read(wide(131_071)).value as unknown[]).length).toBe(131_071);
    expect(() => read(wide(131_072))).toThrow('Request is too big');
  });

  test('what looks like structure within a text counts as nothing, also after escapes', () => {
    const text = `${'[{,:'.repeat(100_000)}\\"[`;
    expect(read(JSON.stringify({ a: text })).value).toEqual({ a: text });
  });

  test('a large message is scanned and decoded in steps of half a MiB', () => {
    // 2 MiB and some bytes are five parts: four pauses to scan, four to decode, one before the text is parsed.
    expect(read(`"${'a'.repeat(2 * MIB)}"`).steps).toBe(9);
    expect(read(`"${'a'.repeat(MIB / 2 - 2)}"`).steps).toBe(0);
  });

  test('a character that lies in two steps is read whole, and what is no UTF-8 is replaced', () => {
    for (let offset = 0; offset < 4; offset++) {
      const text = `${'a'.repeat(MIB / 2 - 4 + offset)}𝄞€é${'b'.repeat(MIB)}`;
      expect(read(JSON.stringify(text)).value).toBe(text);
    }
    const reading = readMessage(Buffer.concat([Buffer.from('"a'), Buffer.of(0xe2, 0x82), Buffer.from('"')]));
    expect(reading.next().value).toBe('a\ufffd');
  });

  test('65,000 long names of members blocked for 60 ms: 16,384 are read, and 256 KiB of them', () => {
    const members = (count: number, length: number): string =>
      `{${Array.from({ length: count }, (_, index) => `"${String(index).padStart(length - 1, 'k')}":1`).join()}}`;
    // A name is counted with the quote before it.
    const names = (text: string): number => Object.keys(read(text).value as object).length;
    expect(names(members(16_384, 16))).toBe(16_384);
    expect(() => read(members(16_385, 6))).toThrow('Request is too big');
    expect(() => read(members(16_384, 17))).toThrow('Request is too big');
    expect(names(`{"${'k'.repeat(262_143)}":1}`)).toBe(1);
    expect(() => read(`{"${'k'.repeat(262_144)}":1}`)).toThrow('Request is too big');
  });
});

describe('idle and half-open connections locked everybody out', () => {
  const bounds = { connectionsMax: 3, addressConnectionsMax: 3 };
  const admission = (
    limits = bounds,
  ): {
    clock: ManualClock;
    gate: Admission;
    ended: string[];
    come: (name: string, from?: string) => Visitor | undefined;
  } => {
    const clock = new ManualClock();
    const gate = new Admission(limits, clock);
    const ended: string[] = [];
    return { clock, gate, ended, come: (name, from = 'a') => gate.admit(from, () => ended.push(name)) };
  };

  test('a new one takes the place of the half-open one that came first, after 250 ms', () => {
    const { clock, come, ended } = admission();
    come('first');
    clock.advance(1);
    come('second');
    come('third');
    clock.advance(248);
    expect([come('too early'), ended]).toEqual([undefined, []]);
    clock.advance(1);
    expect(come('fourth')).toBeDefined();
    expect(ended).toEqual(['first']);
  });

  test('half-open before idle, without a subscription before with one, and never one with a request', () => {
    const { clock, gate, come, ended } = admission();
    const sockets = ['busy', 'subscribed', 'idle'].map((name) => come(name)!);
    for (const socket of sockets) expect(gate.upgrade(socket)).toBe(true);
    sockets[0]!.requests = 1;
    sockets[1]!.subscriptions = 1;
    clock.advance(10_000);
    expect(gate.upgrade(come('fourth')!)).toBe(true);
    expect(ended).toEqual(['idle']);
    expect(gate.upgrade(come('fifth')!)).toBe(true);
    expect(ended).toEqual(['idle', 'subscribed']);
    expect(gate.upgrade(come('sixth')!)).toBe(false);
  });

  test('an address at its bound replaces only its own', () => {
    const { clock, come, ended } = admission({ connectionsMax: 3, addressConnectionsMax: 2 });
    come('b', 'b');
    clock.advance(1_000);
    come('a1');
    come('a2');
    clock.advance(250);
    expect(come('a3')).toBeDefined();
    expect(ended).toEqual(['a1']);
  });

  test('half-open for 10 s, with a message unfinished for 60 s, silent for 60 s in spite of a ping: each ends', () => {
    const { clock, gate, come, ended } = admission();
    come('half-open');
    const [unfinished, silent] = [come('unfinished')!, come('silent')!];
    let pings = 0;
    silent.ping = () => pings++;
    gate.upgrade(unfinished);
    gate.upgrade(silent);
    unfinished.unfinishedSinceMs = clock.nowMs();
    clock.advance(9_999);
    expect(ended).toEqual([]);
    clock.advance(1);
    expect(ended).toEqual(['half-open']);
    clock.advance(19_999);
    expect(pings).toBe(0);
    clock.advance(1);
    expect(pings).toBe(1);
    for (let second = 30; second < 59; second++) {
      clock.advance(1_000);
      unfinished.heardMs = clock.nowMs();
    }
    expect(ended).toEqual(['half-open']);
    clock.advance(1_000);
    expect(ended).toEqual(['half-open', 'unfinished', 'silent']);
    gate.close();
  });

  test('one that this end does not read is neither silent nor unfinished, until it has been read again for as long', () => {
    const { clock, gate, come, ended } = admission();
    const visitor = come('waits for a place')!;
    gate.upgrade(visitor);
    visitor.unfinishedSinceMs = clock.nowMs();
    visitor.isUnread = true;
    clock.advance(600_000);
    expect(ended).toEqual([]);
    visitor.readAgain(clock.nowMs());
    clock.advance(59_999);
    expect(ended).toEqual([]);
    clock.advance(1);
    expect(ended).toEqual(['waits for a place']);
    gate.close();
  });

  test('a server full of half-open requests and idle WebSockets takes a new client', async () => {
    const clock = new ManualClock();
    served = await serve({}, { clock, bounds: { connectionsMax: 8, addressConnectionsMax: 8 } });
    const halfOpen = async (): Promise<Socket> => {
      const socket = connect(served!.server.port, '127.0.0.1');
      opened.push(socket);
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.on('error', () => undefined).write('POST / HTTP/1.1\r\n');
      return socket;
    };
    const idle = async (): Promise<number> => {
      const socket = new WebSocket(served!.server.url);
      opened.push(socket);
      return new Promise((resolve) =>
        socket
          .once('message', () => resolve(0))
          .once('close', resolve)
          .once('open', () => socket.send('1')),
      );
    };
    for (let index = 0; index < 7; index++) expect(await idle()).toBe(0);
    clock.advance(2_000);
    for (let index = 0; index < 8; index++) await halfOpen();
    clock.advance(2_000);
    // The client of `serve` has been idle for longest, and is one of the eight.
    expect(await idle()).toBe(0);
  });
});
