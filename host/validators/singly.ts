// Classes that failed in a join. For a while, a block has at most one package of such a class, and the class is called
// for this package only. Spec: D5a.
//
// Turns rotate among cores by their last attempt, longest ago first, so that a core whose packages fail has no more
// turns than others. A package of several such classes has its turn when none of them was its core's more recently than
// another's that claims it, and uses up a turn of each.

/** For how many further blocks of this author a class is taken singly. */
const SINGLY_BLOCKS = 16;

/** The first candidate of a core, and its classes that are taken singly. */
export interface Claim {
  readonly core: number;
  readonly classes: readonly number[];
}

export class SinglyTaken {
  /** By class: in how many of this author's blocks, after the current one, it is still taken singly. */
  readonly #blocksLeft = new Map<number, number>();
  /** By class and core: when it last had a turn, in order. */
  readonly #turns = new Map<number, Map<number, number>>();
  #nextTurn = 0;
  #height = -1;

  /** Called for every block that this author makes, perhaps several times. */
  beginBlock(height: number): void {
    if (height === this.#height) return;
    this.#height = height;
    for (const [id, left] of this.#blocksLeft) {
      if (left === 0) {
        this.#blocksLeft.delete(id);
        this.#turns.delete(id);
      } else this.#blocksLeft.set(id, left - 1);
    }
  }

  add(classes: Iterable<number>): void {
    for (const id of classes) this.#blocksLeft.set(id, SINGLY_BLOCKS);
  }

  /** Whether no class is taken singly. */
  get isEmpty(): boolean {
    return this.#blocksLeft.size === 0;
  }

  has(id: number): boolean {
    return this.#blocksLeft.has(id);
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
