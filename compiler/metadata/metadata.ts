// A runtime's metadata, versions 14, 15 and 16, from the model that dispatch is generated from.
//
// Values of constants and defaults of storage items are not known here: they are markers, which the blob replaces by
// the encoded values (`splice.ts`).
import { metadata } from '@polkadot-api/substrate-bindings';
import type { Pallet, Parameter, Runtime } from '../model.js';
import { snakeCase } from '../tree.js';
import type { ScaleType } from '../types.js';
import type { Definition, FieldEntry } from './entries.js';
import { metadataHash } from './merkleize.js';
import type { ChainFacts } from './merkleize.js';
import { Registry, rustName } from './registry.js';
import { apiV16, extrinsicV16, palletV16 } from './v16.js';
import type { PalletEntry } from './v16.js';

/** `meta`, little-endian: the first four bytes of metadata. */
const MAGIC = 0x6174656d;
const EXTRINSIC_VERSION = 4;

/** A placeholder for the encoded value of the expression `source` in generated code. */
interface Marker {
  bytes: Uint8Array;
  type: ScaleType;
  source: string;
}

export interface Encoded {
  /** By version. */
  versions: Map<number, Uint8Array>;
  /** The encoded type registry, the same in all versions. */
  lookup: Uint8Array;
  markers: Marker[];
  /** The metadata hash; undefined for a runtime without `@metadataHash`. */
  hash: Uint8Array | undefined;
}

/** Creates a marker for the value of `source`, and returns it as hexadecimal bytes for the encoder. */
type Mark = (type: ScaleType, source: string) => string;

/** Expressions in generated code of a constant, and of a type's default. */
export interface Sources {
  constant(pallet: Pallet, field: string): string;
  initial(type: ScaleType): string;
}

/** Encodes the metadata of a runtime. `refuse` is called with types that can't be described. */
export function encodeMetadata(
  runtime: Runtime,
  types: ScaleType[],
  sources: Sources,
  facts: ChainFacts | undefined,
  refuse: (type: ScaleType, message: string) => void,
): Encoded {
  const registry = new Registry(types, refuse);
  const markers: Marker[] = [];
  const mark: Mark = (type, source) => {
    const bytes = new TextEncoder().encode(`<<corejam:${String(markers.length).padStart(6, '0')}>>`);
    markers.push({ bytes, type, source });
    return hex(bytes);
  };
  const outer = describeOuter(registry, runtime, types);
  const pallets = runtime.pallets.map((pallet) => describePallet(registry, pallet, sources, mark));
  const extrinsic = describeExtrinsic(registry, runtime, types);
  const runtimeType = registry.add('Runtime', () => ({ tag: 'composite', value: [] }), {
    path: ['corejam_runtime', 'Runtime'],
  });
  const apis = runtime.apis.map((api) => ({
    name: api.name,
    docs: api.docs,
    methods: api.methods.map((method) => ({
      name: method.name,
      docs: method.docs,
      output: registry.of(method.result),
      inputs: method.arguments.map((each) => ({ name: snakeCase(each.name), type: registry.of(each.type) })),
    })),
  }));
  const { signedExtensions } = extrinsic;
  const common = { lookup: registry.entries, pallets, type: runtimeType };
  const v14 = {
    ...common,
    extrinsic: { type: registry.outer.extrinsic(), version: EXTRINSIC_VERSION, signedExtensions },
    apis: [],
  };
  const v15 = {
    ...common,
    apis,
    custom: [],
    outerEnums: outer,
    extrinsic: {
      version: EXTRINSIC_VERSION,
      address: extrinsic.address,
      call: outer.call,
      signature: extrinsic.signature,
      extra: extrinsic.extra,
      signedExtensions,
    },
  };
  const v16 = {
    ...common,
    pallets: pallets.map(palletV16),
    apis: apis.map((each, index) => apiV16(each, runtime.apis[index]!)),
    custom: [],
    outerEnums: outer,
    extrinsic: extrinsicV16(EXTRINSIC_VERSION, {
      address: extrinsic.address,
      call: outer.call,
      signature: extrinsic.signature,
      signedExtensions,
    }),
  };
  const encode = (tag: 'v14' | 'v15' | 'v16', value: object): Uint8Array =>
    metadata.enc({ magicNumber: MAGIC, metadata: { tag, value } } as Parameters<typeof metadata.enc>[0]);
  const versions = new Map([
    [14, encode('v14', v14)],
    [15, encode('v15', v15)],
    [16, encode('v16', v16)],
  ]);
  // The registry is after magic and version number, five bytes, and before the rest of an encoding without types.
  const bare = { ...v15, pallets: [], apis: [] };
  const withTypes = encode('v15', bare);
  const afterTypes = encode('v15', { ...bare, lookup: [] }).length - 6;
  const parts = { ...extrinsic, version: EXTRINSIC_VERSION, call: outer.call };
  const hash = facts && metadataHash(registry.entries, parts, facts);
  return { versions, lookup: withTypes.slice(5, withTypes.length - afterTypes), markers, hash };
}

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** The name of the crate in Substrate: `pallet_storage`, `frame_system`. */
const crateOf = (pallet: Pallet): string =>
  pallet.name === 'System' ? 'frame_system' : `pallet_${snakeCase(pallet.name)}`;

