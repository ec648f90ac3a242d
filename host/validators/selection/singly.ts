// Classes that failed in a join. For a while, a block has at most one package of such a class, and the class is called
// for this package only. Spec: D5a.
import { type Below, shuffled } from '../lots.js';
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

  /** Called for every block that this author makes, perhaps several times. */
  beginBlock(height: number): void {
    this.#classes.beginBlock(height);
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
}

/**
 * The claims whose turn it is, at most one of each class: those of the cores in an order by lot, each core's in order. Classes that
 * are `used` in the block have no turn any more; those of the claims that are chosen are added.
 */
export function inTurn<T extends Claim>(claims: readonly T[], used: Set<number>, below: Below): T[] {
  const cores = shuffled([...new Set(claims.map(({ core }) => core))], below);
  const places = new Map(cores.map((core, place) => [core, place]));
  return claims
    .toSorted((a, b) => places.get(a.core)! - places.get(b.core)!)
    .filter(({ classes }) => {
      if (classes.length === 0 || classes.some((id) => used.has(id))) return false;
      for (const id of classes) used.add(id);
      return true;
    });
}
