// The encodings of declared enums, enums with data, and fixed bytes.
import { ClassDeclaration } from './asc.js';
import type { EnumDeclaration, EnumValueDeclaration, Source, Range } from './asc.js';
import type { Symbol } from './symbols.js';
import { decorator, docsOf, parseMember } from './tree.js';
import type { Symbols } from './symbols.js';
import type { Shape, Struct, Variant } from './types.js';

/** The functions used of the type reader. */
interface Reading {
  readonly symbols: Symbols;
  readonly sources: readonly Source[];
  report(range: Range, message: string): void;
  alias(symbol: Symbol): string;
  struct(symbol: Symbol, node: ClassDeclaration, text: string): Struct;
}

/** The shape of a plain enum: one byte, with the values of its members. */
export function enumShape(types: Reading, node: EnumDeclaration, symbol: Symbol): Shape | undefined {
  const members: { name: string; index: number; docs: string[] }[] = [];
  let next = 0;
  for (const value of node.values) {
    const index = memberValue(types, value, symbol.source, next);
    if (index === undefined) return undefined;
    const other = members.find((each) => each.index === index);
    if (other) {
      types.report(value.range, `'${value.name.text}' has the value of '${other.name}'`);
      return undefined;
    }
    members.push({ name: value.name.text, index, docs: docsOf(value).lines });
    next = index + 1;
  }
  if (members.length > 0) return { kind: 'enum', members };
  types.report(node.range, `enum '${node.name.text}' has no members`);
  return undefined;
}

function memberValue(types: Reading, value: EnumValueDeclaration, source: Source, next: number): number | undefined {
  const given = value.initializer ? types.symbols.integer(value.initializer, source) : BigInt(next);
  if (given !== undefined && given >= 0n && given <= 255n) return Number(given);
  types.report(
    value.range,
    `'${value.name.text}' is encoded in one byte: its value must be a known number from 0 to 255`,
  );
  return undefined;
}

/** The length of a `@fixed(n)` class. */
export function fixedLength(types: Reading, node: ClassDeclaration, source: Source): number | undefined {
  const mark = decorator(node, 'fixed')!;
  const value = mark.args && mark.args.length > 0 ? types.symbols.integer(mark.args[0]!, source) : undefined;
  if (value !== undefined && value > 0n && value <= 4096n) return Number(value);
  types.report(mark.range, '@fixed needs its length in bytes: a known number from 1 to 4096');
  return undefined;
}

/** Adds n bytes to a `@fixed(n)` class: as many eight-byte fields as fit, then single bytes. */
export function layOutFixed(node: ClassDeclaration, length: number): void {
  for (let at = 0; at < length;) {
    const [type, size] = length - at >= 8 ? (['u64', 8] as const) : (['u8', 1] as const);
    node.members.push(parseMember(node, `private $${at}: ${type} = 0;`));
    at += size;
  }
}

/** All classes marked `@variant(i)` that extend the base, by index. */
export function variantsOf(types: Reading, base: Symbol): Variant[] {
  const variants: Variant[] = [];
  const baseName = base.node.name.text;
  for (const source of types.sources) {
    for (const node of source.statements) {
      if (!(node instanceof ClassDeclaration)) continue;
      const mark = decorator(node, 'variant');
      const symbol = { node, source };
      if (!mark || types.symbols.base(symbol)?.node !== base.node) continue;
      const index = mark.args?.length === 1 ? types.symbols.integer(mark.args[0]!, source) : undefined;
      if (index === undefined || index < 0n || index > 255n) {
        types.report(mark.range, '@variant needs its index: a known number from 0 to 255');
        continue;
      }
      const other = variants.find((each) => each.index === Number(index));
      if (other) types.report(mark.range, `variant ${index} of '${baseName}' is '${other.name}' already`);
      const name = node.name.text.startsWith(baseName) ? node.name.text.slice(baseName.length) : node.name.text;
      variants.push({ ...types.struct(symbol, node, types.alias(symbol)), name, index: Number(index) });
    }
  }
  if (variants.length === 0) types.report(base.node.name.range, `'${baseName}' has no @variant classes`);
  return variants.sort((a, b) => a.index - b.index);
}
