// Reads the types of the source as types with a SCALE encoding; types without one are reported at their position.
//
// Types come from the syntax tree, not from asc's resolution, which loses information: inside type arguments asc
// treats an enum as i32 and resolves aliases.
import {
  ClassDeclaration,
  EnumDeclaration,
  FieldDeclaration,
  FLAG,
  FunctionDeclaration,
  NamedTypeNode,
  TypeDeclaration,
} from './asc.js';
import type { DecoratorNode, ParameterNode, Range, Source, TypeNode } from './asc.js';
import { enumShape, fixedLength, variantsOf } from './declared-types.js';
import type { Symbol, Symbols } from './symbols.js';
import { decorator, docsOf, stringArgument } from './tree.js';
import type { Docs } from './tree.js';
import { INTEGERS, leastBytes, parts } from './types.js';
import type { Field, ScaleType, Shape, Struct } from './types.js';

export type Report = (range: Range, message: string) => void;

/** The values of type parameters. */
type Environment = ReadonlyMap<string, ScaleType>;

/** Kinds of types that can be keys of a BTreeMap. */
const ORDERED = ['integer', 'u128', 'fixed', 'bytes', 'enum'];

const NO_DOCS: Docs = { lines: [], path: [] };
const NOTHING: Environment = new Map();

/** Types of assembly/scale, assembly/frame and assembly/primitives whose encoding is built in, by file and name. */
const BUILT_IN: Record<string, string> = {
  'scale/containers': 'Option Result Unit Tuple2 Tuple3 Tuple4 Tuple5 Compact BoundedVec BoundedBytes',
  'scale/bit-vec': 'BitVec',
  'scale/btree-map': 'BTreeMap',
  'frame/call': 'RuntimeCall RuntimeEvent',
  'frame/dispatch': 'DispatchResult DispatchError',
  'primitives/extrinsic': 'UncheckedExtrinsic',
};

/** Reads types; one object per type. */
export class Types {
  readonly all: ScaleType[] = [];
  readonly #byKey = new Map<string, ScaleType>();
  readonly #names = new Map<string, string>();
  /** The first use of each type. */
  readonly #firstUse = new Map<ScaleType, Range>();
  /** Declarations that generated code imports, by alias. */
  readonly imports = new Map<string, Symbol>();

  constructor(
    readonly symbols: Symbols,
    readonly sources: Source[],
    readonly report: Report,
  ) {}

  /** The alias of a declaration in generated code. */
  alias(symbol: Symbol): string {
    const key = `${symbol.source.internalPath}/${symbol.node.name.text}`;
    const known = this.#names.get(key);
    if (known) return known;
    const alias = `${symbol.node.name.text}$${this.#names.size}`;
    this.#names.set(key, alias);
    this.imports.set(alias, symbol);
    // Generated code is in another file, so the declaration must be exported.
    symbol.node.flags |= FLAG.EXPORT;
    return alias;
  }

  /** The type of a field or parameter, with its `@compact()` and `@bounded(n)`. */
  ofVariable(
    node: FieldDeclaration | ParameterNode,
    source: Source,
    environment: Environment = NOTHING,
  ): ScaleType | undefined {
    const decorators = (node as { decorators?: DecoratorNode[] | null }).decorators ?? null;
    if (!node.type || node.type.range.start === node.type.range.end) {
      this.report(node.name.range, `'${node.name.text}' needs its type written out: its encoding depends on it`);
      return undefined;
    }
    const type = this.of(node.type, source, environment);
    if (!type) return undefined;
    const bounded = decorator({ decorators }, 'bounded');
    if (bounded) return this.#bounded(type, this.#bound(bounded, source), bounded.range);
    return decorator({ decorators }, 'compact') ? this.#compact(type, node.type.range) : type;
  }

  /** The type that `node` names. */
  of(node: TypeNode, source: Source, environment: Environment = NOTHING): ScaleType | undefined {
    const type = this.#read(node, source, environment);
    if (type && !this.#firstUse.has(type)) this.#firstUse.set(type, node.range);
    return type;
  }

  #read(node: TypeNode, source: Source, environment: Environment): ScaleType | undefined {
    if (!(node instanceof NamedTypeNode) || node.name.next)
      return this.#refuse(node, 'this kind of type has no SCALE encoding');
    const type = this.#named(node, source, environment);
    if (!type || !node.isNullable) return type;
    return this.make(`${type.key}|null`, `${type.text} | null`, `${type.title} | null`, {
      kind: 'nullable',
      item: type,
    });
  }

