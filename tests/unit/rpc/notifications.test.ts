// 100,000 subscriptions cost seconds a block: a notification's text is made once for all who are sent the same.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { extrinsic, KIND } from '../node/fake-runtime.js';
import { serve, TestClient, type Served } from './client.js';

let served: Served | undefined;
afterEach(async () => {
  jest.restoreAllMocks();
  await served?.close();
  served = undefined;
});

const hex = (text: string): string => toHex(utf8(text));

/** How many of the values that were made JSON have this member. */
function madeOf(member: string): number {
  const { calls } = jest.mocked(JSON.stringify).mock;
  return calls.filter(([value]) => typeof value === 'object' && value !== null && member in value).length;
}

describe('one text of a notification serves all its subscribers', () => {
  test.each([
    ['chain_subscribeNewHeads', [[], []], 'parentHash', 1],
    ['chain_subscribeAllHeads', [[], []], 'parentHash', 1],
    ['state_subscribeStorage', [[[hex('height')]], [[hex('height')]]], 'changes', 1],
    // Two lists of keys: two results.
    ['state_subscribeStorage', [[[hex('height')]], [[hex('height'), hex('config')]]], 'changes', 2],
  ])('%s of two connections %#', async (method, params, member, texts) => {
    served = await serve();
    const clients = [served.client, await TestClient.connect(served.server.url)];
    const ids: unknown[][] = [[], []];
    for (const [index, client] of clients.entries()) {
      for (let times = 0; times < 5; times++) ids[index]!.push((await client.call(method, params[index])).result);
      // The first result of each.
      while (ids[index]!.some((id) => client.results(id).length < 1)) await client.call('system_name');
    }
    jest.spyOn(JSON, 'stringify');
    served.node.createBlock();
    for (const [index, client] of clients.entries()) {
      while (ids[index]!.some((id) => client.results(id).length < 2)) await client.call('system_name');
    }
    expect(madeOf(member)).toBe(texts);
    const height = (result: unknown): unknown =>
      (result as { number?: string }).number ?? (result as { changes: unknown[][] }).changes[0]![1];
    for (const [index, client] of clients.entries()) {
      const last = ids[index]!.map((id) => client.results(id)[1]);
      expect(last).toEqual(Array(5).fill(last[0]));
      expect(['0x1', '0x01000000']).toContain(height(last[0]));
    }
    await clients[1]!.close();
  });

  test('a transaction of its own has a text of its own', async () => {
    served = await serve();
    const watched = [1, 2].map((signer) => toHex(extrinsic(KIND.pay, signer, 0, 1)));
    const ids: unknown[] = [];
    for (const transaction of watched) {
      ids.push((await served.client.call('author_submitAndWatchExtrinsic', [transaction])).result);
    }
    jest.spyOn(JSON, 'stringify');
    served.node.createBlock();
    while (ids.some((id) => served!.client.results(id).length < 2)) await served.client.call('system_name');
    expect(madeOf('inBlock')).toBe(2);
  });
});
