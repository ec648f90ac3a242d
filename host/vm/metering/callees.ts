// What a body calls, each callee once: functions by index, or types by index. One serves all bodies of a module.

/** Shared by all bodies that call nothing; never added to. */
const NO_CALLEES: number[] = [];

export class Callees {
  /** What the body calls so far, in order of first calls. */
  list = NO_CALLEES;
  /** For each callee, the number of the last body that called it. Bodies are numbered from 1. */
  readonly #lastCaller: Uint32Array;
  #body = 0;

  /** `count`: of functions, or of types. */
  constructor(count: number) {
    this.#lastCaller = new Uint32Array(count);
  }

  /** Starts a body. */
  begin(): void {
    this.list = NO_CALLEES;
    this.#body += 1;
  }

  add(callee: number): void {
    if (this.#lastCaller[callee] === this.#body) return;
    this.#lastCaller[callee] = this.#body;
    if (this.list === NO_CALLEES) this.list = [callee];
    else this.list.push(callee);
  }
}
