// Metadata V14, V15 and V16, read by @polkadot/types and @polkadot-api/substrate-bindings.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { metadata as codec } from '@polkadot-api/substrate-bindings';
import type { PalletMetadataLatest } from '@polkadot/types/interfaces';
import { clientOf, fixtureBlob, hex } from './fixture.js';
import type { Client } from './fixture.js';
import { Blob } from './host.js';

let blob: Blob;
let clients: Record<14 | 15 | 16, Client>;

beforeAll(async () => {
  blob = new Blob(await fixtureBlob());
  clients = { 14: clientOf(blob, 14), 15: clientOf(blob, 15), 16: clientOf(blob, 16) };
});

const VERSIONS = [14, 15, 16] as const;
const pallet = (client: Client, name: string): PalletMetadataLatest =>
  client.metadata.asLatest.pallets.find((each) => each.name.toString() === name)!;
const texts = (list: { toString(): string }[]): string[] => list.map((each) => each.toString());
const human = (client: Client, type: { toNumber(): number }, data: Uint8Array): unknown =>
  client.registry.createType(client.registry.createLookupType(type as never), data).toHuman();

describe.each(VERSIONS)('version %i', (version) => {
  test('has its version', () => {
    expect(clients[version].metadata.version).toBe(version);
    expect(texts(clients[version].metadata.asLatest.pallets.map((each) => each.name))).toEqual([
      'System',
      'Demo',
      'Items',
    ]);
  });

  test('has every call with its documentation and arguments', () => {
    const { meta } = clients[version];
    expect(Object.keys(meta.tx.demo!)).toEqual(['keep', 'drop', 'asRoot', 'set', 'wait']);
    const { keep, wait } = meta.tx.demo!;
    expect(texts(keep!.meta.docs)).toEqual(['Keeps a note.']);
    expect(keep!.meta.args.map(({ name, typeName }) => `${name}: ${typeName}`)).toEqual([
      'text: Bytes',
      'volume: Volume',
    ]);
    expect(wait!.meta.args.map(({ name, typeName }) => `${name}: ${typeName}`)).toEqual([
      'many: Vec<Volume>',
      'maybe: Option<u32>',
      'error: DispatchError',
      'note: Option<Note>',
    ]);
    expect(Array.from(wait!.callIndex)).toEqual([7, 9]);
  });

  test('has every error and event with its documentation', () => {
    const { meta } = clients[version];
    expect(
      Object.entries(meta.errors.demo!).map(
        ([
          name,
          {
            meta: { index, docs },
          },
        ]) => [name, index.toNumber(), texts(docs)],
      ),
    ).toEqual([
      ['NoNote', 0, ['There is no such note.']],
      ['TooLong', 1, ['The note is too long.']],
    ]);
    expect(
      Object.entries(meta.events.demo!).map(
        ([
          name,
          {
            meta: { index, docs, fields },
          },
        ]) => [name, index.toNumber(), texts(docs), fields.map((each) => each.name.toString())],
      ),
    ).toEqual([
      ['Kept', 0, ['A note was kept.'], ['id', 'author', 'volume']],
      ['Dropped', 1, ['A note went.'], ['id']],
    ]);
  });

  test('has constants with the values that the blob computes', () => {
    const constants = pallet(clients[version], 'Demo').constants.map((each) => [
      each.name.toString(),
      texts(each.docs),
      human(clients[version], each.type, each.value.toU8a(true)),
    ]);
    expect(constants).toEqual([
      ['Longest', ['The longest note.'], '20'],
      ['Large', ['A large number.'], '7'],
    ]);
  });

  test('has storage items with modifiers, hashers and defaults', () => {
    const client = clients[version];
    const items = pallet(client, 'Items')
      .storage.unwrap()
      .items.map(({ name, modifier, type, fallback }) => {
        const value = type.isPlain ? type.asPlain : type.asMap.value;
        return [
          name.toString(),
          modifier.toString(),
          type.isPlain ? [] : texts([...type.asMap.hashers]),
          modifier.isDefault ? human(client, value, fallback.toU8a(true)) : hex(fallback.toU8a(true)),
        ];
      });
    expect(items).toEqual([
      ['Number', 'Default', [], '0'],
      ['List', 'Default', [], []],
      ['MaybePair', 'Optional', [], '0x00'],
      ['Loud', 'Default', [], 'First'],
      ['Blake128', 'Default', ['Blake2_128'], '0'],
      ['Blake256', 'Default', ['Blake2_256'], '0'],
      ['Blake128Concat', 'Default', ['Blake2_128Concat'], '0'],
      ['Twox128', 'Default', ['Twox128'], '0'],
      ['Twox256', 'Default', ['Twox256'], '0'],
      ['Twox64Concat', 'Optional', ['Twox64Concat'], '0x00'],
      ['Identity', 'Default', ['Identity'], '0'],
      ['Both', 'Default', ['Twox64Concat', 'Blake2_128Concat'], '0'],
      ['MaybeBoth', 'Optional', ['Identity', 'Twox64Concat'], '0x00'],
    ]);
  });

  test('has the signed extensions in order, with what they add to the payload', () => {
    const { metadata } = clients[version];
    const { registry } = clients[version];
    const extensions =
      version === 16
        ? metadata.asV16.extrinsic.transactionExtensions.map(
            (each) => [each.identifier, each.type, each.implicit] as const,
          )
        : (version === 14 ? metadata.asV14 : metadata.asV15).extrinsic.signedExtensions.map(
            (each) => [each.identifier, each.type, each.additionalSigned] as const,
          );
    expect(
      extensions.map(([identifier, type, implicit]) => [
        identifier.toString(),
        registry.lookup.getTypeDef(type).type,
        registry.lookup.getTypeDef(implicit).type,
      ]),
    ).toEqual([
      ['CheckMortality', 'Era', 'H256'],
      ['CheckNonce', 'Compact<u32>', 'Null'],
    ]);
  });

  test('has the types of accounts, addresses, signatures and events', () => {
    const { registry } = clients[version];
    const types = ['Address', 'ExtrinsicSignature', 'AccountId'].map((name) => registry.createType(name).toRawType());
    expect(types).toEqual([
      registry.createType('MultiAddress').toRawType(),
      registry.createType('MultiSignature').toRawType(),
      'AccountId',
    ]);
    expect(registry.createType('Event').toRawType()).toContain('index');
  });
});

