// Executive: extrinsics, the pool, limits, and execution of blocks.
import { xxhashAsU8a } from '@polkadot/util-crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedConstants, storedLengthWeight, storedWeight } from '../../bench/weights/constants.js';
import {
  ALICE,
  alicePair,
  BOB,
  bobPair,
  CHARLIE,
  expectEvent,
  pair,
  signExtrinsic,
  stranger,
  TestChain,
} from '../harness/index.js';
import type { SigningOptions } from '../harness/index.js';
import { concat, Reader, text, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { INHERENTS } from '../../host/contract/index.js';

const UNIT = 1_000_000_000_000n;
let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

const toBob = (amount = UNIT): Uint8Array => chain.names.call('Balances.transfer_keep_alive', BOB, amount);
const byAlice = (call = toBob(), options: SigningOptions = {}): Uint8Array =>
  signExtrinsic(chain, alicePair, call, options);

interface Told {
  priority: bigint;
  requires: string[];
  provides: string[];
  longevity: bigint;
  propagate: boolean;
}

/** The result of validate_transaction: pool data, or the error's two bytes. */
function validate(extrinsic: Uint8Array): Told | string {
  const args = new Writer().u8(2).bytes(extrinsic).raw(chain.parentHash).finish();
  const answer = new Reader(chain.call('TaggedTransactionQueue_validate_transaction', args, chain.onParent()));
  if (answer.bool()) return `${answer.u8() === 0 ? 'Invalid' : 'Unknown'} ${answer.u8()}`;
  const tags = (): string[] => answer.vec((r) => toHex(r.bytes()));
  return {
    priority: answer.u64(),
    requires: tags(),
    provides: tags(),
    longevity: answer.u64(),
    propagate: answer.bool(),
  };
}

const GOOD = { invalid: undefined, error: undefined, leftTraces: false };
/** Sets the block's weight so far. */
const pokeWeight = (normal: bigint, operational: bigint, mandatory: bigint): void => {
  const writer = new Writer();
  for (const part of [normal, 0n, operational, 0n, mandatory, 0n]) writer.compact(part);
  chain.poke('System.BlockWeight', [], writer.finish());
};

describe('a signed extrinsic', () => {
  test('is applied, paid for, counted and reported', () => {
    const before = chain.account(ALICE);
    const issuance = chain.integer('Balances.TotalIssuance');
    expect(chain.submit(byAlice())).toEqual(GOOD);
    const after = chain.account(ALICE);
    expect(after.nonce).toBe(1);
    const fee = before.free - after.free - UNIT;
    expect(fee).toBeGreaterThan(0n);
    expect(chain.integer('Balances.TotalIssuance')).toBe(issuance - fee);
    expectEvent(chain, 'TransactionPayment.TransactionFeePaid', { actual_fee: Number(fee), tip: 0 });
    expectEvent(chain, 'System.ExtrinsicSuccess');
    expect(chain.events().at(-1)).toMatchObject({ name: 'System.ExtrinsicSuccess', phase: 'ApplyExtrinsic 1' });
    chain.advance();
  });

  test('that fails still pays, and its writes are undone', () => {
    const before = chain.account(ALICE).free;
    const applied = chain.submit(byAlice(chain.names.call('Balances.transfer_keep_alive', stranger(7), 5n)));
    expect(applied).toMatchObject({ invalid: undefined, error: 'Token.BelowMinimum' });
    expect(chain.account(ALICE).free).toBeLessThan(before);
    expect(chain.account(ALICE).nonce).toBe(1);
    expectEvent(chain, 'System.ExtrinsicFailed', { dispatch_error: { token: 'BelowMinimum' } });
    chain.advance();
  });

  test('that is free of charge gets its fee back', () => {
    const before = chain.account(ALICE).free;
    const call = chain.names.call('Sudo.sudo', chain.names.call('System.remark', '0x'));
    expect(chain.submit(byAlice(call))).toEqual(GOOD);
    expect(chain.account(ALICE).free).toBe(before);
    expectEvent(chain, 'TransactionPayment.TransactionFeePaid', { actual_fee: 0 });
    chain.advance();
  });

  test('by an ecdsa or ed25519 key is accepted', async () => {
    const { Keyring } = await import('@polkadot/keyring');
    for (const type of ['ed25519', 'ecdsa'] as const) {
      const key = new Keyring({ type }).addFromUri('//Eve');
      const account = key.addressRaw;
      chain.submit(byAlice(chain.names.call('Balances.transfer_keep_alive', account, UNIT)));
      const call = chain.names.call('Balances.transfer_keep_alive', BOB, UNIT / 4n);
      expect(chain.submit(signExtrinsic(chain, key, call, { nonce: 0 }))).toEqual(GOOD);
    }
    chain.advance();
  });

  test('of more than 256 signed bytes is signed by its hash', () => {
    expect(chain.submit(byAlice(chain.names.call('System.remark', `0x${'07'.repeat(300)}`)))).toEqual(GOOD);
  });
});

describe('an extrinsic is refused, without a change of state', () => {
  const inTheNameOf = (account: Uint8Array): Uint8Array => {
    const forged = byAlice();
    forged.set(account, 2);
    return forged;
  };
  const bare = (call: Uint8Array): Uint8Array => concat(Uint8Array.of(4), call);
  const refusals: [string, string, () => Uint8Array][] = [
    [
      'of the past',
      'Invalid.Stale',
      () => {
        chain.submit(byAlice());
        return byAlice(toBob(), { nonce: 0 });
      },
    ],
    ['of the future', 'Invalid.Future', () => byAlice(toBob(), { nonce: 1 })],
    ['for another chain', 'Invalid.BadProof', () => byAlice(toBob(), { genesisHash: CHARLIE })],
    ['for another version of the runtime', 'Invalid.BadProof', () => byAlice(toBob(), { specVersion: 2 })],
    ['for another format of extrinsics', 'Invalid.BadProof', () => byAlice(toBob(), { transactionVersion: 2 })],
    [
      'with a changed call',
      'Invalid.BadProof',
      () => {
        const changed = byAlice();
        changed[changed.length - 1]! ^= 1;
        return changed;
      },
    ],
    ["with another account's address", 'Invalid.BadProof', () => inTheNameOf(CHARLIE)],
    ['of the zero account', 'Invalid.BadSigner', () => inTheNameOf(new Uint8Array(32))],
    [
      'of an account without funds',
      'Invalid.Payment',
      () => signExtrinsic(chain, pair('Nobody'), toBob(), { nonce: 0 }),
    ],
    ['whose tip is too high', 'Invalid.Payment', () => byAlice(toBob(), { tip: 2_000_000n * UNIT })],
    [
      'of an inherent call',
      'Invalid.MandatoryValidation',
      () => byAlice(chain.names.call('Timestamp.set', 1_800_030_000n)),
    ],
    [
      'by an address of another kind',
      'Unknown.CannotLookup',
      () => {
        const bytes = byAlice();
        bytes[1] = 3;
        return bytes;
      },
    ],
    ['unsigned, and not an inherent', 'Unknown.NoUnsignedValidator', () => bare(toBob())],
    [
      'an inherent a second time',
      'Invalid.BadMandatory',
      () => bare(chain.names.call('Timestamp.set', 1_800_006_000n)),
    ],
    ['of another format', 'Invalid.Call', () => concat(Uint8Array.of(5), toBob())],
    ['empty', 'Invalid.Call', () => new Uint8Array()],
    ['with a byte too many', 'Invalid.Call', () => concat(byAlice(), Uint8Array.of(0))],
    ['with a byte too few', 'Invalid.Call', () => byAlice().slice(0, -1)],
    [
      'of an unknown pallet',
      'Invalid.Call',
      () => {
        const extrinsic = byAlice();
        extrinsic[extrinsic.length - toBob().length] = 200;
        return extrinsic;
      },
    ],
  ];
  test.each(refusals)('%s: %s', (_name, expected, make) => {
    // The first extrinsic after the inherents marks them as complete, which is done here.
    chain.submit(signExtrinsic(chain, bobPair, chain.names.call('System.remark', '0x')));
    expect(chain.submit(make())).toEqual({ invalid: expected, error: undefined, leftTraces: false });
  });

  test('an encoding that is not canonical is refused', () => {
    // The nonce 0 as a two-byte compact: 0x01 0x00.
    const extrinsic = byAlice();
    const nonceAt = 2 + 32 + 1 + 64 + 1;
    expect(extrinsic[nonceAt]).toBe(0);
    const longer = concat(extrinsic.subarray(0, nonceAt), Uint8Array.of(1, 0), extrinsic.subarray(nonceAt + 1));
    expect(chain.submit(longer).invalid).toBe('Invalid.Call');
  });

  test('truncated anywhere, it never traps', () => {
    const extrinsic = byAlice();
    for (let length = 0; length < extrinsic.length; length++) {
      expect(chain.submit(extrinsic.slice(0, length)).invalid).toBe('Invalid.Call');
    }
  });
});

describe('mortality', () => {
  test('a mortal extrinsic is valid for its period', () => {
    // Born in block 8, period 4: valid in blocks 8 to 11.
    chain.advanceTo(9);
    const born = { number: 8, hash: chain.parentHash };
    const extrinsic = byAlice(toBob(), { period: 4, born });
    const late = byAlice(toBob(), { period: 4, born, nonce: 1 });
    chain.advanceTo(11);
    expect(chain.submit(extrinsic)).toEqual(GOOD);
    chain.advanceTo(12);
    // In block 12 the birth block would be 12 itself, whose hash is unknown.
    expect(chain.submit(late).invalid).toBe('Invalid.AncientBirthBlock');
  });

  test('one signed for another fork is refused', () => {
    chain.advanceTo(9);
    expect(chain.submit(byAlice(toBob(), { period: 8, born: { number: 8, hash: CHARLIE } })).invalid).toBe(
      'Invalid.BadProof',
    );
  });

  test('the pool receives its longevity', () => {
    chain.advanceTo(10);
    // Born in block 8, period 8, validated for block 10: invalid from block 16 on.
    const hash = new Uint8Array(chain.query('System.BlockHash', 8)!.toU8a());
    const extrinsic = byAlice(toBob(), { period: 8, born: { number: 8, hash } });
    expect(validate(extrinsic)).toMatchObject({ longevity: 6n });
    expect(validate(byAlice())).toMatchObject({ longevity: 2n ** 64n - 1n });
  });
});

describe('the pool', () => {
  const tag = (nonce: number): string => toHex(new Writer().raw(ALICE).u32(nonce).finish());

  test('receives the tags that an extrinsic provides and requires', () => {
    expect(validate(byAlice(toBob(), { nonce: 0 }))).toMatchObject({
      requires: [],
      provides: [tag(0)],
      propagate: true,
    });
    expect(validate(byAlice(toBob(), { nonce: 3 }))).toMatchObject({ requires: [tag(2)], provides: [tag(3)] });
  });

  test('a tip raises the priority', () => {
    const priorities = [0n, 1n, 10n, 1_000n].map(
      (tip) => (validate(byAlice(toBob(), { tip })) as { priority: bigint }).priority,
    );
    expect(priorities).toEqual([...priorities].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(priorities).size).toBe(4);
  });

  test('an operational call comes before an ordinary one', () => {
    const ordinary = validate(byAlice()) as { priority: bigint };
    const operational = validate(
      byAlice(chain.names.call('Sudo.sudo', chain.names.call('System.kill_storage', []))),
    ) as { priority: bigint };
    expect(operational.priority).toBeGreaterThan(ordinary.priority);
  });

  test.each<[string, string, () => Uint8Array]>([
    [
      'a stale nonce',
      'Invalid 3',
      () => {
        chain.submit(byAlice());
        chain.advance();
        return byAlice(toBob(), { nonce: 0 });
      },
    ],
    ['a bad signature', 'Invalid 4', () => byAlice(toBob(), { specVersion: 9 })],
    ['an account without funds', 'Invalid 1', () => signExtrinsic(chain, pair('Nobody'), toBob(), { nonce: 0 })],
    ['an inherent', 'Invalid 9', () => concat(Uint8Array.of(4), chain.names.call('Timestamp.set', 1n))],
    ['an unsigned extrinsic', 'Unknown 1', () => concat(Uint8Array.of(4), toBob())],
    ['random bytes', 'Invalid 0', () => Uint8Array.of(1, 2, 3)],
    [
      'an extrinsic that is too long for any block',
      'Invalid 6',
      () => byAlice(chain.names.call('System.remark', `0x${'00'.repeat(4_000_000)}`)),
    ],
  ])('refuses %s', (_name, expected, make) => {
    expect(validate(make())).toBe(expected);
  });
});

const BASE_EXTRINSIC = BigInt(storedConstants().BASE_EXTRINSIC_PS);
/** The weight of Sudo's own part of a call. */
const SUDO = storedWeight('Sudo', 'sudo');

/** The most keys that `kill_prefix` removes with this weight. */
function keysKilled(weight: bigint): number {
  const weightOf = (subkeys: number): bigint => storedWeight('System', 'killPrefix', { subkeys });
  return Number((weight - weightOf(0)) / (weightOf(1) - weightOf(0)));
}

describe('limits of a block', () => {
  // Of 2·10¹² ps, Normal and Operational extrinsics have 4 % each; one of them is M less the other's part.
  const M = 2_000_000_000_000n;
  const GUARANTEED = 80_000_000_000n;
  // Of 5 MiB, Normal ones have 0.5 MiB, Operational ones 1.25 MiB.
  const MIB = 1 << 20;
  const NORMAL_BYTES = MIB / 2;
  const OPERATIONAL_BYTES = 1.25 * MIB;

  const ordinary = (): Uint8Array => byAlice();
  const operational = (): Uint8Array =>
    byAlice(chain.names.call('Sudo.sudo', chain.names.call('System.kill_storage', [])));
  /** Says that no inherent follows, so that the first extrinsic does not register the weight of the block's end. */
  const completeInherents = (): void => chain.poke('System.InherentsApplied', [], Uint8Array.of(1));
  const pokeLengths = (normal: number, ofOperational: number, mandatory: number): void =>
    chain.poke('System.ExtrinsicsLen', [], new Writer().u32(normal).u32(ofOperational).u32(mandatory).finish());
  type Parts = [normal: bigint, operational: bigint, mandatory: bigint];
  const consumed = (): Parts => {
    const weight = chain.json('System.BlockWeight') as Record<string, { refTime: number }>;
    return [weight.normal, weight.operational, weight.mandatory].map((part) => BigInt(part!.refTime)) as Parts;
  };
  /** What an extrinsic adds to a block: weight, and length with its prefix of one or two bytes. */
  const sizeOf = (make: () => Uint8Array): { weight: bigint; bytes: number } => {
    chain.overlay.begin();
    const before = consumed().reduce((a, b) => a + b);
    const bytes = make();
    expect(chain.submit(bytes).invalid).toBeUndefined();
    const weight = consumed().reduce((a, b) => a + b) - before;
    chain.overlay.rollback();
    return { weight, bytes: bytes.length + (bytes.length < 64 ? 1 : 2) };
  };
  const verdict = (make: () => Uint8Array): string | undefined => {
    chain.overlay.begin();
    const { invalid } = chain.submit(make());
    chain.overlay.rollback();
    return invalid;
  };
  const FULL = 'Invalid.ExhaustsResources';
  /** Mandatory weight and length at their bounds: 92 % of M, and 3.25 MiB. */
  const FULL_OF_INHERENTS = { weight: (M * 92n) / 100n, bytes: 3.25 * MIB };

  test.each([
    ['Normal', ordinary, (own: bigint): Parts => [own, 0n, FULL_OF_INHERENTS.weight], GUARANTEED],
    ['Operational', operational, (own: bigint): Parts => [0n, own, FULL_OF_INHERENTS.weight], GUARANTEED],
    // What the other class has not used of its part stays free.
    ['Normal, in an empty block', ordinary, (own: bigint): Parts => [own, 0n, 0n], M - GUARANTEED],
    ['Operational, in an empty block', operational, (own: bigint): Parts => [0n, own, 0n], M - GUARANTEED],
    // What the other class has used of its part is taken from the whole block only.
    ['Normal, beside Operational', ordinary, (own: bigint): Parts => [own, 3n * GUARANTEED, 0n], M - 3n * GUARANTEED],
  ])('the weight of %s extrinsics: both sides of the limit', (_name, make, parts, limit) => {
    // The first extrinsic reserves weight for the end of the block, which is not its own.
    chain.submit(ordinary());
    completeInherents();
    const { weight } = sizeOf(make);
    pokeWeight(...parts(limit - weight + 1n));
    expect(verdict(make)).toBe(FULL);
    pokeWeight(...parts(limit - weight));
    expect(verdict(make)).toBeUndefined();
  });

  test.each([
    ['Normal', ordinary, (own: number) => [own, 0, FULL_OF_INHERENTS.bytes], NORMAL_BYTES],
    ['Operational', operational, (own: number) => [0, own, FULL_OF_INHERENTS.bytes], OPERATIONAL_BYTES],
    ['Normal, in an empty block', ordinary, (own: number) => [own, 0, 0], 5 * MIB - OPERATIONAL_BYTES],
    ['Operational, in an empty block', operational, (own: number) => [0, own, 0], 5 * MIB - NORMAL_BYTES],
    ['Normal, beside Operational', ordinary, (own: number) => [own, 2 * MIB, 0], 3 * MIB],
  ] as [string, () => Uint8Array, (own: number) => [number, number, number], number][])(
    'the length of %s extrinsics: both sides of the limit',
    (_name, make, parts, limit) => {
      const { bytes } = sizeOf(make);
      pokeLengths(...parts(limit - bytes + 1));
      expect(verdict(make)).toBe(FULL);
      pokeLengths(...parts(limit - bytes));
      expect(verdict(make)).toBeUndefined();
    },
  );

  test('inherents have at most 3.25 MiB together', () => {
    // Bitfields without any: version, pallet, call, an empty list, and the length before them.
    const bitfields = concat(Uint8Array.of(4), chain.names.call('Availability.bitfields', []));
    pokeLengths(0, 0, FULL_OF_INHERENTS.bytes - bitfields.length);
    expect(verdict(() => bitfields)).toBe(FULL);
    pokeLengths(0, 0, FULL_OF_INHERENTS.bytes - bitfields.length - 1);
    expect(verdict(() => bitfields)).toBeUndefined();
  });

  test("Mandatory weight alone does not take the extrinsics' parts", () => {
    pokeWeight(0n, 0n, FULL_OF_INHERENTS.weight);
    expect(chain.submit(ordinary())).toEqual(GOOD);
    expect(chain.submit(operational())).toEqual(GOOD);
  });

  test('a call heavier than the part of its class is valid, and waits for a block with room', () => {
    // `kill_prefix` of so many keys weighs 9·10¹⁰, more than the part of 8·10¹⁰.
    const keys = keysKilled(90_000_000_000n);
    const heavy = (): Uint8Array =>
      byAlice(chain.names.call('Sudo.sudo', chain.names.call('System.kill_prefix', '0xdead', keys)));
    expect(validate(heavy())).toMatchObject({ provides: [expect.any(String)] });
    pokeWeight(0n, 0n, FULL_OF_INHERENTS.weight);
    expect(verdict(heavy)).toBe(FULL);
    pokeWeight(0n, 0n, FULL_OF_INHERENTS.weight / 2n);
    expect(verdict(heavy)).toBeUndefined();
  });

  test('what fits no block is invalid, what fits an empty one is valid: both sides', () => {
    // An empty block has 1 % of M for itself; the other class keeps 4 %: 95 % of 2·10¹² are 1.9·10¹².
    const killing = (keys: number): Uint8Array =>
      byAlice(chain.names.call('Sudo.sudo', chain.names.call('System.kill_prefix', '0xdead', keys)));
    const length = storedLengthWeight(new Writer().bytes(killing(1)).finish().length);
    const most = keysKilled(1_900_000_000_000n - BASE_EXTRINSIC - length - SUDO);
    expect(validate(killing(most))).toMatchObject({ propagate: true });
    expect(validate(killing(most + 1))).toBe('Invalid 6');
    expect(chain.submit(killing(most))).toEqual(GOOD);
  });

  test('the hooks and the timestamp of an empty block stay within 1 % of it', () => {
    expect(consumed()[2]).toBeLessThanOrEqual(M / 100n);
  });

  test("the metadata has the limits, in frame_system's types", () => {
    const constant = (name: string): unknown => chain.names.constant(name).toJSON();
    const { baseExtrinsic } = (
      constant('System.BlockWeights') as { perClass: { normal: { baseExtrinsic: { refTime: number } } } }
    ).perClass.normal;
    const base = baseExtrinsic.refTime;
    const total = Number(M - GUARANTEED);
    expect(constant('System.BlockWeights')).toMatchObject({
      maxBlock: { refTime: Number(M) },
      perClass: {
        normal: {
          maxTotal: { refTime: total },
          reserved: { refTime: Number(GUARANTEED) },
          maxExtrinsic: { refTime: total - Number(M / 100n) - base },
        },
        operational: { maxTotal: { refTime: total }, reserved: { refTime: Number(GUARANTEED) } },
        mandatory: { maxTotal: null, reserved: null, maxExtrinsic: null },
      },
    });
    expect(constant('System.BlockLength')).toEqual({
      max: { normal: 3.75 * MIB, operational: 4.5 * MIB, mandatory: 3.25 * MIB },
    });
  });
});

describe('a call that its sender may not make is invalid, not merely failing', () => {
  const byBob = (call: Uint8Array): Uint8Array => signExtrinsic(chain, bobPair, call);
  const remark = (): Uint8Array => chain.names.call('System.remark', '0x');

  test.each<[string, () => Uint8Array]>([
    ['sudo', () => chain.names.call('Sudo.sudo', remark())],
    ['sudo_as', () => chain.names.call('Sudo.sudo_as', ALICE, remark())],
    ['set_key', () => chain.names.call('Sudo.set_key', BOB)],
    ['remove_key', () => chain.names.call('Sudo.remove_key')],
  ])('%s of another account than the key', (_name, call) => {
    expect(validate(byBob(call()))).toBe('Invalid 10');
    expect(chain.submit(byBob(call())).invalid).toBe('Invalid.BadSigner');
    expect(validate(byAlice(call()))).toMatchObject({ propagate: true });
  });

  test('a call for root, from any account: it would take the Operational part and could only fail', () => {
    const setCode = chain.names.call('System.set_code', '0x00');
    expect(validate(byAlice(setCode))).toBe('Invalid 10');
    expect(chain.submit(byAlice(setCode)).invalid).toBe('Invalid.BadSigner');
  });
});

describe('executing a block again', () => {
  const block = (): { bytes: Uint8Array; extrinsics: number } => {
    for (let i = 0; i < 3; i++) chain.submit(byAlice());
    chain.submit(signExtrinsic(chain, bobPair, chain.names.call('Balances.transfer_all', CHARLIE, false), {}));
    return { bytes: chain.close().block, extrinsics: 5 };
  };
  let parent: ReturnType<TestChain['onParent']>;
  const execute = (bytes: Uint8Array): void => void chain.call('Core_execute_block', bytes, parent);
  /** As `execute`, on a fresh state. */
  const executeAfresh = (bytes: Uint8Array): void => {
    parent.begin();
    try {
      execute(bytes);
    } finally {
      parent.rollback();
    }
  };
  beforeEach(() => {
    chain.advanceTo(2);
    parent = chain.onParent();
  });

  test('gives the same state', () => {
    const { bytes } = block();
    execute(bytes);
    expect(toHex(parent.root(1))).toBe(toHex(chain.overlay.root(1)));
  });

  test.each<[string, RegExp, (bytes: Uint8Array) => void]>([
    [
      'another state root',
      /the state root is .* as the header claims/,
      (bytes) => {
        bytes[33 + 5]! ^= 1;
      },
    ],
    [
      'another extrinsics root',
      /the extrinsics root is .* as the header claims/,
      (bytes) => {
        bytes[33 + 32 + 5]! ^= 1;
      },
    ],
    [
      'another number',
      /block 3 does not follow block 1/,
      (bytes) => {
        bytes[32] = 12;
      },
    ],
    [
      'another slot',
      /does not lie in slot/,
      (bytes) => {
        bytes[33 + 64 + 1 + 5 + 1]! ^= 1;
      },
    ],
    [
      'a changed extrinsic',
      /may not be in the block \(validity 0x104\)/,
      (bytes) => {
        bytes[bytes.length - 1]! ^= 1;
      },
    ],
  ])('a block with %s is refused', (_name, message, damage) => {
    const { bytes } = block();
    damage(bytes);
    expect(() => execute(bytes)).toThrow(message);
  });

  test('a block with one digest item more is refused', () => {
    const { bytes } = block();
    const at = 32 + 1 + 64;
    expect(bytes[at]).toBe(4);
    // An empty `Other` item at the front.
    const more = concat(bytes.subarray(0, at), Uint8Array.of(8, 0, 0), bytes.subarray(at + 1));
    // The digest is in the state, so the state root differs too; the digest's length is checked first.
    expect(() => execute(more)).toThrow(/executive/);
  });

  test('a block whose inherent does not come first is refused', () => {
    const { bytes } = block();
    const header = bytes.subarray(0, 32 + 1 + 64 + 1 + 5 + 1 + 8);
    const withExtrinsics = (list: Uint8Array[]): Uint8Array =>
      concat(header, new Writer().vec(list, (w, x) => w.bytes(x)).finish());
    const reader = new Reader(bytes, header.length);
    const extrinsics = reader.vec((r) => r.bytes());
    const swapped = [extrinsics[1]!, extrinsics[0]!, ...extrinsics.slice(2)];
    expect(() => executeAfresh(withExtrinsics(swapped))).toThrow(/validity 0x108/);
    const twice = [extrinsics[0]!, ...extrinsics];
    expect(() => executeAfresh(withExtrinsics(twice))).toThrow(/extrinsic 1 .*validity 0x108/);
    const without = extrinsics.slice(1);
    expect(() => executeAfresh(withExtrinsics(without))).toThrow(/the block has no time/);
  });

  test('uses no more memory for many extrinsics than for few', () => {
    for (let i = 0; i < 300; i++) chain.submit(byAlice());
    const { block: bytes } = chain.close();
    // 12 pages are 768 KiB: a block of 300 transfers has 43 KiB, and applying them allocates several MiB.
    expect(chain.runtime.call('Core_execute_block', bytes, parent, { heapPages: 12 })).toEqual(new Uint8Array());
  });

  test('bytes that are not a block are refused', () => {
    const { bytes } = block();
    expect(() => execute(bytes.slice(0, -1))).toThrow(/do not decode/);
    expect(() => execute(concat(bytes, Uint8Array.of(0)))).toThrow(/do not decode/);
  });
});

describe('check_inherents', () => {
  /** The result for the open block, whose time is `time`, at a node with the time `now`. */
  function check(now: bigint, before?: bigint): { okay: boolean; fatal: boolean; errors: [string, string][] } {
    const { block } = chain.close();
    const overlay = chain.onParent();
    const parentTime = before === undefined ? undefined : new Writer().u64(before).finish();
    overlay.set(chain.names.key('Timestamp.Now'), parentTime);
    const data = new Writer()
      .compact(1)
      .raw(utf8(INHERENTS.Timestamp.set))
      .bytes(new Writer().u64(now).finish())
      .finish();
    const answer = new Reader(chain.call('BlockBuilder_check_inherents', concat(block, data), overlay));
    const result = {
      okay: answer.bool(),
      fatal: answer.bool(),
      errors: answer.vec((r): [string, string] => [text(r.raw(8)), toHex(r.bytes())]),
    };
    answer.end();
    return result;
  }
  const time = 300_001n * 6_000n;
  const FINE = { okay: true, fatal: false, errors: [] };

  test('a block may be at most half a minute ahead of this node', () => {
    expect(check(time - 30_000n)).toEqual(FINE);
  });

  test('further ahead is fatal, and the error is TooFarInFuture of the timestamp', () => {
    // sp_timestamp::InherentError: ValidAtTimestamp(u64) is 0, TooFarInFuture 1.
    expect(check(time - 30_001n)).toEqual({ okay: false, fatal: true, errors: [['timstap0', '0x01']] });
  });

  test('a block of the past is accepted', () => {
    expect(check(time + 1_000_000n)).toEqual(FINE);
  });

  test('half a slot after its parent is early enough', () => {
    expect(check(time, time - 3_000n)).toEqual(FINE);
  });

  test('earlier is an error that may pass: ValidAtTimestamp of the earliest time', () => {
    const earliest = new Writer()
      .u8(0)
      .u64(time + 1n)
      .finish();
    const errors = [['timstap0', toHex(earliest)]];
    expect(check(time, time - 2_999n)).toEqual({ okay: false, fatal: false, errors });
  });
});

describe('inherents', () => {
  test('are in order: time, availability, reports', () => {
    const data = new Writer();
    // In another order, and with an unknown identifier.
    const time = new Writer().u64(300_002n * 6_000n).finish();
    const entries: [string, Uint8Array][] = [
      [INHERENTS.Reporting.report, Uint8Array.of(0)],
      ['nonsense', Uint8Array.of(1, 2)],
      [INHERENTS.Availability.bitfields, Uint8Array.of(0)],
      [INHERENTS.Timestamp.set, time],
    ];
    data.vec(entries, (w, [name, value]) => w.raw(utf8(name)).bytes(value));
    const made = new Reader(chain.call('BlockBuilder_inherent_extrinsics', data.finish())).vec((r) => r.bytes());
    expect(made.map((extrinsic) => toHex(extrinsic.slice(0, 2)))).toEqual(['0x0401', '0x0410', '0x040f']);
  });

  test('data that does not decode is refused by name', () => {
    const data = new Writer().compact(1).raw(utf8(INHERENTS.Timestamp.set)).bytes(Uint8Array.of(1)).finish();
    expect(() => chain.call('BlockBuilder_inherent_extrinsics', data)).toThrow(/the data of timstap0 does not decode/);
  });
});

describe('the first block of new code', () => {
  test('records the version, once', () => {
    chain.close();
    const key = chain.names.key('System.LastRuntimeUpgrade');
    // As stored by an older version of this runtime.
    chain.overlay.set(key, new Writer().compact(0).str('corejam').finish());
    chain.call('Core_initialize_block', chain.blankHeader(2));
    expect(chain.json('System.LastRuntimeUpgrade')).toEqual({ specVersion: 1, specName: 'corejam' });
  });

  test('writes the storage versions of pallets that have no state yet, and of no others', () => {
    chain.close();
    const versionOf = (pallet: string): Uint8Array =>
      concat(xxhashAsU8a(pallet, 128), xxhashAsU8a(':__STORAGE_VERSION__:', 128));
    // Sudo is new: nothing of it is in the state. Balances has total issuance, and no version: it is from a runtime that
    // wrote none, and its migrations have to find 0.
    for (const key of [chain.names.key('Sudo.Key'), versionOf('Sudo')]) chain.overlay.set(key, undefined);
    chain.overlay.set(versionOf('Balances'), undefined);
    chain.overlay.set(versionOf('System'), Uint8Array.of(7, 0));
    chain.overlay.set(chain.names.key('System.LastRuntimeUpgrade'), new Writer().compact(0).str('corejam').finish());
    chain.call('Core_initialize_block', chain.blankHeader(2));
    expect(chain.overlay.get(versionOf('Sudo'))).toEqual(Uint8Array.of(0, 0));
    expect(chain.overlay.get(versionOf('Balances'))).toBeUndefined();
    expect(chain.overlay.get(versionOf('System'))).toEqual(Uint8Array.of(7, 0));
    // The same block without new code writes nothing of the kind.
    for (const key of [chain.names.key('Sudo.Key'), versionOf('Sudo')]) chain.overlay.set(key, undefined);
    chain.call('Core_initialize_block', chain.blankHeader(2));
    expect(chain.overlay.get(versionOf('Sudo'))).toBeUndefined();
  });
});
