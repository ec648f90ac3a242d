// Which candidates can't be Registered because their prerequisite is neither there nor comes with the block. Spec: D11, D34.
//
// A candidate is *without* its prerequisite if that is no candidate and not Registered in a Recent block; or a candidate of
// the same core, since a block has one report of a core; or a candidate without its own prerequisite. What is known is
// kept from block to block: a block looks at what came, left, was Registered, or is Recent no longer, and at its dependents.
import { keyOf } from '../key-of.js';
import type { Candidate } from './candidates.js';

export class Prerequisites {
  readonly #byHash = new Map<string, Candidate>();
  /** By prerequisite. */
  readonly #dependents = new Map<string, Set<Candidate>>();
  readonly #without = new Set<Candidate>();
  /** Packages Registered in Recent blocks. */
  #registered: ReadonlySet<string> = new Set();
  /** Prerequisites whose dependents have to be looked at. */
  readonly #changed = new Set<string>();

  add(candidate: Candidate): void {
    const { context, packageSpec } = candidate.attestation.report;
    this.#byHash.set(keyOf(packageSpec.hash), candidate);
    this.#changed.add(keyOf(packageSpec.hash));
    if (context.prerequisite === undefined) return;
    const key = keyOf(context.prerequisite);
    const dependents = this.#dependents.get(key) ?? new Set();
    this.#dependents.set(key, dependents.add(candidate));
    this.#changed.add(key);
  }

  remove(candidate: Candidate): void {
    const { context, packageSpec } = candidate.attestation.report;
    this.#byHash.delete(keyOf(packageSpec.hash));
    this.#changed.add(keyOf(packageSpec.hash));
    this.#without.delete(candidate);
    if (context.prerequisite === undefined) return;
    const key = keyOf(context.prerequisite);
    const dependents = this.#dependents.get(key)!;
    dependents.delete(candidate);
    if (dependents.size === 0) this.#dependents.delete(key);
  }

  isWithout(candidate: Candidate): boolean {
    return this.#without.has(candidate);
  }

  /** Whether any candidate has a prerequisite. */
  get isNeeded(): boolean {
    return this.#dependents.size > 0;
  }

  /** Returns those that changed. `registered`: the packages Registered in blocks that are Recent for the next one. */
  update(registered: readonly Uint8Array[]): Set<Candidate> {
    const before = this.#registered;
    const now = new Set(registered.map(keyOf));
    this.#registered = now;
    for (const key of now) if (!before.has(key)) this.#changed.add(key);
    for (const key of before) if (!now.has(key)) this.#changed.add(key);
    const changed = new Set<Candidate>();
    const queue = [...this.#changed];
    this.#changed.clear();
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      for (const dependent of this.#dependents.get(key) ?? []) {
        const isWithout = this.#find(key, dependent);
        if (isWithout === this.#without.has(dependent)) continue;
        if (isWithout) this.#without.add(dependent);
        else this.#without.delete(dependent);
        changed.add(dependent);
        queue.push(keyOf(dependent.attestation.report.packageSpec.hash));
      }
    }
    return changed;
  }

  /** Whether a dependent of `key` is without it. */
  #find(key: string, { attestation }: Candidate): boolean {
    const prerequisite = this.#byHash.get(key);
    if (prerequisite === undefined) return !this.#registered.has(key);
    return (
      prerequisite.attestation.report.coreIndex === attestation.report.coreIndex || this.#without.has(prerequisite)
    );
  }
}
