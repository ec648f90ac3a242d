// Random submissions to a small pool, with blocks and rejections between them: the rules that hold after each step.
import { expect, test } from '@jest/globals';
import { Writer } from '../../../host/bytes/index.js';
import { TransactionPool } from '../../../host/node/index.js';
import type { Validity } from '../../../host/node/validity.js';
import { Random, seedOf } from '../../random.js';

const READY_MAX = 12;
const FUTURE_MAX = 8;

test('the bounds hold, chains lose their tails only, and no ready transaction waits', () => {
  const random = new Random(seedOf('pool-random'));
  for (let round = 0; round < 20; round++) {
    const nonces = new Map<number, number>();
    let best = 0;
    // A transaction: account, nonce, priority, and a byte that makes it different.
    const validity = (bytes: Uint8Array): Validity => {
      const [, account, nonce, priority] = bytes as unknown as [number, number, number, number];
      const expected = nonces.get(account) ?? 0;
      if (nonce < expected) return { ok: false, error: { kind: 'invalid', name: 'Stale', message: 'Stale' } };
      return {
        ok: true,
        value: {
          priority: BigInt(priority),
          requires: nonce > expected ? [Uint8Array.of(account, nonce - 1)] : [],
          provides: [Uint8Array.of(account, nonce)],
          longevity: (1n << 64n) - 1n,
          propagate: true,
        },
      };
    };
    const dropped: string[] = [];
    const pool = new TransactionPool(
      {
        validate: validity,
        estimate: validity,
        bestNumber: () => best,
        nowMs: () => 0,
        later: () => undefined,
        onFault: (error) => {
          throw error;
        },
      },
      { ready: { count: READY_MAX, bytes: 10_000 }, future: { count: FUTURE_MAX, bytes: 10_000 } },
    );
    for (let step = 0; step < 300; step++) {
      const die = random.below(20);
      if (die === 0) {
        const candidates = pool.candidates();
        const included = [];
        for (let entry = candidates.next(); entry !== undefined && included.length < 5; entry = candidates.next()) {
          nonces.set(entry.bytes[1]!, entry.bytes[2]! + 1);
          included.push({ hash: entry.hash, provides: entry.provides });
        }
        pool.onBlock(++best, new Uint8Array(32), included);
      } else if (die === 1 && pool.readyCount > 0) {
        pool.reject(random.pick(pool.ready()).hash);
      } else {
        const account = random.below(4);
        const nonce = Math.max(0, (nonces.get(account) ?? 0) + random.below(8) - 1);
        const bytes = new Writer().bytes(Uint8Array.of(account, nonce, random.below(4), random.below(2))).finish();
        pool.submit(bytes, (status) => {
          if (status === 'dropped') dropped.push(`${account} ${nonce}`);
        });
      }
      expect(pool.readyCount).toBeLessThanOrEqual(READY_MAX);
      expect(pool.futureCount).toBeLessThanOrEqual(FUTURE_MAX);
      // Ready: from the account's nonce on, without a gap.
      const byAccount = new Map<number, number[]>();
      for (const { bytes } of pool.ready()) {
        byAccount.set(bytes[1]!, [...(byAccount.get(bytes[1]!) ?? []), bytes[2]!]);
      }
      for (const [account, list] of byAccount) {
        const from = nonces.get(account) ?? 0;
        expect(list.sort((a, b) => a - b)).toEqual(list.map((_, index) => from + index));
      }
      // Future: none that could be ready.
      for (const { requires } of pool.future()) expect(requires.every((tag) => pool.provides(tag))).toBe(false);
    }
    expect(dropped.length).toBeGreaterThan(0);
  }
});
