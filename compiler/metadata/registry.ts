// The type registry of Substrate's metadata (scale-info): every type once, by number, described from the model's types.
import { snakeCase } from '../tree.js';
import { parts } from '../types.js';
import type { Field, ScaleType, Variant } from '../types.js';
import type { Definition, Details, Entry, FieldEntry, Outer, TypeRegistry, VariantEntry } from './entries.js';
import { dispatchErrorShape, eraVariants, parametersOf } from './well-known.js';

const missing = (name: string) => (): never => {
  throw new Error(`metadata: no ${name}`);
};

/** The types of one runtime. */
export class Registry implements TypeRegistry {
  readonly entries: Entry[] = [];
  readonly #byKey = new Map<string, number>();
  /** metadata.ts sets these functions. */
  outer: Outer = {
    call: missing('RuntimeCall'),
    event: missing('RuntimeEvent'),
    extrinsic: missing('UncheckedExtrinsic'),
  };

  /** Paths of several types, which clients distinguish by their parameters. */
  readonly #shared: ReadonlySet<string>;

  readonly #refuse: (type: ScaleType, message: string) => void;

  /** `refuse` is called with each type that metadata can't describe. */
  constructor(types: readonly ScaleType[], refuse: (type: ScaleType, message: string) => void) {
    this.#refuse = refuse;
    const paths = types.filter((each) => each.symbol).map((each) => pathOf(each).join('::'));
    this.#shared = new Set(paths.filter((each, index) => paths.indexOf(each) !== index));
  }

  /** The number of the type with this key. `describe` is called if it is new; the type may be recursive. */
  add(key: string, describe: () => Definition, details: Details = {}): number {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      id: this.entries.length,
      path: [],
      params: [],
      docs: [],
      def: { tag: 'tuple', value: [] },
      ...details,
    };
    this.#byKey.set(key, entry.id);
    this.entries.push(entry);
    entry.def = describe();
    return entry.id;
  }

  primitive(name: string): number {
    return this.add(name, () => ({ tag: 'primitive', value: { tag: name, value: undefined } }));
  }

  unit(): number {
    return this.add('()', () => ({ tag: 'tuple', value: [] }));
  }

  sequence(item: number): number {
    return this.add(`Vec<#${item}>`, () => ({ tag: 'sequence', value: item }));
  }

  bytes(length: number): number {
    return this.add(`[u8; ${length}]`, () => ({ tag: 'array', value: { len: length, type: this.primitive('u8') } }));
  }

  tuple(items: number[]): number {
    return this.add(`(${items.map((each) => `#${each}`).join()})`, () => ({ tag: 'tuple', value: items }));
  }

  /** The number of one of the model's types. */
  of(type: ScaleType): number {
    const { shape } = type;
    switch (shape.kind) {
      case 'integer':
        return this.primitive(shape.name);
      case 'u128':
        return this.primitive('u128');
      case 'text':
        return this.primitive('str');
      case 'unit':
      case 'void':
        return this.unit();
      case 'bytes':
        if (shape.extrinsic) return this.outer.extrinsic();
        return this.#bounded(this.sequence(this.primitive('u8')), this.primitive('u8'), shape.most);
      case 'vec': {
        const item = this.of(shape.item);
        return this.#bounded(this.sequence(item), item, shape.most);
      }
      case 'tuple':
        return this.tuple(shape.items.map((each) => this.of(each)));
      case 'nullable':
      case 'option':
        return this.option(this.of(shape.item));
      case 'result':
        return this.result(this.of(shape.ok), this.of(shape.error));
      case 'compact': {
        const item = this.of(shape.item);
        return this.add(`Compact<#${item}>`, () => ({ tag: 'compact', value: item }));
      }
      case 'map':
        return this.#map(this.of(shape.key), this.of(shape.value));
      case 'bits':
        return this.#bits();
      case 'call':
        return this.outer.call();
      case 'event':
        return this.outer.event();
      case 'dispatchError':
        return this.dispatchError();
      case 'dispatchResult':
        return this.result(this.unit(), this.dispatchError());
      default:
        return this.#named(type);
    }
  }

  /** Types with a path. */
  #named(type: ScaleType): number {
    const { shape } = type;
    // Fixed bytes without a path of Substrate are described as an array.
    if (shape.kind === 'fixed' && type.path.length === 0) return this.bytes(shape.length);
    const path = pathOf(type);
    const params: Entry['params'] = [];
    return this.add(
      type.key,
      (): Definition => {
        params.push(...parametersOf(this, type, path.join('::')));
        const [first] = parts(type);
        if (params.length === 0 && first && this.#shared.has(path.join('::')))
          params.push({ name: 'T', type: this.of(first) });
        switch (shape.kind) {
          case 'fixed':
            return {
              tag: 'composite',
              value: [this.field(undefined, this.bytes(shape.length), `[u8; ${shape.length}]`)],
            };
          case 'struct':
            return { tag: 'composite', value: this.fields(shape.fields, type) };
          case 'variants':
            return { tag: 'variant', value: shape.variants.map((each) => this.#variant(type, each)) };
          case 'enum':
            return { tag: 'variant', value: shape.members.map((each) => ({ ...each, fields: [] })) };
          default:
            return this.#custom(type);
        }
      },
      { path, params, docs: type.docs.lines },
    );
  }

  #custom(type: ScaleType): Definition {
    const isEra = type.path.join('::') === 'sp_runtime::generic::era::Era';
    if (isEra) return { tag: 'variant', value: eraVariants(this.primitive('u8')) };
    this.#refuse(type, `'${type.title}' has its own encoding, which the metadata can't describe`);
    return { tag: 'tuple', value: [] };
  }

  #variant(type: ScaleType, variant: Variant): VariantEntry {
    const fields = this.fields(variant.fields, type);
    return { name: variant.name, index: variant.index, docs: variant.docs, fields };
  }

  /** The fields of `owner`. Those named `value`, `value0`, … represent Rust's unnamed fields. */
  fields(fields: Field[], owner: ScaleType): FieldEntry[] {
    return fields.map((each) =>
      this.field(
        /^value\d*$/.test(each.name) ? undefined : snakeCase(each.name),
        this.of(each.type),
        rustName(each.type, owner),
        each.docs,
      ),
    );
  }

  field(name: string | undefined, type: number, typeName?: string, docs: string[] = []): FieldEntry {
    return { name, type, typeName, docs };
  }

  option(item: number): number {
    return this.add(
      `Option<#${item}>`,
      () => ({
        tag: 'variant',
        value: [
          { name: 'None', index: 0, fields: [], docs: [] },
          { name: 'Some', index: 1, fields: [this.field(undefined, item)], docs: [] },
        ],
      }),
      { path: ['Option'], params: [{ name: 'T', type: item }] },
    );
  }

  result(ok: number, error: number): number {
    return this.add(
      `Result<#${ok}, #${error}>`,
      () => ({
        tag: 'variant',
        value: [
          { name: 'Ok', index: 0, fields: [this.field(undefined, ok)], docs: [] },
          { name: 'Err', index: 1, fields: [this.field(undefined, error)], docs: [] },
        ],
      }),
      {
        path: ['Result'],
        params: [
          { name: 'T', type: ok },
          { name: 'E', type: error },
        ],
      },
    );
  }

  #map(key: number, value: number): number {
    return this.add(
      `BTreeMap<#${key}, #${value}>`,
      () => ({
        tag: 'composite',
        value: [this.field(undefined, this.sequence(this.tuple([key, value])))],
      }),
      {
        path: ['BTreeMap'],
        params: [
          { name: 'K', type: key },
          { name: 'V', type: value },
        ],
      },
    );
  }

  #bounded(whole: number, item: number, most: number | undefined): number {
    if (most === undefined) return whole;
    return this.add(`BoundedVec<#${item}>`, () => ({ tag: 'composite', value: [this.field(undefined, whole)] }), {
      path: ['bounded_collections', 'bounded_vec', 'BoundedVec'],
      params: [
        { name: 'T', type: item },
        { name: 'S', type: undefined },
      ],
    });
  }

  #bits(): number {
    return this.add('BitVec', () => ({
      tag: 'bitSequence',
      value: {
        bitStoreType: this.primitive('u8'),
        bitOrderType: this.add('Lsb0', () => ({ tag: 'composite', value: [] }), { path: ['bitvec', 'order', 'Lsb0'] }),
      },
    }));
  }

  dispatchError(): number {
    return dispatchErrorShape(this);
  }
}

