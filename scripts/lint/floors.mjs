// The floors of the repository: which folder may import which, and which files of a pallet others may import.
// There is one table for each program; dependency-cruiser's rules and the check for folders without a rule are derived
// from them. docs/architecture.md explains the floors and must be changed with them.

/** The folders of the host, and what each may import besides itself. */
const HOST = {
  bytes: [],
  files: ['bytes'],
  trie: ['bytes'],
  db: ['bytes', 'files', 'trie'],
  state: ['bytes', 'trie', 'db'],
  vm: ['bytes', 'files'],
  erasure: ['bytes'],
  processes: ['bytes'],
  contract: ['bytes'],
  executor: ['bytes', 'trie', 'state', 'vm', 'contract'],
  incore: ['bytes', 'files', 'db', 'state', 'vm', 'erasure', 'processes', 'contract', 'executor'],
  testing: ['bytes', 'trie', 'db', 'state', 'vm', 'erasure', 'processes', 'contract', 'executor', 'incore'],
  node: ['bytes', 'files', 'trie', 'db', 'state', 'contract', 'executor'],
  validators: ['bytes', 'db', 'erasure', 'contract', 'executor', 'incore', 'node'],
  rpc: ['bytes', 'trie', 'db', 'state', 'processes', 'contract', 'executor', 'incore', 'node', 'validators'],
  explorer: ['contract'],
  cli: [
    'bytes',
    'files',
    'trie',
    'db',
    'state',
    'vm',
    'erasure',
    'processes',
    'contract',
    'executor',
    'incore',
    'testing',
    'node',
    'validators',
    'rpc',
    'explorer',
  ],
};

/** The runtime, lowest first: a floor may import the floors before it. `pallets` has its own order. */
const ASSEMBLY = ['rt', 'scale', 'primitives', 'json', 'io', 'frame', 'pallets', 'executive', 'apis', 'runtime'];

/** The pallets, lowest first. */
const PALLETS = [
  'system',
  'timestamp',
  'balances',
  'transaction-payment',
  'sudo',
  'utility',
  'validators',
  'storage',
  'authorizations',
  'coretime',
  'work-classes',
  'reporting',
  'availability',
  'accumulation',
  'ump',
  'parachains',
  'rewards',
  'disputes',
];

/** Floors of the design that have no files yet. A floor must be removed from here with its first file. */
const PLANNED = [
  'host/testing',
  'host/explorer',
  'assembly/pallets/ump',
  'assembly/pallets/parachains',
  'assembly/pallets/rewards',
  'assembly/pallets/disputes',
];

/** All folders that have modules. */
export const FOLDERS = ['host', 'compiler', 'assembly', 'guests', 'bench', 'tests', 'scripts', 'bin'];

const anyOf = (names) => `(${names.join('|')})`;
const OURS = `^${anyOf(FOLDERS)}/`;

/** Matches floors: a floor is a folder, or a single file of that name. */
const below = (prefix, names) => `^${prefix}/${anyOf(names)}(/|\\.ts$)`;

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

function hostRules() {
  return Object.entries(HOST).map(([floor, allowed]) =>
    rule(
      `host/${floor}`,
      `host/${floor} may import ${allowed.length === 0 ? 'no other folder' : allowed.join(', ')}`,
      { path: `^host/${floor}/` },
      { path: OURS, pathNot: `^host/${anyOf([floor, ...allowed])}/` },
    ),
  );
}

/** One rule for each name of `order`: it may not import those after it. */
function orderRules(prefix, order) {
  return order.slice(0, -1).map((floor, index) => {
    const above = order.slice(index + 1);
    return rule(
      `${prefix}/${floor}`,
      `${prefix}/${floor} is below ${above.join(', ')}`,
      { path: below(prefix, [floor]) },
      { path: below(prefix, above) },
    );
  });
}

const PALLET = '^assembly/pallets/([^/]+)/';
const SAME_PALLET = '^assembly/pallets/$1/';

