// The WorkClasses pallet: class ids, code, permissions, deposits, and the bounds of requirements.
// Spec: RFC-0031 § Refine, § Weight Provisioning; D22, D24, D38.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedInvocation, storedPruneInvocation } from '../../bench/weights/constants.js';
import { blake2_256, Reader, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { coreJamApi } from '../../host/contract/index.js';
import {
  ALICE,
  BOB,
  expectEvent,
  expectNoop,
  expectOk,
  none,
  root,
  signed,
  stranger,
  TestChain,
} from '../harness/index.js';
import { startChain } from './support/corejam.js';
import { assemble, loops, stub } from './support/guests.js';

const HEAP = '(memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 64))';
const ENTRY = (name: string): string => `(func (export "${name}") (param i32 i32) (result i64) unreachable)`;
const ANN = signed(ALICE);
const CODE = stub();
const BYTES = CODE.length;
const HASH = blake2_256(CODE);
/** Weight of a core in a block: 75 % of 2·10¹², by 3 cores. */
const WPP = 500_000_000_000n;
/** Without the 0.1 ms of the end of a block. */
const SUM_MAX = 499_900_000_000n;
/**
 * What the table says of a call with so many bytes of arguments; what the host charges before the first instruction, of fuel
 * of 500 ps; and 10⁷ for the guest.
 */
const leastFor = (invocation: typeof storedInvocation, bytes: number): bigint =>
  invocation(bytes, BYTES) + BigInt(setup + 4_000 + bytes) * 500n + 10_000_000n;
/**
 * 40,000, 20 a byte and a merge, 4,000 a page, 3,000 an export. The function has 19 merges (16, 2 locals
 * and an operand), exported as four entry points; the memory and the start of the heap are exported too.
 */
const setup = 40_000 + 20 * BYTES + 20 * 19 + 4_000 + 6 * 3_000;
/** 1 + 2 + 4,096 of one output. */
const PRUNE_MIN = leastFor(storedPruneInvocation, 4_099);
/**
 * One result: 1 of the list of packages, 4,096 of the Authorization, 1 of the list of items, 32 of the item hash, and the
 * result, 4 of the class, 32 of the item hash again, 1 + 2 + 4,096 of the output, 8 of the weight.
 */
const ACCUMULATE_MIN = leastFor(storedInvocation, 1 + 4_096 + 1 + 32 + (4 + 32 + 1 + 2 + 4_096 + 8));

let chain: TestChain;
beforeEach(async () => {
  chain = await startChain();
});

describe('WorkClasses.register', () => {
  const needs = { prune: 1_000_000_000n, accumulate: 2_000_000_000n };
  const store = (): void => void expectOk(chain.dispatch(signed(BOB), 'Storage.store', toHex(CODE)));
  const registerAs = (origin: typeof ANN, requirements = needs) =>
    chain.dispatch(origin, 'WorkClasses.register', HASH, requirements);

  test('class ids are sequential from 1: 0 is Parachains', () => {
    store();
    expectEvent(expectOk(registerAs(root)), 'WorkClasses.Registered', { class_id: 1, code_hash: toHex(HASH) });
    expectEvent(expectOk(registerAs(root)), 'WorkClasses.Registered', { class_id: 2 });
    expect(chain.json('WorkClasses.WeightRequirements', 2)).toEqual({
      prune: 1_000_000_000,
      accumulate: 2_000_000_000,
    });
    const codeOf = (id: number): string | undefined =>
      new Reader(chain.call('CoreJamApi_class_code', new Writer().u32(id).finish())).option((r) => toHex(r.raw(32)));
    expect([0, 1, 2, 3].map(codeOf)).toEqual([undefined, toHex(HASH), toHex(HASH), undefined]);
  });

  test('under the policy Root only root may register', () => {
    store();
    expectNoop(registerAs(ANN), 'BadOrigin');
    expectNoop(registerAs(none), 'BadOrigin');
    expectOk(registerAs(root));
    expect(chain.account(ALICE).reserved).toBe(0n);
  });

  test('under the policy Signed any account may register, with a deposit by code length', () => {
    store();
    const outcome = expectOk(chain.dispatch(root, 'WorkClasses.set_registration_policy', 'Signed'));
    expectEvent(outcome, 'WorkClasses.RegistrationPolicySet', { policy: 'Signed' });
    expectOk(registerAs(ANN));
    // 10¹² and 10⁶ for each byte.
    expect(chain.account(ALICE).reserved).toBe(1_000_000_000_000n + BigInt(BYTES) * 1_000_000n);
    expectNoop(registerAs(signed(stranger(3))), 'Token.CannotCreateHold');
    expectNoop(registerAs(none), 'BadOrigin');
    expectOk(registerAs(root));
    expectOk(chain.dispatch(root, 'WorkClasses.set_registration_policy', 'Root'));
    expectNoop(registerAs(ANN), 'BadOrigin');
  });

  test('only root may set the policy', () => {
    expectNoop(chain.dispatch(ANN, 'WorkClasses.set_registration_policy', 'Signed'), 'BadOrigin');
  });

  test('the code must be in Storage, and requested', () => {
    expectNoop(registerAs(root), 'WorkClasses.CodeNotStored');
    store();
    expectOk(chain.dispatch(signed(BOB), 'Storage.unrequest_untrusted', HASH));
    expectNoop(registerAs(root), 'WorkClasses.CodeNotStored');
  });

  test("the class holds its code: the account that stored it can't remove it", () => {
    store();
    expectOk(registerAs(root));
    expectOk(chain.dispatch(signed(BOB), 'Storage.unrequest_untrusted', HASH));
    expectOk(chain.dispatch(ANN, 'Storage.expunge_untrusted', BOB, HASH)); // the deposit returns…
    expect(chain.query('Storage.Preimages', HASH)).toBeDefined(); // …the code stays
    expectNoop(chain.dispatch(ANN, 'Storage.expunge', HASH), 'Storage.StillRequested');
  });

  /** As root, without a weight of prune unless told. */
  const registers = (code: Uint8Array, prune = 0n) => {
    expectOk(chain.dispatch(signed(BOB), 'Storage.store', toHex(code)));
    return chain.dispatch(root, 'WorkClasses.register', blake2_256(code), { prune, accumulate: 20_000_000_000n });
  };

  test.each<[string, Uint8Array]>([
    ['is no Wasm module', utf8('the code of something')],
    ['is an empty module', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
    ['ends within a section', CODE.subarray(0, BYTES - 1)],
    ['has no accumulate', stub({ entries: ['is_authorized', 'refine', 'prune'] })],
    ['has no refine', stub({ entries: ['is_authorized', 'prune', 'accumulate'] })],
    ['has an accumulate of another type', assemble(`(module ${HEAP} ${ENTRY('refine')} (func (export "accumulate")))`)],
    ['has a refine of another type', assemble(`(module ${HEAP} ${ENTRY('accumulate')} (func (export "refine")))`)],
    ['exports no start of its heap', assemble(`(module ${ENTRY('refine')} ${ENTRY('accumulate')})`)],
    [
      'exports an i64 as the start of its heap',
      assemble(`(module (global (export "__heap_base") i64 (i64.const 64)) ${ENTRY('refine')} ${ENTRY('accumulate')})`),
    ],
    ['starts with more memory than on-chain', stub({ pages: 65 })],
    ['is too long once it is instrumented', loops()],
  ])("code that can't run is refused: it %s", (_, code) => {
    expectNoop(registers(code), 'WorkClasses.InvalidCode');
    // The state is that of a chain with the code, and its author learns of the refusal before it asks for bounds.
    const bounds = coreJamApi.requirementBounds((method, args) => chain.call(method, args), blake2_256(code));
    expect(bounds).toBeUndefined();
  });

  test('code needs prune only for a weight of prune, and may start with all the memory of an on-chain instance', () => {
    const code = stub({ entries: ['refine', 'accumulate'], pages: 64 });
    expectNoop(registers(code, 20_000_000_000n), 'WorkClasses.InvalidCode');
    expectOk(
      chain.dispatch(root, 'WorkClasses.register', blake2_256(code), { prune: 0n, accumulate: 20_000_000_000n }),
    );
    expectOk(registers(stub({ entries: ['refine', 'prune', 'accumulate'], pages: 64 }), 20_000_000_000n));
  });

  test('is refused when no ids are left', () => {
    store();
    chain.poke('WorkClasses.Count', [], new Writer().u32(0xffff_fffe).finish());
    expectEvent(expectOk(registerAs(root)), 'WorkClasses.Registered', { class_id: 0xffff_ffff });
    expectNoop(registerAs(root), 'WorkClasses.OutOfIds');
  });
});

describe('the bounds of requirements (D38)', () => {
  const registers = (prune: bigint, accumulate: bigint) => {
    if (chain.query('Storage.Lengths', HASH) === undefined)
      expectOk(chain.dispatch(signed(BOB), 'Storage.store', toHex(CODE)));
    return chain.dispatch(root, 'WorkClasses.register', HASH, { prune, accumulate });
  };

  test("a class whose prune weight is below the cost of a call can't be registered", () => {
    expectOk(registers(0n, ACCUMULATE_MIN));
    expectNoop(registers(1n, ACCUMULATE_MIN), 'WorkClasses.PruneTooLow');
    expectNoop(registers(PRUNE_MIN - 1n, ACCUMULATE_MIN), 'WorkClasses.PruneTooLow');
    expectOk(registers(PRUNE_MIN, ACCUMULATE_MIN));
  });

  test("prune may require at most a third of a core's weight", () => {
    expectOk(registers(WPP / 3n, ACCUMULATE_MIN));
    expectNoop(registers(WPP / 3n + 1n, ACCUMULATE_MIN), 'WorkClasses.PruneTooHigh');
    expectNoop(registers(0xffff_ffff_ffff_ffffn, ACCUMULATE_MIN), 'WorkClasses.PruneTooHigh');
  });

  test("a class whose accumulate weight is below the cost of a call can't be registered", () => {
    expectNoop(registers(0n, 0n), 'WorkClasses.AccumulateTooLow');
    expectNoop(registers(0n, ACCUMULATE_MIN - 1n), 'WorkClasses.AccumulateTooLow');
    expectOk(registers(0n, ACCUMULATE_MIN));
  });

  test("one item may require at most a core's weight, less what the end of a block does for its package", () => {
    expectOk(registers(0n, SUM_MAX));
    expectNoop(registers(0n, SUM_MAX + 1n), 'WorkClasses.RequirementsTooHigh');
    expectOk(registers(PRUNE_MIN, SUM_MAX - PRUNE_MIN));
    expectNoop(registers(PRUNE_MIN, SUM_MAX - PRUNE_MIN + 1n), 'WorkClasses.RequirementsTooHigh');
    expectNoop(registers(PRUNE_MIN, 0xffff_ffff_ffff_ffffn), 'WorkClasses.RequirementsTooHigh');
  });

  test('CoreJamApi returns the bounds', () => {
    const bounds = (hash: Uint8Array) => coreJamApi.requirementBounds((method, args) => chain.call(method, args), hash);
    expect(bounds(HASH)).toBeUndefined();
    expectOk(chain.dispatch(signed(BOB), 'Storage.store', toHex(CODE)));
    expect(bounds(HASH)).toEqual({
      pruneMin: PRUNE_MIN,
      pruneMax: WPP / 3n,
      accumulateMin: ACCUMULATE_MIN,
      sumMax: SUM_MAX,
    });
  });

  test('with 512 cores there is room between the bounds', async () => {
    chain = await startChain({ cores: 512 });
    const most = 1_500_000_000_000n / 512n; // 2,929,687,500
    expectOk(registers(most / 3n, most - most / 3n - 100_000_000n));
    expectNoop(registers(most / 3n, most - most / 3n - 99_999_999n), 'WorkClasses.RequirementsTooHigh');
    expectNoop(registers(most / 3n + 1n, ACCUMULATE_MIN), 'WorkClasses.PruneTooHigh');
  });
});
