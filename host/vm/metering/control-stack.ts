// The blocks that are open while a body is scanned, in columns: index 0 is the function's own.

/** One serves all bodies of a module: entries beyond `depth` are left over, and overwritten. */
export class ControlStack {
  depth = 0;
  /** The opcode that opened it: `else` takes the place of its `if`. */
  readonly opener: number[] = [];
  /** Height of the operand stack below its parameters. */
  readonly base: number[] = [];
  readonly arityIn: number[] = [];
  readonly arityOut: number[] = [];
  /** Could control enter it? */
  readonly entered: boolean[] = [];
  /** Can the code after its end be reached otherwise than by falling through? */
  readonly joined: boolean[] = [];

  /** The innermost block. */
  get top(): number {
    return this.depth - 1;
  }

  clear(): void {
    this.depth = 0;
  }

  push(opener: number, base: number, arityIn: number, arityOut: number, entered: boolean): void {
    const { depth } = this;
    this.opener[depth] = opener;
    this.base[depth] = base;
    this.arityIn[depth] = arityIn;
    this.arityOut[depth] = arityOut;
    this.entered[depth] = entered;
    this.joined[depth] = false;
    this.depth = depth + 1;
  }

  /** Closes the innermost block and answers which it was; its columns can be read until the next one opens. */
  pop(): number {
    this.depth -= 1;
    return this.depth;
  }
}
