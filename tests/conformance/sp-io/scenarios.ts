// Lists of host calls about the state: those of each known difference, by its name, and random ones.
import { toHex, utf8, Writer } from '../../../host/bytes/index.js';
import type { Random } from '../../random.js';
import type { Argument, Scenario, Step } from './our-functions.js';

export const fat = (bytes: Uint8Array | string): Argument => ({
  fat: toHex(typeof bytes === 'string' ? utf8(bytes) : bytes),
});
export const at = (bytes: Uint8Array): Argument => ({ at: toHex(bytes) });
export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Option<u32> */
const limit = (count?: number): Argument =>
  fat(new Writer().option(count, (writer, value) => writer.u32(value)).finish());
/** Option<Vec<u8>> */
const cursor = (key?: string): Argument =>
  fat(new Writer().option(key, (writer, value) => writer.bytes(utf8(value))).finish());

const U32_MAX = 0xffff_ffff;
const CHILD_ROOTS = ':child_storage:default:';

// The functions by short names.
const get = (key: string): Step => ['ext_storage_get_version_1', 'fat', fat(key)];
const exists = (key: string): Step => ['ext_storage_exists_version_1', 'i32', fat(key)];
const set = (key: string, value: Uint8Array | string): Step => [
  'ext_storage_set_version_1',
  'none',
  fat(key),
  fat(value),
];
const clear = (key: string): Step => ['ext_storage_clear_version_1', 'none', fat(key)];
const append = (key: string, item: Uint8Array | string): Step => [
  'ext_storage_append_version_1',
  'none',
  fat(key),
  fat(item),
];
const nextKey = (key: string): Step => ['ext_storage_next_key_version_1', 'fat', fat(key)];
const read = (key: string, space: number, offset: number): Step => [
  'ext_storage_read_version_1',
  'fat',
  fat(key),
  fat(new Uint8Array(space)),
  offset,
];
const root = (version = 1): Step => ['ext_storage_root_version_2', 'fat', version];
const rootV1: Step = ['ext_storage_root_version_1', 'fat'];
const begin: Step = ['ext_storage_start_transaction_version_1', 'none'];
const commit: Step = ['ext_storage_commit_transaction_version_1', 'none'];
const rollback: Step = ['ext_storage_rollback_transaction_version_1', 'none'];
const clearPrefix = (version: 1 | 2 | 3, prefix: string, count?: number, from?: string): Step =>
  version === 1
    ? ['ext_storage_clear_prefix_version_1', 'none', fat(prefix)]
    : version === 2
      ? ['ext_storage_clear_prefix_version_2', 'fat', fat(prefix), limit(count)]
      : ['ext_storage_clear_prefix_version_3', 'fat', fat(prefix), limit(count), cursor(from)];

const C = 'ext_default_child_storage_';
const childGet = (child: string, key: string): Step => [`${C}get_version_1`, 'fat', fat(child), fat(key)];
const childExists = (child: string, key: string): Step => [`${C}exists_version_1`, 'i32', fat(child), fat(key)];
const childRead = (child: string, key: string, space: number, offset: number): Step => [
  `${C}read_version_1`,
  'fat',
  fat(child),
  fat(key),
  fat(new Uint8Array(space)),
  offset,
];
const childSet = (child: string, key: string, value: Uint8Array | string): Step => [
  `${C}set_version_1`,
  'none',
  fat(child),
  fat(key),
  fat(value),
];
const childClear = (child: string, key: string): Step => [`${C}clear_version_1`, 'none', fat(child), fat(key)];
const childNextKey = (child: string, key: string): Step => [`${C}next_key_version_1`, 'fat', fat(child), fat(key)];
const childRoot = (child: string, version = 1): Step => [`${C}root_version_2`, 'fat', fat(child), version];
const kill = (version: 1 | 2 | 3 | 4, child: string, count?: number, from?: string): Step => {
  const name = `${C}storage_kill_version_${version}`;
  if (version === 1) return [name, 'none', fat(child)];
  if (version === 4) return [name, 'fat', fat(child), limit(count), cursor(from)];
  return [name, version === 2 ? 'i32' : 'fat', fat(child), limit(count)];
};
const childClearPrefix = (version: 1 | 2 | 3, child: string, prefix: string, count?: number, from?: string): Step => {
  const name = `${C}clear_prefix_version_${version}`;
  if (version === 1) return [name, 'none', fat(child), fat(prefix)];
  if (version === 2) return [name, 'fat', fat(child), fat(prefix), limit(count)];
  return [name, 'fat', fat(child), fat(prefix), limit(count), cursor(from)];
};

