// What clients make the server hold, and how many of them there are, is bounded for all together.
import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { ManualClock } from '../../../host/node/index.js';
import { Admission, type Visitor } from '../../../host/rpc/admission.js';
import { Budget } from '../../../host/rpc/budget.js';
import { readMessage } from '../../../host/rpc/message.js';
import { serve, type Served } from './client.js';

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
    served = await serve({ genesis }, { budgetBytesMax: 24 * MIB });
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
    for (const socket of opened) (socket as WebSocket).resume();
    await Promise.race(ended);
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
    while (ended === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    // Those that are left have held theirs for a second when the next one arrives.
    clock.advance(1_000);
    const whole = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'system_name' }).padEnd(2 * MIB, ' ');
    expect((await served.client.send(whole)).result).toBe('Test');
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

  test('a large message is read in steps of half a MiB', () => {
    // 2 MiB and some bytes are scanned in five steps, with four pauses; one more before the text is parsed.
    expect(read(`"${'a'.repeat(2 * MIB)}"`).steps).toBe(5);
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
