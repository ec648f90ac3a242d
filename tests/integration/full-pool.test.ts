// A burst of transfers that is greater than the pool: it goes on as fast as with an empty one, what it accepted is in a block,
// and what it refuses costs little. In processor time, with the release blob.
//
//   BURST=50000    so many transfers, with the pool's own limits; by default fewer, and a smaller pool
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toHex } from '../../host/bytes/index.js';
import { DEV_NAMES } from '../../host/node/index.js';
import { signerOf, startChain, type TestChain } from './chain.js';

const BURST = Number(process.env['BURST'] ?? 1_200);
/** The transactions that the smaller pool has room for. */
const ROOM = process.env['BURST'] === undefined ? 300 : 8_192;
/** So many transfers at a time are in a pool that counts as empty: a fraction of a block. */
const FEW = 100;
/** So often the next transfer is refused whenever the pool is full. */
const REFUSED = 50;

let chain: TestChain;
beforeAll(async () => {
  const half = { count: ROOM, bytes: 20 << 20 };
  chain = await startChain({}, undefined, { poolLimits: { ready: half, future: half }, executeOwnBlocks: false });
});
afterAll(() => chain.close());

const nonces = DEV_NAMES.map(() => 0);
const signed = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => {
    const sender = index % DEV_NAMES.length;
    const to = signerOf(DEV_NAMES[(sender + 1) % DEV_NAMES.length]!).publicKey;
    const args = [to, 1_000_000_000n + BigInt(index)];
    return chain.signed('balances', 'transferKeepAlive', args, DEV_NAMES[sender]!, nonces[sender]!++);
  });

/** Processor time of this process, in milliseconds, of `run`. */
function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What the pool accepted so far and is in no block, and what blocks have, in order. */
const accepted = new Set<string>();
const included: string[] = [];
const dropped: string[] = [];

/** Submits a transfer. Returns whether the pool took it. */
function submit(bytes: Uint8Array): boolean {
  const key = toHex(bytes);
  const answer = chain.node.pool.submit(bytes, (status) => {
    if (status === 'dropped' || status === 'invalid') dropped.push(key);
  });
  if (!answer.ok) {
    expect(answer.error).toEqual({ kind: 'full' });
    return false;
  }
  accepted.add(key);
  return true;
}

function block(): void {
  for (const bytes of chain.node.createBlock().extrinsics) {
    const key = toHex(bytes);
    if (accepted.delete(key)) included.push(key);
  }
}

test(`a full pool did 49 transfers a second: ${BURST} of them with room for ${ROOM}`, () => {
  const warm = signed(FEW);
  for (const bytes of warm) submit(bytes);
  block();
  included.length = 0;

  const some = signed(Math.min(BURST, 1_200));
  const emptyMs = cpuMs(() => {
    for (let from = 0; from < some.length; from += FEW) {
      for (const bytes of some.slice(from, from + FEW)) expect(submit(bytes)).toBe(true);
      while (accepted.size > 0) block();
    }
  });
  expect(included).toHaveLength(some.length);
  included.length = 0;

  const burst = signed(BURST);
  let next = 0;
  let [refusals, refusalMs, takenMs] = [0, 0, 0];
  const fullMs = cpuMs(() => {
    while (included.length < burst.length) {
      takenMs += cpuMs(() => {
        while (next < burst.length && submit(burst[next]!)) next++;
      });
      refusalMs += cpuMs(() => {
        // Others that follow would wait for it in the other half of the pool.
        for (let again = 0; again < REFUSED && next < burst.length; again++) {
          expect(submit(burst[next]!)).toBe(false);
          refusals++;
        }
      });
      block();
    }
  });
  // All that was accepted, in blocks, each once.
  expect(new Set(included)).toEqual(new Set(burst.map(toHex)));
  expect([included.length, accepted.size, dropped]).toEqual([burst.length, 0, []]);

  const perRefusalMs = refusalMs / refusals;
  const perAcceptedMs = takenMs / burst.length;
  const ratio = emptyMs / some.length / ((fullMs - refusalMs) / burst.length);
  console.log(
    `a transfer: ${(emptyMs / some.length).toFixed(3)} ms with an empty pool, ${(fullMs / burst.length).toFixed(3)} with a full one ` +
      `(throughput ${ratio.toFixed(2)} times, without refusals); accepted in ${perAcceptedMs.toFixed(3)} ms, ` +
      `refused in ${perRefusalMs.toFixed(3)}, ${refusals} refusals`,
  );
  expect(ratio).toBeGreaterThan(0.8);
  expect(refusals).toBeGreaterThan(REFUSED);
  // A refusal verifies no signature (tests/unit/node/pool.test.ts). What it takes here is too short to be told more exactly.
  expect(perRefusalMs).toBeLessThan(perAcceptedMs);
});
