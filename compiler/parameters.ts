// Common parts of calls, events, APIs and entry points: parameters with an encoding, and unique indices.
import type { MethodDeclaration, Range, Source } from './asc.js';
import type { Parameter } from './model.js';
import type { Types } from './type-reader.js';

/** Unique indices from 0 to 255. */
export class Indices {
  readonly #taken = new Map<number, string>();
  readonly #types: Types;
  readonly #what: string;

  /** `what`: what the indices number, such as `call`. */
  constructor(types: Types, what: string) {
    this.#types = types;
    this.#what = what;
  }

  claim(index: bigint | undefined, name: string, range: Range): number | undefined {
    if (index === undefined || index < 0n || index > 255n) {
      this.#types.report(range, `${this.#what} '${name}' needs an index: a known number from 0 to 255`);
      return undefined;
    }
    const other = this.#taken.get(Number(index));
    if (other !== undefined) {
      this.#types.report(range, `${this.#what} index ${index} is taken by '${other}'`);
      return undefined;
    }
    this.#taken.set(Number(index), name);
    return Number(index);
  }
}

/** A function's parameters from number `first` on; undefined if one has no encoding (which is reported). */
export function readParameters(
  types: Types,
  node: MethodDeclaration,
  source: Source,
  first: number,
): Parameter[] | undefined {
  const parameters = node.signature.parameters.slice(first).map((each) => {
    if (each.initializer) types.report(each.range, `'${each.name.text}' comes from outside: it can have no default`);
    const type = types.ofVariable(each, source);
    return type && { name: each.name.text, type, docs: [], range: each.range };
  });
  return parameters.every((each) => each !== undefined) ? (parameters as Parameter[]) : undefined;
}
