// Arguments of wrong length in guest calls: no host function that the runtime serves, called with an argument that is
// too short, too long or out of bounds, traps the runtime or stops a block. Spec: docs/decisions/0001-specification.md
// § Entry points and host functions.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_256, concat, toHex, utf8, Writer } from '../../host/bytes/index.js';
import type { RunOutcome } from '../../host/contract/index.js';
import { GUEST_FUNCTIONS, guestRow } from '../../host/executor/index.js';
import { dropped, importOf, wrongCalls } from '../guest-arguments.js';
import { BOB, type TestChain } from '../harness/index.js';
import {
  accountOf,
  allAvailable,
  assignCores,
  attest,
  fund,
  progress,
  registerClass,
  report,
  reportOf,
  startChain,
  workStorage,
} from './support/corejam.js';
import { assemble, fat, guest, ONE, TWO, UNIT } from './support/guests.js';

/** Enough for reading and returning 1 MiB several times. */
const WEIGHT = 200_000_000_000n;
const ENDOWMENT = 1_000_000_000_000n;
/** Pages of the guest: more than the longest argument that the host passes on. */
const PAGES = 17;
const MEMORY = { data: 8_192, end: PAGES * 65_536 };

let chain: TestChain;

beforeEach(async () => {
  chain = await startChain({ cores: 1, validators: 2 });
  assignCores(chain, 0);
});

/** Registers and funds a class. */
function classOf(code: Uint8Array): number {
  const classId = registerClass(chain, code, 0n, WEIGHT);
  fund(chain, classId, ENDOWMENT);
  return classId;
}

/** Runs `accumulate` of a class with one result. Throws RuntimeTrap if a call of it traps the runtime. */
function run(classId: number): RunOutcome {
  chain.advance();
  report(chain, [attest(reportOf(chain, { classId }), [0, 1])]);
  chain.advance();
  allAvailable(chain, [0], 2);
  chain.close();
  const { outcome } = progress(chain).runs[0]!;
  chain.open();
  return outcome;
}

/** A guest that makes the call as `accumulate`. */
function calling(name: string, operands: string): Uint8Array {
  const row = guestRow(name);
  return assemble(`(module ${importOf(name, row)}
    (memory (export "memory") ${PAGES}) (global (export "__heap_base") i32 (i32.const 4096))
    (func (export "refine") (export "accumulate") (param i32 i32) (result i64) ${dropped(row, operands)} ${UNIT}))`);
}

const SERVED = Object.keys(GUEST_FUNCTIONS).filter((name) => guestRow(name).server === 'runtime');

describe('an argument that is too short, too long or out of bounds', () => {
  test.each(SERVED)('of %s neither traps the runtime nor stops the block', (name) => {
    for (const { what, operands, mustTrap } of wrongCalls(guestRow(name), MEMORY)) {
      const outcome = run(classOf(calling(name, operands)));
      const allowed: RunOutcome[] = mustTrap ? ['trapped'] : ['returned', 'trapped'];
      expect({ what, outcome: allowed.includes(outcome) || outcome }).toEqual({ what, outcome: true });
    }
  });
});

