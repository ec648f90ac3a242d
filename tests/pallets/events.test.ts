// Every event of the runtime: all its fields, in their order, with the values of a scene. The table is a record over all
// names of events: an event without an entry does not compile.
import { describe, expect, test } from '@jest/globals';
import { storedLengthWeight } from '../../bench/weights/constants.js';
import { blake2_256, toHex, Writer } from '../../host/bytes/index.js';
import {
  addressOf,
  ALICE,
  alicePair,
  BOB,
  CHARLIE,
  expectOk,
  type Outcome,
  root,
  signed,
  signExtrinsic,
  stranger,
  type TestChain,
} from '../harness/index.js';
import type { Argument, NamedEvent } from '../harness/metadata.js';
import type { EventName } from '../harness/names.js';
import {
  allAvailable,
  assignCores,
  attest,
  bitfield,
  makeAvailable,
  registerClass,
  report,
  reportOf,
  startChain,
} from './support/corejam.js';
import { guest, stub, UNIT as NO_RESULT } from './support/guests.js';

const UNIT = 1_000_000_000_000n;
const ED = 1_000_000_000n;
const CODE = stub();
const HASH = toHex(blake2_256(CODE));
/** The deposit for CODE: 10¹¹, and 10⁶ for each of its bytes. */
const DEPOSIT = 100_000_000_000 + CODE.length * 1_000_000;
/** The deposit for an Authorizer with a parameter of 3 bytes: 10¹⁰, 10⁷ for each of its 36 bytes, and that for CODE. */
const AUTHORIZER_DEPOSIT = 10_000_000_000 + 36 * 10_000_000 + DEPOSIT;
/** Blocks from the end of the last request until a preimage may be expunged; the default is 14,400. */
const EXPUNGE_DELAY = 40;
/** 75 % of 2·10¹² over 3 cores. */
const WPP = 500_000_000_000;
const [PRUNE, ACCUMULATE] = [1_000_000_000, 2_000_000_000];

/** The fields of an event, in order. */
type Fields = [name: string, value: unknown][];
/** Sets a scene on a chain whose block 1 is open. Returns the events, and the fields that the event has. */
type Scene = (chain: TestChain) => { events: NamedEvent[]; fields: Fields };

const transfer = (chain: TestChain, to: Uint8Array, amount: bigint): Outcome =>
  expectOk(chain.dispatch(signed(ALICE), 'Balances.transfer_allow_death', to, amount));
const store = (chain: TestChain, by = BOB): Outcome =>
  expectOk(chain.dispatch(signed(by), 'Storage.store', toHex(CODE)));

/** Registers a report on core 1, whose group is Charlie and Dave, in block 2. Returns its package's hash. */
function registered(chain: TestChain, accumulate = NO_RESULT): string {
  registerClass(chain, guest({ accumulate }), BigInt(PRUNE), BigInt(ACCUMULATE));
  assignCores(chain, 1);
  chain.advance();
  const work = reportOf(chain, { coreIndex: 1, outputs: ['a', 'b', 'c'] });
  report(chain, [attest(work, [2, 3])]);
  return toHex(work.packageSpec.hash);
}

const votes = (chain: TestChain, count: number) =>
  Array.from({ length: count }, (_, validator) => bitfield(chain, validator, [false, true, false]));

const sudo = (chain: TestChain, call: string, ...args: Argument[]): Outcome =>
  expectOk(chain.dispatch(signed(ALICE), 'Sudo.sudo', chain.names.call(call, ...args)));

/** Bob requests a preimage that is not provided, ends that, and takes the deposit back at once. */
function refunded(chain: TestChain): Outcome {
  expectOk(chain.dispatch(signed(BOB), 'Storage.request_untrusted', HASH, CODE.length));
  expectOk(chain.dispatch(signed(BOB), 'Storage.unrequest_untrusted', HASH));
  return expectOk(chain.dispatch(signed(ALICE), 'Storage.expunge_untrusted', BOB, HASH));
}

/** The expunge that ends an interval which the end of the last request left open, since 16 ended ones are kept (D21). */
function lookupsEnded(chain: TestChain): Outcome {
  const by = signed(BOB);
  store(chain);
  for (let ended = 0; ended <= 16; ended++) {
    chain.advance();
    expectOk(chain.dispatch(by, 'Storage.unrequest_untrusted', HASH));
    chain.advance();
    if (ended < 16) expectOk(chain.dispatch(by, 'Storage.request_untrusted', HASH, CODE.length));
  }
  chain.advance(EXPUNGE_DELAY);
  return expectOk(chain.dispatch(by, 'Storage.expunge_untrusted', BOB, HASH));
}

