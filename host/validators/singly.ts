// Classes that failed in a join. For a while, a block has at most one package of such a class, and the class is called
// for this package only. Spec: D5a.

/** For how many further blocks of this author a class is taken singly. */
const SINGLY_BLOCKS = 16;

export class SinglyTaken {
  /** By class: in how many of this author's blocks, after the current one, it is still taken singly. */
  readonly #blocksLeft = new Map<number, number>();
  #height = -1;

  /** Called for every block that this author makes, perhaps several times. */
  beginBlock(height: number): void {
    if (height === this.#height) return;
    this.#height = height;
    for (const [id, left] of this.#blocksLeft) {
      if (left === 0) this.#blocksLeft.delete(id);
      else this.#blocksLeft.set(id, left - 1);
    }
  }

  add(classes: Iterable<number>): void {
    for (const id of classes) this.#blocksLeft.set(id, SINGLY_BLOCKS);
  }

  has(id: number): boolean {
    return this.#blocksLeft.has(id);
  }
}
