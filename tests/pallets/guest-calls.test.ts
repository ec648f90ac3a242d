// Host functions that a class may call on-chain, and those that it may not. Spec: the table "Entry points and host
// functions"; D12.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_256, concat, toHex, twox128, utf8, Writer } from '../../host/bytes/index.js';
import type { RunOutcome } from '../../host/contract/index.js';
import { BOB, expectOk, signed, type TestChain } from '../harness/index.js';
import {
  accountOf,
  allAvailable,
  assignCores,
  attest,
  fund,
  indices,
  join,
  progress,
  registerClass,
  report,
  reportOf,
  startChain,
  workStorage,
} from './support/corejam.js';
import { fat, guest, NOTHING, ONE, TWO, UNIT } from './support/guests.js';

const ENDOWMENT = 1_000_000_000_000n;
/** Addresses in a guest's memory: of the test data, and of one byte for results. */
const [DATA, BYTE] = [256, 120];
/** The value that a guest stores for a result of none. */
const NONE = '0x00';

let chain: TestChain;
let one: string | undefined;
let two: string | undefined;

beforeEach(async () => {
  chain = await startChain({ cores: 1, validators: 2 });
  assignCores(chain, 0);
});

/** Runs `accumulate` of a class with one result. Returns how it ended, and its values at `one` and `two`. */
function run(classId: number): RunOutcome {
  chain.advance();
  report(chain, [attest(reportOf(chain, { classId }), [0, 1])]);
  chain.advance();
  allAvailable(chain, [0], 2);
  chain.close();
  [one, two] = ['one', 'two'].map((key) => workStorage(chain, classId, key));
  const { outcome } = progress(chain).runs[0]!;
  chain.open();
  return outcome;
}

/** A new class with this `accumulate` and a funded account; `data` is in its memory at DATA. */
function classOf(accumulate: string, data: Uint8Array = new Uint8Array()): number {
  const escaped = [...data].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  const code = guest({ accumulate: `${accumulate} ${UNIT}`, data: `(data (i32.const ${DATA}) "${escaped}")` });
  const classId = registerClass(chain, code, 0n, 2_000_000_000n);
  fund(chain, classId, ENDOWMENT);
  return classId;
}

/** Stores the bytes that `call` returns, or NONE, at a key. */
const keep = (key: string, call: string): string => `(local.set 3 ${call})
  (drop (call $set_work_storage ${key} (select ${NOTHING} (local.get 3) (i64.eq (local.get 3) (i64.const -1)))))`;
/** Stores the number that `call` returns. */
const keepNumber = (key: string, call: string): string =>
  `(i32.store8 (i32.const ${BYTE}) ${call}) (drop (call $set_work_storage ${key} ${fat(BYTE, 1)}))`;

const amount = (value: bigint): Uint8Array => new Writer().u128(value).finish();