const filled = (...keys: string[]): Step[] => keys.map((key) => set(key, key));
const filledChild = (child: string, ...keys: string[]): Step[] => keys.map((key) => childSet(child, key, key));
const rootOf = (child: string): string => CHILD_ROOTS + child;

export const STATE_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'the root of a child trie is visible to storage_get and next_key after child_storage_root, and not before': [
    [
      childSet('c', 'k', 'v'),
      get(rootOf('c')),
      nextKey(''),
      childRoot('c'),
      get(rootOf('c')),
      exists(rootOf('c')),
      read(rootOf('c'), 8, 30),
      nextKey(''),
      childSet('c', 'k', 'w'),
      get(rootOf('c')),
      root(),
      get(rootOf('c')),
    ],
    [get(rootOf('c')), childClear('c', 'k'), get(rootOf('c')), childRoot('c'), get(rootOf('c')), nextKey(''), root()],
    [get(rootOf('c'))],
  ],
  'the root of a child trie that child_storage_root wrote is rolled back': [
    [childSet('c', 'k', 'v')],
    [
      begin,
      childSet('c', 'k', 'w'),
      childRoot('c'),
      get(rootOf('c')),
      rollback,
      get(rootOf('c')),
      childRoot('c'),
      begin,
      kill(1, 'c'),
      childRoot('c', 0),
      exists(rootOf('c')),
      commit,
      nextKey(''),
      root(0),
    ],
    [exists(rootOf('c'))],
  ],
  'child_storage_root after storage_root returns what the main trie has': [
    [childSet('c', 'k', 'v')],
    [
      childSet('c', 'k', 'w'),
      root(),
      childRoot('c'),
      childRoot('none'),
      begin,
      rollback,
      childRoot('c'),
      root(),
      childRoot('c', 0),
      childSet('d', 'k', 'v'),
      childRoot('d'),
      root(0),
      childRoot('d'),
    ],
  ],
  'storage_append writes at the keys of child roots, and a changed child trie replaces it': [
    [
      append(rootOf('c'), 'x'),
      get(rootOf('c')),
      append(':child_storage:other:c', 'y'),
      childSet('d', 'k', 'v'),
      append(rootOf('d'), 'z'),
      get(rootOf('d')),
      root(),
      childRoot('d'),
    ],
    [
      get(rootOf('c')),
      get(rootOf('d')),
      get(':child_storage:other:c'),
      set(rootOf('c'), 'no'),
      clear(rootOf('c')),
      root(),
    ],
    [get(rootOf('c')), childGet('d', 'k'), childGet('c', 'k')],
  ],
  'storage_append to a broken counter': [
    [
      set('max', bytes(3, 0xff, 0xff, 0xff, 0xff, 1, 2)),
      append('max', bytes(3)),
      get('max'),
      append('max', bytes(4)),
      get('max'),
      set('wide', bytes(7, 0, 0, 0, 0, 1)),
      append('wide', bytes(5)),
      get('wide'),
      set('long', bytes(1, 0, 9)),
      append('long', bytes(6)),
      get('long'),
      set('short', bytes(2, 1)),
      append('short', bytes(7)),
      get('short'),
      set('empty', bytes()),
      append('empty', bytes(8)),
      get('empty'),
      append('fresh', bytes()),
      get('fresh'),
      set('lies', bytes(252, 1)),
      append('lies', bytes(2)),
      get('lies'),
      clear('lies'),
      append('lies', bytes(3)),
      get('lies'),
    ],
    [append('max', bytes(5)), get('max'), begin, append('lies', bytes(4)), get('lies'), rollback, get('lies'), root()],
  ],
  'storage_append at a stored counter of 2^32 - 1': [
    [set('max', bytes(3, 0xff, 0xff, 0xff, 0xff, 1, 2))],
    [begin, append('max', bytes(3)), begin, append('max', bytes(4)), get('max'), rollback, get('max'), commit, root()],
  ],
  'state version 2 is version 1, and only the lowest byte counts': [
    [
      set('long', new Uint8Array(40)),
      childSet('c', 'long', new Uint8Array(40)),
      ...[0, 1, 2, 256, 257, 258, -255].flatMap((version) => [
        childRoot('c', version),
        root(version),
        set('again', bytes(version & 0xff)),
      ]),
      rootV1,
      root(),
    ],
  ],
  'state version 3 ends the call': [[root(3)]],
  'state version 255 ends the call': [[childRoot('c', 255)]],
  'clear_prefix does not touch the roots of child tries, at any length of the prefix': [
    [childSet('c', 'k', 'v'), set(':code', 'x'), set(':d', 'y')],
    [
      ...[
        '',
        ':',
        ':child_storage',
        ':child_storage:',
        ':child_storage:d',
        CHILD_ROOTS,
        rootOf('c'),
        rootOf('cc'),
      ].flatMap((prefix) => [
        clearPrefix(1, prefix),
        clearPrefix(2, prefix, 9),
        clearPrefix(3, prefix, 9),
        exists(rootOf('c')),
      ]),
      clearPrefix(3, ':d', 9),
      clearPrefix(3, ':co'),
      exists(':code'),
      nextKey(''),
      nextKey(rootOf('c')),
    ],
  ],
  'clear_prefix version 3 returns a cursor, and goes on from it': [
    filled('a', 'p1', 'p2', 'p3', 'p4', 'q'),
    [
      set('p0', 'new'),
      set('p2', 'changed'),
      clear('p3'),
      clearPrefix(3, 'p', 2),
      clearPrefix(3, 'p', 1, 'p3'),
      clearPrefix(3, 'p', undefined, 'p4'),
      nextKey('a'),
      clearPrefix(3, 'p', 9, 'a'),
      clearPrefix(3, 'p', 9, 'p25'),
      clearPrefix(3, 'p', 9, 'q'),
      clearPrefix(3, 'p', 9, 'p'),
      clearPrefix(3, 'nothing'),
    ],
  ],
  'limits of clear_prefix at their edges': [
    filled('p1', 'p2', 'p3'),
    ([2, 3] as const).flatMap((version) =>
      [0, 1, 2, 3, 4, U32_MAX, undefined].flatMap((count) => [
        begin,
        clearPrefix(version, 'p', count),
        nextKey(''),
        rollback,
      ]),
    ),
  ],
  'limits of child tries at their edges': [
    filledChild('c', 'p1', 'p2', 'p3'),
    [0, 1, 2, 3, 4, U32_MAX, undefined].flatMap((count) => [
      ...([2, 3, 4] as const).flatMap((version) => [begin, kill(version, 'c', count), childNextKey('c', ''), rollback]),
      ...([2, 3] as const).flatMap((version) => [
        begin,
        childClearPrefix(version, 'c', 'p', count),
        childNextKey('c', ''),
        rollback,
      ]),
    ]),
  ],
  'kill version 4 and clear_prefix version 3 of a child trie go on from a cursor': [
    filledChild('c', 'a', 'p1', 'p2', 'p3'),
    [
      childSet('c', 'p0', 'new'),
      begin,
      kill(4, 'c', 2),
      kill(4, 'c', 9, 'p2'),
      childRoot('c'),
      rollback,
      childClearPrefix(3, 'c', 'p', 1),
      childClearPrefix(3, 'c', 'p', 1, 'p2'),
      childClearPrefix(1, 'c', 'p'),
      childNextKey('c', ''),
      kill(4, 'none'),
    ],
  ],
  'an offset of 2^32 - 1, and offsets at the edge of the value': [
    [
      set('k', 'hello'),
      childSet('c', 'k', 'hello'),
      ...[0, 1, 4, 5, 6, U32_MAX, -1, -0x8000_0000].flatMap((offset) => [
        read('k', 3, offset),
        childRead('c', 'k', 3, offset),
        read('none', 3, offset),
      ]),
      read('k', 0, 0),
      read('k', 5, 0),
      read('k', 6, 0),
    ],
  ],
  'bytes after an encoded argument are ignored': [
    filled('p1', 'p2'),
    [
      ['ext_storage_clear_prefix_version_2', 'fat', fat('p'), fat(bytes(1, 1, 0, 0, 0, 99))],
      ['ext_storage_clear_prefix_version_3', 'fat', fat('p'), fat(bytes(0, 7)), fat(bytes(1, 8, 0x70, 0x32, 7, 7))],
      ['ext_trie_blake2_256_ordered_root_version_2', 32, fat(bytes(4, 4, 1, 0xff)), 1],
    ],
  ],
  'an option that is neither 0 nor 1 ends the call': [
    [['ext_storage_clear_prefix_version_2', 'fat', fat('p'), fat(bytes(2, 0, 0, 0, 0))]],
  ],
  'a limit that is cut short ends the call': [
    [['ext_storage_clear_prefix_version_2', 'fat', fat('p'), fat(bytes(1, 0, 0, 0))]],
  ],
  'a length that is not in its shortest form ends the call': [
    [['ext_trie_blake2_256_ordered_root_version_2', 32, fat(bytes(1, 0)), 1]],
  ],
  'a buffer outside of the memory ends read, also where there is no value': [
    [['ext_storage_read_version_1', 'fat', fat('none'), 0x7fff_ffff, 0], get('x')],
    [['ext_storage_read_version_1', 'fat', fat('none'), 2 ** 33 + 0x7fff_ffff, 0]],
  ],
};

