// Families: classes that decide together on many packages, which the fallback of the join (join-fallback.ts) therefore
// treats as one. Spec: D5a.
//
// Groups of packages on which the same classes decide are looked at in turn, the largest first. A group joins the
// families of its classes if it has at least a quarter of the packages that these have together. So a group of e packages
// gets into families of at most 4e packages:
//
//   packages by their classes      families, and their bases
//
//   [H] 200  [G] 100  [H, G] 90     {H, G}, 390: 90 packages are at least a quarter of 300
//   [H] 200  [G] 200  [H, G] 90     {H}, 200 and {G}, 200; the 90 are in no base
//   [H] 200  [H, E] 40  [E] 40      {H}, 200 and {E}, 40; the 40 of both are in no base
//
// One quarter is a compromise. With a smaller share, few packages of one party spoil more of others; with a greater one,
// more packages of classes that are used together are in no base.
import { type Entry, groupsOf } from './join-entries.js';

/** A group joins families that have at most so many times as many packages, together. */
const FAMILY_RATIO_MAX = 4;

export interface Family {
  readonly classes: number[];
  /** The packages on which only its classes decide. */
  readonly base: Entry[];
}

/** The families of the classes that decide on `entries`. */
export function familiesOf(entries: readonly Entry[]): Family[] {
  const families = new Families();
  const groups = groupsOf(entries).filter(({ classes }) => classes.size > 0);
  // Of groups of one size, those of fewer classes come first: they decide how large a family is that a group could join.
  groups.sort((a, b) => b.entries.length - a.entries.length || a.classes.size - b.classes.size);
  for (const { classes, entries } of groups) families.offer([...classes], entries.length);
  const byRoot = new Map<number, Family>();
  for (const id of new Set(groups.flatMap(({ classes }) => [...classes]))) {
    const root = families.rootOf(id);
    const family = byRoot.get(root);
    if (family === undefined) byRoot.set(root, { classes: [id], base: [] });
    else family.classes.push(id);
  }
  for (const { classes, entries } of groups) {
    const [root, ...others] = new Set([...classes].map((id) => families.rootOf(id)));
    if (others.length > 0) continue;
    const { base } = byRoot.get(root!)!;
    for (const entry of entries) base.push(entry);
  }
  return [...byRoot.values()];
}

/** A union-find structure over classes, with the number of packages of each family. */
class Families {
  readonly #parents = new Map<number, number>();
  readonly #packages = new Map<number, number>();

  rootOf(id: number): number {
    let root = id;
    for (let parent = this.#parents.get(root); parent !== undefined; parent = this.#parents.get(root)) root = parent;
    for (let at = id; at !== root;) {
      const next = this.#parents.get(at)!;
      this.#parents.set(at, root);
      at = next;
    }
    return root;
  }

  /** Makes one family of those of `classes` if `count` packages are enough for that. */
  offer(classes: readonly number[], count: number): void {
    const [root, ...others] = new Set(classes.map((id) => this.rootOf(id)));
    if (root === undefined) return;
    const together = [root, ...others].reduce((sum, one) => sum + (this.#packages.get(one) ?? 0), 0);
    if (others.length > 0 && together > FAMILY_RATIO_MAX * count) return;
    for (const other of others) this.#parents.set(other, root);
    this.#packages.set(root, together + count);
  }
}
