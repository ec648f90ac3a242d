// Calls of sudo that would stop the chain for good are left out of it, on a real chain.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { xxhashAsHex } from '@polkadot/util-crypto';
import { startChain, type TestChain } from './chain.js';

let chain: TestChain;

beforeAll(async () => {
  chain = await startChain();
});
afterAll(async () => chain.close());

const itemKey = (pallet: string, item: string): string =>
  `${xxhashAsHex(pallet, 128)}${xxhashAsHex(item, 128).slice(2)}`;
const HUGE = `0x${'ff'.repeat(8)}`;

/** Keys each of which is the beginning of the next: a level of the trie for each. */
const comb = (levels: number): [string, string][] =>
  Array.from({ length: levels }, (_, index) => [`0x${'11'.repeat(index + 1)}`, '0x01']);

test.each<[name: string, call: string, args: unknown[], reason: RegExp]>([
  [
    'a trie too deep',
    'setStorage',
    [comb(1_024)],
    /BlockBuilder_finalize_block trapped: a trie of more than 1024 levels/,
  ],
  [
    'code that is no runtime',
    'setCodeWithoutChecks',
    ['0x00'],
    /no block could follow it: the code is not a WebAssembly module/,
  ],
  ['no code', 'killStorage', [['0x3a636f6465']], /no block could follow it: the state holds no runtime/],
  ['no authorities', 'killStorage', [[itemKey('Validators', 'Keys')]], /no block could follow it: /],
  [
    'a time that no timestamp comes after',
    'setStorage',
    [[[itemKey('Timestamp', 'Now'), HUGE]]],
    /can't be finished: /,
  ],
  ['no System pallet', 'killPrefix', [xxhashAsHex('System', 128), 10_000], /can't be finished: /],
])('%s, by sudo: the call is banned, and the chain goes on', (_name, call, args, reason) => {
  const before = chain.node.best().number;
  chain.lines.length = 0;
  const events = chain.sudo('system', call, args).map(({ name }) => name);
  expect(events).toEqual(['System.ExtrinsicSuccess']); // of the timestamp
  expect(chain.lines).toEqual([expect.stringMatching(/^transaction 0x[0-9a-f]{64} is banned: with it, block \d+ /)]);
  expect(chain.lines[0]).toMatch(reason);
  expect(chain.send('system', 'remark', ['0x01']).map(({ name }) => name)).toEqual([
    'System.ExtrinsicSuccess',
    'Balances.Withdraw',
    'TransactionPayment.TransactionFeePaid',
    'System.ExtrinsicSuccess',
  ]);
  expect(chain.node.best().number).toBe(before + 2);
});
