/**
 * A set of paths in order: the changed keys of an overlay.
 *
 * A list of short sorted runs. Adding moves at most one run, so that a runtime which adds keys and asks for the next one
 * in turns never makes us sort again.
 */
import type { Path } from '../trie/index.js';

const RUN_LENGTH_MAX = 256;

export class SortedPaths {
  /** No run is empty, except where the whole set is. */
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
    // Keys that come in order fill one run after another; others split a run in half.
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

  /** The paths from `from` on, or only those after it, in order. The set must not change meanwhile. */
  *from(from: Path, inclusive: boolean): Generator<Path> {
    let at = this.#runOf(from);
    let run = this.#runs[at];
    let index = lowerBound(run!, from);
    if (!inclusive && run![index] === from) index++;
    for (; run !== undefined; run = this.#runs[++at], index = 0) {
      for (; index < run.length; index++) yield run[index]!;
    }
  }

  /** The run that `path` is in, or belongs to: the last one that begins at or before it. */
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
