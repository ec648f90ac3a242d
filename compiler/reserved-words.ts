// Names in metadata become identifiers in the code that clients generate from it: of modules, functions, arguments and
// fields, in Rust, JavaScript and TypeScript. A word that one of these languages reserves breaks the generated code, so
// it is refused here, at its declaration.
import type { Range } from './asc.js';
import type { Runtime } from './model.js';
import { snakeCase } from './tree.js';
import type { Types } from './type-reader.js';
import { parts } from './types.js';
import type { ScaleType } from './types.js';

/** The Rust Reference, "Keywords": strict and reserved ones, of all editions. */
const RUST =
  'abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl ' +
  'in let loop macro match mod move mut override priv pub ref return self static struct super trait true try type ' +
  'typeof unsafe unsized use virtual where while yield';

/** ECMA-262, "Keywords and Reserved Words", in modules; TypeScript reserves no others. */
const JAVASCRIPT =
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
  'finally for function if implements import in instanceof interface let new null package private protected public ' +
  'return static super switch this throw true try typeof var void while with yield';

const RESERVED: ReadonlyMap<string, string> = new Map([
  ...JAVASCRIPT.split(' ').map((word) => [word, 'JavaScript'] as const),
  ...RUST.split(' ').map((word) => [word, 'Rust'] as const),
]);

/** Names that another specification fixes: polkadot-sdk's, which each client's generator meets on all chains, and RFC-0031's. */
const FIXED: ReadonlySet<string> = new Set([
  'Sudo.set_key.new',
  'Sudo.KeyChanged.new',
  'frame_support::dispatch::DispatchInfo.class',
  'pallet_transaction_payment::types::RuntimeDispatchInfo.class',
  'RFC-0031::WorkItem.class',
  'RFC-0031::WorkResult.class',
]);

/** Reports each name in the runtime's metadata that a client's language reserves. */
export function refuseReservedWords(types: Types, runtime: Runtime): void {
  const refuse = (place: string, name: string, range: Range): void => {
    const word = snakeCase(name);
    const language = RESERVED.get(word);
    if (language === undefined || FIXED.has(`${place}.${word}`)) return;
    types.report(range, `'${word}' would be a name in the metadata, and ${language} reserves it: choose another`);
  };
  const reached = new Set<ScaleType>();
  const reach = (type: ScaleType): void => {
    if (reached.has(type)) return;
    reached.add(type);
    parts(type).forEach(reach);
  };
  for (const pallet of runtime.pallets) {
    refuse('', pallet.name, pallet.node.name.range);
    for (const call of pallet.calls) {
      refuse(pallet.name, call.name, call.range);
      for (const each of call.arguments) {
        refuse(`${pallet.name}.${call.name}`, each.name, each.range);
        reach(each.type);
      }
    }
    for (const event of pallet.events) {
      for (const each of event.fields) {
        refuse(`${pallet.name}.${event.name}`, each.name, each.range);
        reach(each.type);
      }
    }
    for (const entry of pallet.storage) {
      refuse(pallet.name, entry.name, entry.range);
      [...entry.keys, entry.value].forEach(reach);
    }
    for (const constant of pallet.constants) {
      refuse(pallet.name, constant.name, constant.range);
      reach(constant.type);
    }
  }
  for (const api of runtime.apis) {
    refuse('', api.name, api.symbol.node.name.range);
    for (const method of api.methods) {
      refuse(api.name, method.name, method.range);
      for (const each of method.arguments) {
        refuse(`${api.name}.${method.name}`, each.name, each.range);
        reach(each.type);
      }
      reach(method.result);
    }
  }
  for (const type of reached) {
    const structs =
      type.shape.kind === 'struct' ? [type.shape] : type.shape.kind === 'variants' ? type.shape.variants : [];
    for (const struct of structs) for (const field of struct.fields) refuse(ownerOf(type), field.name, field.range);
  }
}

/** A type as FIXED names it. */
function ownerOf(type: ScaleType): string {
  if (type.path.length > 0) return type.path.join('::');
  const isOfTheRfc = type.symbol?.source.internalPath.startsWith('assembly/primitives/corejam/') ?? false;
  return isOfTheRfc ? `RFC-0031::${type.title}` : type.title;
}
