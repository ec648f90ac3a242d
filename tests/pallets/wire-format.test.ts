// What clients read from metadata. The numbers and arguments of calls, which every wallet and signed extrinsic depends
// on: a change of any needs a higher `transaction_version`. Those of System, Timestamp, Balances and Sudo are
// polkadot-sdk's. And the constants.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { TestChain } from '../harness/index.js';

/** By pallet: its index, and its calls with their indices, as in Rust. */
const CALLS: Record<string, [index: number, calls: Record<number, string>]> = {
  System: [
    0,
    {
      0: 'remark(remark: Bytes)',
      2: 'set_code(code: Bytes)',
      3: 'set_code_without_checks(code: Bytes)',
      4: 'set_storage(items: Vec<(Bytes,Bytes)>)',
      5: 'kill_storage(keys: Vec<Bytes>)',
      6: 'kill_prefix(prefix: Bytes, subkeys: u32)',
      7: 'remark_with_event(remark: Bytes)',
    },
  ],
  Timestamp: [1, { 0: 'set(now: Compact<u64>)' }],
  Balances: [
    2,
    {
      0: 'transfer_allow_death(dest: MultiAddress, value: Compact<u128>)',
      2: 'force_transfer(source: MultiAddress, dest: MultiAddress, value: Compact<u128>)',
      3: 'transfer_keep_alive(dest: MultiAddress, value: Compact<u128>)',
      4: 'transfer_all(dest: MultiAddress, keep_alive: bool)',
      8: 'force_set_balance(who: MultiAddress, new_free: Compact<u128>)',
    },
  ],
  Sudo: [
    4,
    {
      0: 'sudo(call: Call)',
      1: 'sudo_unchecked_weight(call: Call, weight: SpWeightsWeightV2Weight)',
      2: 'set_key(new: MultiAddress)',
      3: 'sudo_as(who: MultiAddress, call: Call)',
      4: 'remove_key()',
    },
  ],
  Utility: [
    5,
    {
      0: 'batch(calls: Vec<Call>)',
      1: 'as_derivative(index: u16, call: Call)',
      2: 'batch_all(calls: Vec<Call>)',
      4: 'force_batch(calls: Vec<Call>)',
      5: 'with_weight(call: Call, weight: SpWeightsWeightV2Weight)',
    },
  ],
  Coretime: [11, { 0: 'assign(core: u16, auth_id: Option<u32>)' }],
  Storage: [
    12,
    {
      0: 'request(hash: H256, len: u32)',
      1: 'unrequest(hash: H256)',
      2: 'request_untrusted(hash: H256, len: u32)',
      3: 'unrequest_untrusted(hash: H256)',
      4: 'provide(preimage: Bytes)',
      5: 'expunge(hash: H256)',
      6: 'expunge_untrusted(depositor: AccountId32, hash: H256)',
      7: 'store(data: Bytes)',
    },
  ],
  Authorizations: [13, { 0: 'register(authorizer: CorejamPrimitivesAuthorizer)', 1: 'unregister(id: u32)' }],
  WorkClasses: [
    14,
    {
      0: 'register(code_hash: H256, requirements: CorejamPrimitivesWorkItemWeightRequirements)',
      1: 'set_registration_policy(policy: PalletWorkClassesRegistrationPolicy)',
    },
  ],
  Reporting: [15, { 0: 'report(attestations: Vec<CorejamPrimitivesAttestation>)' }],
  Availability: [16, { 0: 'bitfields(bitfields: Vec<CorejamPrimitivesSignedBitfield>)' }],
};

/** Constants that are measured (bench/weights), or that tests/pallets/executive.test.ts calculates. */
const ELSEWHERE = new Set([
  'System.BlockWeights',
  'System.BlockLength',
  'System.DbWeight',
  'System.Version',
  'WorkClasses.InvocationWeight',
  'WorkClasses.InvocationWeightPerByte',
  'WorkClasses.InvocationWeightPerCodeByte',
  'WorkClasses.PruneInvocationWeight',
  'WorkClasses.PruneInvocationWeightPerByte',
  'WorkClasses.PruneInvocationWeightPerCodeByte',
]);

