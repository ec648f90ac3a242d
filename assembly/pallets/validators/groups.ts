// Groups of validators, and the core that each group serves at a block. D13.
//
//   validator   0 1 2 | 3 4 | 5 6       n = 7, cores = 3: sizes differ by at most one, the larger first
//   group         0      1     2
//   at block b, group g serves core (g + b / frequency) mod cores

/** The group that serves `core` at block `number`. With a `frequency` of zero, groups do not rotate. */
export function groupOn(core: u32, cores: u32, number: u32, frequency: u32): u32 {
  const moves = frequency == 0 ? 0 : (number / frequency) % cores;
  return (core + cores - moves) % cores;
}

/** The index of the first validator of `group`, of `count` validators in `groups` groups. */
export function groupStart(group: u32, count: u32, groups: u32): u32 {
  return group * (count / groups) + min(group, count % groups);
}
