// The generated contract against @polkadot/types with the runtime's own metadata: codecs, callers of CoreJamApi, names.
import { describe, expect, test } from '@jest/globals';
import {
  blake2_256,
  concat,
  err,
  fromHex,
  ok,
  type Reader,
  ScaleError,
  toHex,
  utf8,
  type Writer,
} from '../../../host/bytes/index.js';
import * as contract from '../../../host/contract/index.js';
import {
  type Attestation,
  type CallRuntime,
  coreJamApi,
  decode,
  encode,
  ERRORS,
  EVENTS,
  INHERENTS,
  Stage,
  UnexpectedAnswer,
  type WorkReport,
} from '../../../host/contract/index.js';
import { api, metadata, oracle, registry, theirs } from './oracle.js';
import * as values from './values.js';

/** A type of the contract, its name in the oracle, and random values. */
interface Form {
  name: string;
  type: string;
  make(): unknown;
  write(w: Writer, value: unknown): unknown;
  read(r: Reader): unknown;
}

function form<T>(
  name: string,
  type: string,
  make: () => T,
  write: (w: Writer, value: T) => unknown,
  read: (r: Reader) => T,
): Form {
  return { name, type, make, write: (w, value) => write(w, value as T), read };
}

const FORMS: Form[] = [
  form(
    'Authorizer',
    'CorejamPrimitivesAuthorizer',
    values.authorizer,
    contract.writeAuthorizer,
    contract.readAuthorizer,
  ),
  form(
    'JoinAnswer',
    'CorejamPrimitivesJoinAnswer',
    values.joinAnswer,
    contract.writeJoinAnswer,
    contract.readJoinAnswer,
  ),
  form('PruneRun', 'CorejamPrimitivesPruneRun', values.pruneRun, contract.writePruneRun, contract.readPruneRun),
  form('JoinTerms', 'CorejamPrimitivesJoinTerms', values.joinTerms, contract.writeJoinTerms, contract.readJoinTerms),
  form(
    'RunOutcome',
    'PalletWorkClassesRunOutcome',
    values.runOutcome,
    contract.writeRunOutcome,
    contract.readRunOutcome,
  ),
  form(
    'MultiSignature',
    'SpRuntimeMultiSignature',
    values.multiSignature,
    contract.writeMultiSignature,
    contract.readMultiSignature,
  ),
  form(
    'Authorization',
    'CorejamPrimitivesAuthorization',
    values.authorization,
    contract.writeAuthorization,
    contract.readAuthorization,
  ),
  form('Context', 'CorejamPrimitivesContext', values.context, contract.writeContext, contract.readContext),
  form('WorkItem', 'WorkItem', values.workItem, contract.writeWorkItem, contract.readWorkItem),
  form('WorkPackage', 'WorkPackage', values.workPackage, contract.writeWorkPackage, contract.readWorkPackage),
  form(
    'EncodedWorkPackage',
    'EncodedWorkPackage',
    values.encodedWorkPackage,
    contract.writeEncodedWorkPackage,
    contract.readEncodedWorkPackage,
  ),
  form('WorkError', 'CorejamPrimitivesWorkError', values.workError, contract.writeWorkError, contract.readWorkError),
  form(
    'WorkResult',
    'CorejamPrimitivesWorkResult',
    values.workResult,
    contract.writeWorkResult,
    contract.readWorkResult,
  ),
  form('ItemResult', 'ItemResult', values.itemResult, contract.writeItemResult, contract.readItemResult),
  form(
    'PackageResults',
    'PackageResults',
    values.packageResults,
    contract.writePackageResults,
    contract.readPackageResults,
  ),
  form(
    'WorkPackageSpec',
    'CorejamPrimitivesWorkPackageSpec',
    values.workPackageSpec,
    contract.writeWorkPackageSpec,
    contract.readWorkPackageSpec,
  ),
  form(
    'WorkReport',
    'CorejamPrimitivesWorkReport',
    values.workReport,
    contract.writeWorkReport,
    contract.readWorkReport,
  ),
  form(
    'Attestation',
    'CorejamPrimitivesAttestation',
    values.attestation,
    contract.writeAttestation,
    contract.readAttestation,
  ),
  form(
    'SignedBitfield',
    'CorejamPrimitivesSignedBitfield',
    values.signedBitfield,
    contract.writeSignedBitfield,
    contract.readSignedBitfield,
  ),
  form(
    'WorkItemWeightRequirements',
    'CorejamPrimitivesWorkItemWeightRequirements',
    values.workItemWeightRequirements,
    contract.writeWorkItemWeightRequirements,
    contract.readWorkItemWeightRequirements,
  ),
  form(
    'WorkItemWeightBounds',
    'CorejamPrimitivesWorkItemWeightBounds',
    values.workItemWeightBounds,
    contract.writeWorkItemWeightBounds,
    contract.readWorkItemWeightBounds,
  ),
  form(
    'DispatchClass',
    'FrameSupportDispatchDispatchClass',
    values.dispatchClass,
    contract.writeDispatchClass,
    contract.readDispatchClass,
  ),
  form(
    'ExtrinsicNeeds',
    'PalletSystemExtrinsicNeeds',
    values.extrinsicNeeds,
    contract.writeExtrinsicNeeds,
    contract.readExtrinsicNeeds,
  ),
  form('ClassRoom', 'PalletSystemClassRoom', values.classRoom, contract.writeClassRoom, contract.readClassRoom),
  form('BlockRoom', 'PalletSystemBlockRoom', values.blockRoom, contract.writeBlockRoom, contract.readBlockRoom),
  form('CoreVotes', 'PalletAvailabilityCoreVotes', values.coreVotes, contract.writeCoreVotes, contract.readCoreVotes),
  form('Progress', 'PalletReportingProgress', values.progress, contract.writeProgress, contract.readProgress),
  form('RunRecord', 'PalletAccumulationRunRecord', values.runRecord, contract.writeRunRecord, contract.readRunRecord),
];

