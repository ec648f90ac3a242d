// Genesis documents in AssemblyScript: a reader for each pallet's member, generated from its `@genesis` items and
// `@genesisEach` functions, and the fallbacks of omitted items.
//
//   { "validators": { "keys": ["0x…"], "groupRotationFrequency": 10 }, … }      one member per pallet, in camelCase
import { FunctionExpression, MethodDeclaration } from './asc.js';
import { initial } from './codecs.js';
import type { GenesisMember, Pallet, Runtime } from './model.js';
import type { StaticData } from './static-data.js';
import { lowerFirst, parseMember, returning, takeFunction } from './tree.js';
import type { Types } from './type-reader.js';
import type { ScaleType } from './types.js';

/** Imports of the generated code. */
export const GENESIS_IMPORTS =
  "import { JsonReader, readAmount } from '../assembly/json';\nimport { fixed } from '../assembly/scale';\n";

/** The functions of frame's Generated on genesis documents. */
export function genesis(types: Types, runtime: Runtime, data: StaticData): string {
  const pallets = runtime.pallets.filter((pallet) => pallet.genesis.length > 0);
  const used = new Set<ScaleType>();
  const readers = pallets.map((pallet) => palletReader(types, pallet, used));
  const values: string[] = [];
  // The set grows during the iteration: readers of a value's parts are added.
  for (const type of used) values.push(valueReader(types, type, used));
  const cases = pallets.map(
    (pallet) => `if (key == '${lowerFirst(pallet.name)}') { $genesis${pallet.index}(json); return true; }`,
  );
  const fallbacks = pallets.flatMap((pallet) => pallet.genesis.flatMap((member) => fallbackOf(types, pallet, member)));
  const names = [...runtime.presets.keys()];
  const presets = [...runtime.presets].map(([name, json]) => {
    const bytes = new TextEncoder().encode(json);
    return `if (name == '${name}') return bytesAt(${data.place(bytes)}, ${bytes.length});`;
  });
  return `${readers.join('\n')}\n${values.join('\n')}
    @global export function $generated_genesis(key: string, json: JsonReader): bool { ${cases.join(' ')} return false; }
    @global export function $generated_afterGenesis(): void { ${fallbacks.join(' ')} }
    @global export function $generated_presetNames(): Array<string> { return [${names.map((name) => `'${name}'`).join()}]; }
    @global export function $generated_preset(name: string): StaticArray<u8> | null { ${presets.join(' ')} return null; }`;
}

/** A string literal. */
const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function palletReader(types: Types, pallet: Pallet, used: Set<ScaleType>): string {
  const members = pallet.genesis.map(
    (member) => `if (key == '${member.name}') { ${memberReader(types, pallet, member, used)} }`,
  );
  const expected = pallet.genesis.map(({ name }) => `"${name}"`).join(' or ');
  return `function $genesis${pallet.index}(json: JsonReader): void {
    if (!json.enterObject()) return;
    for (let key = json.nextKey(); key !== null; key = json.nextKey()) {
      ${members.join(' else ')} else json.fail('unknown; expected ${expected}');
    } }`;
}

function memberReader(types: Types, pallet: Pallet, member: GenesisMember, used: Set<ScaleType>): string {
  if (member.kind === 'item') {
    const { entry, rule } = member;
    used.add(entry.value);
    const place = types.alias(pallet.symbol);
    const check = rule ? `if (!${place}.$ensure_${entry.field}(value)) json.fail(${literal(rule.message)}); else ` : '';
    return `const value = $j${entry.value.id}(json); if (!json.failed) { ${check}${place}.${entry.field}.set(value); }`;
  }
  const args = member.arguments.map(({ type }, index) => {
    used.add(type);
    return { name: `a${index}`, read: `$j${type.id}(json)` };
  });
  const call = `${types.alias(member.owner)}.${member.method}(${args.map(({ name }) => name).join()})`;
  const refuse = `if (!json.failed) { const why = ${call}; if (why.length > 0) json.fail(why); }`;
  const element = args.length === 1 ? `const a0 = ${args[0]!.read};` : elements(args);
  const end = args.length === 1 ? '' : ending(args.length);
  return `if (json.enterArray()) while (json.nextElement()) { ${element} ${refuse} ${end} }`;
}