const registerAuthorizer = (chain: TestChain): Outcome =>
  expectOk(chain.dispatch(signed(BOB), 'Authorizations.register', { codeHash: HASH, param: '0x010203' }));

/** What ExtrinsicSuccess and ExtrinsicFailed say of a Normal call that pays: its weight, those of length and base. */
function dispatchInfo(chain: TestChain, call: Uint8Array): unknown {
  const { weight } = chain.dispatchEncoded(signed(BOB), call);
  const { length } = new Writer().bytes(signExtrinsic(chain, alicePair, call)).finish();
  const limits = chain.names.constant('System.BlockWeights').toJSON() as unknown as Limits;
  const refTime = Number(weight + storedLengthWeight(length)) + Number(limits.perClass.normal.baseExtrinsic.refTime);
  return { weight: { refTime, proofSize: 0 }, class: 'Normal', paysFee: 'Yes' };
}

interface Limits {
  perClass: { normal: { baseExtrinsic: { refTime: number } } };
}

const SCENES: Record<EventName, Scene> = {
  'System.ExtrinsicSuccess': (chain) => {
    const remark = chain.names.call('System.remark', '0x');
    chain.submit(signExtrinsic(chain, alicePair, remark));
    return { events: chain.events(), fields: [['dispatch_info', dispatchInfo(chain, remark)]] };
  },
  'System.ExtrinsicFailed': (chain) => {
    const tooLittle = chain.names.call('Balances.transfer_keep_alive', stranger(7), ED - 1n);
    chain.submit(signExtrinsic(chain, alicePair, tooLittle));
    return {
      events: chain.events(),
      fields: [
        ['dispatch_error', { token: 'BelowMinimum' }],
        ['dispatch_info', dispatchInfo(chain, tooLittle)],
      ],
    };
  },
  'System.CodeUpdated': (chain) => ({
    events: expectOk(chain.dispatch(root, 'System.set_code_without_checks', '0x0102')).events,
    fields: [],
  }),
  'System.NewAccount': (chain) => ({
    events: transfer(chain, stranger(7), ED).events,
    fields: [['account', addressOf(stranger(7))]],
  }),
  'System.KilledAccount': (chain) => ({
    events: expectOk(chain.dispatch(signed(BOB), 'Balances.transfer_all', ALICE, false)).events,
    fields: [['account', addressOf(BOB)]],
  }),
  'System.Remarked': (chain) => ({
    events: expectOk(chain.dispatch(signed(BOB), 'System.remark_with_event', toHex(CODE))).events,
    fields: [
      ['sender', addressOf(BOB)],
      ['hash', HASH],
    ],
  }),

  'Balances.Endowed': (chain) => ({
    events: transfer(chain, stranger(7), ED + 5n).events,
    fields: [
      ['account', addressOf(stranger(7))],
      ['free_balance', 1_000_000_005],
    ],
  }),
  'Balances.DustLost': (chain) => {
    transfer(chain, stranger(7), UNIT);
    const left = ED - 1n;
    const to = [BOB, UNIT - left] as const;
    return {
      events: expectOk(chain.dispatch(signed(stranger(7)), 'Balances.transfer_allow_death', ...to)).events,
      fields: [
        ['account', addressOf(stranger(7))],
        ['amount', 999_999_999],
      ],
    };
  },
  'Balances.Transfer': (chain) => ({
    events: transfer(chain, BOB, UNIT).events,
    fields: [
      ['from', addressOf(ALICE)],
      ['to', addressOf(BOB)],
      ['amount', 1_000_000_000_000],
    ],
  }),
  'Balances.BalanceSet': (chain) => ({
    events: expectOk(chain.dispatch(root, 'Balances.force_set_balance', CHARLIE, 7n * UNIT)).events,
    fields: [
      ['who', addressOf(CHARLIE)],
      ['free', 7_000_000_000_000],
    ],
  }),
  'Balances.Held': (chain) => ({
    events: store(chain).events,
    fields: [
      ['reason', { storage: 'Request' }],
      ['who', addressOf(BOB)],
      ['amount', DEPOSIT],
    ],
  }),
  'Balances.Released': (chain) => ({
    events: refunded(chain).events,
    fields: [
      ['reason', { storage: 'Request' }],
      ['who', addressOf(BOB)],
      ['amount', DEPOSIT],
    ],
  }),
  'Balances.Withdraw': (chain) => {
    const extrinsic = signExtrinsic(chain, alicePair, chain.names.call('System.remark', '0x'));
    const before = chain.account(ALICE).free;
    chain.submit(extrinsic);
    // The fee of this call is not refunded.
    return {
      events: chain.events(),
      fields: [
        ['who', addressOf(ALICE)],
        ['amount', Number(before - chain.account(ALICE).free)],
      ],
    };
  },
  'Balances.Deposit': (chain) => {
    const extrinsic = signExtrinsic(
      chain,
      alicePair,
      chain.names.call('Sudo.sudo', chain.names.call('System.remark', '0x')),
    );
    chain.submit(extrinsic);
    // All of the fee is refunded: as much as was withdrawn.
    const withdrawn = chain.events().find(({ name }) => name === 'Balances.Withdraw')!;
    return {
      events: chain.events(),
      fields: [
        ['who', addressOf(ALICE)],
        ['amount', withdrawn.fields['amount']],
      ],
    };
  },

  'TransactionPayment.TransactionFeePaid': (chain) => {
    const before = chain.account(ALICE).free;
    chain.submit(signExtrinsic(chain, alicePair, chain.names.call('System.remark', '0x'), { tip: 5n }));
    return {
      events: chain.events(),
      fields: [
        ['who', addressOf(ALICE)],
        ['actual_fee', Number(before - chain.account(ALICE).free)],
        ['tip', 5],
      ],
    };
  },

  'Sudo.Sudid': (chain) => ({
    events: sudo(chain, 'Balances.transfer_allow_death', BOB, 1n).events, // needs a signer
    fields: [['sudo_result', { err: { badOrigin: null } }]],
  }),
  'Sudo.SudoAsDone': (chain) => {
    const call = chain.names.call('Balances.transfer_allow_death', CHARLIE, 1n);
    return {
      events: expectOk(chain.dispatch(signed(ALICE), 'Sudo.sudo_as', BOB, call)).events,
      fields: [['sudo_result', { ok: null }]],
    };
  },
  'Sudo.KeyRemoved': (chain) => ({
    events: expectOk(chain.dispatch(signed(ALICE), 'Sudo.remove_key')).events,
    fields: [],
  }),
  'Sudo.KeyChanged': (chain) => ({
    events: expectOk(chain.dispatch(signed(ALICE), 'Sudo.set_key', BOB)).events,
    fields: [
      ['old', addressOf(ALICE)],
      ['new', addressOf(BOB)],
    ],
  }),

  'Utility.BatchInterrupted': (chain) => ({
    events: batch(chain, 'batch').events,
    fields: [
      ['index', 1],
      ['error', { badOrigin: null }],
    ],
  }),
  'Utility.BatchCompleted': (chain) => ({
    events: expectOk(chain.dispatch(signed(ALICE), 'Utility.batch', [])).events,
    fields: [],
  }),
  'Utility.BatchCompletedWithErrors': (chain) => ({ events: batch(chain, 'force_batch').events, fields: [] }),
  'Utility.ItemCompleted': (chain) => ({ events: batch(chain, 'batch').events, fields: [] }),
  'Utility.ItemFailed': (chain) => ({
    events: batch(chain, 'force_batch').events,
    fields: [['error', { badOrigin: null }]],
  }),

  'Coretime.Assigned': (chain) => {
    const id = assignCores(chain);
    return {
      events: expectOk(chain.dispatch(root, 'Coretime.assign', 2, id)).events,
      fields: [
        ['core', 2],
        ['auth_id', 10_000],
      ],
    };
  },

  'Storage.Requested': (chain) => ({
    events: store(chain).events,
    fields: [
      ['hash', HASH],
      ['len', CODE.length],
      ['requester', { account: { who: addressOf(BOB) } }],
    ],
  }),
  'Storage.Provided': (chain) => ({
    events: store(chain).events,
    fields: [
      ['hash', HASH],
      ['len', CODE.length],
    ],
  }),
  'Storage.Unrequested': (chain) => {
    store(chain);
    return {
      events: expectOk(chain.dispatch(signed(BOB), 'Storage.unrequest_untrusted', HASH)).events,
      fields: [
        ['hash', HASH],
        ['requester', { account: { who: addressOf(BOB) } }],
        ['wait', true],
      ],
    };
  },
  'Storage.LookupsEnded': (chain) => ({ events: lookupsEnded(chain).events, fields: [['hash', HASH]] }),
  'Storage.Expunged': (chain) => {
    store(chain);
    expectOk(chain.dispatch(signed(BOB), 'Storage.unrequest_untrusted', HASH));
    chain.advance(EXPUNGE_DELAY);
    return {
      events: expectOk(chain.dispatch(signed(ALICE), 'Storage.expunge', HASH)).events,
      fields: [['hash', HASH]],
    };
  },
  'Storage.Refunded': (chain) => ({
    events: refunded(chain).events,
    fields: [
      ['hash', HASH],
      ['depositor', addressOf(BOB)],
      ['amount', DEPOSIT],
    ],
  }),

  'Authorizations.Registered': (chain) => {
    store(chain);
    assignCores(chain); // 10,000
    return {
      events: registerAuthorizer(chain).events,
      fields: [
        ['id', 10_001],
        ['depositor', addressOf(BOB)],
        ['code_hash', HASH],
      ],
    };
  },
  'Authorizations.Unregistered': (chain) => {
    store(chain);
    registerAuthorizer(chain);
    return {
      events: expectOk(chain.dispatch(signed(BOB), 'Authorizations.unregister', 10_000)).events,
      fields: [
        ['id', 10_000],
        ['depositor', addressOf(BOB)],
        ['wait', false],
      ],
    };
  },
  'Authorizations.Refunded': (chain) => {
    store(chain);
    registerAuthorizer(chain);
    return {
      events: expectOk(chain.dispatch(signed(BOB), 'Authorizations.unregister', 10_000)).events,
      fields: [
        ['id', 10_000],
        ['depositor', addressOf(BOB)],
        ['amount', AUTHORIZER_DEPOSIT],
      ],
    };
  },

  'WorkClasses.Registered': (chain) => {
    store(chain);
    const requirements = { prune: PRUNE, accumulate: ACCUMULATE };
    return {
      events: expectOk(chain.dispatch(root, 'WorkClasses.register', HASH, requirements)).events,
      fields: [
        ['class_id', 1],
        ['code_hash', HASH],
        ['requirements', requirements],
      ],
    };
  },
  'WorkClasses.RegistrationPolicySet': (chain) => ({
    events: expectOk(chain.dispatch(root, 'WorkClasses.set_registration_policy', 'Signed')).events,
    fields: [['policy', 'Signed']],
  }),

  'Reporting.Registered': (chain) => ({
    fields: [
      ['package_hash', registered(chain)],
      ['core', 1],
      ['auth_id', 10_000],
      ['context_block', 1],
      ['items', 3],
      ['refine_weight', 3_000],
      ['liability', 3 * (PRUNE + ACCUMULATE) + 100_000_000], // and the end of a block
      ['signatures', 2],
    ],
    events: chain.events(),
  }),
  'Availability.Available': (chain) => {
    const hash = registered(chain);
    chain.advance();
    makeAvailable(chain, votes(chain, 5)); // 6 − ⌊5 / 3⌋ of 6 are enough
    return {
      events: chain.events(),
      fields: [
        ['package_hash', hash],
        ['core', 1],
        ['votes', 5],
      ],
    };
  },
  'Availability.TimedOut': (chain) => {
    const hash = registered(chain); // in block 2
    chain.advanceTo(12);
    makeAvailable(chain, votes(chain, 4));
    return {
      events: chain.events(),
      fields: [
        ['package_hash', hash],
        ['core', 1],
        ['votes', 4],
      ],
    };
  },

  'Accumulation.Accumulated': (chain) => {
    const hash = registered(chain, `(drop (call $checkpoint)) (drop (call $checkpoint)) ${NO_RESULT}`);
    chain.advance();
    allAvailable(chain, [1]);
    chain.close();
    const { fields } = chain.events().find(({ name }) => name === 'Accumulation.Accumulated')!;
    const used = fields['weight_used'] as number;
    // The call itself, and two checkpoints; less than what is promised for three results.
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThan(3 * ACCUMULATE);
    return {
      events: chain.events(),
      fields: [
        ['class_id', 1],
        ['packages', [hash]],
        ['outcome', 'Returned'],
        ['weight_used', used],
        // The guarantee and the core's whole surplus: what prune and the end of the block don't need of its share.
        ['weight_given', WPP - 3 * PRUNE - 100_000_000],
        ['checkpoints', 2],
      ],
    };
  },
};

/** A batch of Alice: a call that succeeds, and one that needs root. */
function batch(chain: TestChain, call: 'batch' | 'force_batch'): Outcome {
  const calls = [chain.names.call('System.remark', '0x'), chain.names.call('Balances.force_set_balance', BOB, 1n)];
  return expectOk(chain.dispatch(signed(ALICE), `Utility.${call}`, calls));
}

const names = Object.keys(SCENES) as EventName[];

describe('an event has all its fields, in order', () => {
  test.each(names)('%s', async (name) => {
    const { events, fields } = SCENES[name](await startChain({ expungeDelay: EXPUNGE_DELAY }));
    const found = events.filter((event) => event.name === name).map((event) => Object.entries(event.fields));
    expect(found).toContainEqual(fields);
  });
});
