// Classes that failed in a join. For a while, a block has at most one package of such a class, and the class is called
// for this package only. Spec: D5a.
//
// Turns rotate among cores by their last attempt, longest ago first, so that a core whose packages fail has no more
// turns than others. A package of several such classes has its turn when none of them was its core's more recently than
// another's that claims it, and uses up a turn of each. The first candidates of cores claim turns first. Then cores
// without a turn may use those of other classes for candidates behind the first one.

import { ForBlocks } from './for-blocks.js';

/** For how many further blocks of this author a class is taken singly. */
const SINGLY_BLOCKS = 16;

/** A candidate's core, and its classes that are taken singly. */
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

  /**
   * Those whose turn it is, at most one of each class, in order: the longest without a turn first, then those of fewest
   * classes. Classes that are `used` in the block have no turn any more; those of the claims that are chosen are added.
   */
  inTurn<T extends Claim>(claims: readonly T[], used: Set<number>): T[] {
    const last = new Map(
      claims.map((claim) => [claim, Math.max(-1, ...claim.classes.map((id) => this.#lastTurn(id, claim.core)))]),
    );
    const inTurn = [...claims].sort((a, b) => last.get(a)! - last.get(b)! || a.classes.length - b.classes.length);
    return inTurn.filter(({ classes }) => {
      if (classes.length === 0 || classes.some((id) => used.has(id))) return false;
      for (const id of classes) used.add(id);
      return true;
    });
  }

  /** Notes that these, in order, had their turns. */
  hadTurns(claims: readonly Claim[]): void {
    for (const { core, classes } of claims) {
      for (const id of classes) {
        const turns = this.#turns.get(id) ?? new Map<number, number>();
        this.#turns.set(id, turns.set(core, this.#nextTurn));
      }
      this.#nextTurn++;
    }
  }

  #lastTurn(id: number, core: number): number {
    return this.#turns.get(id)?.get(core) ?? -1;
  }
}
