// What a first time through a body finds out, and the second makes use of: see `settle.ts`.

/** Loops, labels and tables go by their order in the body. */
export class Survey {
  /** Of each loop: the least that a turn ends with owing, `Infinity` where there is no second turn. */
  readonly turns: number[] = [];
  /** Of each table: do its labels owe only what it says? */
  readonly alone: boolean[] = [];
  /** Of labels from whose end one comes to a loop's head before anything is paid: which loop, and what is added to what is owed. */
  readonly loopAfter: number[] = [];
  readonly sumAfter: number[] = [];

  clear(): void {
    this.turns.length = this.alone.length = this.loopAfter.length = this.sumAfter.length = 0;
  }

  /** What is owed at a loop's head the second time. */
  head(loop: number): number {
    const least = this.turns[loop]!;
    return least === Infinity ? 0 : least;
  }

  /** Is there a loop whose head may owe something? */
  get isOfUse(): boolean {
    return this.turns.some((least) => least !== Infinity && least !== 0);
  }
}