const palletRules = [
  rule(
    'pallet-face',
    'a pallet is imported through its index.ts only',
    { pathNot: '^assembly/pallets/' },
    { path: '^assembly/pallets/', pathNot: '^assembly/pallets/[^/]+/index\\.ts$' },
  ),
  rule(
    'pallet-face-of-another',
    'a pallet is imported by other pallets through its index.ts only',
    { path: PALLET },
    { path: '^assembly/pallets/', pathNot: [SAME_PALLET, '^assembly/pallets/[^/]+/index\\.ts$'] },
  ),
  rule(
    'pallet-index-on-top',
    'index.ts is the top of its pallet: no other file of the pallet imports it',
    { path: PALLET },
    { path: `${SAME_PALLET}index\\.ts$` },
  ),
  rule(
    'pallet-calls-on-top',
    'only index.ts imports the calls of a pallet',
    { path: PALLET, pathNot: '/index\\.ts$' },
    { path: `${SAME_PALLET}calls\\.ts$` },
  ),
  rule(
    'pallet-state-below',
    'state.ts is the bottom of its pallet: it imports neither calls nor hooks',
    { path: `${PALLET}state\\.ts$` },
    { path: `${SAME_PALLET}(calls|hooks)\\.ts$` },
  ),
];

export const RULES = [
  rule('no-circular', 'no file imports itself, however indirectly', {}, { circular: true }),
  rule('resolved', 'every import can be resolved', {}, { couldNotResolve: true }),
  ...hostRules(),
  ...orderRules('assembly', ASSEMBLY),
  ...orderRules('assembly/pallets', PALLETS),
  ...palletRules,
  rule('assembly-only', 'the runtime imports assembly/ only', { path: '^assembly/' }, { pathNot: '^assembly/' }),
  rule(
    'guests',
    'a guest imports guests/ and assembly/{rt,scale,primitives} only',
    { path: '^guests/' },
    { pathNot: '^(guests|assembly/(rt|scale|primitives))/' },
  ),
  rule(
    'compiler',
    'the compiler imports no other folder',
    { path: '^compiler/' },
    { path: OURS, pathNot: '^compiler/' },
  ),
  rule(
    'tests',
    'only tests import tests; benchmarks of weights also import what tests share',
    { pathNot: '^(tests|bench/weights)/' },
    { path: '^tests/' },
  ),
  rule(
    'benchmarks-of-weights',
    'benchmarks of weights import what tests share, and no test',
    { path: '^bench/weights/' },
    { path: '^tests/', pathNot: '^tests/(harness|pallets/support)/' },
  ),
  rule(
    'shipped-dependencies',
    'what is shipped needs `dependencies` only, but for types',
    { path: '^(host|compiler|bin)/' },
    { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  ),
];

/** The floor of a module of host/ or assembly/ (`host/vm`, `assembly/io`, `assembly/pallets/sudo`), if it has one. */
function floorOf(path) {
  const match = /^(host|assembly\/pallets|assembly)\/([^/]+?)(?:\/|\.ts$)/.exec(path);
  return path.endsWith('.d.ts') ? undefined : match?.slice(1).join('/');
}

/**
 * The differences between tables and files, as sentences: a floor without modules (its rules would always hold), a
 * planned floor that has some, a folder without a rule, a file name in the pallet rules that no pallet has.
 *
 * @param modules paths of all modules, from the root of the repository
 */
export function coverageFaults(modules) {
  const named = [
    ...Object.keys(HOST).map((floor) => `host/${floor}`),
    ...ASSEMBLY.filter((floor) => floor !== 'pallets').map((floor) => `assembly/${floor}`),
    ...PALLETS.map((pallet) => `assembly/pallets/${pallet}`),
  ];
  const found = new Set(modules.map(floorOf).filter((floor) => floor !== undefined));
  return [
    ...FOLDERS.filter((folder) => !modules.some((path) => path.startsWith(`${folder}/`))).map(
      (folder) => `${folder}: no modules were found in this folder`,
    ),
    ...named
      .filter((floor) => !found.has(floor) && !PLANNED.includes(floor))
      .map((floor) => `${floor}: a rule names this floor, and it has no modules`),
    ...PLANNED.filter((floor) => found.has(floor)).map((floor) => `${floor}: has modules, so it is no longer PLANNED`),
    ...[...found]
      .filter((floor) => !named.includes(floor))
      .map((floor) => `${floor}: no rule names this folder; scripts/lint/floors.mjs has the rules`),
    ...['index', 'state', 'calls']
      .filter((name) => !modules.some((path) => new RegExp(`^assembly/pallets/[^/]+/${name}\\.ts$`).test(path)))
      .map((name) => `${name}.ts: the rules for pallets name this file, and no pallet has it`),
  ];
}
