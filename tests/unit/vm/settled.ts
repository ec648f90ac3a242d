// Compares, at every point of an instrumented body and on every path to it, what has been paid with what is due,
// without running it. At merges all paths must agree; wherever the counter can be observed nothing may be owed, and the
// global must equal the local; and a check must compare with what is owed. Both modules are read by the reference's
// decoder, and what is due is taken from the reference's prices.
import type { Schedule } from '../../../host/vm/index.js';
import { METER } from '../../../host/vm/metering/rewrite.js';
import { decode } from './reference-decode.js';
import type { Code, Decoded, Instruction } from './reference-decode.js';
import { priceOf, segmentStarts } from './reference-price.js';

const Op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memoryGrow: 0x40,
  i64Const: 0x42,
  i64LtS: 0x53,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  prefixed: 0xfc,
} as const;

/** What has been paid minus what is due, and whether the global is up to date. */
interface State {
  readonly balance: number;
  readonly written: boolean;
}

interface Label {
  readonly op: number;
  /** Where it opened: a loop's head, or what both arms of an `if` start from. */
  readonly start: State | undefined;
  end: State | undefined;
  hasElse: boolean;
}

/**
 * Compares each body of `instrumented` with that of `code`, and throws if they disagree. Returns how many points it
 * compared.
 */
export function checkSettled(code: Uint8Array, instrumented: Uint8Array, schedule: Schedule): number {
  const [original, made] = [decode(code), decode(instrumented)];
  return original.code.reduce(
    (points, body, index) =>
      points +
      new Body(
        original,
        made,
        body,
        made.code[index]!,
        schedule,
        `function ${original.imports.length + index}`,
      ).check(),
    0,
  );
}

class Body {
  readonly #labels: Label[] = [];
  #state: State | undefined;
  #at = 0;
  #made = 0;
  readonly #ownLocals: number;
  readonly #fuel: number;
  readonly #stack: number;
  readonly #starts: ReturnType<typeof segmentStarts>;

  readonly #code: Code;
  readonly #other: Code;
  readonly #schedule: Schedule;
  readonly #name: string;

  constructor(original: Decoded, instrumented: Decoded, code: Code, other: Code, schedule: Schedule, name: string) {
    this.#code = code;
    this.#other = other;
    this.#schedule = schedule;
    this.#name = name;
    this.#ownLocals = original.types[code.type]!.params.length + code.locals.length;
    this.#fuel = instrumented.exports.get(METER.fuel)!.index;
    this.#stack = instrumented.exports.get(METER.stack)!.index;
    this.#starts = segmentStarts(code);
  }

  check(): number {
    const { body } = this.#code;
    this.#state = { balance: 0, written: true };
    for (; this.#at < body.length; this.#at += 1) {
      const reachable = this.#starts.reachable[this.#at] === true;
      if (reachable && this.#starts.opens[this.#at] === true) this.#due(this.#segmentPrice(this.#at));
      this.#added();
      this.#instruction(body[this.#at]!);
    }
    this.#expect(this.#made === this.#other.body.length, 'something is left over');
    return body.length;
  }

  #expect(holds: boolean, what: string): void {
    if (!holds) throw new Error(`${this.#name}, instruction ${this.#at}: ${what}; ${JSON.stringify(this.#state)}`);
  }

  #due(fuel: number): void {
    if (this.#state !== undefined) this.#state = { ...this.#state, balance: this.#state.balance - fuel };
  }

  #segmentPrice(from: number): number {
    const { body } = this.#code;
    const { opens, reachable } = this.#starts;
    let sum = from === 0 ? this.#ownLocalsPrice() : body[from - 1]!.op === Op.loop ? this.#schedule.loopHead : 0;
    for (let at = from; at < body.length && reachable[at] === true && (at === from || !opens[at]!); at += 1) {
      sum += priceOf(this.#schedule, body[at]!);
    }
    return sum;
  }