/** Reads the elements of an array of fixed length into variables. */
function elements(values: { name: string; read: string }[]): string {
  const next = `if (!json.nextElement()) json.fail('expected ${values.length} elements');`;
  return `json.enterArray(); ${values.map(({ name, read }) => `${next} const ${name} = ${read};`).join(' ')}`;
}

const ending = (count: number): string => `if (json.nextElement()) json.fail('expected ${count} elements');`;

/** `$j<id>`: reads a value from JSON. On failure it returns any value of the type. */
function valueReader(types: Types, type: ScaleType, used: Set<ScaleType>): string {
  return `function $j${type.id}(json: JsonReader): ${type.text} { ${valueBody(types, type, used)} }`;
}

function valueBody(types: Types, type: ScaleType, used: Set<ScaleType>): string {
  const { shape } = type;
  const inner = (item: ScaleType): string => {
    used.add(item);
    return `$j${item.id}(json)`;
  };
  switch (shape.kind) {
    case 'integer':
      if (shape.name === 'bool') return 'return json.readBool();';
      if (shape.name.startsWith('u')) return `return <${shape.name}>json.readU64(<u64>${shape.name}.MAX_VALUE);`;
      break;
    case 'u128':
      return 'return readAmount(json);';
    case 'text':
      return 'return json.readText();';
    case 'bytes':
      return 'return json.readHex();';
    case 'fixed':
      return `const bytes = json.readHex(${shape.length}); return json.failed ? ${initial(type)} : fixed<${type.text}>(bytes);`;
    case 'vec':
      return `const list = ${initial(type)}; if (json.enterArray()) while (json.nextElement()) list.push(${inner(shape.item)});
        return list;`;
    case 'enum': {
      const names = shape.members.map(({ name }) => name);
      const cases = shape.members.map(({ name, index }) => `if (text == '${name}') return <${type.text}>${index};`);
      return `const text = json.readText(); ${cases.join(' ')}
        json.fail('expected ${names.map((name) => `"${name}"`).join(' or ')}'); return ${initial(type)};`;
    }
    case 'tuple': {
      const values = shape.items.map((item, index) => ({ name: `x${index}`, read: inner(item) }));
      return `${elements(values)} ${ending(values.length)} return new ${type.text}(${values.map(({ name }) => name).join()});`;
    }
    default:
  }
  types.refuseType(type, 'has no form in a genesis document');
  return `return ${initial(type)};`;
}

/** Sets an item that the document omits. */
function fallbackOf(types: Types, pallet: Pallet, member: GenesisMember): string[] {
  if (member.kind !== 'item' || !member.fallback) return [];
  const { field } = member.entry;
  const place = types.alias(pallet.symbol);
  return [`if (!${place}.${field}.has()) ${place}.${field}.set(${place}.$fallback_${field}());`];
}

/** Adds functions for fallbacks and rules, in the scope of their declarations. */
export function injectGenesis(pallet: Pallet): void {
  for (const member of pallet.genesis) {
    if (member.kind !== 'item') continue;
    const { fallback, rule, entry } = member;
    if (fallback) {
      const method = parseMember(
        pallet.node,
        `static $fallback_${entry.field}(): u8 { return 0; }`,
      ) as MethodDeclaration;
      method.signature.returnType = entry.valueNode;
      method.body = returning(fallback);
      pallet.node.members.push(method);
    }
    if (rule?.predicate instanceof FunctionExpression) {
      const method = parseMember(
        pallet.node,
        `static $ensure_${entry.field}(): bool { return true; }`,
      ) as MethodDeclaration;
      takeFunction(method, rule.predicate);
      pallet.node.members.push(method);
    }
  }
}