describe('reading', () => {
  test('a class reads its values, their length, and none for missing ones', () => {
    const classId = classOf(
      `(drop (call $set_work_storage ${ONE} ${TWO}))
      ${keep(TWO, `(call $get_work_storage ${ONE})`)}
      (if (i64.ne (call $get_work_storage_len ${ONE}) (i64.const 3)) (then unreachable))
      (if (i64.ne (call $get_work_storage_len ${fat(DATA, 4)}) (i64.const -1)) (then unreachable))
      (if (i64.ne (call $get_work_storage ${fat(DATA, 4)}) (i64.const -1)) (then unreachable))`,
      utf8('nope'),
    );
    expect(run(classId)).toBe('returned');
    expect([one, two]).toEqual([toHex(utf8('two')), toHex(utf8('two'))]);
  });

  test("a class reads another class's state, but can't write it", () => {
    const writer = classOf(`(drop (call $set_work_storage ${ONE} ${TWO}))`);
    run(writer);
    const reader = classOf(keep(TWO, `(call $get_class_storage (i32.const ${writer}) ${ONE})`));
    expect(run(reader)).toBe('returned');
    expect([one, two]).toEqual([undefined, toHex(utf8('two'))]);
  });

  test("the chain's state can be read", () => {
    const key = concat(twox128(utf8('Coretime')), twox128(utf8('Cores')));
    expect(run(classOf(keep(ONE, `(call $get_storage ${fat(DATA, key.length)})`), key))).toBe('returned');
    expect(one).toBe('0x0100');
  });

  test.each([
    ['the index of the extrinsic', utf8(':extrinsic_index')],
    ['the events', concat(twox128(utf8('System')), twox128(utf8('Events')))],
    ["the block's weight", concat(twox128(utf8('System')), twox128(utf8('BlockWeight')))],
    ['the root of a child trie', concat(utf8(':child_storage:default:corejam/class/'), Uint8Array.of(1, 0, 0, 0))],
  ])('but not %s, which changes within a block', (_what, key) => {
    expect(run(classOf(keep(ONE, `(call $get_storage ${fat(DATA, key.length)})`), key))).toBe('returned');
    expect(one).toBe(NONE);
  });

  test.each<[string, unknown[]]>([
    ['System.Number', []],
    ['System.ParentHash', []],
    ['System.BlockHash', [0]],
    ['System.LastRuntimeUpgrade', []],
    ['System.Account', [BOB]],
  ])('%s can be read, although it is an item of System', (item, keys) => {
    const key = chain.names.key(item, ...keys);
    const classId = classOf(keep(ONE, `(call $get_storage ${fat(DATA, key.length)})`), key);
    expect(run(classId)).toBe('returned');
    // As at the end of the block in which the class ran.
    expect(one).toBe(toHex(chain.onParent().get(key)!));
  });

  test("prune reads its class's state", () => {
    const classId = registerClass(
      chain,
      guest({
        prune: `(if (result i64) (i64.eq (call $get_work_storage ${ONE}) (i64.const -1)) (then ${NOTHING}) (else ${fat(72, 5)}))`,
        accumulate: `(drop (call $set_work_storage ${ONE} ${ONE})) ${UNIT}`,
      }),
      1_000_000_000n,
      2_000_000_000n,
    );
    fund(chain, classId, ENDOWMENT);
    expect(run(classId)).toBe('returned');
    expect(join(chain, [reportOf(chain, { classId })])).toEqual([[classId, indices(0)]]);
  });
});

