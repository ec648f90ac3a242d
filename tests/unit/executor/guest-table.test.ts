// The table of guest functions: every known import links, a call outside of the running entry point's column traps, and
// no argument makes a host function fail the host. Spec: docs/decisions/0001-specification.md § Entry points and host
// functions.
import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blake2_256 } from '../../../host/bytes/index.js';
import {
  ENTRY_POINTS,
  GUEST_FUNCTIONS,
  guestRow,
  runGuest,
  type EntryPoint,
  type GuestFunction,
  type GuestResult,
  type GuestRun,
} from '../../../host/executor/index.js';
import { functionsOf } from '../../../host/incore/functions.js';
import { dropped, importOf, wrongCalls } from '../../guest-arguments.js';
import { wat } from './fixtures.js';
import { guideOf } from './guest-guide.js';

const NAMES = Object.keys(GUEST_FUNCTIONS);
const PAGES = 17; // more than an argument on-chain may have
const MEMORY = { data: 8_192, end: PAGES * 65_536 };
const HEAD = `(memory (export "memory") ${PAGES}) (global (export "__heap_base") i32 (i32.const 4096))`;

/** A guest that imports the functions of `names` ($f0, $f1, …), and whose entry points all run `body`. */
function guest(names: readonly string[], body: string): Uint8Array {
  const imports = names.map((name, index) => importOf(name, guestRow(name), `f${index}`)).join('\n');
  const entries = ENTRY_POINTS.map(
    (entry) => `(func (export "${entry}") (param i32 i32) (result i64) ${body} (i64.const 0))`,
  );
  return wat(`(module ${imports} ${HEAD} ${entries.join('\n')})`);
}

/** Runs an entry point with the functions that need only the guest and those that the node serves. */
function run(code: Uint8Array, entry: EntryPoint, log?: GuestRun['log']): GuestResult {
  return runGuest({
    ...(log === undefined ? {} : { log }),
    code,
    codeHash: blake2_256(code),
    entry,
    args: new Uint8Array(),
    weight: 2_000_000_000_000n,
    functions: functionsOf({
      message: () => new Uint8Array(32),
      chain: { height: 300, stateRoot: () => new Uint8Array(32), lookup: () => undefined },
    }),
  });
}

const outsideOf = ({ entries }: GuestFunction): EntryPoint[] =>
  ENTRY_POINTS.filter((entry) => !entries.includes(entry));

describe('linking', () => {
  test('a guest that imports ext_corejam_ump_enqueue_version_1 is a valid module', () => {
    expect(run(guest(['ext_corejam_ump_enqueue_version_1'], ''), 'accumulate').outcome).toBe('returned');
  });

  test.each(ENTRY_POINTS)('a guest that imports every known function runs its %s', (entry) => {
    expect(run(guest(NAMES, ''), entry)).toMatchObject({ outcome: 'returned' });
  });

  test.each(NAMES)('%s links with its own type only', (name) => {
    const row = guestRow(name);
    const other = { ...row, params: [...row.params, 'i32' as const] };
    const code = wat(`(module ${importOf(name, other)} ${HEAD}
      (func (export "refine") (param i32 i32) (result i64) (i64.const 0)))`);
    expect(run(code, 'refine')).toMatchObject({ outcome: 'invalid', reason: expect.stringContaining(name) });
  });
});

describe('calling', () => {
  const operandsOf = (row: GuestFunction): string => row.params.map((type) => `(${type}.const 0)`).join(' ');
  const called = (name: string): Uint8Array => {
    const row = guestRow(name);
    return guest([name], dropped(row, operandsOf(row), 'f0'));
  };

  test.each(NAMES.flatMap((name) => outsideOf(guestRow(name)).map((entry) => [entry, name] as const)))(
    '%s may not call %s: it traps',
    (entry, name) => {
      expect(run(called(name), entry)).toMatchObject({
        outcome: 'trapped',
        reason: `this entry point may not call ${name}`,
      });
    },
  );

  const later = NAMES.filter((name) => guestRow(name).server === 'later');

  test.each(later.flatMap((name) => guestRow(name).entries.map((entry) => [entry, name] as const)))(
    '%s may call %s, which is not implemented yet: it traps with a message that says so',
    (entry, name) => {
      expect(run(called(name), entry)).toMatchObject({
        outcome: 'trapped',
        reason: `${name} is not implemented on this chain yet`,
      });
    },
  );
});

