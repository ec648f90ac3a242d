// What an extrinsic is charged, and what is returned to it: no extrinsic creates money, or returns weight that others use.
import { beforeEach, expect, test } from '@jest/globals';
import { blake2_256, toHex, utf8 } from '../../host/bytes/index.js';
import { BOB, bobPair, CHARLIE, signExtrinsic, TestChain } from '../harness/index.js';
import { Random, seedOf } from '../random.js';

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

/** The weight of a block: 2 s. */
const BLOCK_PS = 2_000_000_000_000n;

type Call = Uint8Array;
const store = (code: Uint8Array): Call => chain.names.call('Storage.store', toHex(code));
const register = (code: Uint8Array): Call =>
  chain.names.call('Authorizations.register', { codeHash: toHex(blake2_256(code)), param: '0x' });
const fails = (): Call => chain.names.call('Balances.force_set_balance', BOB, 1n);
const batch = (calls: Call[], name = 'batch'): Call => chain.names.call(`Utility.${name}`, calls);

function weights(): { normal: bigint; operational: bigint } {
  const { normal, operational } = chain.json('System.BlockWeight') as Record<string, { refTime: number }>;
  return { normal: BigInt(normal!.refTime), operational: BigInt(operational!.refTime) };
}

/** What Bob has, free and reserved. */
function owned(): bigint {
  const { free, reserved } = chain.account(BOB);
  return free + reserved;
}

/** Submits a call of Bob's, and checks that it cost him something, made no money, and returned no weight of others. */
function expectHonest(call: Call, nonce: number): string | undefined {
  const [had, issued, weight] = [owned(), chain.integer('Balances.TotalIssuance'), weights()];
  const { invalid } = chain.submit(signExtrinsic(chain, bobPair, call, { nonce }));
  const after = weights();
  expect(after.normal).toBeGreaterThanOrEqual(weight.normal);
  expect(after.normal).toBeLessThanOrEqual(BLOCK_PS); // and did not wrap below zero
  expect(after.operational).toBeGreaterThanOrEqual(weight.operational);
  expect(chain.integer('Balances.TotalIssuance')).toBeLessThanOrEqual(issued);
  if (invalid === undefined) expect(owned()).toBeLessThan(had);
  else expect(owned()).toBe(had);
  return invalid;
}

test('a batch that stores the code which its later calls register gets back no more than it paid', () => {
  const code = utf8('x');
  // The second call ends the batch, so that all that follow are refunded.
  for (const [index, count] of [1, 2, 5, 10].entries())
    expect(
      expectHonest(batch([store(code), fails(), ...Array.from({ length: count }, () => register(code))]), index),
    ).toBe(undefined);
  // A thousand registrations never fit a block, whether or not the code is there.
  for (const first of [store(code), store(utf8('y'))])
    expect(expectHonest(batch([first, fails(), ...Array.from({ length: 1_000 }, () => register(code))]), 4)).toBe(
      'Invalid.ExhaustsResources',
    );
});

test('a registration declares the weight of preparing the longest code, and is charged for its own', () => {
  const code = utf8('x');
  const before = weights().normal;
  expect(expectHonest(batch([store(code), register(code)], 'force_batch'), 0)).toBeUndefined();
  const used = weights().normal - before;
  // 7 ms, and less than 1 ms for all else; 1 MiB at 150 ns a byte would be 157 ms.
  expect(used).toBeGreaterThan(7_000_000_000n);
  expect(used).toBeLessThan(9_000_000_000n);
});

/** A random batch of Bob's, and how often it would register each code. */
class RandomBatch {
  readonly #random: Random;
  readonly #codes: readonly Uint8Array[];
  /** By code: how many calls `register` of it there are, at all levels. */
  readonly registrations = new Map<Uint8Array, number>();
  readonly call: Call;

  constructor(random: Random, codes: readonly Uint8Array[]) {
    this.#random = random;
    this.#codes = codes;
    this.call = this.#batch(2);
  }

  #batch(depth: number): Call {
    const calls = Array.from({ length: 2 + this.#random.below(5) }, () =>
      depth > 0 && this.#random.below(4) === 0 ? this.#batch(depth - 1) : this.#leaf(),
    );
    // Most are of the kind that ends at a failure: what follows it is declared and not used.
    return batch(calls, this.#random.pick(['batch', 'batch', 'batch_all', 'force_batch']));
  }

  #leaf(): Call {
    const code = this.#random.pick(this.#codes);
    const register_ = (): Call => {
      this.registrations.set(code, (this.registrations.get(code) ?? 0) + 1);
      return register(code);
    };
    const others = [
      () => chain.names.call('System.remark_with_event', toHex(code)),
      () => chain.names.call('Balances.transfer_keep_alive', CHARLIE, 1_000_000_000n),
      () => chain.names.call('Storage.request_untrusted', toHex(blake2_256(code)), code.length),
      () => chain.names.call('Storage.unrequest_untrusted', toHex(blake2_256(code))),
    ];
    // Store, register and fail: what a batch can only make money with. Their order is what it needs.
    const kinds = [() => store(code), () => store(code), register_, register_, fails, this.#random.pick(others)];
    return this.#random.pick(kinds)();
  }
}

test('no batch of any calls makes money or returns weight of others', () => {
  const random = new Random(seedOf('accounting'));
  const isStored = (code: Uint8Array): boolean => chain.query('Storage.Lengths', toHex(blake2_256(code))) !== undefined;
  let nonce = 0;
  /** Batches that stored a code after they had been charged, and ended before they had registered it as often as they say. */
  let reached = 0;
  for (let round = 0; round < 100; round++) {
    // The code of this round is new: a batch that stores it changes what its own calls would declare.
    const codes = [utf8(`code ${round}`), utf8(`code ${Math.max(0, round - 1)}`)];
    const { call, registrations } = new RandomBatch(random, codes);
    const wasNew = !isStored(codes[0]!);
    const first = chain.events().length;
    if (expectHonest(call, nonce) === undefined) nonce++;
    const registered = chain
      .events()
      .slice(first)
      .filter(({ name }) => name === 'Authorizations.Registered').length;
    if (wasNew && isStored(codes[0]!) && (registrations.get(codes[0]!) ?? 0) > registered) reached++;
    if (round % 3 === 2) chain.advance();
  }
  expect(nonce).toBeGreaterThan(90);
  expect(reached).toBeGreaterThan(8);
});
