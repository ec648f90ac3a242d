// Executive: extrinsics and the pool.
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  ALICE,
  BOB,
  bobPair,
  CHARLIE,
  expectEvent,
  pair,
  signExtrinsic,
  stranger,
  TestChain,
} from '../harness/index.js';
import { concat, toHex, Writer } from '../../host/bytes/index.js';
import { byAlice, GOOD, toBob, UNIT, validate } from './support/executive.js';

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

describe('a signed extrinsic', () => {
  test('is applied, paid for, counted and reported', () => {
    const before = chain.account(ALICE);
    const issuance = chain.integer('Balances.TotalIssuance');
    expect(chain.submit(byAlice(chain))).toEqual(GOOD);
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
    const applied = chain.submit(byAlice(chain, chain.names.call('Balances.transfer_keep_alive', stranger(7), 5n)));
    expect(applied).toMatchObject({ invalid: undefined, error: 'Token.BelowMinimum' });
    expect(chain.account(ALICE).free).toBeLessThan(before);
    expect(chain.account(ALICE).nonce).toBe(1);
    expectEvent(chain, 'System.ExtrinsicFailed', { dispatch_error: { token: 'BelowMinimum' } });
    chain.advance();
  });

  test('that is free of charge gets its fee back', () => {
    const before = chain.account(ALICE).free;
    const call = chain.names.call('Sudo.sudo', chain.names.call('System.remark', '0x'));
    expect(chain.submit(byAlice(chain, call))).toEqual(GOOD);
    expect(chain.account(ALICE).free).toBe(before);
    expectEvent(chain, 'TransactionPayment.TransactionFeePaid', { actual_fee: 0 });
    chain.advance();
  });

  test('by an ecdsa or ed25519 key is accepted', async () => {
    const { Keyring } = await import('@polkadot/keyring');
    for (const type of ['ed25519', 'ecdsa'] as const) {
      const key = new Keyring({ type }).addFromUri('//Eve');
      const account = key.addressRaw;
      chain.submit(byAlice(chain, chain.names.call('Balances.transfer_keep_alive', account, UNIT)));
      const call = chain.names.call('Balances.transfer_keep_alive', BOB, UNIT / 4n);
      expect(chain.submit(signExtrinsic(chain, key, call, { nonce: 0 }))).toEqual(GOOD);
    }
    chain.advance();
  });

  test('of more than 256 signed bytes is signed by its hash', () => {
    expect(chain.submit(byAlice(chain, chain.names.call('System.remark', `0x${'07'.repeat(300)}`)))).toEqual(GOOD);
  });
});