describe('balances', () => {
  test('a class transfers from its balance, and reads it', () => {
    const data = concat(BOB, amount(5_000_000_000n), accountOf(1));
    const classId = classOf(
      `${keepNumber(ONE, `(call $transfer ${fat(DATA, 32)} ${fat(DATA + 32, 16)})`)}
      ${keep(TWO, `(call $free_balance ${fat(DATA + 48, 32)})`)}`,
      data,
    );
    const before = chain.account(BOB).free;
    expect(run(classId)).toBe('returned');
    expect(one).toBe('0x00');
    expect(chain.account(BOB).free - before).toBe(5_000_000_000n);
    // It reads its balance after the deposit for "one": 10⁹ for the entry, 10⁷ for each of 3 + 1 bytes.
    expect(two).toBe(toHex(amount(ENDOWMENT - 5_000_000_000n - 1_040_000_000n)));
  });

  test.each([
    ['more than it has', concat(BOB, amount(ENDOWMENT + 1n)), 32, 16],
    ['all of it, since its account must be kept', concat(BOB, amount(ENDOWMENT)), 32, 16],
    ['to a malformed account', concat(BOB, amount(1n)), 31, 16],
    ['a malformed amount', concat(BOB, amount(1n)), 32, 15],
  ])('a class can not send %s', (_what, data, to, of) => {
    const classId = classOf(keepNumber(ONE, `(call $transfer ${fat(DATA, to)} ${fat(DATA + 32, of)})`), data);
    const before = chain.account(BOB).free;
    expect(run(classId)).toBe('returned');
    expect(one).toBe('0x01');
    expect(chain.account(BOB).free).toBe(before);
  });

  test("the deposit for its storage can't be transferred", () => {
    // All except the existential deposit, after an entry was written: its deposit of 1.06·10⁹ is not available.
    const data = concat(BOB, amount(ENDOWMENT - 1_000_000_000n), amount(ENDOWMENT - 1_000_000_000n - 1_060_000_000n));
    const classId = classOf(
      `(drop (call $set_work_storage ${TWO} ${TWO}))
      (if (i32.ne (call $transfer ${fat(DATA, 32)} ${fat(DATA + 32, 16)}) (i32.const 1)) (then unreachable))
      (if (i32.ne (call $transfer ${fat(DATA, 32)} ${fat(DATA + 48, 16)}) (i32.const 0)) (then unreachable))`,
      data,
    );
    expect(run(classId)).toBe('returned');
    expect(chain.account(accountOf(classId))).toMatchObject({ free: 1_000_000_000n, reserved: 1_060_000_000n });
  });

  describe('the deposit for its storage is settled before a class', () => {
    /** For one item with a key and a value of three bytes: 10⁹, and 10⁷ for each byte (D25). */
    const DEPOSIT = 1_000_000_000n + 6n * 10_000_000n;
    const EXISTENTIAL_DEPOSIT = 1_000_000_000n;

    test('reads its balance', () => {
      const own = accountOf(1);
      const classId = classOf(
        `(drop (call $set_work_storage ${ONE} ${ONE})) ${keep(TWO, `(call $free_balance ${fat(DATA, 32)})`)}`,
        own,
      );
      expect(classId).toBe(1);
      expect(run(classId)).toBe('returned');
      expect(two).toBe(toHex(amount(ENDOWMENT - DEPOSIT)));
    });

    // Storage's deposit for 9 bytes: 10¹¹, and 10⁶ for each.
    const REQUEST = 100_000_000_000n + 9n * 1_000_000n;

    test.each([
      [0n, 0],
      [1n, 1],
    ])('requests a preimage: %d planck short of both deposits returns %d', (short, reply) => {
      const code = guest({
        accumulate: `(drop (call $set_work_storage ${ONE} ${ONE}))
          (if (i32.ne (call $storage_request ${fat(DATA, 32)} (i32.const 9)) (i32.const ${reply})) (then unreachable))
          ${UNIT}`,
      });
      const classId = registerClass(chain, code, 0n, 2_000_000_000n);
      fund(chain, classId, DEPOSIT + REQUEST + EXISTENTIAL_DEPOSIT - short);
      expect(run(classId)).toBe('returned');
      expect(one).toBe(toHex(utf8('one')));
      const { free, reserved } = chain.account(accountOf(classId));
      const held = reply === 0 ? DEPOSIT + REQUEST : DEPOSIT;
      expect([reserved, free]).toEqual([held, DEPOSIT + REQUEST + EXISTENTIAL_DEPOSIT - short - held]);
    });
  });
});

