// The project's own checks find what they are for: a small tree with one fault of each kind.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const FILES: Record<string, string> = {
  '.gitignore': 'node_modules\nscripts\n*.js\n',
  'docs/spec.md': '# The specification\n\n## Join and `prune`\n\n[a link](gone.md) and [another](#join-and-prune)\n',
  'docs/decisions/0001-specification.md':
    '# Decisions\n\n| D1 | what | so |\n\n[no anchor](../spec.md#missing)\n\n[one]: ../two.md\n',
  'host/bytes/index.ts': "// Looks up.\nimport { state } from '../state/index.js';\nexport const bytes = state;\n",
  'host/state/index.ts':
    "// Two files that need each other.\nimport { other } from './other.js';\nexport const state = other;\n",
  'host/state/other.ts':
    "// The second.\nimport { state } from './index.js';\nexport const other = () => state;\nexport const unused = 1;\n",
  'host/state/unformatted.ts': '// Nothing imports this.\nexport   const x=1\n',
  'host/cli/main.ts': [
    '/** No line comment. */',
    '// host/vm/gone.ts, host/state/other.ts, gone.ts, other.ts, host/{state,gone}',
    '// RFC-0031 § Join and `prune`, § Gone; D1, D2.',
    "import '../bytes/index.js';",
    '// A path in a string is no citation:',
    "console.log('// host/gone.ts');",
    '',
  ].join('\n'),
  'host/unnamed/index.ts': '// A folder that no rule names.\nexport {};\n',
  'assembly/pallets/sudo/index.ts': '// A pallet.\n@pallet("Sudo", 1)\nexport class Sudo {}\n',
  'assembly/pallets/sudo/state.ts': "// State.\nimport { calls } from './calls';\nexport const state = calls;\n",
  'assembly/pallets/sudo/calls.ts': "// Calls.\nimport { Sudo } from './index';\nexport const calls = Sudo;\n",
  'assembly/pallets/system/index.ts':
    "// A lower pallet.\nimport { state } from '../sudo/state';\nexport const system = state;\n",
  'assembly/io/index.ts': "// Not of a runtime.\nimport 'node:fs';\nexport const io = 1;\n",
  'guests/index.ts': "// A guest.\nimport { io } from '../assembly/io';\nexport const guest = io;\n",
  'compiler/index.ts': "// Not its business.\nimport '../host/bytes/index.js';\n",
  'bench/index.ts': "// Not its business.\nimport '../tests/unit.js';\n",
  'tests/unit.ts': "// A test.\nimport './gone.js';\n",
  'assembly/frame/index.ts': "// Looks up.\nimport { Sudo } from '../pallets/sudo';\nexport const frame = Sudo;\n",
};

let root: string;
let output: string;
let status: number | null;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'corejam-lint-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of ['package.json', 'knip.config.js', 'prettier.config.mjs']) {
    copyFileSync(join(repository, path), join(root, path));
  }
  for (const path of ['node_modules', 'scripts']) symlinkSync(join(repository, path), join(root, path));
  mkdirSync(join(root, 'bin'));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  const args = ['scripts/lint.mjs', '--root', root, 'imports', 'knip', 'prettier', 'citations'];
  // The tools colour their words on a terminal, under CI, and where jest asks its workers to.
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  delete env['FORCE_COLOR'];
  const run = spawnSync(process.execPath, args, { cwd: repository, encoding: 'utf8', env });
  output = run.stdout + run.stderr;
  status = run.status;
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('lint', () => {
  test('fails, and names each check that failed', () => {
    expect(status).toBe(1);
    for (const name of ['imports', 'knip', 'prettier', 'citations']) {
      expect(output).toMatch(new RegExp(`^${name} .* FAILED$`, 'm'));
    }
  });

  test.each([
    ['a cycle', 'host/state/index.ts -> host/state/other.ts -> host/state/index.ts'],
    ['a floor of the host', 'host/bytes/index.ts -> host/state/index.ts: host/bytes may import no other folder'],
    [
      'a floor of the runtime',
      'assembly/frame/index.ts -> assembly/pallets/sudo/index.ts: assembly/frame is below pallets',
    ],
    [
      'an order of pallets',
      'assembly/pallets/system/index.ts -> assembly/pallets/sudo/state.ts: assembly/pallets/system is below timestamp',
    ],
    [
      'the inside of a pallet',
      '-> assembly/pallets/sudo/state.ts: a pallet is imported by other pallets through its index.ts',
    ],
    ['a face below its pallet', 'sudo/calls.ts -> assembly/pallets/sudo/index.ts: index.ts is the top of its pallet'],
    ['calls below rules', 'sudo/state.ts -> assembly/pallets/sudo/calls.ts: only index.ts imports the calls'],
    ['state above calls', 'sudo/state.ts -> assembly/pallets/sudo/calls.ts: state.ts is the bottom of its pallet'],
    ['a runtime on Node', 'assembly/io/index.ts -> fs: the runtime imports assembly/ only'],
    ['a guest on the runtime', 'guests/index.ts -> assembly/io/index.ts: a guest imports guests/'],
    ['a compiler on the host', 'compiler/index.ts -> host/bytes/index.ts: the compiler imports no other folder'],
    ['a use of tests', 'bench/index.ts -> tests/unit.ts: only tests import tests'],
    ['an import of nothing', 'tests/unit.ts -> ./gone.js: every import can be resolved'],
    ['a floor without files', 'host/vm: a rule names this floor, and it has no modules'],
    ['a folder without a rule', 'host/unnamed: no rule names this folder'],
  ])('imports: %s', (_, fault) => expect(output).toContain(fault));

  test('a dead file and a dead export', () => {
    expect(output).toMatch(/^Unused files[^]*^host\/state\/unformatted\.ts/m);
    expect(output).toMatch(/^Unused exports[^]*^unused +host\/state\/other\.ts/m);
  });

  test('an unformatted file', () => expect(output).toContain('[warn] host/state/unformatted.ts'));

  test('citations of nothing, broken links, and the form of headers and decorators', () => {
    const faults = output.split('\n').filter((line) => /^[\w/.-]+:\d+: /.test(line));
    expect(faults.sort()).toEqual([
      'assembly/pallets/sudo/index.ts:2: a decorator takes single quotes',
      'docs/decisions/0001-specification.md:5: links to #missing, and docs/spec.md has no such heading',
      'docs/decisions/0001-specification.md:7: links to docs/two.md, which does not exist',
      'docs/spec.md:5: links to docs/gone.md, which does not exist',
      'host/cli/main.ts:1: does not begin with a // comment',
      'host/cli/main.ts:2: cites gone.ts, which does not exist',
      'host/cli/main.ts:2: cites host/gone, which does not exist',
      'host/cli/main.ts:2: cites host/vm/gone.ts, which does not exist',
      'host/cli/main.ts:3: cites D2, which is no decision',
      'host/cli/main.ts:3: cites § Gone, a heading that does not exist',
    ]);
  });
});
