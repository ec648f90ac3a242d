// Calls, weights, origins, errors and events, encoded by @polkadot/types from the blob's metadata.
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Vec } from '@polkadot/types';
import type { EventRecord } from '@polkadot/types/interfaces';
import { seedOf } from '../../random.js';
import { clientOf, fixtureBlob, hex, ScaleRandom } from './fixture.js';
import type { Client } from './fixture.js';
import { Blob } from './host.js';

const random = new ScaleRandom(seedOf('dispatch'));
const ROOT = 0;
const NONE = 1;
const SIGNED = 2;

let wasm: Uint8Array;
let blob: Blob;
let client: Client;

beforeAll(async () => {
  wasm = await fixtureBlob();
  client = clientOf(new Blob(wasm), 14);
});
beforeEach(() => {
  blob = new Blob(wasm);
});

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace('0x', ''), 'hex'));
const call = (pallet: string, name: string, ...args: unknown[]): Uint8Array =>
  client.meta.tx[pallet]![name]!(...args).toU8a();
const vec = (data: Uint8Array): Uint8Array => client.registry.createType('Bytes', hex(data)).toU8a();
const dispatch = (origin: number, encoded: Uint8Array): string =>
  hex(blob.call('Drive_dispatch', Uint8Array.from([origin, ...vec(encoded)])));
const events = (): { section: string; method: string; data: string }[] =>
  [
    ...client.registry.createType<Vec<EventRecord>>(
      'Vec<EventRecord>',
      blob.state.get(
        Buffer.from(client.registry.createType('Bytes', client.meta.query.system!.events!()).toU8a(true)).toString(
          'hex',
        ),
      ) ?? '0x00',
    ),
  ].map(({ event }) => ({ section: event.section, method: event.method, data: JSON.stringify(event.data) }));
const error = (pallet: string, name: string): string =>
  hex(
    client.registry
      .createType('Result<Null, DispatchError>', {
        Err: { Module: { index: 7, error: [client.meta.errors[pallet]![name]!.meta.index.toNumber(), 0, 0, 0] } },
      })
      .toU8a(),
  );
const OK = '0x00';
const BAD_ORIGIN = '0x0102';

describe('a call', () => {
  test('runs with the arguments that a client encoded, and deposits its event', () => {
    for (let round = 0; round < 10; round++) {
      const text = random.bytes(random.below(21));
      expect(dispatch(SIGNED, call('demo', 'keep', hex(text), 'Loud'))).toBe(OK);
      const { section, method, data } = events().at(-1)!;
      expect([section, method]).toEqual(['demo', 'Kept']);
      expect(JSON.parse(data)).toEqual([round, '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM', 'Loud']);
    }
  });

  test("returns its pallet's error", () => {
    expect(dispatch(SIGNED, call('demo', 'keep', `0x${'00'.repeat(21)}`, 'Quiet'))).toBe(error('demo', 'TooLong'));
    expect(dispatch(ROOT, call('demo', 'drop', 3))).toBe(error('demo', 'NoNote'));
  });

  test('that fails does not change the state', () => {
    dispatch(SIGNED, call('demo', 'keep', '0x00', 'Quiet'));
    const before = [...blob.state].map(([key, value]) => [key, hex(value)]);
    // `drop` writes before it errs.
    expect(dispatch(ROOT, call('demo', 'drop', 3))).toBe(error('demo', 'NoNote'));
    expect([...blob.state].map(([key, value]) => [key, hex(value)])).toEqual(before);
  });

  test('refuses all other origins before any other check', () => {
    const keep = call('demo', 'keep', '0x00', 'Quiet');
    const drop = call('demo', 'drop', 3);
    const set = call('demo', 'set', 3);
    expect([ROOT, NONE].map((origin) => dispatch(origin, keep))).toEqual([BAD_ORIGIN, BAD_ORIGIN]);
    expect([SIGNED, NONE].map((origin) => dispatch(origin, drop))).toEqual([BAD_ORIGIN, BAD_ORIGIN]);
    expect([SIGNED, ROOT].map((origin) => dispatch(origin, set))).toEqual([BAD_ORIGIN, BAD_ORIGIN]);
    expect(dispatch(NONE, set)).toBe(OK);
  });

  test('may contain another call', () => {
    dispatch(SIGNED, call('demo', 'keep', '0x00', 'Quiet'));
    expect(dispatch(SIGNED, call('demo', 'asRoot', client.meta.tx.demo!.drop!(0)))).toBe(OK);
    expect(events().map((each) => each.method)).toEqual(['Kept', 'Dropped']);
  });

  test('has its declared weight, by its arguments', () => {
    const weight = (encoded: Uint8Array): bigint =>
      client.registry.createType('u64', blob.call('Drive_weight', encoded)).toBigInt();
    expect(weight(call('demo', 'keep', '0x00112233', 'Quiet'))).toBe(1040n);
    expect(weight(call('demo', 'drop', 3))).toBe(5000n);
    expect(weight(call('demo', 'asRoot', client.meta.tx.demo!.drop!(0)))).toBe(6000n);
  });

  test('has its class, whether it pays a fee, and its place as an inherent', () => {
    const facts = (encoded: Uint8Array): string => hex(blob.call('Drive_facts', encoded));
    expect(facts(call('demo', 'drop', 3))).toBe('0x0001ffffffff');
    expect(facts(call('demo', 'wait', [], null, 'Other', null))).toBe('0x0100ffffffff');
    expect(facts(call('demo', 'set', 3))).toBe('0x020000000000');
  });

  test('encodes to the decoded bytes', () => {
    const wait = call(
      'demo',
      'wait',
      ['Loud', 'Quiet'],
      13,
      { Token: 'Frozen' },
      { author: random.bytes(32), length: 70000, volume: 'Loud', text: '0x01' },
    );
    expect(hex(blob.call('Drive_recode', wait))).toBe(hex(wait));
    expect(dispatch(SIGNED, call('demo', 'wait', [], 13, { Token: 'Frozen' }, null))).toBe('0x010705');
  });
});

