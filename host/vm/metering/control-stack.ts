// The blocks that are open while a body is scanned, as parallel columns: entry i of each belongs to the i-th block from
// outside. Entry 0 is the function's own block.

/** One serves all bodies of a module: entries from `depth` on are left over, and overwritten. */
export class ControlStack {
  depth = 0;
  /** The opcode that opened the block; `else` replaces that of its `if`. */
  readonly opener: number[] = [];
  /** Height of the operand stack below the block's parameters. */
  readonly base: number[] = [];
  readonly arityIn: number[] = [];
  readonly arityOut: number[] = [];
  /** Whether control can enter the block. */
  readonly reachable: boolean[] = [];
  /** Whether a branch leads to the end of the block, or a first arm falls through to it. */
  readonly branchedTo: boolean[] = [];

  /** Index of the innermost block. */
  get top(): number {
    return this.depth - 1;
  }

  clear(): void {
    this.depth = 0;
  }

  push(opener: number, base: number, arityIn: number, arityOut: number, reachable: boolean): void {
    const { depth } = this;
    this.opener[depth] = opener;
    this.base[depth] = base;
    this.arityIn[depth] = arityIn;
    this.arityOut[depth] = arityOut;
    this.reachable[depth] = reachable;
    this.branchedTo[depth] = false;
    this.depth = depth + 1;
  }

  /** Closes the innermost block and returns its index, at which the columns can be read until the next block opens. */
  pop(): number {
    this.depth -= 1;
    return this.depth;
  }
}
