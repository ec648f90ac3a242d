// Reads `@pallet` classes into the model; mistakes are reported at their position.
import {
  ClassDeclaration,
  EnumDeclaration,
  FieldDeclaration,
  FLAG,
  FunctionExpression,
  MethodDeclaration,
  NamedTypeNode,
  StringLiteralExpression,
} from './asc.js';
import type { DecoratorNode, Range, Source } from './asc.js';
import { readCall } from './call-reader.js';
import { HASHERS } from './model.js';
import type { Constant, Event, GenesisMember, GenesisRule, Pallet, StorageEntry } from './model.js';
import { Indices, readParameters } from './parameters.js';
import type { Symbol } from './symbols.js';
import { decorator, docsOf, dottedName, pascalCase, stringArgument, textOf } from './tree.js';
import type { Types } from './type-reader.js';

/** Storage item classes of frame: number of keys, and whether `get` returns null for absent entries. */
const STORAGE: Record<string, { keys: number; optional: boolean }> = {
  StorageValue: { keys: 0, optional: false },
  OptionValue: { keys: 0, optional: true },
  StorageMap: { keys: 1, optional: false },
  OptionMap: { keys: 1, optional: true },
  StorageDoubleMap: { keys: 2, optional: false },
  OptionDoubleMap: { keys: 2, optional: true },
};

/** All pallets of the program, by index. */
export function readPallets(types: Types): Pallet[] {
  const pallets: Pallet[] = [];
  for (const source of types.sources) {
    for (const node of source.statements) {
      const mark = node instanceof ClassDeclaration ? decorator(node, 'pallet') : undefined;
      if (!mark) continue;
      const pallet = readPallet(types, node as ClassDeclaration, source, mark);
      if (!pallet) continue;
      for (const other of pallets) {
        if (other.index === pallet.index)
          types.report(mark.range, `pallet index ${pallet.index} is taken by '${other.name}'`);
        if (other.name === pallet.name) types.report(mark.range, `there is a pallet '${other.name}' already`);
      }
      pallets.push(pallet);
    }
  }
  return pallets.sort((a, b) => a.index - b.index);
}

function readPallet(types: Types, node: ClassDeclaration, source: Source, mark: DecoratorNode): Pallet | undefined {
  const [name, indexNode, ...rest] = mark.args ?? [];
  const index = indexNode && types.symbols.integer(indexNode, source);
  if (!(name instanceof StringLiteralExpression) || index === undefined || index < 0n || index > 255n) {
    types.report(
      mark.range,
      '@pallet needs a name and an index from 0 to 255: @pallet("Storage", 12, StorageError, StorageEvent)',
    );
    return undefined;
  }
  const pallet: Pallet = {
    name: name.value,
    index: Number(index),
    docs: docsOf(node).lines,
    symbol: { node, source },
    node,
    source,
    storageVersion: readStorageVersion(types, node, source),
    storage: [],
    constants: [],
    callClasses: [],
    calls: [],
    genesis: [],
    events: [],
    errors: [],
  };
  for (const argument of rest) {
    const symbol = types.symbols.named(argument, source);
    if (symbol?.node instanceof EnumDeclaration) readErrors(types, pallet, symbol.node, symbol.source);
    else if (symbol?.node instanceof ClassDeclaration) readEvents(types, pallet, symbol);
    else types.report(argument.range, `'${textOf(argument.range)}' is neither an enum of errors nor a class of events`);
  }
  for (const member of [...node.members]) if (member instanceof FieldDeclaration) readField(types, pallet, member);
  return pallet;
}

function readStorageVersion(types: Types, node: ClassDeclaration, source: Source): number {
  const mark = decorator(node, 'storageVersion');
  if (!mark) return 0;
  const version = mark.args?.[0] && types.symbols.integer(mark.args[0], source);
  if (version !== undefined && version >= 0n && version <= 0xffffn) return Number(version);
  types.report(mark.range, '@storageVersion needs a known number from 0 to 65535');
  return 0;
}

