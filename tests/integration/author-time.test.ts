// The author's time on a real chain: packages use what they pay for in every block, and transactions get their part.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import wabt from 'wabt';
import { blake2_256, toHex, utf8 } from '../../host/bytes/index.js';
import { buildPackage, signPackage } from '../../host/incore/index.js';
import { deployOrdering, signerOf, startChain, submitTo, type TestChain } from './chain.js';

/** Jumps through its memory for as long as `prune` is allowed to, but for a margin. */
const BUSY = `(module
  (memory (export "memory") 64) (global (export "__heap_base") i32 (i32.const 4096))
  (data (i32.const 8) "\\04x")
  (func (export "refine") (param i32 i32) (result i64) (i64.const 0x200000008))
  (func (export "prune") (param i32 i32) (result i64) (local $i i32) (local $a i32)
    (loop $l (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (local.set $a (i32.and (i32.const 0x3ffffc) (i32.add (i32.const 12345) (i32.mul (i32.const 1664525)
        (i32.add (local.get $a) (i32.load (i32.and (i32.const 0x3ffffc) (local.get $a))))))))
      (br_if $l (i32.lt_u (local.get $i) (i32.const 20000000))))
    (i64.const 0x100000040))
  (func (export "accumulate") (param i32 i32) (result i64) (i64.const 0)))`;
const REQUIREMENTS = { prune: 160_000_000_000n, accumulate: 20_000_000_000n };
const CORES = [0, 1, 2];

let chain: TestChain;
let busy: number;
let sent = 0;

beforeAll(async () => {
  chain = await startChain();
  deployOrdering(chain, CORES);
  const code = new Uint8Array((await wabt()).parseWat('busy.wat', BUSY).toBinary({}).buffer);
  chain.send('storage', 'store', [toHex(code)]);
  const registered = chain.sudo('workClasses', 'register', [toHex(blake2_256(code)), REQUIREMENTS]);
  busy = Number(registered.find(({ name }) => name === 'WorkClasses.Registered')!.data[0]);
});
afterAll(async () => chain.close());

test('calls of both classes get into a block whose packages took longer than the time for transactions', async () => {
  // The clock of the chain stands still within a block; here the processor's time is added.
  const still = chain.clock.nowMs.bind(chain.clock);
  const { user: userBefore, system: systemBefore } = process.cpuUsage();
  const usedMs = (): number => {
    const { user, system } = process.cpuUsage();
    return Math.floor((user - userBefore + system - systemBefore) / 1000);
  };
  chain.clock.nowMs = () => still() + usedMs();
  const refill = async (): Promise<void> => {
    for (const core of CORES) {
      const context = chain.node.best().hash;
      const item = { class: busy, payload: utf8(`package ${sent++}`) };
      await submitTo(chain, signPackage(buildPackage([item], context), signerOf('Bob')), core);
    }
  };
  // `send` and `sudo` make the block, and throw if the call is not in it.
  await refill();
  const before = usedMs();
  const normal = chain.send('system', 'remark', ['0x01']).map(({ name }) => name);
  expect(usedMs() - before).toBeGreaterThan(250);
  await refill();
  const operational = chain.sudo('system', 'remark', ['0x02']).map(({ name }) => name);
  for (const names of [normal, operational]) expect(names).toContain('Reporting.Registered');
  expect(normal).toContain('TransactionPayment.TransactionFeePaid');
  expect(operational).toContain('Sudo.Sudid');
  expect(chain.node.pool.readyCount).toBe(0);
});
