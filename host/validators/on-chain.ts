// What the chain says of packages: which reports wait for availability, and what happened in a block.
//
// Through CoreJamApi (pending, progress), on the state after a block. The answers for one block are kept: the listener, the
// author and every validator ask for the same.
import { equal, ScaleError } from '../bytes/index.js';
import type { Reader } from '../bytes/index.js';
import { callApi, readReport } from '../incore/index.js';
import type { RuntimeSource, WorkReport } from '../incore/index.js';
import type { AccumulateOutcome } from './tracker.js';

/** A report that waits for availability. */
export interface PendingReport {
  core: number;
  report: WorkReport;
  /** Height at which it was Registered. */
  registeredAt: number;
}

/** What a block did to a package. */
export interface PackageProgress {
  hash: Uint8Array;
  core: number;
  stage: 'registered' | 'available' | 'timedOut' | 'accumulated' | 'discarded';
}

/** A class's `accumulate` in a block. */
export interface ClassProgress {
  class: number;
  outcome: AccumulateOutcome;
  /** In picoseconds. */
  weight: bigint;
}

export interface BlockProgress {
  packages: PackageProgress[];
  classes: ClassProgress[];
}

const STAGES = ['registered', 'available', 'timedOut', 'accumulated', 'discarded'] as const;
const OUTCOMES = [
  'returned',
  'trapped',
  'outOfWeight',
  'stackExhausted',
  'invalid',
  'codeMissing',
  'malformed',
] as const;
const NOTHING = new Uint8Array();

/** The chain's facts about packages, as of a block. */
export class OnChain {
  readonly #pending = new LastAnswer<PendingReport[]>();
  readonly #cores = new LastAnswer<number>();

  constructor(private readonly source: RuntimeSource) {}

  pending(at: Uint8Array): readonly PendingReport[] {
    return this.#pending.get(at, () => this.#ask(at, 'pending', (reader) => reader.vec(readPending)));
  }

  cores(at: Uint8Array): number {
    return this.#cores.get(at, () => this.#ask(at, 'cores', (reader) => reader.u16()));
  }

  /** What happened to packages in the block itself. */
  progress(at: Uint8Array): BlockProgress {
    return this.#ask(at, 'progress', (reader) => ({
      packages: reader.vec(readPackage),
      classes: reader.vec(readClass),
    }));
  }

  #ask<T>(at: Uint8Array, name: string, read: (reader: Reader) => T): T {
    return callApi((method, args) => this.source.runtimeCall(at, method, args), name, NOTHING, read);
  }
}

/** The answer for the block last asked about. */
class LastAnswer<T> {
  #last: { at: Uint8Array; answer: T } | undefined;

  get(at: Uint8Array, ask: () => T): T {
    if (this.#last === undefined || !equal(this.#last.at, at)) this.#last = { at, answer: ask() };
    return this.#last.answer;
  }
}

function readPending(reader: Reader): PendingReport {
  return { core: reader.u16(), report: readReport(reader), registeredAt: reader.u32() };
}

function readPackage(reader: Reader): PackageProgress {
  return { hash: reader.raw(32), core: reader.u16(), stage: nameOf(reader, STAGES) };
}

function readClass(reader: Reader): ClassProgress {
  return { class: reader.u32(), outcome: nameOf(reader, OUTCOMES), weight: reader.u64() };
}

function nameOf<T>(reader: Reader, names: readonly T[]): T {
  const at = reader.offset;
  const index = reader.u8();
  if (index >= names.length) throw new ScaleError(`there is no name for ${index}`, at);
  return names[index];
}