/** `inside`: the type that has these as fields, if it may be recursive. */
function parameters(registry: Registry, list: Parameter[], inside?: 'call'): FieldEntry[] {
  return list.map((each) =>
    registry.field(snakeCase(each.name), registry.of(each.type), rustName(each.type, inside), each.docs),
  );
}

const palletTypes = {
  call: (registry: Registry, pallet: Pallet): number =>
    registry.add(
      `${pallet.name}::Call`,
      () => ({
        tag: 'variant',
        value: pallet.calls.map((call) => ({
          name: call.name,
          index: call.index,
          docs: call.docs,
          fields: parameters(registry, call.arguments, 'call'),
        })),
      }),
      {
        path: [crateOf(pallet), 'pallet', 'Call'],
        params: [{ name: 'T', type: undefined }],
        docs: [`Calls of ${pallet.name}.`],
      },
    ),
  event: (registry: Registry, pallet: Pallet): number =>
    registry.add(
      `${pallet.name}::Event`,
      () => ({
        tag: 'variant',
        value: pallet.events.map((event) => ({
          name: event.name,
          index: event.index,
          docs: event.docs,
          fields: parameters(registry, event.fields),
        })),
      }),
      {
        path: [crateOf(pallet), 'pallet', 'Event'],
        params: [{ name: 'T', type: undefined }],
        docs: [`Events of ${pallet.name}.`],
      },
    ),
  error: (registry: Registry, pallet: Pallet): number =>
    registry.add(
      `${pallet.name}::Error`,
      () => ({
        tag: 'variant',
        value: pallet.errors.map((error) => ({ ...error, fields: [] })),
      }),
      {
        path: [crateOf(pallet), 'pallet', 'Error'],
        params: [{ name: 'T', type: undefined }],
        docs: [`Errors of ${pallet.name}.`],
      },
    ),
};

/** The enums over all pallets. */
function describeOuter(
  registry: Registry,
  runtime: Runtime,
  types: ScaleType[],
): { call: number; event: number; error: number } {
  const outer = (name: string, of: (pallet: Pallet) => number, pallets: Pallet[]): number =>
    registry.add(
      name,
      (): Definition => ({
        tag: 'variant',
        value: pallets.map((pallet) => ({
          name: pallet.name,
          index: pallet.index,
          docs: [],
          fields: [registry.field(undefined, of(pallet))],
        })),
      }),
      { path: ['corejam_runtime', name] },
    );
  const withCalls = runtime.pallets.filter((pallet) => pallet.calls.length > 0);
  const withEvents = runtime.pallets.filter((pallet) => pallet.events.length > 0);
  const withErrors = runtime.pallets.filter((pallet) => pallet.errors.length > 0);
  const call = (): number => outer('RuntimeCall', (pallet) => palletTypes.call(registry, pallet), withCalls);
  const event = (): number => outer('RuntimeEvent', (pallet) => palletTypes.event(registry, pallet), withEvents);
  const extrinsic = (): number => describeUnchecked(registry, call(), describeExtrinsic(registry, runtime, types));
  registry.outer = { call, event, extrinsic };
  return {
    call: call(),
    event: event(),
    error: outer('RuntimeError', (pallet) => palletTypes.error(registry, pallet), withErrors),
  };
}

