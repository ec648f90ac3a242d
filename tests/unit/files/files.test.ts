// Files and folders that a user names: what is read, what is refused, and that nothing waits for ever.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRefused, freeBytes, makeFolder, readRegularFile, reasonOf } from '../../../host/files/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corejam-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A test that needs the files of Linux below /proc. */
const withProc = existsSync('/proc/self') ? test : test.skip;

const reason = (path: string, bytesMax = 10): unknown => {
  try {
    return readRegularFile(path, bytesMax);
  } catch (error) {
    return error instanceof FileRefused ? error.reason : error;
  }
};

describe('reading', () => {
  test('up to the bound, and not one byte more', () => {
    const file = join(folder, 'file');
    for (const length of [0, 1, 9, 10]) {
      writeFileSync(file, new Uint8Array(length).fill(length));
      expect(reason(file)).toEqual(new Uint8Array(length).fill(length));
    }
    writeFileSync(file, new Uint8Array(11));
    expect(reason(file)).toBe('it has more than 10 bytes');
    expect(reason(file, 2 ** 20)).toEqual(new Uint8Array(11));
  });

  withProc('a file that says it has no bytes, as those of /proc', () => {
    const file = '/proc/self/status';
    expect(statSync(file).size).toBe(0);
    expect(Buffer.from(readRegularFile(file, 2 ** 20)).toString()).toContain('\nPid:');
    expect(reason(file)).toBe('it has more than 10 bytes');
  });

  test('a device, a pipe without a writer, a folder, nothing, a loop of links', () => {
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    symlinkSync('loop', join(folder, 'loop'));
    expect([reason('/dev/zero'), reason(pipe), reason(folder), reason(join(folder, 'none'))]).toEqual([
      'it is a device or a pipe, not a file',
      'it is a device or a pipe, not a file',
      'it is a folder',
      'it does not exist',
    ]);
    expect(reason(join(folder, 'loop'))).toBe('its symbolic links form a loop');
  });
});

describe('making folders', () => {
  test('with those above, and one that is there already', () => {
    const deep = join(folder, 'a', 'b', 'c');
    makeFolder(deep);
    makeFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
    symlinkSync(deep, join(folder, 'link'));
    makeFolder(join(folder, 'link', 'd'));
    expect(existsSync(join(deep, 'd'))).toBe(true);
  });

  test('below a file', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const path of ['file', 'file/below'])
      expect(() => makeFolder(join(folder, path))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });

  withProc('in a folder that can have none', () => {
    expect(() => makeFolder('/proc/none/x')).toThrow(/ENOENT/);
  });
});

test('reasons: the known ones are sentences, others the text of the system', () => {
  expect(reasonOf(Object.assign(new Error('x'), { code: 'EROFS' }))).toBe('its file system can only be read');
  expect(reasonOf(Object.assign(new Error('x'), { code: 'EWEIRD' }))).toBe('x');
});

test('free bytes: of a folder, and unknown where there is none', () => {
  mkdirSync(join(folder, 'there'));
  expect(freeBytes(join(folder, 'there'))).toBeGreaterThan(0);
  expect(freeBytes(join(folder, 'none'))).toBeUndefined();
});

withProc('free bytes: unknown where the file system has no size', () => {
  expect(freeBytes('/proc')).toBeUndefined();
});