describe('random values', () => {
  test.each(FORMS)(
    '$name: both encode alike, and each decodes what the other encodes',
    ({ type, make, write, read }) => {
      for (let round = 0; round < 100; round++) {
        const value = make();
        const bytes = encode(write, value);
        expect(toHex(bytes)).toBe(toHex(oracle(type, theirs(value))));
        expect(toHex(oracle(type, bytes))).toBe(toHex(bytes));
        expect(decode(read, bytes)).toEqual(value);
      }
    },
  );

  test.each(FORMS)('$name: every truncation and a trailing byte are refused', ({ make, write, read }) => {
    const bytes = encode(write, make());
    for (let length = 0; length < bytes.length; length++)
      expect(() => decode(read, bytes.subarray(0, length))).toThrow(ScaleError);
    expect(() => decode(read, concat(bytes, Uint8Array.of(0)))).toThrow('1 bytes are left over');
  });

  test.each(FORMS)(
    '$name: spoilt bytes are refused, or are the only encoding of their value',
    ({ make, write, read }) => {
      for (let round = 0; round < 100; round++) {
        const bytes = values.spoilt(encode(write, make()));
        let value: unknown;
        try {
          value = decode(read, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ScaleError);
          continue;
        }
        expect(toHex(encode(write, value))).toBe(toHex(bytes));
      }
    },
  );

  test('cover every type that has a codec', () => {
    const written = Object.keys(contract).flatMap((name) => /^write([A-Z]\w*)$/.exec(name)?.[1] ?? []);
    // A stage is a number, and is tested as part of Progress.
    expect(FORMS.map(({ name }) => name).sort()).toEqual(written.filter((name) => name !== 'Stage').sort());
  });
});

