// What a file of tests leaves open fails it (scripts/jest-environment.mjs): jest itself only warns, in one of many files.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** How long the environment waits here for what ends by itself. */
const OPEN_MS_MAX = 3_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'corejam-open-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a file of one passing test, which does `what`. Returns jest's exit code and what it printed. */
function run(name: string, what: string): { code: number | null; printed: string } {
  writeFileSync(
    join(folder, `${name}.test.mjs`),
    `import { createServer } from 'node:net';\nimport { spawn } from 'node:child_process';\n` +
      `test('passes', async () => { ${what} });\n`,
  );
  const config = {
    rootDir: folder,
    testEnvironment: join(root, 'scripts/jest-environment.mjs'),
    testEnvironmentOptions: { openMsMax: OPEN_MS_MAX },
    testMatch: [`<rootDir>/${name}.test.mjs`],
    moduleFileExtensions: ['js', 'mjs'],
    transform: {},
  };
  // With a limit of memory, one file runs in a worker too, as the files of a suite do.
  const jest = [
    '--experimental-vm-modules',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--workerIdleMemoryLimit=8GB',
  ];
  const { status, stderr } = spawnSync(process.execPath, [...jest, '--config', JSON.stringify(config)], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, printed: stderr };
}

describe('a worker of jest did not exit by itself after the suite', () => {
  test.each([
    ['a server', 'await new Promise((done) => createServer().listen(0, done));', '1 TCPServerWrap'],
    ['a timer', 'setInterval(() => {}, 1_000);', '1 Timeout'],
    // It ends with its input, which is this process's.
    ['a process', "spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });", '1 PipeWrap, 1 ProcessWrap'],
  ])('%s that a file leaves open fails the file, which says so', (what, opening, left) => {
    const { code, printed } = run(what.replace(/\W/g, '-'), opening);
    expect(code).toBe(1);
    expect(printed).toContain(`after the last test of this file these are open: ${left}. What a file opens`);
  });

  test.each([
    ['nothing', ''],
    [
      'what is closed',
      'const server = createServer(); await new Promise((done) => server.listen(0, done)); server.close();',
    ],
    ['what ends by itself', 'setTimeout(() => {}, 500);'],
    ['what does not keep a process running', 'setInterval(() => {}, 1_000).unref();'],
    ['the streams of the process', "(await import('node:process')).stdin;"],
  ])('%s is no failure', (what, opening) => {
    const { code, printed } = run(what.replace(/\W/g, '-'), opening);
    expect([code, printed]).toEqual([0, expect.stringContaining('1 passed')]);
  });
});
