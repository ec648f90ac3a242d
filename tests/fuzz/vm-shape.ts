// What the body of a random function may refer to. Shared by the generators of modules and of bodies.
import type { Type } from './vm-dice.js';

export interface Signature {
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

/** What bodies may refer to. */
export interface Shape {
  readonly signatures: readonly Signature[];
  /** Type of each function, imports first. */
  readonly functions: readonly number[];
  readonly globals: readonly { readonly type: Type; readonly mutable: boolean }[];
  readonly tableEntries: number;
  readonly dataSegments: number;
  /** Index of a type, added where there is none like it. */
  typeOf(signature: Signature): number;
}