describe('undecodable calls are refused', () => {
  const decodes = (encoded: Uint8Array): string => hex(blob.call('Drive_decodes', vec(encoded)));

  test.each([
    ['no bytes', '0x'],
    ['an unknown pallet', '0x0800'],
    ['an unknown call', '0x0708'],
    ['missing arguments', '0x0700'],
    ['trailing bytes', '0x07010400'],
    ['an enum out of range', '0x07000002'],
  ])('%s', (_what, encoded) => {
    expect(decodes(bytes(encoded))).toBe('0x00');
  });

  test('nested deeper than sixteen', () => {
    expect(decodes(bytes(`${'0702'.repeat(15)}070104`))).toBe('0x01');
    expect(decodes(bytes(`${'0702'.repeat(16)}070104`))).toBe('0x00');
  });
});

test('stored events decode and encode to the same bytes', () => {
  dispatch(SIGNED, call('demo', 'keep', '0x00', 'Quiet'));
  dispatch(ROOT, call('demo', 'drop', 0));
  const kept = [...blob.state].find(([, value]) => hex(value).startsWith('0x0801'))![1];
  expect(hex(blob.call('Drive_events'))).toBe(hex(vec(kept)));
});

describe('inherents', () => {
  test('are created from their data, with plain integers for compact ones', () => {
    expect(hex(blob.call('Wired_inherents'))).toBe(`0x04${Buffer.from('testtest').toString('hex')}`);
    const made = blob.call('Wired_inherent', Uint8Array.from([0, 0, 0, 0, ...vec(bytes('0x0500000000000000'))]));
    expect(hex(made)).toBe(`0x01${Buffer.from(call('demo', 'set', 5)).toString('hex')}`);
  });

  test('whose data do not decode are not created', () => {
    expect(hex(blob.call('Wired_inherent', Uint8Array.from([0, 0, 0, 0, ...vec(bytes('0x05'))])))).toBe('0x00');
    expect(hex(blob.call('Wired_inherent', Uint8Array.from([1, 0, 0, 0, ...vec(bytes('0x0500000000000000'))])))).toBe(
      '0x00',
    );
  });
});

test('a wired method calls the runtime class', () => {
  expect(hex(blob.call('Wired_answer', bytes('0x15000000')))).toBe('0x2a00000000000000');
});

test('the extensions decode in their order', () => {
  const signed = bytes(`00${'11'.repeat(32)}01${'22'.repeat(64)}a5020c`);
  expect(hex(blob.call('Wired_nonce', vec(signed)))).toBe('0x0003000000');
});
