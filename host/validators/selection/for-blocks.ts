// What this author remembers for a number of its own blocks.

export class ForBlocks<K> {
  readonly #blocks: number;
  /** In how many of this author's blocks, after the current one, a key is still remembered. */
  readonly #left = new Map<K, number>();
  #height = -1;

  constructor(blocks: number) {
    this.#blocks = blocks;
  }

  /** Called for every block that this author makes, perhaps several times. */
  beginBlock(height: number): void {
    if (height === this.#height) return;
    this.#height = height;
    for (const [key, left] of this.#left)
      if (left > 0) this.#left.set(key, left - 1);
      else this.#left.delete(key);
  }

  /** Remembers a key for the usual number of blocks, or for another one, unless it is remembered for longer already. */
  add(key: K, blocks = this.#blocks): void {
    this.#left.set(key, Math.max(blocks, this.#left.get(key) ?? 0));
  }

  has(key: K): boolean {
    return this.#left.has(key);
  }

  get isEmpty(): boolean {
    return this.#left.size === 0;
  }
}