test('version 15 has the APIs with their documentation', () => {
  const apis = clients[15].metadata.asV15.apis;
  expect(texts(apis.map((each) => each.name))).toEqual(['Drive', 'Forms', 'Items', 'Memory', 'Metadata', 'Wired']);
  const drive = apis[0]!;
  expect(texts(drive.docs)).toEqual(['Drives the fixture.']);
  expect(drive.methods.map((each) => each.name.toString())).toContain('key_of');
  const dispatch = drive.methods.find((each) => each.name.toString() === 'dispatch')!;
  expect(texts(dispatch.docs)).toEqual(['Dispatches an encoded call: origin 0 root, 1 none, 2 signed by zeroes.']);
  expect(
    dispatch.inputs.map((each) => [each.name.toString(), clients[15].registry.lookup.getTypeDef(each.type).type]),
  ).toEqual([
    ['origin', 'u8'],
    ['call', 'Bytes'],
  ]);
  expect(clients[15].registry.lookup.getTypeDef(dispatch.output).type).toBe('Result<Null, SpRuntimeDispatchError>');
});

test('version 15 has the documentation of pallets, and the outer enums', () => {
  const v15 = clients[15].metadata.asV15;
  expect(v15.pallets.map((each) => texts(each.docs))).toEqual([['Keeps events.'], ['Notes.'], ['Storage items.']]);
  const name = (type: { toNumber(): number }): string =>
    clients[15].registry.lookup.getSiType(type as never).path.join('::');
  expect([v15.outerEnums.callType, v15.outerEnums.eventType, v15.outerEnums.errorType].map(name)).toEqual([
    'corejam_runtime::RuntimeCall',
    'corejam_runtime::RuntimeEvent',
    'corejam_runtime::RuntimeError',
  ]);
});

// subxt's static code needs it: a Rust type can't contain itself.
test('a recursive field is a `Box<…>` in its type name, unless a list holds its values', () => {
  const { registry } = clients[15];
  // Of the registry's entries: the decorated metadata of @polkadot/types leaves `Box` out.
  const calls = registry.lookup.getSiType(pallet(clients[15], 'Demo').calls.unwrap().type).def.asVariant.variants;
  const asRoot = calls.find((each) => each.name.toString() === 'as_root')!;
  expect(texts(asRoot.fields.map(({ typeName }) => typeName.unwrap()))).toEqual(['Box<RuntimeCall>']);
  const folder = clients[15].metadata.asV15.apis
    .find((each) => each.name.toString() === 'Forms')!
    .methods.find((each) => each.name.toString() === 'folder')!;
  const names = registry.lookup
    .getSiType(folder.output)
    .def.asComposite.fields.map(({ name, typeName }) => `${name.toString()}: ${typeName.toString()}`);
  expect(names).toEqual(['name: String', 'children: Vec<Folder>', 'parent: Option<Box<Folder>>', 'link: Box<Link>']);
});

test('extrinsics in runtime APIs are UncheckedExtrinsic, with the types of their parts as parameters', () => {
  const { lookup } = clients[15].registry;
  const recode = clients[15].metadata.asV15.apis
    .find((each) => each.name.toString() === 'Wired')!
    .methods.find((each) => each.name.toString() === 'extrinsic')!;
  const type = lookup.getSiType(recode.inputs[0]!.type);
  expect(texts(type.path)).toEqual(['sp_runtime', 'generic', 'unchecked_extrinsic', 'UncheckedExtrinsic']);
  const parts = type.params.map(
    ({ name, type: part }) => `${name.toString()}: ${lookup.getTypeDef(part.unwrap()).type}`,
  );
  expect(parts).toEqual([
    'Address: MultiAddress',
    'Call: Call',
    expect.stringContaining('Signature: '),
    expect.stringContaining('Extra: '),
  ]);
  expect(lookup.getSiType(recode.output).def.asSequence.type.eq(recode.inputs[0]!.type)).toBe(true);
  // On the wire they are Vec<u8>.
  expect(hex(blob.call('Wired_extrinsic', Uint8Array.of(8, 1, 2)))).toBe('0x08' + '080102' + '080102');
});