const hash = (tag: string): Uint8Array => blake2_256(utf8(tag));
const report: WorkReport = {
  packageSpec: { hash: hash('package'), root: hash('root'), len: 4_711 },
  context: { headerHash: hash('block'), prerequisite: undefined },
  coreIndex: 2,
  results: [
    { class: 7, itemHash: hash('item'), result: ok(utf8('output')), weight: 123_456_789_012n },
    { class: 9, itemHash: hash('other'), result: err('panic'), weight: 0n },
    { class: 9, itemHash: hash('third'), result: err('timeout'), weight: 2_000_000_000_000n },
  ],
  authorization: { kind: 'bulk', evidence: utf8('evidence') },
  authId: 10_000,
};
/** The same as a value of @polkadot/types. */
const theirReport = {
  packageSpec: { hash: hash('package'), root: hash('root'), len: 4_711 },
  context: { headerHash: hash('block'), prerequisite: null },
  coreIndex: 2,
  results: [
    { class: 7, itemHash: hash('item'), result: { Ok: toHex(utf8('output')) }, weight: 123_456_789_012n },
    { class: 9, itemHash: hash('other'), result: { Err: 'Panic' }, weight: 0 },
    { class: 9, itemHash: hash('third'), result: { Err: 'Timeout' }, weight: 2_000_000_000_000n },
  ],
  authorization: { Bulk: { evidence: toHex(utf8('evidence')) } },
  authId: 10_000,
};

describe('known answers', () => {
  test('a report', () => {
    const bytes = encode(contract.writeWorkReport, report);
    expect(toHex(bytes)).toBe(toHex(oracle('CorejamPrimitivesWorkReport', theirReport)));
    expect(decode(contract.readWorkReport, bytes)).toEqual(report);
  });

  test('an attestation: three bits are 0x0c05, a compact 3 and 0b101', () => {
    const attestations = [new Uint8Array(64).fill(1), new Uint8Array(64).fill(2)];
    const attestation: Attestation = { report, validators: [true, false, true], attestations };
    const theirAttestation = {
      report: theirReport,
      validators: fromHex('0x0c05'),
      attestations: attestations.map(toHex),
    };
    const bytes = encode(contract.writeAttestation, attestation);
    expect(toHex(bytes)).toBe(toHex(oracle('CorejamPrimitivesAttestation', theirAttestation)));
    expect(decode(contract.readAttestation, bytes)).toEqual(attestation);
  });

  test('a bitfield, by hand: nine bits are 0x240601, a compact 9, 0b110 and 0b1', () => {
    const field = {
      validator: 4,
      bits: [false, true, true, false, false, false, false, false, true],
      signature: new Uint8Array(64).fill(9),
    };
    expect(toHex(encode(contract.writeSignedBitfield, field))).toBe(`0x04000000${'240601'}${'09'.repeat(64)}`);
  });

  test.each([
    ['ed25519', '00', 64],
    ['sr25519', '01', 64],
    ['ecdsa', '02', 65],
  ] as const)('an Instantaneous authorization with %s, by hand', (kind, index, length) => {
    const authorization = {
      kind: 'instantaneous',
      account: new Uint8Array(32).fill(3),
      signature: { kind, value: new Uint8Array(length).fill(5) },
    } as const;
    expect(toHex(encode(contract.writeAuthorization, authorization))).toBe(
      `0x00${'03'.repeat(32)}${index}${'05'.repeat(length)}`,
    );
  });

  test('stages, whose numbers the metadata does not name', () => {
    expect(Stage).toEqual(['registered', 'available', 'timedOut', 'accumulated', 'discarded']);
  });
});

