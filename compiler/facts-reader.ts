// Reads `@metadataHash(specName, specVersion, prefix, decimals, symbol)` of the runtime class: what RFC-78's metadata hash
// covers beside types.
import { ClassDeclaration } from './asc.js';
import type { ChainFacts } from './metadata/merkleize.js';
import type { Runtime } from './model.js';
import { decorator } from './tree.js';
import type { Types } from './type-reader.js';

export function readFacts(types: Types, runtime: Runtime): ChainFacts | undefined {
  const { node, source } = runtime.runtime ?? {};
  const mark = node instanceof ClassDeclaration ? decorator(node, 'metadataHash') : undefined;
  if (!mark || !source) return undefined;
  const args = mark.args ?? [];
  const text = (at: number): string | undefined => args[at] && types.symbols.text(args[at], source);
  const integer = (at: number, most: bigint): number | undefined => {
    const value = args[at] && types.symbols.integer(args[at], source);
    return value !== undefined && value >= 0n && value <= most ? Number(value) : undefined;
  };
  const [specName, tokenSymbol] = [text(0), text(4)];
  const [specVersion, base58Prefix, decimals] = [integer(1, 0xffff_ffffn), integer(2, 0xffffn), integer(3, 0xffn)];
  if (
    specName !== undefined &&
    specVersion !== undefined &&
    base58Prefix !== undefined &&
    decimals !== undefined &&
    tokenSymbol !== undefined
  )
    return { specName, specVersion, base58Prefix, decimals, tokenSymbol };
  types.report(
    mark.range,
    "@metadataHash needs spec name and version, SS58 prefix, decimals and symbol of the token, each known when compiling: @metadataHash('corejam', 1, 42, 12, 'UNIT')",
  );
  return undefined;
}