describe('what a call with an argument of wrong length returns', () => {
  const [DATA, BYTE] = [256, 120];
  const preimage = utf8('kept by a class');
  const [hash, amount] = [blake2_256(preimage), new Writer().u128(5_000_000_000n).finish()];

  /** The numbers that the calls return, as a class stores them at "one"; and what it has left. */
  function returned(...calls: string[]): { numbers: string | undefined; free: bigint; reserved: bigint } {
    const stored = calls.map((call, index) => `(i32.store8 (i32.const ${BYTE + index}) ${call})`).join(' ');
    const bytes = [...concat(hash, BOB, amount, utf8('\0\0'))].map((each) => `\\${each.toString(16).padStart(2, '0')}`);
    const code = guest({
      accumulate: `${stored} (drop (call $set_work_storage ${ONE} ${fat(BYTE, calls.length)})) ${UNIT}`,
      data: `(data (i32.const ${DATA}) "${bytes.join('')}")`,
    });
    const classId = classOf(code);
    expect(run(classId)).toBe('returned');
    const { free, reserved } = chain.account(accountOf(classId));
    return { numbers: workStorage(chain, classId, 'one'), free, reserved };
  }
  /** Of the class's storage alone: 10⁹, and 10⁷ a byte of key and value. */
  const work = (calls: number): bigint => 1_000_000_000n + 10_000_000n * BigInt(3 + calls);
  const none = (call: string): string => `(i64.eq ${call} (i64.const -1))`;
  const LENGTHS = [0, 31, 33];
  const nothingDone = (...calls: string[]): string | undefined => {
    const { numbers, free, reserved } = returned(...calls);
    expect([free, reserved]).toEqual([ENDOWMENT - work(calls.length), work(calls.length)]);
    return numbers;
  };

  test('free_balance of an account of 0, 31 and 33 bytes is none', () => {
    const calls = LENGTHS.map((length) => none(`(call $free_balance ${fat(DATA + 32, length)})`));
    expect(nothingDone(...calls)).toBe(toHex(Uint8Array.of(1, 1, 1)));
  });

  test('storage_request of a hash of 0, 31 and 33 bytes is refused: 1', () => {
    const calls = LENGTHS.map((length) => `(call $storage_request ${fat(DATA, length)} (i32.const 15))`);
    expect(nothingDone(...calls)).toBe(toHex(Uint8Array.of(1, 1, 1)));
  });

  test('storage_unrequest and storage_expunge of a hash of 0, 31 and 33 bytes are refused: 2 and 1', () => {
    const request = `(call $storage_request ${fat(DATA, 32)} (i32.const ${preimage.length}))`;
    const calls = [
      ...LENGTHS.map((length) => `(call $storage_unrequest ${fat(DATA, length)})`),
      ...LENGTHS.map((length) => `(call $storage_expunge ${fat(DATA, length)})`),
    ];
    const { numbers, reserved } = returned(request, ...calls);
    expect(numbers).toBe(toHex(Uint8Array.of(0, 2, 2, 2, 1, 1, 1)));
    // The request is still there: its deposit is 10¹¹, and 10⁶ a byte.
    expect(reserved).toBe(work(7) + 100_000_000_000n + 1_000_000n * BigInt(preimage.length));
  });

  test('storage_lookup of a hash of 0, 31 and 33 bytes is none', () => {
    const calls = LENGTHS.map((length) => none(`(call $storage_lookup ${fat(DATA, length)})`));
    expect(nothingDone(...calls)).toBe(toHex(Uint8Array.of(1, 1, 1)));
  });

  test('transfer to an account of 0, 31 and 33 bytes, and of an amount of 0, 15 and 17 bytes, is refused: 1', () => {
    const transfer = (to: number, of: number): string => `(call $transfer ${fat(DATA + 32, to)} ${fat(DATA + 64, of)})`;
    const calls = [...LENGTHS.map((to) => transfer(to, 16)), ...[0, 15, 17].map((of) => transfer(32, of))];
    expect(nothingDone(...calls)).toBe(toHex(Uint8Array.of(1, 1, 1, 1, 1, 1)));
  });

  test('set_work_storage takes a key of 256 bytes and refuses one of 257: 1', () => {
    const calls = [256, 257].map((length) => `(call $set_work_storage ${fat(DATA, length)} ${TWO})`);
    expect(returned(...calls).numbers).toBe(toHex(Uint8Array.of(0, 1)));
  });
});

test('an argument of 1 MiB is passed on, and one of a byte more traps the guest', () => {
  const name = 'ext_corejam_get_work_storage_version_1';
  const of = (length: number): number => classOf(calling(name, fat(MEMORY.data, length)));
  expect(run(of(1024 * 1024))).toBe('returned');
  expect(run(of(1024 * 1024 + 1))).toBe('trapped');
});
