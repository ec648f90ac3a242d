// The metadata hash of RFC-78 (polkadot-fellows, text/0078-merkleized-metadata.md): what an offline wallet signs, so that the
// runtime refuses an extrinsic which was shown to the user by other metadata.
//
//   hash = blake3(1, root of the types, blake3(extrinsic metadata), spec version, spec name, ss58 prefix, decimals, symbol)
//
// The types are those that an extrinsic may contain. Primitive ones are part of the references to them; each of the others
// is a leaf of the tree, and each variant of an enum a leaf of its own.
import { compactNumber, str, u16, u32, u8 } from '@polkadot-api/substrate-bindings';
import { createBLAKE3 } from 'hash-wasm';
import type { Definition, Entry, FieldEntry } from './entries.js';

const blake3 = await createBLAKE3();

/** What the metadata hash covers beside types. */
export interface ChainFacts {
  specName: string;
  specVersion: number;
  base58Prefix: number;
  decimals: number;
  tokenSymbol: string;
}

/** Types of an extrinsic, by their numbers in the registry. */
export interface ExtrinsicParts {
  version: number;
  address: number;
  call: number;
  signature: number;
  signedExtensions: { identifier: string; type: number; additionalSigned: number }[];
}

/** Positions in RFC-78's TypeRef. The compact forms of u8 to u128 come after the integers. */
const PRIMITIVES: Readonly<Record<string, number>> = Object.fromEntries(
  'bool char str u8 u16 u32 u64 u128 u256 i8 i16 i32 i64 i128 i256'.split(' ').map((name, index) => [name, index]),
);
const COMPACT: Readonly<Record<string, number>> = { u8: 15, u16: 16, u32: 17, u64: 18, u128: 19, u256: 20 };
const VOID = 21;
const BY_ID = 22;

const hash = (bytes: Uint8Array): Uint8Array => blake3.init().update(bytes).digest('binary');
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const vec = <T>(items: readonly T[], encode: (item: T) => Uint8Array): Uint8Array =>
  join(compactNumber.enc(items.length), ...items.map(encode));
const option = (text: string | undefined): Uint8Array =>
  text === undefined ? Uint8Array.of(0) : join(Uint8Array.of(1), str.enc(text));

/** The metadata hash of a runtime. `entries`: its type registry. */
export function metadataHash(entries: readonly Entry[], extrinsic: ExtrinsicParts, facts: ChainFacts): Uint8Array {
  const types = new MerkleTypes(entries);
  const { address, call, signature, signedExtensions } = extrinsic;
  for (const id of [
    address,
    call,
    signature,
    ...signedExtensions.flatMap((each) => [each.type, each.additionalSigned]),
  ])
    types.collect(id);
  const extrinsicMetadata = join(
    u8.enc(extrinsic.version),
    types.reference(address),
    types.reference(call),
    types.reference(signature),
    vec(signedExtensions, (each) =>
      join(str.enc(each.identifier), types.reference(each.type), types.reference(each.additionalSigned)),
    ),
  );
  return hash(
    join(
      u8.enc(1),
      merkleRoot(types.leaves()),
      hash(extrinsicMetadata),
      u32.enc(facts.specVersion),
      str.enc(facts.specName),
      u16.enc(facts.base58Prefix),
      u8.enc(facts.decimals),
      str.enc(facts.tokenSymbol),
    ),
  );
}

/** The root of a complete binary tree, as a heap: leaves fill its end, and node i has the children 2i + 1 and 2i + 2. */
function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return new Uint8Array(32);
  const nodes = [...new Array<Uint8Array>(leaves.length - 1), ...leaves.map(hash)];
  for (let at = leaves.length - 2; at >= 0; at--) nodes[at] = hash(join(nodes[2 * at + 1]!, nodes[2 * at + 2]!));
  return nodes[0]!;
}