function describePallet(registry: Registry, pallet: Pallet, sources: Sources, mark: Mark): PalletEntry {
  const items = pallet.storage.map((entry) => {
    const keys = entry.keys.map((key) => registry.of(key));
    const value = registry.of(entry.value);
    return {
      name: entry.name,
      docs: entry.docs,
      modifier: entry.optional ? 0 : 1,
      fallback: entry.optional ? '0x00' : mark(entry.value, sources.initial(entry.value)),
      type:
        keys.length === 0
          ? { tag: 'plain', value }
          : {
              tag: 'map',
              value: {
                hashers: entry.hashers.map((hasher) => ({ tag: HASHER_TAGS[hasher]!, value: undefined })),
                key: keys.length === 1 ? keys[0]! : registry.tuple(keys),
                value,
              },
            },
    };
  });
  return {
    name: pallet.name,
    index: pallet.index,
    docs: pallet.docs,
    storage: items.length > 0 ? { prefix: pallet.name, items } : undefined,
    calls: pallet.calls.length > 0 ? palletTypes.call(registry, pallet) : undefined,
    events: pallet.events.length > 0 ? palletTypes.event(registry, pallet) : undefined,
    errors: pallet.errors.length > 0 ? palletTypes.error(registry, pallet) : undefined,
    constants: pallet.constants.map((each) => ({
      name: each.name,
      type: registry.of(each.type),
      docs: each.docs,
      value: mark(each.type, sources.constant(pallet, each.field)),
    })),
  };
}

/** In the order of model.ts's HASHERS. */
const HASHER_TAGS = ['Blake2128', 'Blake2256', 'Blake2128Concat', 'Twox128', 'Twox256', 'Twox64Concat', 'Identity'];

/** The parts of a signed extrinsic except its call. */
interface ExtrinsicTypes {
  address: number;
  signature: number;
  extra: number;
  signedExtensions: { identifier: string; type: number; additionalSigned: number }[];
}

function describeExtrinsic(registry: Registry, runtime: Runtime, types: ScaleType[]): ExtrinsicTypes {
  const byPath = (path: string): number => {
    const type = types.find((each) => each.path.join('::') === path);
    return type ? registry.of(type) : registry.unit();
  };
  const signedExtensions = runtime.extensions.map((each) => ({
    identifier: each.identifier,
    type: registry.of(each.explicit),
    additionalSigned: registry.of(each.implicit),
  }));
  return {
    address: byPath('sp_runtime::multiaddress::MultiAddress'),
    signature: byPath('sp_runtime::MultiSignature'),
    extra: registry.tuple(signedExtensions.map((each) => each.type)),
    signedExtensions,
  };
}

/** An encoded extrinsic. Clients find the types of its parts by this type's parameters. */
function describeUnchecked(registry: Registry, call: number, parts: ExtrinsicTypes): number {
  const { address, signature, extra } = parts;
  return registry.add(
    'UncheckedExtrinsic',
    () => ({
      tag: 'composite',
      value: [registry.field(undefined, registry.sequence(registry.primitive('u8')))],
    }),
    {
      path: ['sp_runtime', 'generic', 'unchecked_extrinsic', 'UncheckedExtrinsic'],
      params: [
        { name: 'Address', type: address },
        { name: 'Call', type: call },
        { name: 'Signature', type: signature },
        { name: 'Extra', type: extra },
      ],
    },
  );
}
