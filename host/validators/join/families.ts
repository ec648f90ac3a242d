// Families: classes that decide together on many packages, which the fallback of the join (fallback.ts) therefore
// treats as one. Spec: D5a.
//
// Groups of packages on which the same classes decide are looked at in turn, the largest first. A group makes one family of
// those of its classes, unless the base of this family would have more than four other packages for each of the group's:
//
//   packages by their classes       families, and the size of their bases
//
//   [H] 200  [G] 160  [H, G] 90     {H, G}: 450, as 360 are not more than 4 * 90
//   [H] 200  [G] 161  [H, G] 90     {H}: 200, {G}: 161; the 90 are in no base
//   [H] 200  [H, E] 40  [E] 40      {H}: 200, {E}: 40; the 40 of both are in no base
//
// So a party gets classes of its own into families with at most four packages of others for each package that it has there.
// A greater ratio would let few packages spoil more; a smaller one would leave more packages of classes that are used
// together in no base. These come in when one of them leads: the classes of the block's leader are one family in any case.
import { type Entry, type Group, groupsOf } from './entries.js';

/** How many other packages a family may have for each of a group that makes it one. */
const OTHERS_MAX = 4;

export interface Family {
  readonly classes: readonly number[];
  /** The packages on which only its classes decide. */
  readonly base: readonly Entry[];
}

/** The families of the classes that decide on `entries`, those of the largest groups first. All that decide on `leader` are of one. */
export function familiesOf(entries: readonly Entry[], leader?: Entry): Family[] {
  const groups = groupsOf(entries).filter(({ classes }) => classes.size > 0);
  groups.sort((a, b) => b.entries.length - a.entries.length);
  const growing = new Map<number, Growing>();
  for (const group of groups)
    for (const id of group.classes) {
      const family = growing.get(id);
      if (family === undefined) growing.set(id, { classes: [id], groups: new Set([group]) });
      else family.groups.add(group);
    }
  if (leader !== undefined) unite({ classes: leader.classes, entries: [leader] }, growing, Infinity);
  for (const group of groups) unite(group, growing, OTHERS_MAX);
  return [...new Set(growing.values())].map((family) => {
    const { classes, groups: all } = family;
    const only = new Set([family]);
    return { classes, base: [...all].flatMap((group) => (isWithin(group, only, growing) ? group.entries : [])) };
  });
}

/** A family so far, and the groups on which at least one of its classes decides, largest first. */
interface Growing {
  readonly classes: number[];
  readonly groups: Set<Group>;
}

/** Makes one family of those of the group's classes, unless that would have more than `othersMax` other packages for each of the group. */
function unite(group: Group, families: Map<number, Growing>, othersMax: number): void {
  const [first, ...others] = new Set([...group.classes].map((id) => families.get(id)!));
  if (first === undefined || others.length === 0) return;
  const united = new Set([first, ...others]);
  const counted = new Set<Group>();
  let packages = 0;
  for (const { groups } of united)
    for (const one of groups) {
      if (counted.has(one) || !isWithin(one, united, families)) continue;
      counted.add(one);
      packages += one.entries.length;
      if (packages > (othersMax + 1) * group.entries.length) return;
    }
  for (const other of others) {
    for (const one of other.groups) first.groups.add(one);
    for (const id of other.classes) {
      first.classes.push(id);
      families.set(id, first);
    }
  }
}

/** Whether all classes of a group are in families of `united`. */
function isWithin({ classes }: Group, united: ReadonlySet<Growing>, families: ReadonlyMap<number, Growing>): boolean {
  for (const id of classes) if (!united.has(families.get(id)!)) return false;
  return true;
}
