// Candidates by the Work Classes that decide on them: which classes that are, which candidates a class decides on, and which of
// these one party submitted. Spec: D5a.
import type { Candidate } from './candidates.js';

/** What candidates of a party have outputs of, by class, in the order of arrival. */
class Party {
  readonly parts = new Map<unknown, Party>();
  readonly classes = new Map<number, Set<Candidate>>();
  /** Candidates of the party and its parts, also those without outputs. */
  count = 0;
}

export class Outputs {
  readonly #classes = new Map<number, Set<Candidate>>();
  readonly #parties = new Party();
  readonly #arrivals = new WeakMap<Candidate, number>();
  #count = 0;

  add(candidate: Candidate): void {
    this.#arrivals.set(candidate, this.#count++);
    const parties = [this.#parties];
    for (const name of candidate.submitter) {
      const { parts } = parties.at(-1)!;
      const part = parts.get(name) ?? new Party();
      parts.set(name, part);
      parties.push(part);
      part.count++;
    }
    for (const id of classesOf(candidate)) {
      for (const classes of [this.#classes, parties.at(-1)!.classes]) {
        const there = classes.get(id) ?? new Set();
        classes.set(id, there.add(candidate));
      }
    }
  }

  remove(candidate: Candidate): void {
    const parties = [this.#parties];
    for (const name of candidate.submitter) parties.push(parties.at(-1)!.parts.get(name)!);
    for (const id of classesOf(candidate)) {
      for (const classes of [this.#classes, parties.at(-1)!.classes]) {
        const there = classes.get(id)!;
        there.delete(candidate);
        if (there.size === 0) classes.delete(id);
      }
    }
    for (const [depth, name] of candidate.submitter.entries())
      if (--parties[depth + 1]!.count === 0) parties[depth]!.parts.delete(name);
  }

  inOrderOfArrival(candidates: readonly Candidate[]): Candidate[] {
    return candidates.toSorted((a, b) => this.#arrivals.get(a)! - this.#arrivals.get(b)!);
  }

  /** Classes with outputs in candidates. */
  classes(): readonly number[] {
    return [...this.#classes.keys()];
  }

  /** The candidates with outputs of a class. */
  of(id: number): Iterable<Candidate> {
    return this.#classes.get(id) ?? [];
  }

  /** The candidates with outputs of a class that the candidate's submitter submitted before it, on any core. */
  *before(candidate: Candidate, id: number): Iterable<Candidate> {
    let party: Party | undefined = this.#parties;
    for (const name of candidate.submitter) party = party?.parts.get(name);
    for (const other of party?.classes.get(id) ?? []) {
      if (other === candidate) return;
      yield other;
    }
  }
}

function classesOf({ attestation: { report } }: Candidate): Set<number> {
  return new Set(report.results.flatMap(({ class: id, result }) => (result.ok ? [id] : [])));
}