test.each(['utf8', 'hex'])('printing %s costs the same whether the host logs or not', (form) => {
  const name = `ext_misc_print_${form}_version_1`;
  const code = guest([name], `(call $f0 (i64.const ${(100n << 32n) | 8_192n}))`);
  const [without, logging] = [undefined, () => undefined].map((log) => run(code, 'refine', log));
  expect(without).toMatchObject({ outcome: 'returned' });
  expect(without).toEqual(logging);
});

// Those that the runtime serves are in tests/pallets/guest-arguments.test.ts.
describe('arguments', () => {
  const served = NAMES.filter((name) => ['guest', 'node'].includes(guestRow(name).server));

  test.each(served)('%s: none that is too short, too long or out of bounds fails the host', (name) => {
    const row = guestRow(name);
    for (const { what, operands, mustTrap } of wrongCalls(row, MEMORY)) {
      const result = run(guest([name], dropped(row, operands, 'f0')), row.entries[0]!);
      const allowed = mustTrap ? ['trapped'] : ['returned', 'trapped'];
      expect({ what, outcome: allowed.includes(result.outcome) || result }).toEqual({ what, outcome: true });
    }
  });
});

describe('the documents', () => {
  const DECISIONS = fileURLToPath(new URL('../../../docs/decisions/0001-specification.md', import.meta.url));
  const GUIDE = fileURLToPath(new URL('../../../docs/guides/host-functions.md', import.meta.url));

  /** The rows of the decision's table: patterns of names, and the entry points whose column says yes. */
  function decided(): { pattern: RegExp; entries: EntryPoint[] }[] {
    const lines = readFileSync(DECISIONS, 'utf8').split('\n');
    const from = lines.findIndex((line) => line.startsWith('| host function |'));
    const rows = lines.slice(from + 2, lines.indexOf('', from));
    return rows.flatMap((line) => {
      const [names = '', ...columns] = line.split('|').slice(1, -1);
      const entries = ENTRY_POINTS.filter((_, index) => columns[index]!.trim() === 'yes');
      return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => ({ pattern: patternOf(name), entries }));
    });
  }

  /** `*` is anything, `…_` the prefix of CoreJam's own, `{a,b}` a choice, `(x)` may be absent; versions are left out. */
  function patternOf(name: string): RegExp {
    const source = name
      .replace(/\(([^)]*)\)/g, '(?:$1)?')
      .replace(/\{([^}]*)\}/g, (_, list: string) => `(?:${list.replaceAll(',', '|')})`)
      .replaceAll('*', '.*')
      .replace('…_', 'ext_corejam_');
    return new RegExp(`^${source}(?:_version_\\d+)?$`);
  }

  test('the table has the columns of the decision, and every function of it', () => {
    const rows = decided();
    const columnsOf = (name: string): EntryPoint[][] =>
      rows.filter(({ pattern }) => pattern.test(name)).map(({ entries }) => entries);
    // The trie functions are named by their kinds there ("roots and `verify_proof`"), so that name matches them too.
    const found = Object.fromEntries(NAMES.map((name) => [name, columnsOf(name)]));
    expect(found).toEqual(Object.fromEntries(NAMES.map((name) => [name, [[...guestRow(name).entries]]])));
    const unmatched = rows.filter(({ pattern }) => !NAMES.some((name) => pattern.test(name)));
    expect(unmatched.map(({ pattern }) => pattern.source)).toEqual(['^verify_proof(?:_version_\\d+)?$']);
  });

  test('docs/guides/host-functions.md is that of the table (UPDATE_GOLDEN=1 writes it)', () => {
    const guide = guideOf(GUEST_FUNCTIONS);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GUIDE, guide);
    expect(readFileSync(GUIDE, 'utf8')).toBe(guide);
  });
});