/** The types that are collected, numbered anew in the order of the registry. */
class MerkleTypes {
  readonly #entries: readonly Entry[];
  readonly #collected = new Set<number>();
  #numbers: Map<number, number> | undefined;

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** Adds a type and all within it. */
  collect(id: number): void {
    if (this.#collected.has(id) || this.#inline(id) !== undefined) return;
    this.#collected.add(id);
    for (const part of partsOf(this.#definition(id))) this.collect(part);
  }

  /** A reference to a type, encoded. All types must have been collected. */
  reference(id: number): Uint8Array {
    const inline = this.#inline(id);
    if (inline !== undefined) return u8.enc(inline);
    this.#numbers ??= new Map(this.#sorted().map((each, index) => [each, index]));
    return join(u8.enc(BY_ID), compactNumber.enc(this.#numbers.get(id)!));
  }

  /** The leaves of the tree, encoded. */
  leaves(): Uint8Array[] {
    return this.#sorted().flatMap((id, number) => {
      const { path } = this.#entries[id]!;
      return this.#shapes(this.#definition(id)).map((shape) =>
        join(
          vec(path, (each) => str.enc(each)),
          shape,
          compactNumber.enc(number),
        ),
      );
    });
  }

  #sorted(): number[] {
    return [...this.#collected].sort((a, b) => a - b);
  }

  #definition(id: number): Definition {
    return this.#entries[id]!.def;
  }

  /** The position in TypeRef of a type that is no leaf: a primitive, a compact one, or one without a value. */
  #inline(id: number): number | undefined {
    const { tag, value } = this.#definition(id);
    switch (tag) {
      case 'primitive':
        return PRIMITIVES[value.tag];
      case 'compact':
        return this.#compact(value);
      case 'composite':
      case 'variant':
      case 'tuple':
        return value.length === 0 ? VOID : undefined;
      default:
        return undefined;
    }
  }

  #compact(id: number): number {
    const { tag, value } = this.#definition(id);
    if (tag === 'primitive') return COMPACT[value.tag]!;
    // A wrapper of one field is compact as that field is.
    if ((tag === 'tuple' || tag === 'composite') && value.length <= 1) {
      const [only] = value;
      return only === undefined ? VOID : this.#compact(typeof only === 'number' ? only : only.type);
    }
    throw new Error(`metadata: type ${id} has no compact form`);
  }

  /** TypeDef, encoded; of an enum, one for each variant, by index. */
  #shapes({ tag, value }: Definition): Uint8Array[] {
    const fields = (list: readonly FieldEntry[]): Uint8Array =>
      vec(list, ({ name, type, typeName }) => join(option(name), this.reference(type), option(typeName)));
    switch (tag) {
      case 'composite':
        return [join(u8.enc(0), fields(value))];
      case 'variant':
        return [...value]
          .sort((a, b) => a.index - b.index)
          .map((each) => join(u8.enc(1), str.enc(each.name), fields(each.fields), compactNumber.enc(each.index)));
      case 'sequence':
        return [join(u8.enc(2), this.reference(value))];
      case 'array':
        return [join(u8.enc(3), u32.enc(value.len), this.reference(value.type))];
      case 'tuple':
        return [
          join(
            u8.enc(4),
            vec(value, (each) => this.reference(each)),
          ),
        ];
      case 'bitSequence':
        return [join(u8.enc(5), this.#bits(value))];
      default:
        throw new Error(`metadata: ${tag} is no leaf`);
    }
  }

  /** Bytes of the words that hold the bits, and whether the least significant bit is first. */
  #bits({ bitStoreType, bitOrderType }: { bitStoreType: number; bitOrderType: number }): Uint8Array {
    const store = this.#definition(bitStoreType);
    const bits = store.tag === 'primitive' ? Number(/^u(\d+)$/.exec(store.value.tag)?.[1]) : NaN;
    if (!(bits > 0)) throw new Error('metadata: bits in words that are no integers');
    return Uint8Array.of(bits / 8, this.#entries[bitOrderType]!.path.at(-1) === 'Lsb0' ? 1 : 0);
  }
}

/** The types within a definition. Those of bits and compact integers are not types of their own here. */
function partsOf({ tag, value }: Definition): number[] {
  switch (tag) {
    case 'composite':
      return value.map((each) => each.type);
    case 'variant':
      return value.flatMap((each) => each.fields.map(({ type }) => type));
    case 'sequence':
      return [value];
    case 'array':
      return [value.type];
    case 'tuple':
      return value;
    default:
      return [];
  }
}
