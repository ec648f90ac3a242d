// What calls, events, APIs and entry points have in common: parameters that encode, and indices that are claimed once.
import type { MethodDeclaration, Range, Source } from './asc.js';
import type { Parameter } from './model.js';
import type { Types } from './type-reader.js';

/** Claims a number from 0 to 255 once. */
export class Indices {
  readonly #taken = new Map<number, string>();
  readonly #types: Types;
  readonly #what: string;

  /** `what` the indices number: `call`. */
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

/** A function's parameters from number `first` on; undefined when one of them has no encoding (which is reported). */
export function readParameters(
  types: Types,
  node: MethodDeclaration,
  source: Source,
  first: number,
): Parameter[] | undefined {
  const parameters = node.signature.parameters.slice(first).map((each) => {
    if (each.initializer) types.report(each.range, `'${each.name.text}' comes from outside: it can have no default`);
    const type = types.ofVariable(each, source);
    return type && { name: each.name.text, type, docs: [] };
  });
  return parameters.every((each) => each !== undefined) ? (parameters as Parameter[]) : undefined;
}