/** Reads the `@calls` classes, whose methods are the calls of the pallet that they name. */
export function readCallClasses(types: Types, pallets: Pallet[]): void {
  const indices = new Map(pallets.map((pallet) => [pallet, new Indices(types, 'call')]));
  for (const { node, source, pallet, mark } of classesOf(types, pallets, 'calls', 2)) {
    pallet.callClasses.push(node);
    const owner = { node, source };
    const table = readWeightTable(types, source, mark);
    for (const member of [...node.members]) {
      const call = member instanceof MethodDeclaration && readCall(types, owner, member, indices.get(pallet)!, table);
      if (call) pallet.calls.push(call);
    }
  }
  for (const pallet of pallets) pallet.calls.sort((a, b) => a.index - b.index);
}

/** The second argument of `@calls(Pallet, Weights)`: the class of measured weights. */
function readWeightTable(types: Types, source: Source, mark: DecoratorNode): Symbol | undefined {
  const given = mark.args?.[1];
  if (!given) return undefined;
  const symbol = types.symbols.named(given, source);
  if (symbol?.node instanceof ClassDeclaration) return symbol;
  types.report(given.range, `'${textOf(given.range)}' is no class of weights that this file imports`);
  return undefined;
}

/** A class marked `@name(Pallet)`. */
interface Marked {
  node: ClassDeclaration;
  source: Source;
  pallet: Pallet;
  mark: DecoratorNode;
}

/** The classes marked `@name(Pallet)`, each with its pallet. `most`: how many arguments the decorator may have. */
export function classesOf(types: Types, pallets: Pallet[], name: string, most = 1): Marked[] {
  const found: Marked[] = [];
  for (const source of types.sources) {
    for (const node of source.statements) {
      const mark = node instanceof ClassDeclaration ? decorator(node, name) : undefined;
      if (!mark) continue;
      const [argument, ...more] = mark.args ?? [];
      const symbol = argument && more.length < most ? types.symbols.named(argument, source) : undefined;
      const pallet = pallets.find((each) => each.node === symbol?.node);
      if (pallet) found.push({ node: node as ClassDeclaration, source, pallet, mark });
      else types.report(mark.range, `@${name} needs the class of its pallet: @${name}(Storage)`);
    }
  }
  return found;
}

function readErrors(types: Types, pallet: Pallet, node: EnumDeclaration, source: Source): void {
  pallet.errorEnum = { node, source };
  for (const [index, value] of node.values.entries()) {
    if (value.initializer) types.report(value.range, 'errors are numbered by their order: leave the value out');
    pallet.errors.push({ name: value.name.text, index, docs: docsOf(value).lines });
  }
}

function readEvents(types: Types, pallet: Pallet, symbol: Symbol): void {
  pallet.eventClass = symbol;
  const node = symbol.node as ClassDeclaration;
  for (const member of node.members) {
    if (!(member instanceof MethodDeclaration) || !(member.flags & FLAG.STATIC)) {
      types.report(member.range, 'a class of events has only static methods, one per event');
      continue;
    }
    const event: Event = {
      name: member.name.text,
      index: pallet.events.length,
      docs: docsOf(member).lines,
      fields: [],
    };
    const fields = readParameters(types, member, symbol.source, 0);
    if (fields) event.fields = fields;
    const result = member.signature.returnType;
    if (!(result instanceof NamedTypeNode) || result.name.identifier.text !== 'void') {
      types.report(result.range, `event '${event.name}' returns nothing: its type must be void`);
    }
    pallet.events.push(event);
  }
}

function readField(types: Types, pallet: Pallet, member: FieldDeclaration): void {
  const storage = decorator(member, 'storage');
  const constant = decorator(member, 'constant');
  if (storage) {
    const entry = readStorage(types, pallet, member, storage);
    if (!entry) return;
    pallet.storage.push(entry);
    const genesis = readGenesis(types, member, entry);
    if (genesis) pallet.genesis.push(genesis);
  } else if (constant) {
    const entry = readConstant(types, pallet, member, constant);
    if (entry) pallet.constants.push(entry);
  } else if (!(member.flags & FLAG.STATIC)) {
    types.report(member.range, 'a pallet has no instances: every member is static');
  }
}