/** Random keys: few, so that they recur; some are prefixes of others, of child tries' roots too. */
function randomKey(random: Random): string {
  if (random.chance(0.04))
    return random.pick([':child_storage:', ':child_storage:default:', ':', ':child_storage:default:c']);
  return Array.from({ length: 1 + random.below(3) }, () => random.pick(['a', 'b', 'p', 'q'])).join('');
}

function randomValue(random: Random): Uint8Array {
  return random.pick([
    () => random.bytes(random.below(4)),
    () => random.bytes(30 + random.below(5)),
    () => bytes(random.pick([0, 4, 8, 252, 1, 2, 3, 0xff]), ...random.bytes(random.below(6))),
    () => bytes(3, 0xff, 0xff, 0xff, random.pick([0xfe, 0xff]), ...random.bytes(random.below(3))),
  ])();
}

function randomStep(random: Random, depth: number): Step {
  const key = randomKey(random);
  const start = random.chance(0.2) ? '' : key;
  const child = random.pick(['c', 'cc', 'd', '']);
  const count = random.pick([undefined, 0, 1, 2, 3, 5, U32_MAX]);
  const from = random.chance(0.5) ? undefined : randomKey(random);
  const version = random.below(3);
  const steps: (() => Step)[] = [
    () => set(key, randomValue(random)),
    () => set(key, randomValue(random)),
    () => append(key, key.startsWith(CHILD_ROOTS) ? random.bytes(3) : randomValue(random)),
    () => (random.chance(0.2) ? append(rootOf(child), random.bytes(3)) : append(key.slice(0, 3), randomValue(random))),
    () => clear(key),
    () => get(random.chance(0.2) ? rootOf(child) : key),
    () => exists(random.chance(0.2) ? rootOf(child) : key),
    () => nextKey(random.chance(0.2) ? CHILD_ROOTS : start),
    () => read(key, random.below(8), random.below(8)),
    () => clearPrefix(random.pick([1, 2, 3]), start, count, from),
    () => childSet(child, key, randomValue(random)),
    () => childSet(child, key, randomValue(random)),
    () => childClear(child, key),
    () => childGet(child, key),
    () => childExists(child, key),
    () => childNextKey(child, start),
    () => childRead(child, key, random.below(8), random.below(8)),
    () => childClearPrefix(random.pick([1, 2, 3]), child, start, count, from),
    () => kill(random.pick([1, 2, 3, 4]), child, count, from),
    () => childRoot(child, version),
    () => root(version),
    () => (depth < 4 ? begin : commit),
    () => (depth > 0 ? commit : begin),
    () => (depth > 0 ? rollback : begin),
  ];
  return random.pick(steps)();
}

