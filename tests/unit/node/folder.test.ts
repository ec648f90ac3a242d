// The folder of a chain: which folders a node writes to, what it removes there, and what it leaves to others.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { openFolder } from '../../../host/node/folder.js';
import { BasePathRefused } from '../../../host/node/index.js';

let parent: string;
let base: string;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'corejam-folder-')));
  base = join(parent, 'base');
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

/** All files below the base path, with their contents. */
const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );

describe('--base-path DIR deletes files of others', () => {
  test.each(['scratch', 'modules', 'db', 'network', 'corejam', '.git'])(
    'a folder with a foreign folder `%s` is refused and not changed',
    (name) => {
      mkdirSync(join(base, name), { recursive: true });
      writeFileSync(join(base, name, '0'), 'mine');
      expect(() => openFolder(base)).toThrow(
        `${base} has files and no chain in it ("${name}"); name a new or an empty`,
      );
      expect(filesOf(base)).toEqual({ [`${name}/0`]: 'mine' });
    },
  );

  test('an empty folder with a foreign one beside ours is refused', () => {
    mkdirSync(join(base, 'corejam'), { recursive: true });
    mkdirSync(join(base, 'other'));
    expect(() => openFolder(base)).toThrow('("other")');
    expect(readdirSync(join(base, 'corejam'))).toEqual([]);
  });

  test('a link with our name to a folder of others is refused', () => {
    mkdirSync(join(parent, 'others'));
    writeFileSync(join(parent, 'others', 'made-by-corejam'), '');
    mkdirSync(base);
    symlinkSync(join(parent, 'others'), join(base, 'corejam'));
    expect(() => openFolder(base)).toThrow('has files and no chain in it');
    expect(readdirSync(join(parent, 'others'))).toEqual(['made-by-corejam']);
  });

  test.each([
    ['a new folder', () => undefined],
    ['a new folder in a new folder', () => (base = join(base, 'deep'))],
    ['an empty folder', () => mkdirSync(base)],
    ['a folder of which a killed process made a part', () => mkdirSync(join(base, 'corejam'), { recursive: true })],
  ])('%s is taken, and all is below one name in it', (_what, prepare) => {
    prepare();
    const folder = openFolder(base);
    expect([folder.path, readdirSync(base)]).toEqual([join(base, 'corejam'), ['corejam']]);
    folder.release();
    // Files that others put there afterwards stay, and do not keep the node out.
    writeFileSync(join(base, 'notes.txt'), 'mine');
    expect(openFolder(base).path).toBe(folder.path);
    expect(readFileSync(join(base, 'notes.txt'), 'utf8')).toBe('mine');
  });
});

describe('an empty base path means the current folder', () => {
  test('it is refused', () => {
    expect(() => openFolder('')).toThrow(BasePathRefused);
    expect(() => openFolder('')).toThrow('the base path is empty; name a folder, `.` for the current one');
  });
});

describe('a base path that the system refuses', () => {
  test('is a sentence, not an error code', () => {
    writeFileSync(base, '');
    for (const path of [base, join(base, 'below')])
      expect(() => openFolder(path)).toThrow(
        `the base path ${path} can't be used: a part of its path is a file, not a folder`,
      );
    expect(() => openFolder('a\0b')).toThrow("can't be used: its name has a character that no file name has");
  });

  (existsSync('/proc/self') ? test : test.skip)('in /proc, which can have no folders, does not hang', () => {
    expect(() => openFolder('/proc/corejam/x')).toThrow(
      "the base path /proc/corejam/x can't be used: it does not exist",
    );
  });
});

describe('a missing data.mdb silently begins a new chain', () => {
  test('a base path that has all but the database is refused', () => {
    const { path } = openFolder(base);
    mkdirSync(join(path, 'network'));
    const sentence = `the chain in ${path} is damaged: \`db/data.mdb\` is missing, and \`network\` is there; put back`;
    expect(() => openFolder(base)).toThrow(sentence);
    mkdirSync(join(path, 'db'));
    expect(() => openFolder(base)).toThrow(sentence);
    writeFileSync(join(path, 'db', 'data.mdb'), '');
    expect(openFolder(base).path).toBe(path);
  });
});

describe('temporary folders of killed runs stay for ever', () => {
  /** A temporary folder as a process that was killed leaves it. */
  function abandoned(): string {
    const { path } = openFolder(undefined, parent);
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(path, 'owner'), `${pid} 1 of another start\n`);
    return join(path, '..');
  }

  test('the next run removes them', () => {
    const left = abandoned();
    const folder = openFolder(undefined, parent);
    expect([existsSync(left), existsSync(folder.path)]).toEqual([false, true]);
    folder.release();
    expect(readdirSync(parent)).toEqual([]);
  });

  test('that of a running process stays', () => {
    const [first, second] = [openFolder(undefined, parent), openFolder(undefined, parent)];
    expect([existsSync(first.path), existsSync(second.path)]).toEqual([true, true]);
    first.release();
    second.release();
  });

  test.each<[string, (base: string) => void]>([
    ['has no owner yet', (left) => rmSync(join(left, 'corejam/owner'))],
    ['is of another container', (left) => writeFileSync(join(left, 'corejam/temporary'), 'pid:[1]')],
    ['was given as a base path since', (left) => openFolder(left).release()],
    ['no node made', (left) => rmSync(join(left, 'corejam/made-by-corejam'))],
  ])('one stays that %s', (_what, change) => {
    const left = abandoned();
    change(left);
    openFolder(undefined, parent).release();
    expect(existsSync(left)).toBe(true);
  });
});
