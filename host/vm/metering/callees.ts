// Whom a body calls, each once: functions by their index, or types by theirs. One serves all bodies of a module.

/** What most bodies call; never added to. */
const NOBODY: number[] = [];

export class Callees {
  /** Whom the body calls so far, in the order of first calls. */
  list = NOBODY;
  /** The last body, by its turn, that called each. */
  readonly #caller: Uint32Array;
  #turn = 0;

  /** `count`: how many there are to be called. */
  constructor(count: number) {
    this.#caller = new Uint32Array(count);
  }

  /** Starts a body. */
  begin(): void {
    this.list = NOBODY;
    this.#turn += 1;
  }

  add(callee: number): void {
    if (this.#caller[callee] === this.#turn) return;
    this.#caller[callee] = this.#turn;
    if (this.list === NOBODY) this.list = [callee];
    else this.list.push(callee);
  }
}
