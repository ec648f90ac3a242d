// A sorted set of paths: the changed keys of an overlay.
//
// It is a list of short sorted runs, so that adding a path moves at most one run: a runtime that alternates between
// adding keys and asking for the next key never causes a new sort.
import type { Path } from '../trie/index.js';

const RUN_LENGTH_MAX = 256;

export class SortedPaths {
  /** No run is empty, unless the whole set is. */
  #runs: Path[][] = [[]];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a path that is not in the set yet. */
  add(path: Path): void {
    this.#size++;
    const at = this.#runOf(path);
    const run = this.#runs[at]!;
    if (run.length === 0 || path > run[run.length - 1]!) run.push(path);
    else run.splice(lowerBound(run, path), 0, path);
    if (run.length <= RUN_LENGTH_MAX) return;
    // Paths added in order fill one run after another; others split a run in half.
    const ascending = at === this.#runs.length - 1 && run[run.length - 1] === path;
    this.#runs.splice(at + 1, 0, run.splice(ascending ? run.length - 1 : run.length >> 1));
  }

  /** Removes a path that is in the set. */
  delete(path: Path): void {
    this.#size--;
    const at = this.#runOf(path);
    const run = this.#runs[at]!;
    run.splice(lowerBound(run, path), 1);
    if (run.length === 0 && this.#runs.length > 1) this.#runs.splice(at, 1);
  }

  /** The paths in order, from `from` if `inclusive`, else after it. The set must not change during the iteration. */
  *from(from: Path, inclusive: boolean): Generator<Path> {
    let at = this.#runOf(from);
    let run = this.#runs[at];
    let index = lowerBound(run!, from);
    if (!inclusive && run![index] === from) index++;
    for (; run !== undefined; run = this.#runs[++at], index = 0) {
      for (; index < run.length; index++) yield run[index]!;
    }
  }

  /** The index of the run that has `path`, or would have it: the last one that begins at or before it. */
  #runOf(path: Path): number {
    let low = 0;
    let high = this.#runs.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#runs[middle]![0]! <= path) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** The index of the first path that is not below `path`. */
function lowerBound(run: readonly Path[], path: Path): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run[middle]! < path) low = middle + 1;
    else high = middle;
  }
  return low;
}
