// What metadata V16 has beyond V15: deprecation of every part, versions of APIs and of extensions, and associated types
// and view functions of pallets, of which this runtime has none (frame_metadata::v16).
import type { Api } from '../model.js';

const NOT_DEPRECATED = { tag: 'NotDeprecated', value: undefined } as const;

/** A pallet as V15 describes it: the parts that V16 wraps. */
export interface PalletEntry {
  name: string;
  index: number;
  docs: string[];
  storage: { prefix: string; items: object[] } | undefined;
  calls: number | undefined;
  events: number | undefined;
  errors: number | undefined;
  constants: object[];
}

/** An API as V15 describes it. */
export interface ApiEntry {
  methods: object[];
}

/** The only version of the extensions: all of them, in order. */
const EXTENSIONS_VERSION = 0;

const current = <T extends object>(item: T): T & { deprecationInfo: typeof NOT_DEPRECATED } => ({
  ...item,
  deprecationInfo: NOT_DEPRECATED,
});

/** An enum of which no variant is deprecated. */
const enumOf = (type: number | undefined): object | undefined =>
  type === undefined ? undefined : { type, deprecationInfo: [] };

export function palletV16(pallet: PalletEntry): object {
  const { storage } = pallet;
  return current({
    ...pallet,
    storage: storage && { ...storage, items: storage.items.map(current) },
    calls: enumOf(pallet.calls),
    events: enumOf(pallet.events),
    errors: enumOf(pallet.errors),
    constants: pallet.constants.map(current),
    associatedTypes: [],
    viewFns: [],
  });
}

export function apiV16(entry: ApiEntry, { version }: Api): object {
  return current({ ...entry, methods: entry.methods.map(current), version });
}

/** `version`: of the extrinsic format. */
export function extrinsicV16(
  version: number,
  parts: { address: number; call: number; signature: number; signedExtensions: object[] },
): object {
  return {
    ...parts,
    version: [version],
    signedExtensionsByVersion: [[EXTENSIONS_VERSION, parts.signedExtensions.map((_, index) => index)]],
  };
}