describe('refused encodings', () => {
  test.each<[string, (r: Reader) => unknown, string]>([
    ['an authorization of a third kind', contract.readAuthorization, '0x0200'],
    ['a signature of a fourth kind', contract.readMultiSignature, `0x03${'00'.repeat(65)}`],
    ['a fifth variant', contract.readJoinAnswer, '0x04'],
    ['an eighth outcome', contract.readRunOutcome, '0x07'],
    ['a third error', contract.readWorkError, '0x02'],
    ['a sixth stage', contract.readStage, '0x05'],
  ])('%s', (_what, read, bytes) => {
    expect(() => decode(read, fromHex(bytes))).toThrow(/has no variant \d \(at byte 0\)/);
  });

  test('a result that is neither Ok nor Err', () => {
    const bytes = encode(contract.writeWorkResult, report.results[0]!);
    bytes[4 + 32] = 2; // after the class and the hash
    expect(() => decode(contract.readWorkResult, bytes)).toThrow(ScaleError);
  });

  test('an output over 4,096 bytes', () => {
    const long = (length: number): WorkReport => ({
      ...report,
      results: [{ ...report.results[0]!, result: ok(new Uint8Array(length)) }],
    });
    const through = (value: WorkReport): WorkReport =>
      decode(contract.readWorkReport, encode(contract.writeWorkReport, value));
    expect(through(long(4_096))).toEqual(long(4_096));
    expect(() => through(long(4_097))).toThrow('a length of 4097 exceeds the limit of 4096');
  });

  test('a fifth result, and a fifth item', () => {
    const five = Array.from({ length: 5 }, () => report.results[0]!);
    expect(() =>
      decode(contract.readWorkReport, encode(contract.writeWorkReport, { ...report, results: five })),
    ).toThrow('a length of 5 exceeds the limit of 4');
    const { authorization, context } = report;
    const items = five.map(({ class: id }) => ({ class: id, payload: utf8('x') }));
    expect(() =>
      decode(contract.readWorkPackage, encode(contract.writeWorkPackage, { authorization, context, items })),
    ).toThrow('a length of 5 exceeds the limit of 4');
  });

  test('a parameter over 1,024 bytes', () => {
    const through = (length: number): number =>
      decode(
        contract.readAuthorizer,
        encode(contract.writeAuthorizer, { codeHash: hash('code'), param: new Uint8Array(length) }),
      ).param.length;
    expect(through(1_024)).toBe(1_024);
    expect(() => through(1_025)).toThrow('a length of 1025 exceeds the limit of 1024');
  });
});

/** Arguments and a result of each function, as values of the contract. */
const CALLS: { [Method in keyof typeof coreJamApi]: [unknown[], ReturnType<(typeof coreJamApi)[Method]>] } = {
  cores: [[], 3],
  validators: [[], [values.hash(), values.hash()]],
  group: [[258], [4, 5]],
  authorizer: [[1], [10_000, values.authorizer()]],
  authIds: [[], [10_000, undefined, 10_007]],
  classCode: [[70_000], values.hash()],
  // @polkadot/types takes an empty hex string in an Option for none.
  lookup: [[values.hash()], concat(Uint8Array.of(1), values.bytes())],
  lookupLength: [[values.hash()], 3_801_088],
  lookupAt: [[values.hash(), 4_711], undefined],
  minimumAttestations: [[2], 2],
  lastRegistered: [[[0, 511]], [undefined, 17]],
  sharesLeft: [
    [3, [10_000, 10_001]],
    [16, 0],
  ],
  weightPerPackage: [[], 500_000_000_000n],
  requirementBounds: [[values.hash()], values.workItemWeightBounds()],
  isRegistered: [[values.hash()], true],
  recentlyRegistered: [[], [values.hash(), values.hash()]],
  pending: [
    [],
    [
      [2, values.workReport(), 17],
      [0, values.workReport(), 18],
    ],
  ],
  votes: [
    [],
    [
      { core: 2, validators: [true, false, true] },
      { core: 511, validators: [] },
    ],
  ],
  bitfieldsMax: [[], 176],
  queued: [[], 0],
  validateReports: [
    [[values.attestation(), values.attestation()], 1],
    [undefined, 8],
  ],
  screenReports: [
    [[values.workReport(), values.workReport()], 1],
    [undefined, 8],
  ],
  joinTerms: [[[1, 7]], values.joinTerms()],
  join: [
    [
      [values.workReport(), values.workReport()],
      [7, 1],
    ],
    [values.pruneRun(), { ...values.pruneRun(), classId: 7, answer: { kind: 'trapped' } }],
  ],
  extrinsicNeeds: [[values.bytes()], values.extrinsicNeeds()],
  roomLeft: [[], values.blockRoom()],
  progress: [[], [[values.progress(), values.progress()], [values.runRecord()]]],
};