/** `@genesis(fallback?)` and `@ensure(predicate, message)` of a storage item. */
function readGenesis(types: Types, member: FieldDeclaration, entry: StorageEntry): GenesisMember | undefined {
  const mark = decorator(member, 'genesis');
  const ensure = decorator(member, 'ensure');
  if (!mark) {
    if (ensure) types.report(ensure.range, '@ensure requires @genesis');
    return undefined;
  }
  if (entry.keys.length > 0) {
    types.report(mark.range, `'${entry.field}' is a map: @genesis is for single values; use @genesisEach`);
    return undefined;
  }
  const [fallback] = mark.args ?? [];
  const [predicate] = ensure?.args ?? [];
  const message = stringArgument(ensure, 1);
  let rule: GenesisRule | undefined;
  if (predicate instanceof FunctionExpression && message !== undefined) rule = { predicate, message };
  else if (ensure)
    types.report(ensure.range, "@ensure needs a function of the value and a message: 'must be at least 1'");
  return { kind: 'item', name: entry.field, entry, ...(fallback ? { fallback } : {}), ...(rule ? { rule } : {}) };
}

function readConstant(
  types: Types,
  pallet: Pallet,
  member: FieldDeclaration,
  mark: DecoratorNode,
): Constant | undefined {
  if (!(member.flags & FLAG.STATIC) || !member.initializer) {
    types.report(mark.range, `constant '${member.name.text}' must be static and have a value`);
    return undefined;
  }
  const type = types.ofVariable(member, pallet.source);
  const field = member.name.text;
  const name = stringArgument(mark, 0) ?? pascalCase(field);
  return type && { name, field, type, docs: docsOf(member).lines, range: member.range };
}

function readStorage(
  types: Types,
  pallet: Pallet,
  member: FieldDeclaration,
  mark: DecoratorNode,
): StorageEntry | undefined {
  const fail = (range: Range, message: string): undefined => {
    types.report(range, message);
    return undefined;
  };
  const field = member.name.text;
  const node = member.type;
  const base = node instanceof NamedTypeNode ? node.name.identifier.text : '';
  const kind = STORAGE[base];
  const symbol = types.symbols.resolve(base, pallet.source);
  if (!kind || !symbol || !(node instanceof NamedTypeNode)) {
    return fail(member.range, `storage item '${field}' must be one of ${Object.keys(STORAGE).join(', ')}`);
  }
  if (!(member.flags & FLAG.STATIC) || member.initializer) {
    return fail(member.range, `storage item '${field}' must be static and without a value: it is in the state`);
  }
  const hashers = (mark.args ?? []).map((each) =>
    HASHERS.findIndex((hasher) => dottedName(each)?.join('.') === `Hasher.${hasher}`),
  );
  const unknown = hashers.indexOf(-1);
  if (unknown >= 0)
    return fail(mark.args![unknown]!.range, `unknown hasher: one of Hasher.${HASHERS.join(', Hasher.')}`);
  if (hashers.length !== kind.keys) {
    return fail(
      mark.range,
      `storage item '${field}' needs ${kind.keys === 0 ? 'no hasher' : `${kind.keys} hasher(s), one for each key`}`,
    );
  }
  const given = node.typeArguments ?? [];
  if (given.length !== kind.keys + 1) return fail(node.range, `${base} takes ${kind.keys + 1} type argument(s)`);
  const scale = given.map((each) => types.of(each, pallet.source));
  if (scale.some((each) => each === undefined)) return undefined;
  const value = scale[scale.length - 1]!;
  if (kind.optional && value.shape.kind === 'nullable') {
    return fail(node.range, `'${field}' could be absent in two ways: its value may not be null beside that`);
  }
  const name = pascalCase(field);
  if (pallet.storage.some((each) => each.name === name))
    return fail(member.range, `there is a storage item '${name}' already`);
  const keys = scale.slice(0, -1).map((each) => each!);
  return {
    name,
    field,
    docs: docsOf(member).lines,
    base,
    baseSymbol: symbol,
    hashers,
    keys,
    value,
    valueNode: given[given.length - 1]!,
    optional: kind.optional,
    range: member.range,
  };
}