/** Whether a list has none of the cases that `randomStateScenario` leaves out. */
export function isComparable(scenario: Scenario): boolean {
  return scenario.every((steps) => {
    let depth = 0;
    let rooted = false;
    for (const [name] of steps) {
      if (name === begin[0]) depth++;
      else if (name === commit[0] || name === rollback[0]) depth--;
      else if (name === root()[0]) rooted = true;
      else if (name === clear('')[0] || name === set('', '')[0]) rooted = false;
      else if (name === append('', '')[0] && rooted) return false;
      if (depth < 0) return false;
    }
    return depth === 0;
  });
}

/**
 * Up to four blocks of random calls, each of which ends with the root of the state.
 *
 * sp-state-machine 0.54 does not notice that the state changes if something is appended after a root was computed; this
 * host does, as other versions of it do. So another write comes between the two. It also stores what a transaction wrote
 * that the runtime left open after it computed the root, so none is left open.
 * And a value of 32 bytes that is no root, under the key of a child trie, makes it lose what is written to that child
 * trie, where this host ends the call; the values under such keys are shorter. No
 * key is empty, because trie-db 0.32 panics or computes another root when it removes the empty key.
 */
export function randomStateScenario(random: Random): Scenario {
  return Array.from({ length: 1 + random.below(4) }, () => {
    const steps: Step[] = [];
    let depth = 0;
    let rooted = false;
    for (let left = random.below(40); left > 0; left--) {
      const step = randomStep(random, depth);
      if (step === begin) depth++;
      else if (step === commit || step === rollback) depth--;
      if (step[0] === root()[0]) rooted = true;
      if (rooted && step[0] === append('', '')[0]) {
        steps.push(clear('zz'));
        rooted = false;
      }
      steps.push(step);
    }
    steps.push(...Array<Step>(depth).fill(random.bool() ? commit : rollback), root());
    return steps;
  });
}
