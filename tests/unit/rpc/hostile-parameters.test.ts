// Parameters that JavaScript can't turn into text or a number: each is a client's mistake, not a fault of the node.
import { expect, test } from '@jest/globals';
import { serve } from './client.js';

/** Any conversion to text or to a number throws. */
const UNCONVERTIBLE = { toString: 1, valueOf: 1, length: 5, constructor: null, toJSON: 1 };
const FORMS = [UNCONVERTIBLE, [UNCONVERTIBLE], { ...UNCONVERTIBLE, hash: UNCONVERTIBLE }, '\u001b[31m'];

test('a parameter whose toString is not a function leaves no stack trace in the log', async () => {
  const served = await serve({}, { methods: 'unsafe' });
  const { methods } = (await served.client.call('rpc_methods')).result as { methods: string[] };
  expect(methods.length).toBeGreaterThan(60);
  const codes = new Set<number | undefined>();
  for (const method of methods) {
    for (const form of FORMS) {
      for (const at of [0, 1, 2]) {
        const params = Array.from({ length: 3 }, (_, index) => (index === at ? form : null));
        codes.add((await served.client.call(method, params)).error?.code);
      }
      codes.add(
        (await served.client.call(method, { hash: form, key: form, keys: form, subscription: form })).error?.code,
      );
    }
    await served.client.call(method, UNCONVERTIBLE);
  }
  expect(served.faults).toEqual([]);
  expect(codes).toContain(-32_602); // invalid params
  expect(codes).not.toContain(-32_603); // internal error
  await served.close();
});
