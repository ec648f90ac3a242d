// The code blocks of docs/guides/first-work-class.md, compiled and run as they are.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildGuest } from '../../compiler/build.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = readFileSync(join(root, 'docs/guides/first-work-class.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(guide)![1]!;
let copy: string;
let node: ChildProcess;
let url: string;

beforeAll(async () => {
  // A temporary repository of links, so that no files are left in this one.
  copy = mkdtempSync(join(tmpdir(), 'corejam-guide-'));
  for (const path of ['package.json', 'asconfig.json', 'node_modules', 'assembly'])
    symlinkSync(join(root, path), join(copy, path));
  mkdirSync(join(copy, 'guests/work-classes/guestbook'), { recursive: true });
  symlinkSync(join(root, 'guests/sdk'), join(copy, 'guests/sdk'));
  mkdirSync(join(copy, 'build/guests'), { recursive: true });
  symlinkSync(join(root, 'build/js'), join(copy, 'build/js'));
  symlinkSync(join(root, 'build/guests/signature.wasm'), join(copy, 'build/guests/signature.wasm'));
  writeFileSync(join(copy, 'guests/work-classes/guestbook/index.ts'), block('ts'));
  writeFileSync(join(copy, 'guestbook.mjs'), block('js'));
  node = spawn(process.execPath, [join(root, 'bin/corejam.mjs'), 'dev', '--tmp', '--port', '0', '--log', 'error'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  url = await new Promise((resolve) => {
    createInterface({ input: node.stdout! }).on('line', (line) => {
      const found = /ws:\/\/\S+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
  });
});

afterAll(async () => {
  await new Promise((resolve) => {
    node.once('exit', resolve);
    node.kill('SIGINT');
  });
  rmSync(copy, { recursive: true, force: true });
});

test('the first Work Class does what its guide says', async () => {
  await buildGuest(copy, 'guests/work-classes/guestbook/index.ts', 'build/guests/guestbook.wasm', null);
  const script = spawn(process.execPath, ['guestbook.mjs', url], { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  script.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  script.stderr.on('data', (data: Buffer) => {
    err += data.toString();
  });
  const code = await new Promise((resolve) => script.once('close', resolve));
  expect([code, err, out]).toEqual([0, '', 'hello\ncore\n']);
});