describe('preimages', () => {
  const preimage = utf8('kept by a class');
  const hash = blake2_256(preimage);
  const data = concat(hash, preimage);
  const [HASH, PREIMAGE] = [fat(DATA, 32), fat(DATA + 32, preimage.length)];
  const deposit = 100_000_000_000n + 1_000_000n * BigInt(preimage.length);

  test('a class requests, provides and looks up, with its own deposit', () => {
    const classId = classOf(
      `${keepNumber(
        ONE,
        `(i32.add (call $storage_request ${HASH} (i32.const ${preimage.length}))
      (call $storage_provide ${PREIMAGE}))`,
      )} ${keep(TWO, `(call $storage_lookup ${HASH})`)}`,
      data,
    );
    expect(run(classId)).toBe('returned');
    expect([one, two]).toEqual(['0x00', toHex(preimage)]);
    const work = 1_000_000_000n * 2n + 10_000_000n * BigInt(3 + 1 + 3 + preimage.length);
    expect(chain.account(accountOf(classId)).reserved).toBe(deposit + work);
    expect(chain.json('Storage.Requests', hash, { account: { who: accountOf(classId) } })).toMatchObject({
      len: preimage.length,
      count: 1,
    });
  });

  test('unrequest returns whether expunge must wait, and expunge returns the deposit', () => {
    const request = `(drop (call $storage_request ${HASH} (i32.const ${preimage.length})))`;
    const classId = classOf(
      `${request} ${keepNumber(ONE, `(call $storage_unrequest ${HASH})`)}
      ${keepNumber(TWO, `(call $storage_expunge ${HASH})`)}`,
      data,
    );
    expect(run(classId)).toBe('returned');
    expect([one, two]).toEqual(['0x00', '0x00']); // never provided: at once
    const provided = classOf(
      `${request} (drop (call $storage_provide ${PREIMAGE}))
      ${keepNumber(ONE, `(call $storage_unrequest ${HASH})`)}
      ${keepNumber(TWO, `(call $storage_expunge ${HASH})`)}`,
      data,
    );
    expect(run(provided)).toBe('returned');
    expect([one, two]).toEqual(['0x01', '0x01']); // 24 hours first
  });

  test('unrequest of another length does not say wait: expunge works at once', () => {
    expectOk(chain.dispatch(signed(BOB), 'Storage.store', toHex(preimage)));
    expectOk(chain.dispatch(signed(BOB), 'Storage.unrequest_untrusted', hash)); // stored, and not requested
    const classId = classOf(
      `(drop (call $storage_request ${HASH} (i32.const ${preimage.length + 1})))
      ${keepNumber(ONE, `(call $storage_unrequest ${HASH})`)}
      ${keepNumber(TWO, `(call $storage_expunge ${HASH})`)}`,
      data,
    );
    expect(run(classId)).toBe('returned');
    expect([one, two]).toEqual(['0x00', '0x00']);
  });

  test('refused calls return an error, and the class continues', () => {
    const classId = classOf(
      `${keepNumber(ONE, `(call $storage_unrequest ${HASH})`)}
      ${keepNumber(TWO, `(call $storage_provide ${PREIMAGE})`)}`,
      data,
    );
    expect(run(classId)).toBe('returned');
    expect([one, two]).toEqual(['0x02', '0x01']);
  });

  test('a trap undoes requests too', () => {
    const classId = classOf(`(drop (call $storage_request ${HASH} (i32.const ${preimage.length}))) unreachable`, data);
    expect(run(classId)).toBe('trapped');
    expect(chain.account(accountOf(classId)).reserved).toBe(0n);
    expect(chain.query('Storage.Requests', hash, { account: { who: accountOf(classId) } })).toBeUndefined();
  });
});

describe('functions that prune may not call', () => {
  const data = `(data (i32.const ${DATA}) "${'\\00'.repeat(64)}")`;
  test.each([
    `(drop (call $set_work_storage ${ONE} ${ONE}))`,
    `(call $remove_work_storage ${ONE})`,
    '(drop (call $checkpoint))',
    '(drop (call $weight_remaining))',
    `(drop (call $transfer ${fat(DATA, 32)} ${fat(DATA, 16)}))`,
    `(drop (call $free_balance ${fat(DATA, 32)}))`,
    `(drop (call $storage_lookup ${fat(DATA, 32)}))`,
    `(drop (call $storage_request ${fat(DATA, 32)} (i32.const 1)))`,
    `(drop (call $storage_unrequest ${fat(DATA, 32)}))`,
    `(drop (call $storage_provide ${ONE}))`,
    `(drop (call $storage_expunge ${fat(DATA, 32)}))`,
  ])('%s', (body) => {
    const classId = registerClass(chain, guest({ prune: `${body} ${NOTHING}`, data }), 1_000_000_000n, 2_000_000_000n);
    chain.advance();
    const before = chain.root();
    expect(join(chain, [reportOf(chain, { classId })])).toEqual([[classId, { kind: 'trapped' }]]);
    expect(chain.root()).toBe(before);
  });
});

test("a pointer outside of the guest's memory fails the guest, not the block", () => {
  expect(run(classOf(`(drop (call $get_work_storage ${fat(131_000, 1_000)}))`))).toBe('trapped');
});

test('host calls keep no memory of the runtime', () => {
  // 50,000 reads of 1,500 bytes: what the runtime allocates for them, more than 3 kB each, would not fit the 128 MiB
  // that it may grow by. Reading 1,500 bytes and giving them back costs 28.5 µs, so not many more fit into one block.
  const classId = classOf(
    `(drop (call $set_work_storage ${ONE} ${fat(DATA, 1_500)}))
    (loop $l (call $free (i32.wrap_i64 (call $get_work_storage ${ONE})))
      (br_if $l (i32.lt_u (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (i32.const 50000))))`,
    new Uint8Array(1_500),
  );
  expect(run(classId)).toBe('returned');
});