/** A type's path: as declared, or derived from its file. */
function pathOf(type: ScaleType): string[] {
  if (type.path.length > 0) return type.path;
  const [, part, folder] = type.symbol?.source.internalPath.split('/') ?? [];
  const crate = part === 'pallets' && folder ? `pallet_${folder}` : `corejam_${part ?? 'runtime'}`;
  return [crate.replaceAll('-', '_'), type.title.replace(/<.*/, '')];
}

/**
 * The type's name in Rust, as the metadata's type names. A field that contains its owner's type other than in a list is a
 * `Box<…>` there: generators of Rust code look for this, since a type can't contain itself.
 */
export function rustName(type: ScaleType, owner?: ScaleType | 'call'): string {
  const { shape } = type;
  const name = (inner: ScaleType): string => rustName(inner, owner);
  switch (shape.kind) {
    case 'u128':
      return 'u128';
    case 'text':
      return 'String';
    case 'bytes':
      if (shape.extrinsic) return type.title;
      return list('u8', shape.most);
    case 'vec':
      return list(rustName(shape.item), shape.most);
    case 'nullable':
    case 'option':
      return `Option<${name(shape.item)}>`;
    case 'result':
      return `Result<${name(shape.ok)}, ${name(shape.error)}>`;
    case 'tuple':
      return `(${shape.items.map(name).join(', ')})`;
    case 'map':
      return `BTreeMap<${rustName(shape.key)}, ${rustName(shape.value)}>`;
    case 'bits':
      return 'BitVec<u8, Lsb0>';
    case 'unit':
    case 'void':
      return '()';
    case 'compact':
      return `Compact<${rustName(shape.item)}>`;
    case 'dispatchResult':
      return 'DispatchResult';
    default:
      return owner !== undefined && embeds(type, owner, new Set()) ? `Box<${type.title}>` : type.title;
  }
}

/** @polkadot/types drops the second parameter of a BoundedVec, so there must be one. */
const list = (item: string, most: number | undefined): string =>
  most === undefined ? `Vec<${item}>` : `BoundedVec<${item}, ConstU32<${most}>>`;

/** Whether values of `type` contain values of `owner` other than in a list. */
function embeds(type: ScaleType, owner: ScaleType | 'call', seen: Set<ScaleType>): boolean {
  if (type === owner || type.shape.kind === owner) return true;
  if (seen.has(type) || type.shape.kind === 'vec' || type.shape.kind === 'map') return false;
  seen.add(type);
  return parts(type).some((part) => embeds(part, owner, seen));
}
