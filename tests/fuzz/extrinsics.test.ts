// Damaged extrinsics against the runtime: whatever the bytes, validation and application return and never trap, and an
// extrinsic that is refused leaves the state unchanged. CORE_SEED=… repeats a run.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { concat, Reader, Writer } from '../../host/bytes/index.js';
import { ALICE, alicePair, BOB, bobPair, signExtrinsic, TestChain } from '../harness/index.js';
import { Dice } from './vm-dice.js';

const seed = Number(process.env.CORE_SEED ?? Date.now() % 2 ** 31);
const ROUNDS = 1_500;

/** Bytes that decoders find hard: ends of ranges, compact modes, variants that are not there. */
const HARD = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x7f, 0x80, 0x84, 0xfc, 0xfd, 0xfe, 0xff];

function damaged(source: Uint8Array, random: (below: number) => number): Uint8Array {
  const at = random(source.length + 1);
  const piece = Uint8Array.from({ length: random(4) }, () =>
    random(2) === 0 ? HARD[random(HARD.length)]! : random(256),
  );
  return concat(source.subarray(0, at), piece, source.subarray(Math.min(source.length, at + random(4))));
}

let chain: TestChain;
beforeAll(async () => {
  chain = await TestChain.start();
});

describe('extrinsics, fuzzed', () => {
  test(`${ROUNDS} damaged extrinsics are accepted or refused (seed ${seed})`, () => {
    console.log(`tests/fuzz/extrinsics: CORE_SEED=${seed}`);
    const dice = new Dice(seed);
    const random = (below: number): number => dice.roll(below);
    const remark = chain.names.call('System.remark', '0x1234');
    const calls = [
      remark,
      chain.names.call('Balances.transfer_keep_alive', BOB, 123_456_789n),
      chain.names.call('Sudo.sudo', remark),
      chain.names.call('Sudo.sudo_as', ALICE, chain.names.call('Sudo.sudo', remark)),
      chain.names.call('System.set_storage', [
        ['0x01', '0x02'],
        ['0x03', '0x04'],
      ]),
      chain.names.call('Timestamp.set', 1_800_006_000_000n),
    ];
    const signed = calls.map((call) => signExtrinsic(chain, alicePair, call, { nonce: 0 }));
    const bare = calls.map((call) => concat(Uint8Array.of(4), call));
    // With the first extrinsic after the inherents the runtime notes that they are complete. Do that before comparing
    // states.
    chain.submit(signExtrinsic(chain, bobPair, remark));
    let accepted = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const sources = random(4) === 0 ? bare : signed;
      let bytes = sources[random(sources.length)]!;
      for (let blows = random(4); blows > 0; blows--) bytes = damaged(bytes, random);
      const args = new Writer().u8(2).bytes(bytes).raw(chain.parentHash).finish();
      const told = new Reader(chain.call('TaggedTransactionQueue_validate_transaction', args, chain.onParent()));
      const valid = !told.bool();
      chain.overlay.begin();
      const { invalid, leftTraces } = chain.submit(bytes);
      chain.overlay.rollback();
      if (leftTraces) throw new Error(`${invalid}, and yet something was written`);
      // Nothing else is sent, so the author accepts what the pool accepts.
      if (valid !== (invalid === undefined)) throw new Error(`the pool says ${valid}, the author ${invalid ?? 'yes'}`);
      if (valid) accepted++;
    }
    // Undamaged ones come through, and most do not: else the fuzzer fuzzes nothing.
    expect(accepted).toBeGreaterThan(ROUNDS / 20);
    expect(accepted).toBeLessThan(ROUNDS / 2);
  });
});