  #named(node: NamedTypeNode, source: Source, environment: Environment): ScaleType | undefined {
    const name = node.name.identifier.text;
    const bound = environment.get(name);
    if (bound) return bound;
    const symbol = this.symbols.resolve(name, source);
    const file = symbol?.source.internalPath ?? '';
    const home = Object.keys(BUILT_IN).find((path) => file.endsWith(path));
    if (home && BUILT_IN[home]!.split(' ').includes(name))
      return this.#builtIn(name, symbol!, node, source, environment);
    if (!symbol) return this.#intrinsic(name, node, source, environment);
    return this.#declared(symbol, node, source, environment);
  }

  #intrinsic(name: string, node: NamedTypeNode, source: Source, environment: Environment): ScaleType | undefined {
    if (name in INTEGERS) return this.make(name, name, name, { kind: 'integer', name });
    if (name === 'string') return this.make(name, name, name, { kind: 'text' });
    if (name === 'void') return this.make(name, name, '()', { kind: 'void' });
    if (name !== 'Array' && name !== 'StaticArray') return this.#refuse(node, `unknown type '${name}'`);
    const item = this.#arguments(node, source, environment, 1)?.[0];
    if (!item) return undefined;
    if (name === 'Array') return this.#vec(item);
    if (item.key !== 'u8') return this.#refuse(node, 'StaticArray has an encoding only for u8 (Bytes): use Array');
    return this.make('Bytes', 'StaticArray<u8>', 'Bytes', { kind: 'bytes' });
  }

  /** Types of assembly/scale and assembly/frame. */
  #builtIn(
    name: string,
    symbol: Symbol,
    node: NamedTypeNode,
    source: Source,
    environment: Environment,
  ): ScaleType | undefined {
    const wanted =
      { Option: 1, Result: 2, Compact: 1, BTreeMap: 2, Tuple2: 2, Tuple3: 3, Tuple4: 4, Tuple5: 5 }[name] ?? 0;
    if (name === 'BoundedVec' || name === 'BoundedBytes') return this.#boundedAlias(name, node, source, environment);
    const args = this.#arguments(node, source, environment, wanted);
    if (!args) return undefined;
    const plain = (shape: Shape): ScaleType => this.make(name, this.alias(symbol), name, shape, { symbol });
    const generic = (shape: Shape): ScaleType =>
      this.make(
        `${name}<${args.map((each) => each.key).join()}>`,
        `${this.alias(symbol)}<${args.map((each) => each.text).join()}>`,
        `${name}<${args.map((each) => each.title).join(', ')}>`,
        shape,
      );
    switch (name) {
      case 'Option':
        return generic({ kind: 'option', item: args[0]! });
      case 'Result':
        return generic({ kind: 'result', ok: args[0]!, error: args[1]! });
      case 'BTreeMap':
        if (!ORDERED.includes(args[0]!.shape.kind)) {
          return this.#refuse(node, `'${args[0]!.title}' has no order that keys of a map need`);
        }
        return generic({ kind: 'map', key: args[0]!, value: args[1]! });
      case 'Compact':
        return this.#compact(args[0]!, node.range);
      case 'Unit':
        return plain({ kind: 'unit' });
      case 'BitVec':
        return plain({ kind: 'bits' });
      case 'RuntimeCall':
        return plain({ kind: 'call' });
      case 'RuntimeEvent':
        return plain({ kind: 'event' });
      case 'UncheckedExtrinsic':
        return this.make(name, 'StaticArray<u8>', name, { kind: 'bytes', extrinsic: true });
      case 'DispatchResult':
        return this.make(name, 'i32', name, { kind: 'dispatchResult' });
      case 'DispatchError':
        return this.make(name, 'i32', name, { kind: 'dispatchError' });
      default:
        return generic({ kind: 'tuple', items: args });
    }
  }

  #boundedAlias(name: string, node: NamedTypeNode, source: Source, environment: Environment): ScaleType | undefined {
    const nodes = node.typeArguments ?? [];
    const marker = nodes[nodes.length - 1];
    if (nodes.length !== (name === 'BoundedVec' ? 2 : 1) || !(marker instanceof NamedTypeNode)) {
      return this.#refuse(
        node,
        `${name} needs ${name === 'BoundedVec' ? 'its elements and ' : ''}a class marked @bound(n)`,
      );
    }
    const symbol = this.symbols.resolve(marker.name.identifier.text, source);
    const mark = symbol && decorator(symbol.node, 'bound');
    if (!mark) return this.#refuse(marker, `'${marker.name.identifier.text}' is no class marked @bound(n)`);
    const whole =
      name === 'BoundedBytes' ? this.make('Bytes', 'StaticArray<u8>', 'Bytes', { kind: 'bytes' }) : undefined;
    const item = whole ? undefined : this.of(nodes[0]!, source, environment);
    const type = whole ?? (item && this.#vec(item));
    return type && this.#bounded(type, this.#bound(mark, symbol.source), node.range);
  }

  /** The n of `@bound(n)` and `@bounded(n)`. */
  #bound(mark: DecoratorNode, source: Source): number | undefined {
    const value = mark.args?.length === 1 ? this.symbols.integer(mark.args[0]!, source) : undefined;
    if (value !== undefined && value > 0n && value < 2n ** 32n) return Number(value);
    this.report(mark.range, 'a bound is one whole number above zero, known when compiling');
    return undefined;
  }

  #bounded(type: ScaleType, most: number | undefined, range: Range): ScaleType | undefined {
    if (most === undefined) return undefined;
    const { shape } = type;
    if (shape.kind !== 'vec' && shape.kind !== 'bytes') {
      this.report(range, `'${type.title}' has no length to bound`);
      return undefined;
    }
    return this.make(`${type.key};${most}`, type.text, `Bounded${type.title}`, { ...shape, most });
  }

  #compact(item: ScaleType, range: Range): ScaleType | undefined {
    const { shape } = item;
    const possible =
      shape.kind === 'u128' || shape.kind === 'unit' || (shape.kind === 'integer' && /^u/.test(shape.name));
    if (possible)
      return this.make(`Compact<${item.key}>`, item.text, `Compact<${item.title}>`, { kind: 'compact', item });
    this.report(range, `'${item.title}' has no compact form: only unsigned integers have`);
    return undefined;
  }

  #vec(item: ScaleType): ScaleType {
    return this.make(`Array<${item.key}>`, `Array<${item.text}>`, `Array<${item.title}>`, { kind: 'vec', item });
  }

  #arguments(node: NamedTypeNode, source: Source, environment: Environment, wanted: number): ScaleType[] | undefined {
    const given = node.typeArguments ?? [];
    if (given.length !== wanted)
      return this.#refuse(node, `'${node.name.identifier.text}' takes ${wanted} type argument(s)`);
    const types = given.map((each) => this.of(each, source, environment));
    return types.every((each) => each !== undefined) ? (types as ScaleType[]) : undefined;
  }

  /** The type of an enum, or of a class without type parameters. */
  declaredType(symbol: Symbol): ScaleType | undefined {
    const { node } = symbol;
    const use = { range: node.name.range } as NamedTypeNode;
    return this.#ofDeclaration(symbol, use, [], NOTHING);
  }

  /** Aliases, enums and classes of the program. */
  #declared(symbol: Symbol, node: NamedTypeNode, source: Source, environment: Environment): ScaleType | undefined {
    const { node: declaration } = symbol;
    const parameters = (declaration as ClassDeclaration | TypeDeclaration).typeParameters ?? [];
    const args = this.#arguments(node, source, environment, parameters.length);
    if (!args) return undefined;
    const inner = new Map(parameters.map((each, index) => [each.name.text, args[index]!]));
    if (declaration instanceof TypeDeclaration) return this.of(declaration.type, symbol.source, inner);
    return this.#ofDeclaration(symbol, node, args, inner);
  }

  /** Enums and classes of the program, with `args` for their type parameters. */
  #ofDeclaration(symbol: Symbol, node: NamedTypeNode, args: ScaleType[], inner: Environment): ScaleType | undefined {
    const { node: declaration } = symbol;
    const title = declaration.name.text + (args.length > 0 ? `<${args.map((each) => each.title).join(', ')}>` : '');
    const key = `${symbol.source.internalPath}/${declaration.name.text}<${args.map((each) => each.key).join()}>`;
    const known = this.#byKey.get(key);
    if (known) return known;
    const text = this.alias(symbol) + (args.length > 0 ? `<${args.map((each) => each.text).join()}>` : '');
    const docs = docsOf(declaration);
    if (declaration instanceof EnumDeclaration) {
      const shape = enumShape(this, declaration, symbol);
      return shape && this.make(key, text, title, shape, { symbol, path: docs.path, docs });
    }
    if (declaration instanceof ClassDeclaration)
      return this.#ofClass(symbol, declaration, key, text, title, inner, node);
    return this.#refuse(node, `'${title}' is no type with a SCALE encoding`);
  }

  #ofClass(
    symbol: Symbol,
    node: ClassDeclaration,
    key: string,
    text: string,
    title: string,
    inner: Environment,
    use: NamedTypeNode,
  ): ScaleType | undefined {
    const docs = docsOf(node);
    const marked = (name: string): string[] => stringArgument(decorator(node, name), 0)?.split('::') ?? docs.path;
    const make = (shape: Shape, path: string[]): ScaleType =>
      this.make(key, text, title, shape, { symbol, path, docs });
    if (decorator(node, 'fixed')) {
      const length = fixedLength(this, node, symbol.source);
      const path = stringArgument(decorator(node, 'fixed'), 1)?.split('::') ?? docs.path;
      return length === undefined ? undefined : make({ kind: 'fixed', length }, path);
    }
    if (decorator(node, 'custom')) return make({ kind: 'custom' }, marked('custom'));
    if (node.name.text === 'U128' && symbol.source.internalPath.includes('primitives'))
      return make({ kind: 'u128' }, []);
    if (decorator(node, 'variants')) {
      const type = make({ kind: 'void' }, marked('variants'));
      type.shape = { kind: 'variants', variants: variantsOf(this, symbol) };
      return type;
    }
    if (decorator(node, 'variant')) return this.#refuse(use, `'${title}' is one variant: use its base class`);
    if (!['scale', 'extension', 'extensions'].some((name) => decorator(node, name))) {
      return this.#refuse(use, `class '${title}' has no SCALE encoding: is @scale() missing?`);
    }
    // Registered before its fields are read, since the type may be recursive.
    const type = make({ kind: 'void' }, marked('scale'));
    type.shape = { kind: 'struct', ...this.struct(symbol, node, text, inner) };
    return type;
  }

  /** The encoded members of a class, those of its base first. */
  struct(symbol: Symbol, node: ClassDeclaration, text: string, environment: Environment = NOTHING): Struct {
    const base = this.symbols.base(symbol);
    const inherited = base && base.node instanceof ClassDeclaration ? this.struct(base, base.node, '').fields : [];
    const fields: Field[] = [...inherited];
    for (const member of node.members) {
      if (!(member instanceof FieldDeclaration) || member.flags & FLAG.STATIC) continue;
      const type = this.ofVariable(member, symbol.source, environment);
      if (!type) continue;
      const of = this.#memberOf(member, type, symbol.source);
      const name = member.name.text;
      const field = { name, type, docs: docsOf(member).lines, typeName: type.title, range: member.range };
      fields.push(of ? { ...field, member: of } : field);
    }
    const constructor = node.members.find(
      (each) => each instanceof FunctionDeclaration && each.name.text === 'constructor',
    );
    const parameters = constructor ? (constructor as FunctionDeclaration).signature.parameters : [];
    const constructible = parameters.every((each) => each.initializer !== null);
    return { symbol, name: node.name.text, text, fields, docs: docsOf(node).lines, constructible };
  }

  /** The enum of `@member(Enum)` on a field. */
  #memberOf(field: FieldDeclaration, type: ScaleType, source: Source): ScaleType | undefined {
    const mark = decorator(field, 'member');
    if (!mark) return undefined;
    const symbol = mark.args?.[0] && this.symbols.named(mark.args[0], source);
    if (symbol?.node instanceof EnumDeclaration && type.key === 'u8') return this.declaredType(symbol);
    this.report(mark.range, '@member must be on a u8 and name an enum: @member(Stage) stage: u8');
    return undefined;
  }

  #refuse(node: TypeNode, message: string): undefined {
    this.report(node.range, message);
    return undefined;
  }

  /** The unique object of the type with this key. */
  make(key: string, text: string, title: string, shape: Shape, more: Partial<ScaleType> = {}): ScaleType {
    const known = this.#byKey.get(key);
    if (known) return known;
    const type: ScaleType = { id: this.all.length, key, text, title, shape, path: [], docs: NO_DOCS, ...more };
    this.#byKey.set(key, type);
    this.all.push(type);
    return type;
  }

  /** Reports a type at its first use. */
  refuseType(type: ScaleType, message: string): void {
    const range = this.#firstUse.get(type) ?? type.symbol?.node.name.range;
    if (range) this.report(range, `'${type.title}' ${message}`);
  }

  /** Reports lists of empty elements: a short input could have 2^32 elements. */
  refuseEmptyElements(): void {
    for (const type of this.all) {
      const elements =
        type.shape.kind === 'vec' ? [type.shape.item] : type.shape.kind === 'map' ? [type.shape.key] : [];
      const range = this.#firstUse.get(type);
      for (const item of elements) {
        if (leastBytes(item) > 0 || !range) continue;
        this.report(range, `'${item.title}' takes no bytes: a list of it has no bounded encoding`);
      }
    }
  }

  /** Marks the types that may contain themselves. */
  markRecursive(): void {
    const reaches = (from: ScaleType, target: ScaleType, seen: Set<ScaleType>): boolean =>
      parts(from).some((part) => {
        if (part === target) return true;
        if (seen.has(part)) return false;
        seen.add(part);
        return reaches(part, target, seen);
      });
    for (const type of this.all) {
      type.recursive =
        (type.shape.kind === 'struct' || type.shape.kind === 'variants') && reaches(type, type, new Set());
    }
  }
}
