// What the first pass of `settle.ts` over a body finds out for the second.

/** Loops, labels and branch tables are numbered in the order of the body. */
export class Survey {
  /** Of each loop: the least that is owed on a back edge, `Infinity` if it has none. */
  readonly owedOnBackEdge: number[] = [];
  /**
   * Of each `br_table`: whether it is the only edge without room for code that leads to its targets, and leads to no
   * loop.
   */
  readonly isSoleTable: boolean[] = [];
  /**
   * Of labels from whose end control reaches a back edge before anything is paid: the loop, and how much is added on
   * the way to what is owed.
   */
  readonly loopAfterLabel: number[] = [];
  readonly addedAfterLabel: number[] = [];

  clear(): void {
    this.owedOnBackEdge.length = this.isSoleTable.length = 0;
    this.loopAfterLabel.length = this.addedAfterLabel.length = 0;
  }

  /** What is owed at a loop's head in the second pass. */
  owedAtHead(loop: number): number {
    const least = this.owedOnBackEdge[loop]!;
    return least === Infinity ? 0 : least;
  }

  /** Whether a second pass would differ: something may be owed at the head of a loop. */
  get isOfUse(): boolean {
    return this.owedOnBackEdge.some((least) => least !== Infinity && least !== 0);
  }
}