  #ownLocalsPrice(): number {
    return this.#ownLocals * this.#schedule.local;
  }

  /** Does it touch a local or a global that metering added? */
  #isAdded({ op, a }: Instruction): boolean {
    if (op >= Op.localGet && op <= Op.localTee) return a >= this.#ownLocals;
    return (op === Op.globalGet || op === Op.globalSet) && a >= this.#fuel;
  }

  #peek(ahead = 0): Instruction {
    const next = this.#other.body[this.#made + ahead];
    if (next === undefined) throw new Error(`${this.#name} ends early`);
    return next;
  }

  /** Passes over what metering added here. */
  #added(): void {
    while (this.#made < this.#other.body.length && this.#isAdded(this.#peek())) this.#one();
  }

  #one(): void {
    const [first, second, third, fourth] = [0, 1, 2, 3].map((ahead) => this.#other.body[this.#made + ahead]);
    const setsFuel = (instruction: Instruction | undefined): boolean =>
      instruction?.op === Op.globalSet && instruction.a === this.#fuel;
    if (first!.op === Op.globalGet && first!.a === this.#stack) {
      // what is left of the stack, a frame less where there is another constant
      this.#made += second!.op === Op.localSet ? 2 : 4;
      return;
    }
    if (second!.op === Op.globalSet && second!.a === this.#stack) {
      this.#made += 2;
      return;
    }
    const cached = first!.op === Op.localGet;
    if (!cached && second!.op === Op.localSet) {
      // reads the counter
      this.#state = this.#state && { ...this.#state, written: true };
      this.#made += 2;
      return;
    }
    if (cached && setsFuel(second)) {
      this.#state = this.#state && { ...this.#state, written: true };
      this.#made += 2;
      return;
    }
    const amount = second!.op === Op.i64Const ? Number(second!.wide) : 0;
    const both = second!.op !== Op.i64Const || fourth?.op === Op.localGet; // of stack and counter
    if (both || third!.op === Op.i64LtS) {
      if (this.#state !== undefined) this.#expect(amount === -this.#state.balance, `checks, owing ${amount}`);
      while (this.#peek().op !== Op.if) this.#made += 1;
      this.#made = this.#peek().end + 1;
      return;
    }
    const paid = third!.op === Op.i64Sub ? amount : third!.op === Op.i64Add ? -amount : Number.NaN;
    const written = !cached || fourth!.op === Op.localTee;
    this.#state = this.#state && { balance: this.#state.balance + paid, written };
    this.#made += cached && written ? 5 : 4;
  }

  #settled(what: string): void {
    if (this.#state !== undefined)
      this.#expect(this.#state.balance === 0 && this.#state.written, `${what}, and not all is paid and written`);
  }

  #to(depth: number, state = this.#state): void {
    if (state === undefined) return;
    const label = this.#labels[this.#labels.length - 1 - depth];
    if (label === undefined)
      return this.#expect(state.balance === 0 && state.written, 'leaves the function, and not all is paid');
    if (label.op === Op.loop)
      return this.#expect(
        state.balance === label.start?.balance,
        `comes to a head at which ${label.start?.balance} is paid`,
      );
    label.end = this.#met(label.end, state);
  }

  #met(known: State | undefined, state: State): State {
    if (known === undefined) return state;
    this.#expect(known.balance === state.balance, `comes to where ${known.balance} is paid, with ${state.balance}`);
    return { balance: state.balance, written: known.written && state.written };
  }

  /** One of the body's own, and what stands for it. */
  #instruction(own: Instruction): void {
    const there = this.#peek();
    if (own.op === Op.brIf && there.op === Op.if) return this.#payingBranch(own.a);
    if (own.op === Op.end && there.op === Op.else) this.#payingElse();
    const helped = own.op === Op.memoryGrow || (own.op === Op.prefixed && own.a !== 9);
    this.#expect(
      this.#peek().op === (helped && this.#starts.reachable[this.#at]! ? Op.call : own.op),
      'is not what it was',
    );
    this.#made += 1;
    if (helped) return this.#settled('is priced by size');
    this.#flow(own);
  }

  #flow({ op, a, targets }: Instruction): void {
    const labels = this.#labels;
    switch (op) {
      case Op.block:
      case Op.if:
      case Op.loop:
        labels.push({
          op,
          end: undefined,
          hasElse: false,
          start: op === Op.loop && this.#state !== undefined ? { ...this.#state, written: false } : this.#state,
        });
        if (op === Op.loop && this.#state !== undefined) this.#state = { ...this.#state, written: false }; // it may not be on a back edge
        return;
      case Op.else: {
        const label = labels.at(-1)!;
        if (this.#state !== undefined) this.#to(0);
        label.hasElse = true;
        this.#state = label.start;
        return;
      }
      case Op.end: {
        if (labels.length === 0) return this.#settled('ends');
        const label = labels.at(-1)!;
        if (label.op === Op.if && !label.hasElse && label.start !== undefined)
          label.end = this.#met(label.end, label.start);
        if (this.#state !== undefined) label.end = this.#met(label.end, this.#state);
        labels.pop();
        this.#state = label.end;
        return;
      }
      case Op.br:
        this.#to(a);
        this.#state = undefined;
        return;
      case Op.brIf:
        return this.#to(a);
      case Op.brTable:
        for (const depth of targets) this.#to(depth);
        this.#state = undefined;
        return;
      case Op.unreachable:
      case Op.return:
        this.#settled('ends');
        this.#state = undefined;
        return;
      case Op.call:
      case Op.callIndirect:
        return this.#settled('calls');
    }
  }

  /** `if · pay · br · end` in place of a `br_if`. */
  #payingBranch(depth: number): void {
    const before = this.#state;
    this.#made += 1;
    this.#added();
    this.#expect(
      this.#peek().op === Op.br && this.#peek().a === depth + 1 && this.#peek(1).op === Op.end,
      'is no branch that pays',
    );
    this.#to(depth);
    this.#made += 2;
    this.#state = before;
  }

  /** `else · pay` before the end of an `if` that has no second arm. */
  #payingElse(): void {
    const label = this.#labels.at(-1)!;
    if (this.#state !== undefined) this.#to(0);
    label.hasElse = true;
    this.#state = label.start;
    this.#made += 1;
    this.#added();
  }
}