describe('callers of CoreJamApi', () => {
  const lookedUp = (type: (typeof api.methods)[number]['output'], value: unknown): Uint8Array =>
    oracle(registry.createLookupType(type), theirs(value));
  const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

  test('there is one for each function in the metadata', () => {
    expect(api.methods.map(({ name }) => camel(name.toString()))).toEqual(Object.keys(coreJamApi));
  });

  test.each([...api.methods].map((method) => [method.name.toString(), method] as const))('%s', (name, method) => {
    const key = camel(name) as keyof typeof coreJamApi;
    const [args, result] = CALLS[key];
    const caller = coreJamApi[key] as (call: CallRuntime, ...args: unknown[]) => unknown;
    const calls: [string, string][] = [];
    const returned = caller(
      (called, bytes) => {
        calls.push([called, toHex(bytes)]);
        return lookedUp(method.output, result);
      },
      ...args,
    );
    expect(returned).toEqual(result);
    const encoded = method.inputs.map(({ type }, index) => lookedUp(type, args[index]));
    expect(calls).toEqual([[`CoreJamApi_${name}`, toHex(concat(...encoded))]]);
  });

  test('a result that does not decode is an UnexpectedAnswer; errors of the call pass through', () => {
    for (const answer of ['0x', '0x03', '0x030000'])
      expect(() => coreJamApi.cores(() => fromHex(answer))).toThrow(UnexpectedAnswer);
    const failing = (): never => {
      throw new TypeError('the database is gone');
    };
    expect(() => coreJamApi.cores(failing)).toThrow(new TypeError('the database is gone'));
  });
});

describe('limits', () => {
  test('are those of RFC-0031 and the decisions', () => {
    const limits = Object.entries(contract).filter(([, value]) => ['number', 'bigint'].includes(typeof value));
    expect(Object.fromEntries(limits)).toEqual({
      MAX_WORK_ITEMS: 4,
      MAX_WORK_PACKAGE_SIZE: 5 * 2 ** 20,
      MAX_ENCODED_PACKAGE_SIZE: 5 * 2 ** 20 + 4 + 4,
      MAX_GUEST_CODE_SIZE: 2 ** 20,
      MAX_WORK_OUTPUT_SIZE: 4_096,
      MAX_AUTH_PARAM_SIZE: 1_024,
      MAX_AUTHORIZATION_SIZE: 4_096,
      MAX_CORES: 512,
      RECENT_BLOCKS: 16,
      MAX_PRUNE_SIZE: 2 ** 20,
      MAX_SLICE_SIZE: 128 * 2 ** 10,
      FIRST_AUTH_ID: 10_000,
      FIRST_CLASS_ID: 1,
      PACKAGE_VERSION: 0,
      AUTHORIZE_WEIGHT_PS: 10n ** 10n,
      REFINE_WEIGHT_PS: 2n * 10n ** 12n,
      STATE_ROOT_BLOCKS: 255,
    });
  });
});

describe('names', () => {
  const { pallets } = metadata.asLatest;

  /** The variants of a type by index. */
  const variants = (type: (typeof api.methods)[number]['output']): string[] => {
    const list: string[] = [];
    for (const { name, index } of registry.lookup.getSiType(type).def.asVariant.variants)
      list[index.toNumber()] = name.toString();
    return list;
  };

  test.each([
    ['ERRORS', ERRORS, 'errors'],
    ['EVENTS', EVENTS, 'events'],
  ] as const)('%s are those of the metadata, at their indices', (_what, names, member) => {
    const theirNames = pallets.flatMap((pallet) => {
      const found = pallet[member].unwrapOr(undefined);
      return found === undefined ? [] : [[pallet.name.toString(), variants(found.type)] as const];
    });
    expect(names).toEqual(Object.fromEntries(theirNames));
  });

  test('INHERENTS have 8 bytes each, and belong to calls of the metadata', () => {
    for (const [name, made] of Object.entries(INHERENTS)) {
      const pallet = pallets.find((each) => each.name.eq(name))!;
      for (const [call, identifier] of Object.entries(made)) {
        expect(variants(pallet.calls.unwrap().type)).toContain(call);
        expect(utf8(identifier)).toHaveLength(8);
      }
    }
    // Substrate's own, sp_timestamp::INHERENT_IDENTIFIER.
    expect(INHERENTS.Timestamp.set).toBe('timstap0');
  });
});
