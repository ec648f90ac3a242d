// The Storage pallet against a model of D21 and D27, over random schedules of three accounts and root. SEED=… repeats one.
//
// The model has no intervals: it has the set of blocks in whose state lookups found the preimage, and derives from it
// how many intervals have ended. It has no status either: who requests what is a list. What the chain removes by itself is a
// list of ends.
import { expect, test } from '@jest/globals';
import { blake2_256, Reader, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { ALICE, BOB, CHARLIE, expectNoop, root, signed, TestChain } from '../harness/index.js';
import { Random, seedOf } from '../random.js';

const DELAY = 36;
const BLOCKS = 240;
const data = utf8('a preimage');
const hash = blake2_256(data);
const ACCOUNTS = [ALICE, BOB, CHARLIE];
const depositOf = (length: number): bigint => 100_000_000_000n + 1_000_000n * BigInt(length);

/** What an account holds: a request or, after its end, a deposit. `free` is the first block in which it may return. */
interface Holding {
  length: number;
  active: boolean;
  free: number;
  /** Whether its end was the last of the stored preimage, in block `ended`. */
  wasLast: boolean;
  ended: number;
}

type Answer = { error?: string; wait?: boolean; removed?: boolean; ended?: boolean };

class Model {
  now = 1;
  readonly holdings = new Map<number, Holding>();
  /** Root's requests, all of the right length. */
  trusted = 0;
  stored = false;
  /** Whether lookups find the preimage now, and in the state of which closed blocks they did. */
  open = false;
  readonly found = new Set<number>();
  /** Block of the last end; and the block from which the preimage's 24 hours count, that or the end of lookups. */
  lastEnd = 0;
  countsFrom = 0;
  /** The account whose request ended last, unless root's did. */
  lastEnder: number | undefined;
  /** Ends of trusted requests that were the last, in order; `due` is when the chain looks at the first. */
  readonly unheld: { ended: number; due: number }[] = [];
  /** How often the chain removed a preimage by itself, and closed blocks in which it was requested, and not stored. */
  removedByChain = 0;
  requestedOnly = 0;
  /** How often an interval was left open, and was ended later by an expunge. */
  leftOpen = 0;
  endedLate = 0;

  get #requested(): boolean {
    return this.trusted > 0 || [...this.holdings.values()].some((h) => h.active && h.length === data.length);
  }

  /** Runs of blocks in `found` that ended within the delay, without one that reaches to the current block. */
  #endedRuns(): number {
    let count = 0;
    for (let to = this.now - DELAY + 1; to < this.now; to++) if (this.found.has(to - 1) && !this.found.has(to)) count++;
    return count;
  }

  /** Whether the preimage stays only because of an account's request, which was the last to end. */
  get owed(): number | undefined {
    return this.stored && !this.#requested ? this.lastEnder : undefined;
  }

  closeBlock(): void {
    if (this.open) this.found.add(this.now);
    if (this.#requested && !this.stored) this.requestedOnly++;
    this.now++;
  }

  /** What the chain does at the start of a block: an expunge, for the first end of a trusted request, once a block. */
  openBlock(): Answer {
    const first = this.unheld[0];
    if (first === undefined || this.now < first.due) return {};
    this.unheld.shift();
    if (!this.stored || this.#requested || this.lastEnd !== first.ended) return {};
    const answer = this.#clean();
    if (answer.removed === true) this.removedByChain++;
    else this.unheld.push({ ended: first.ended, due: this.countsFrom + DELAY });
    return answer;
  }

  /** Whether the preimage stays although the last to end was a trusted request. */
  get unowed(): boolean {
    return this.stored && !this.#requested && this.lastEnder === undefined;
  }

  request(account: number, length: number): Answer {
    const held = this.holdings.get(account);
    if (held !== undefined && (held.active || held.length !== length)) return { error: 'Storage.AlreadyRequested' };
    this.holdings.set(account, { length, active: true, free: 0, wasLast: false, ended: 0 });
    if (length === data.length && this.stored) this.open = true;
    return {};
  }

  unrequest(account: number): Answer {
    const held = this.holdings.get(account);
    if (held === undefined || !held.active) return { error: 'Storage.NotRequested' };
    held.active = false;
    const wait = held.length === data.length && this.#afterEnd();
    held.free = wait ? this.now + DELAY : this.now;
    held.wasLast = wait;
    held.ended = this.now;
    if (wait) this.lastEnder = account;
    return { wait };
  }

  requestTrusted(): Answer {
    this.trusted++;
    if (this.stored) this.open = true;
    return {};
  }

  unrequestTrusted(): Answer {
    if (this.trusted === 0) return { error: 'Storage.NotRequested' };
    this.trusted--;
    const wait = this.trusted === 0 && this.#afterEnd();
    if (wait) {
      this.lastEnder = undefined;
      this.unheld.push({ ended: this.now, due: this.now + DELAY });
    }
    return { wait };
  }

  /** After an end of a request of the right length: whether it was the last of a stored preimage. */
  #afterEnd(): boolean {
    if (!this.stored || this.#requested) return false;
    this.lastEnd = this.countsFrom = this.now;
    if (this.found.has(this.now - 1) && this.#endedRuns() >= 16) this.leftOpen++;
    else this.open = false;
    return true;
  }

  provide(): Answer {
    if (!this.#requested) return { error: 'Storage.NotRequested' };
    if (this.stored) return { error: 'Storage.AlreadyProvided' };
    this.stored = this.open = true;
    return {};
  }

  expunge(): Answer {
    if (!this.stored) return { error: 'Storage.NotRequested' };
    if (this.#requested) return { error: 'Storage.StillRequested' };
    return this.now < this.countsFrom + DELAY ? { error: 'Storage.TooEarly' } : this.#clean();
  }

  refund(account: number): Answer {
    const held = this.holdings.get(account);
    if (held === undefined) return { error: 'Storage.NotRequested' };
    if (held.active) return { error: 'Storage.StillRequested' };
    if (this.now < held.free) return { error: 'Storage.TooEarly' };
    // The preimage stays because of the request that ended last, and so does that deposit.
    const keeps =
      held.length === data.length && held.wasLast && held.ended === this.lastEnd && this.stored && !this.#requested;
    if (keeps && this.now < this.countsFrom + DELAY) return { error: 'Storage.TooEarly' };
    const answer = held.length === data.length ? this.#clean() : {};
    if (!keeps || !this.stored) this.holdings.delete(account);
    return answer;
  }

  /** Ends an interval that was left open, or removes the preimage, where 24 hours have passed since the last end. */
  #clean(): Answer {
    if (!this.stored || this.#requested || this.now < this.countsFrom + DELAY) return {};
    if (this.open) {
      this.open = false;
      this.countsFrom = this.now;
      this.endedLate++;
      return { ended: true };
    }
    this.stored = false;
    return { removed: true };
  }
}

/** A chain and a model that make the same calls. */
class Pair {
  constructor(
    readonly chain: TestChain,
    readonly model: Model,
  ) {}

  /** One call of both. They must agree on error, on waiting, and on what was removed. */
  step(name: string, expected: Answer, by: Uint8Array | undefined, ...args: unknown[]): void {
    const outcome = this.chain.dispatch(by === undefined ? root : signed(by), name, ...args);
    if (expected.error !== undefined) {
      expectNoop(outcome, expected.error as Parameters<typeof expectNoop>[1]);
      return;
    }
    expect(outcome.error).toBeUndefined();
    const event = (wanted: string): Record<string, unknown> | undefined =>
      outcome.events.find((found) => found.name === wanted)?.fields;
    expect(event('Storage.Unrequested')?.['wait']).toBe(expected.wait);
    expect(event('Storage.Expunged') !== undefined).toBe(expected.removed === true);
    expect(event('Storage.LookupsEnded') !== undefined).toBe(expected.ended === true);
  }

  request(account: number, length = data.length): void {
    const by = ACCOUNTS[account]!;
    this.step('Storage.request_untrusted', this.model.request(account, length), by, hash, length);
  }
  unrequest(account: number): void {
    this.step('Storage.unrequest_untrusted', this.model.unrequest(account), ACCOUNTS[account]!, hash);
  }
  requestTrusted(): void {
    this.step('Storage.request', this.model.requestTrusted(), undefined, hash, data.length);
  }
  unrequestTrusted(): void {
    this.step('Storage.unrequest', this.model.unrequestTrusted(), undefined, hash);
  }
  provide(): void {
    this.step('Storage.provide', this.model.provide(), BOB, toHex(data));
  }
  expunge(): void {
    this.step('Storage.expunge', this.model.expunge(), BOB, hash);
  }
  refund(account: number): void {
    this.step('Storage.expunge_untrusted', this.model.refund(account), BOB, ACCOUNTS[account]!, hash);
  }

  /** Ends everything that is active. */
  endAll(): void {
    for (const account of ACCOUNTS.keys()) if (this.model.holdings.get(account)?.active) this.unrequest(account);
    while (this.model.trusted > 0) this.unrequestTrusted();
  }

  /** Compares what can be seen of both, and closes the block. */
  closeBlock(): void {
    const { chain, model } = this;
    const { now } = model;
    expect(this.#lookup('CoreJamApi_lookup', hash)).toBe(model.open);
    for (const [account, who] of ACCOUNTS.entries()) {
      const held = model.holdings.get(account);
      const reserved = held === undefined ? 0n : depositOf(held.length);
      expect(chain.account(who).reserved).toBe(reserved);
      const holds = reserved === 0n ? [] : [{ id: { storage: 'Request' }, amount: Number(reserved) }];
      expect(chain.json('Balances.Holds', who)).toEqual(holds);
      const request = chain.query('Storage.Requests', hash, { account: { who } }) as unknown as
        { deposit: { toBigInt(): bigint } } | undefined;
      expect(request?.deposit.toBigInt() ?? 0n).toBe(reserved);
    }
    // D21: whoever's request ended last has a deposit for as long as the preimage stays.
    if (model.owed !== undefined) expect(chain.account(ACCOUNTS[model.owed]!).reserved).toBeGreaterThan(0n);
    // D27: the lookup of a context block, now, finds what the lookup in that block's own state found.
    const from = Math.max(1, now - DELAY);
    const past = Array.from({ length: now - from }, (_, i) => from + i);
    const lookupAt = (number: number): boolean =>
      this.#lookup('CoreJamApi_lookup_at', new Writer().raw(hash).u32(number).finish());
    expect(past.filter(lookupAt)).toEqual(past.filter((number) => model.found.has(number)));
    // D21: without a deposit it stays for twice 24 hours at most, and for a block more for each other end that is due.
    if (model.unowed) expect(now).toBeLessThan(model.lastEnd + 2 * DELAY + BLOCKS / 2);
    model.closeBlock();
    chain.advance();
    const done = model.openBlock();
    const events = chain.events().map(({ name }) => name);
    expect(events.includes('Storage.Expunged')).toBe(done.removed === true);
    expect(events.includes('Storage.LookupsEnded')).toBe(done.ended === true);
  }

  /** A request, by root or an account, some blocks in which any lookup finds nothing, and the preimage. */
  requestBefore(blocks: number, account: number | undefined): void {
    if (account === undefined) this.requestTrusted();
    else this.request(account);
    for (let i = 0; i < blocks; i++) this.closeBlock();
    this.provide();
  }

  #lookup(method: string, args: Uint8Array): boolean {
    return new Reader(this.chain.call(method, args)).option((r) => r.bytes()) !== undefined;
  }
}

test('random schedules of requests, ends and expunges agree with the words of D21 and D27', async () => {
  const random = new Random(seedOf('storage model'));
  const chain = await TestChain.start({
    balances: { balances: ACCOUNTS.map((who) => [toHex(who), '1000000000000000']) },
    storage: { expungeDelay: DELAY },
  });
  const pair = new Pair(chain, new Model());
  const { model } = pair;
  const anyLength = (): number => (random.chance(0.2) ? data.length + 1 : data.length);
  const acts: (() => void)[] = [
    () => pair.request(random.below(3), anyLength()),
    () => pair.request(random.below(3), anyLength()),
    () => pair.unrequest(random.below(3)),
    () => pair.unrequest(random.below(3)),
    () => pair.requestTrusted(),
    () => pair.unrequestTrusted(),
    () => pair.unrequestTrusted(),
    () => pair.provide(),
    () => pair.expunge(),
    () => pair.refund(random.below(3)),
    () => pair.refund(random.below(3)),
  ];
  let toggling = 0; // blocks of a phase in which the only request, root's or Alice's, ends and starts in turn
  let byAlice = true;
  let quiet = 0; // blocks of a phase in which few calls are made
  pair.requestBefore(2, 0);
  while (model.now < BLOCKS) {
    if (!model.stored && toggling === 0 && random.chance(0.3)) {
      pair.endAll();
      pair.requestBefore(random.below(4), random.pick([0, undefined]));
    }
    if (toggling === 0 && quiet === 0) {
      if (model.now < 50 || random.chance(0.03)) {
        pair.endAll();
        byAlice = model.now < 50 || random.chance(0.5);
        if (byAlice) pair.request(0);
        else pair.requestTrusted();
        pair.provide();
        toggling = 2 * 17;
      } else if (random.chance(0.03)) {
        pair.endAll();
        quiet = DELAY + random.below(DELAY);
      }
    }
    if (toggling > 0) {
      toggling--;
      if (toggling % 2 === 0 && byAlice) pair.unrequest(0);
      else if (toggling % 2 === 0) pair.unrequestTrusted();
      else if (byAlice) pair.request(0);
      else if (model.trusted === 0) pair.requestTrusted();
      if (toggling === 0) quiet = random.pick([0, DELAY - 1, DELAY, DELAY + 5]);
    } else if (quiet > 0) {
      quiet--;
      if (random.chance(0.2)) random.pick(acts.slice(8))();
    } else {
      for (let calls = random.below(4); calls > 0; calls--) random.pick(acts)();
    }
    pair.closeBlock();
  }
  // The schedule has reached the rule of the 17th interval, and lookups between a request and its preimage.
  expect(model.leftOpen).toBeGreaterThan(0);
  expect(model.requestedOnly).toBeGreaterThan(0);
  // In the end everything can be returned and removed: nothing keeps a deposit or the preimage for ever.
  pair.endAll();
  for (let times = 0; times < 2; times++) {
    for (let i = 0; i < DELAY; i++) pair.closeBlock();
    for (const account of ACCOUNTS.keys()) if (model.holdings.has(account)) pair.refund(account);
    if (model.owed !== undefined && model.countsFrom + DELAY <= model.now) pair.expunge();
  }
  expect(model.holdings.size).toBe(0);
  expect(model.stored).toBe(false);
  expect(ACCOUNTS.map((who) => chain.account(who).reserved)).toEqual([0n, 0n, 0n]);
});