test('version 16 has the versions of APIs, extrinsics and extensions, and nothing is deprecated', () => {
  const v16 = clients[16].metadata.asV16;
  expect(v16.apis.map((each) => [each.name.toString(), each.version.toNumber(), each.deprecationInfo.type])).toEqual(
    ['Drive', 'Forms', 'Items', 'Memory', 'Metadata', 'Wired'].map((name) => [
      name,
      { Metadata: 2, Wired: 3 }[name] ?? 1,
      'NotDeprecated',
    ]),
  );
  expect(v16.extrinsic.versions.toU8a(true)).toEqual(Uint8Array.of(4));
  expect(v16.extrinsic.transactionExtensionsByVersion.toJSON()).toEqual({ 0: [0, 1] });
  const name = (type: { toNumber(): number }): string =>
    clients[16].registry.lookup.getSiType(type as never).path.join('::');
  expect(name(v16.extrinsic.addressType)).toBe('sp_runtime::multiaddress::MultiAddress');
  expect(name(v16.extrinsic.callType)).toBe('corejam_runtime::RuntimeCall');
  expect(name(v16.extrinsic.signatureType)).toBe('sp_runtime::MultiSignature');
  for (const each of v16.pallets) {
    expect(each.deprecationInfo.isNotDeprecated).toBe(true);
    expect([each.associatedTypes.length, each.viewFunctions.length]).toEqual([0, 0]);
    if (each.calls.isSome) expect(each.calls.unwrap().deprecationInfo.size).toBe(0);
  }
  // The rest is V15's.
  expect(v16.outerEnums.toJSON()).toEqual(clients[15].metadata.asV15.outerEnums.toJSON());
  expect(v16.pallets.map((each) => texts(each.docs))).toEqual(
    clients[15].metadata.asV15.pallets.map((each) => texts(each.docs)),
  );
});

test('the types of every form are described as they are encoded', () => {
  const { lookup } = clients[15].registry;
  const forms = clients[15].metadata.asV15.apis.find((each) => each.name.toString() === 'Forms')!;
  const described = Object.fromEntries(
    forms.methods.map((each) => [each.name.toString(), lookup.getTypeDef(each.output).type]),
  );
  expect(described).toMatchObject({
    integers: '(u8,u16,u32,u64,bool)',
    wide: 'u128',
    text: 'Text',
    bytes: 'Bytes',
    bounded_bytes: 'Bytes',
    numbers: 'Vec<u32>',
    compacts: '(Compact<u8>,Compact<u16>,Compact<u32>,Compact<u64>,Compact<u128>)',
    nested: 'Vec<Vec<Text>>',
    fixed: '(H256,AccountId32,[u8;3])',
    nullable: 'Option<H256>',
    option: 'Option<u32>',
    map: 'BTreeMap<u32, Text>',
    bits: 'BitVec',
    address: 'MultiAddress',
    signature: '{"_enum":{"Ed25519":"[u8;64]","Sr25519":"[u8;64]","Ecdsa":"[u8;65]"}}',
    digest: '{"logs":"Vec<SpRuntimeDigestDigestItem>"}',
    era: 'Era',
    nothing: 'Null',
  });
});

test('is read by an independent decoder, and the versions agree on every type', () => {
  const decoded = VERSIONS.map((version) => {
    const { metadata } = clients[version];
    return codec.dec(Uint8Array.from(metadata.toU8a()));
  });
  const lookups = decoded.map(({ metadata: { value } }) => (value as { lookup: { id: number }[] }).lookup);
  expect(lookups[0]).toEqual(lookups[1]);
  expect(lookups[0]).toEqual(lookups[2]);
  expect(lookups[0]!.length).toBeGreaterThan(100);
  expect(lookups[0]!.every((each, index) => each.id === index)).toBe(true);
});

test('there is no other version, also in the list', () => {
  expect(hex(blob.call('Metadata_metadata_at_version', Uint8Array.from([13, 0, 0, 0])))).toBe('0x00');
  expect(hex(blob.call('Metadata_metadata_versions'))).toBe('0x0c0e0000000f00000010000000');
});

test('the APIs are listed by the hashes of their names', () => {
  const list = clients[15].registry.createType('Vec<([u8; 8], u32)>', blob.call('Wired_apis').subarray(1));
  expect(list.toHuman()).toEqual(expect.arrayContaining([['0x37e397fc7c91f5e4', '2']]));
});
