// Classes that failed in a join. For a while, a block has at most one package of such a class, and the class is called
// for this package only. Spec: D5a.
//
// Turns rotate among cores by their last attempt, longest ago first, so that a core whose packages fail has no more
// turns than others. A package of several such classes has its turn when none of them was its core's more recently than
// another's that claims it, and uses up a turn of each.

import { ForBlocks } from './for-blocks.js';

/** For how many further blocks of this author a class is taken singly. */
const SINGLY_BLOCKS = 16;

/** The first candidate of a core, and its classes that are taken singly. */
export interface Claim {
  readonly core: number;
  readonly classes: readonly number[];
}

export class SinglyTaken {
  readonly #classes = new ForBlocks<number>(SINGLY_BLOCKS);
  /** By class and core: when it last had a turn, in order. */
  readonly #turns = new Map<number, Map<number, number>>();
  #nextTurn = 0;

  /** Called for every block that this author makes, perhaps several times. */
  beginBlock(height: number): void {
    for (const id of this.#classes.beginBlock(height)) this.#turns.delete(id);
  }

  add(classes: Iterable<number>): void {
    for (const id of classes) this.#classes.add(id);
  }

  /** Whether no class is taken singly. */
  get isEmpty(): boolean {
    return this.#classes.isEmpty;
  }

  has(id: number): boolean {
    return this.#classes.has(id);
  }

  /** Those whose turn it is, at most one of each class: the longest without a turn first, then those of fewest classes. */
  takeTurns<T extends Claim>(claims: readonly T[]): Set<T> {
    const last = new Map(
      claims.map((claim) => [claim, Math.max(-1, ...claim.classes.map((id) => this.#lastTurn(id, claim.core)))]),
    );
    const inTurn = [...claims].sort((a, b) => last.get(a)! - last.get(b)! || a.classes.length - b.classes.length);
    const used = new Set<number>();
    const chosen = new Set<T>();
    for (const claim of inTurn) {
      if (claim.classes.length === 0 || claim.classes.some((id) => used.has(id))) continue;
      chosen.add(claim);
      for (const id of claim.classes) {
        used.add(id);
        const turns = this.#turns.get(id) ?? new Map<number, number>();
        this.#turns.set(id, turns.set(claim.core, this.#nextTurn));
      }
      this.#nextTurn++;
    }
    return chosen;
  }

  #lastTurn(id: number, core: number): number {
    return this.#turns.get(id)?.get(core) ?? -1;
  }
}