const CONSTANTS: Record<string, number> = {
  'System.BlockHashCount': 2_400,
  'System.SS58Prefix': 42,
  'Timestamp.MinimumPeriod': 3_000,
  'Balances.ExistentialDeposit': 10 ** 9,
  'Utility.batched_calls_limit': 1_024,
  'Balances.MaxFreezes': 50,
  'Balances.MaxLocks': 50,
  'Balances.MaxReserves': 50,
  'TransactionPayment.OperationalFeeMultiplier': 5,
  'Validators.MaxValidators': 1_024,
  'Coretime.RecentBlocks': 16,
  'Coretime.MaxCores': 512,
  'Storage.MaxPreimageSize': 3_800_000,
  'Storage.DepositBase': 10 ** 11,
  'Storage.DepositPerByte': 10 ** 6,
  'Authorizations.DepositBase': 10 ** 10,
  'Authorizations.DepositPerByte': 10 ** 7,
  'WorkClasses.DepositBase': 10 ** 12,
  'WorkClasses.DepositPerByte': 10 ** 6,
  'WorkClasses.PreparingWeightPerByte': 20_000,
  'WorkClasses.PreparedCodeBytes': 16 * 1024,
  'Accumulation.DepositPerItem': 10 ** 9,
  'Accumulation.DepositPerByte': 10 ** 7,
  'Accumulation.KeyBytesMax': 256,
};

let chain: TestChain;
beforeAll(async () => {
  chain = await TestChain.start();
});

describe('calls', () => {
  test('have these indices and arguments', () => {
    const { registry } = chain.names;
    const found = Object.fromEntries(
      [...registry.metadata.pallets]
        .filter(({ calls }) => calls.isSome)
        .map((pallet) => {
          const { variants } = registry.lookup.getSiType(pallet.calls.unwrap().type).def.asVariant;
          const calls = [...variants].map(({ index, name, fields }) => {
            const shown = [...fields].map((field) => `${field.name.unwrap().toString()}: ${typeOf(field.type)}`);
            return [index.toNumber(), `${name.toString()}(${shown.join(', ')})`];
          });
          return [pallet.name.toString(), [pallet.index.toNumber(), Object.fromEntries(calls)]];
        }),
    );
    expect(found).toEqual(CALLS);
  });
});

test('constants have these values', () => {
  const { registry } = chain.names;
  const found = [...registry.metadata.pallets].flatMap((pallet) =>
    [...pallet.constants].map(({ name, type, value }): [string, unknown] => [
      `${pallet.name.toString()}.${name.toString()}`,
      registry.createTypeUnsafe(registry.createLookupType(type), [value.toU8a(true)]).toJSON(),
    ]),
  );
  expect(Object.fromEntries(found.filter(([name]) => !ELSEWHERE.has(name)))).toEqual(CONSTANTS);
});