describe('an extrinsic is refused, without a change of state', () => {
  const inTheNameOf = (account: Uint8Array): Uint8Array => {
    const forged = byAlice(chain);
    forged.set(account, 2);
    return forged;
  };
  const bare = (call: Uint8Array): Uint8Array => concat(Uint8Array.of(4), call);
  const refusals: [string, string, () => Uint8Array][] = [
    [
      'of the past',
      'Invalid.Stale',
      () => {
        chain.submit(byAlice(chain));
        return byAlice(chain, toBob(chain), { nonce: 0 });
      },
    ],
    ['of the future', 'Invalid.Future', () => byAlice(chain, toBob(chain), { nonce: 1 })],
    ['for another chain', 'Invalid.BadProof', () => byAlice(chain, toBob(chain), { genesisHash: CHARLIE })],
    ['for another version of the runtime', 'Invalid.BadProof', () => byAlice(chain, toBob(chain), { specVersion: 2 })],
    [
      'for another format of extrinsics',
      'Invalid.BadProof',
      () => byAlice(chain, toBob(chain), { transactionVersion: 2 }),
    ],
    [
      'with a changed call',
      'Invalid.BadProof',
      () => {
        const changed = byAlice(chain);
        changed[changed.length - 1]! ^= 1;
        return changed;
      },
    ],
    ["with another account's address", 'Invalid.BadProof', () => inTheNameOf(CHARLIE)],
    ['of the zero account', 'Invalid.BadSigner', () => inTheNameOf(new Uint8Array(32))],
    [
      'of an account without funds',
      'Invalid.Payment',
      () => signExtrinsic(chain, pair('Nobody'), toBob(chain), { nonce: 0 }),
    ],
    ['whose tip is too high', 'Invalid.Payment', () => byAlice(chain, toBob(chain), { tip: 2_000_000n * UNIT })],
    [
      'of an inherent call',
      'Invalid.MandatoryValidation',
      () => byAlice(chain, chain.names.call('Timestamp.set', 1_800_030_000n)),
    ],
    [
      'by an address of another kind',
      'Unknown.CannotLookup',
      () => {
        const bytes = byAlice(chain);
        bytes[1] = 3;
        return bytes;
      },
    ],
    ['unsigned, and not an inherent', 'Unknown.NoUnsignedValidator', () => bare(toBob(chain))],
    [
      'an inherent a second time',
      'Invalid.BadMandatory',
      () => bare(chain.names.call('Timestamp.set', 1_800_006_000n)),
    ],
    ['of another format', 'Invalid.Call', () => concat(Uint8Array.of(5), toBob(chain))],
    ['empty', 'Invalid.Call', () => new Uint8Array()],
    ['with a byte too many', 'Invalid.Call', () => concat(byAlice(chain), Uint8Array.of(0))],
    ['with a byte too few', 'Invalid.Call', () => byAlice(chain).slice(0, -1)],
    [
      'of an unknown pallet',
      'Invalid.Call',
      () => {
        const extrinsic = byAlice(chain);
        extrinsic[extrinsic.length - toBob(chain).length] = 200;
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
    const extrinsic = byAlice(chain);
    const nonceAt = 2 + 32 + 1 + 64 + 1;
    expect(extrinsic[nonceAt]).toBe(0);
    const longer = concat(extrinsic.subarray(0, nonceAt), Uint8Array.of(1, 0), extrinsic.subarray(nonceAt + 1));
    expect(chain.submit(longer).invalid).toBe('Invalid.Call');
  });

  test('truncated anywhere, it never traps', () => {
    const extrinsic = byAlice(chain);
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
    const extrinsic = byAlice(chain, toBob(chain), { period: 4, born });
    const late = byAlice(chain, toBob(chain), { period: 4, born, nonce: 1 });
    chain.advanceTo(11);
    expect(chain.submit(extrinsic)).toEqual(GOOD);
    chain.advanceTo(12);
    // In block 12 the birth block would be 12 itself, whose hash is unknown.
    expect(chain.submit(late).invalid).toBe('Invalid.AncientBirthBlock');
  });

  test('one signed for another fork is refused', () => {
    chain.advanceTo(9);
    expect(chain.submit(byAlice(chain, toBob(chain), { period: 8, born: { number: 8, hash: CHARLIE } })).invalid).toBe(
      'Invalid.BadProof',
    );
  });

  test('the pool receives its longevity', () => {
    chain.advanceTo(10);
    // Born in block 8, period 8, validated for block 10: invalid from block 16 on.
    const hash = new Uint8Array(chain.query('System.BlockHash', 8)!.toU8a());
    const extrinsic = byAlice(chain, toBob(chain), { period: 8, born: { number: 8, hash } });
    expect(validate(chain, extrinsic)).toMatchObject({ longevity: 6n });
    expect(validate(chain, byAlice(chain))).toMatchObject({ longevity: 2n ** 64n - 1n });
  });
});

describe('the pool', () => {
  const tag = (nonce: number): string => toHex(new Writer().raw(ALICE).u32(nonce).finish());

  test('receives the tags that an extrinsic provides and requires', () => {
    expect(validate(chain, byAlice(chain, toBob(chain), { nonce: 0 }))).toMatchObject({
      requires: [],
      provides: [tag(0)],
      propagate: true,
    });
    expect(validate(chain, byAlice(chain, toBob(chain), { nonce: 3 }))).toMatchObject({
      requires: [tag(2)],
      provides: [tag(3)],
    });
  });

  test('a tip raises the priority', () => {
    const priorities = [0n, 1n, 10n, 1_000n].map(
      (tip) => (validate(chain, byAlice(chain, toBob(chain), { tip })) as { priority: bigint }).priority,
    );
    expect(priorities).toEqual([...priorities].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(priorities).size).toBe(4);
  });

  test('an operational call comes before an ordinary one', () => {
    const ordinary = validate(chain, byAlice(chain)) as { priority: bigint };
    const operational = validate(
      chain,
      byAlice(chain, chain.names.call('Sudo.sudo', chain.names.call('System.kill_storage', []))),
    ) as { priority: bigint };
    expect(operational.priority).toBeGreaterThan(ordinary.priority);
  });

  test.each<[string, string, () => Uint8Array]>([
    [
      'a stale nonce',
      'Invalid 3',
      () => {
        chain.submit(byAlice(chain));
        chain.advance();
        return byAlice(chain, toBob(chain), { nonce: 0 });
      },
    ],
    ['a bad signature', 'Invalid 4', () => byAlice(chain, toBob(chain), { specVersion: 9 })],
    ['an account without funds', 'Invalid 1', () => signExtrinsic(chain, pair('Nobody'), toBob(chain), { nonce: 0 })],
    ['an inherent', 'Invalid 9', () => concat(Uint8Array.of(4), chain.names.call('Timestamp.set', 1n))],
    ['an unsigned extrinsic', 'Unknown 1', () => concat(Uint8Array.of(4), toBob(chain))],
    ['random bytes', 'Invalid 0', () => Uint8Array.of(1, 2, 3)],
    [
      'an extrinsic that is too long for any block',
      'Invalid 6',
      () => byAlice(chain, chain.names.call('System.remark', `0x${'00'.repeat(4_000_000)}`)),
    ],
  ])('refuses %s', (_name, expected, make) => {
    expect(validate(chain, make())).toBe(expected);
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
    expect(validate(chain, byBob(call()))).toBe('Invalid 10');
    expect(chain.submit(byBob(call())).invalid).toBe('Invalid.BadSigner');
    expect(validate(chain, byAlice(chain, call()))).toMatchObject({ propagate: true });
  });

  test('a call for root, from any account: it would take the Operational part and could only fail', () => {
    const setCode = chain.names.call('System.set_code', '0x00');
    expect(validate(chain, byAlice(chain, setCode))).toBe('Invalid 10');
    expect(chain.submit(byAlice(chain, setCode)).invalid).toBe('Invalid.BadSigner');
  });
});
