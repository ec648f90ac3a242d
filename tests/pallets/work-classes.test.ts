// The WorkClasses pallet: class ids, code, permissions, deposits, and the bounds of requirements.
// Spec: RFC-0031 § Refine, § Weight Provisioning; D22, D24, D38.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { blake2_256, Reader, toHex, utf8, Writer } from '../../host/bytes/index.js';
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

const ANN = signed(ALICE);
const CODE = utf8('the code of something');
const HASH = blake2_256(CODE);
const WPP = 500_000_000_000n;

let chain: TestChain;
beforeEach(async () => {
  chain = await startChain();
});

describe('WorkClasses.register', () => {
  const needs = { prune: 1_000n, accumulate: 2_000n };
  const store = (): void => void expectOk(chain.dispatch(signed(BOB), 'Storage.store', toHex(CODE)));
  const registerAs = (origin: typeof ANN, requirements = needs) =>
    chain.dispatch(origin, 'WorkClasses.register', HASH, requirements);

  test('class ids are sequential from 1: 0 is Parachains', () => {
    store();
    expectEvent(expectOk(registerAs(root)), 'WorkClasses.Registered', { class: 1, code_hash: toHex(HASH) });
    expectEvent(expectOk(registerAs(root)), 'WorkClasses.Registered', { class: 2 });
    expect(chain.json('WorkClasses.WeightRequirements', 2)).toEqual({ prune: 1_000, accumulate: 2_000 });
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
    // 10¹² and 10⁶ for each of the 21 bytes.
    expect(chain.account(ALICE).reserved).toBe(1_000_000_000_000n + 21n * 1_000_000n);
    expectNoop(registerAs(signed(stranger(3))), 'Balances.InsufficientBalance');
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

  test("one item may require at most a core's weight", () => {
    store();
    expectOk(registerAs(root, { prune: WPP - 5n, accumulate: 5n }));
    expectNoop(registerAs(root, { prune: WPP - 5n, accumulate: 6n }), 'WorkClasses.RequirementsTooHigh');
    expectNoop(registerAs(root, { prune: WPP + 1n, accumulate: 0n }), 'WorkClasses.RequirementsTooHigh');
    expectNoop(registerAs(root, { prune: 0xffff_ffff_ffff_ffffn, accumulate: 2n }), 'WorkClasses.RequirementsTooHigh');
  });

  test('is refused when no ids are left', () => {
    store();
    chain.poke('WorkClasses.Count', [], new Writer().u32(0xffff_fffe).finish());
    expectEvent(expectOk(registerAs(root)), 'WorkClasses.Registered', { class: 0xffff_ffff });
    expectNoop(registerAs(root), 'WorkClasses.OutOfIds');
  });
});