function typeOf(id: unknown): string {
  const { lookupName, type } = chain.names.registry.lookup.getTypeDef(id as never);
  return /^[{]/.test(type) ? (lookupName ?? type) : type;
}

describe('what wallets read of a balance', () => {
  test('Balances has Locks, Reserves, Holds and Freezes, as pallet_balances has them', () => {
    const pallet = chain.names.metadata.asV15.pallets.find(({ name }) => name.toString() === 'Balances')!;
    const { lookup } = chain.names.registry;
    const items = pallet.storage.unwrap().items.map(({ name, modifier, type }) => {
      if (type.isPlain) return `${name.toString()}: ${lookup.getTypeDef(type.asPlain).type}`;
      const { hashers, key, value } = type.asMap;
      return `${name.toString()}: ${hashers[0]!.type} ${lookup.getTypeDef(key).type} ${modifier.type} ${lookup.getTypeDef(value).type}`;
    });
    const map = (name: string, value: string): string => `${name}: Blake2_128Concat AccountId32 Default ${value}`;
    expect(items).toEqual([
      'TotalIssuance: u128',
      map('Locks', 'Vec<PalletBalancesBalanceLock>'),
      map('Reserves', 'Vec<PalletBalancesReserveData>'),
      map('Holds', 'Vec<{"id":"CorejamRuntimeRuntimeHoldReason","amount":"u128"}>'),
      map('Freezes', 'Vec<FrameSupportTokensMiscIdAmount>'),
    ]);
    const fields = (name: string): unknown => JSON.parse(chain.names.registry.createType(name as 'u8').toRawType());
    expect(fields('PalletBalancesBalanceLock')).toEqual({
      id: '[u8;8]',
      amount: 'u128',
      reasons: 'PalletBalancesReasons',
    });
    expect(fields('PalletBalancesReasons')).toEqual({ _enum: { Fee: 0, Misc: 1, All: 2 } });
    expect(fields('PalletBalancesReserveData')).toEqual({ id: '[u8;8]', amount: 'u128' });
    expect(fields('FrameSupportTokensMiscIdAmount')).toEqual({ id: 'Null', amount: 'u128' });
  });
});

describe('names that clients generate code from', () => {
  /** Whether a function can have parameters of these names, as code generators write them. */
  const areParameters = (names: string[]): boolean => {
    try {
      new Function(...names, '"use strict";');
      return true;
    } catch {
      return false;
    }
  };

  test('`class` as an argument of a runtime API: no argument is a reserved word', () => {
    expect(areParameters(['class'])).toBe(false);
    const { apis } = chain.names.metadata.asV15;
    const methods = apis.flatMap((api) =>
      api.methods.map((method) => [`${api.name.toString()}_${method.name.toString()}`, method.inputs] as const),
    );
    expect(methods.length).toBeGreaterThan(40);
    for (const [name, inputs] of methods)
      expect([name, areParameters(inputs.map((each) => each.name.toString()))]).toEqual([name, true]);
  });

  test('extrinsics in runtime APIs are UncheckedExtrinsic, also those of a block', () => {
    const { lookup } = chain.names.registry;
    const pathOf = (type: unknown): string =>
      lookup
        .getSiType(type as never)
        .path.map((each) => each.toString())
        .join('::');
    const extrinsic = 'sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic';
    const taking = chain.names.metadata.asV15.apis.flatMap((api) =>
      api.methods.flatMap(({ name, inputs }) =>
        inputs.some(({ type }) => pathOf(type) === extrinsic) ? [`${api.name.toString()}_${name.toString()}`] : [],
      ),
    );
    expect(taking).toEqual([
      'BlockBuilder_apply_extrinsic',
      'CoreJamApi_extrinsic_needs',
      'TaggedTransactionQueue_validate_transaction',
      'TransactionPaymentApi_query_info',
      'TransactionPaymentApi_query_fee_details',
    ]);
    const method = (api: string, name: string): { inputs: { type: unknown }[]; output: unknown } =>
      chain.names.metadata.asV15.apis
        .find((each) => each.name.toString() === api)!
        .methods.find((each) => each.name.toString() === name)! as never;
    const block = lookup.getSiType(method('BlockBuilder', 'check_inherents').inputs[0]!.type as never);
    expect(pathOf(method('BlockBuilder', 'check_inherents').inputs[0]!.type)).toBe('sp_runtime::generic::block::Block');
    const listed = (type: unknown): string => pathOf(lookup.getSiType(type as never).def.asSequence.type);
    expect(listed(block.def.asComposite.fields[1]!.type)).toBe(extrinsic);
    expect(listed(method('BlockBuilder', 'inherent_extrinsics').output)).toBe(extrinsic);
    expect(block.params.map(({ name, type }) => [name.toString(), pathOf(type.unwrap())])).toEqual([
      ['Header', 'sp_runtime::generic::header::Header'],
      ['Extrinsic', extrinsic],
    ]);
  });

  test('a call in a call is a `Box<…>` in its type name, as static code of subxt needs', () => {
    const { lookup } = chain.names.registry;
    const boxed = chain.names.metadata.asV15.pallets.flatMap((pallet) =>
      pallet.calls.isNone
        ? []
        : lookup
            .getSiType(pallet.calls.unwrap().type)
            .def.asVariant.variants.flatMap((call) =>
              call.fields
                .filter(({ typeName }) => typeName.unwrapOr('').toString().includes('RuntimeCall'))
                .map(({ name, typeName }) => [
                  `${pallet.name.toString()}.${call.name.toString()}.${name.unwrap().toString()}`,
                  typeName.unwrap().toString(),
                ]),
            ),
    );
    expect(Object.fromEntries(boxed)).toEqual({
      'Sudo.sudo.call': 'Box<RuntimeCall>',
      'Sudo.sudo_unchecked_weight.call': 'Box<RuntimeCall>',
      'Sudo.sudo_as.call': 'Box<RuntimeCall>',
      'Utility.batch.calls': 'Vec<RuntimeCall>',
      'Utility.as_derivative.call': 'Box<RuntimeCall>',
      'Utility.batch_all.calls': 'Vec<RuntimeCall>',
      'Utility.force_batch.calls': 'Vec<RuntimeCall>',
      'Utility.with_weight.call': 'Box<RuntimeCall>',
    });
  });

  test('no argument of a call is a reserved word, except where polkadot-sdk has one', () => {
    const reserved = chain.names
      .calls()
      .filter((each) => !areParameters(each.arguments))
      .map(({ pallet, call }) => `${pallet}.${call}`);
    expect(reserved).toEqual(['Sudo.set_key']);
  });
});
