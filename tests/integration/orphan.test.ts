// A node whose parent is killed: it lives on, as a server that a shell or a service manager started should, or ends with it if
// its user asked for that.
import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../eventually.js';
import { root } from './command.js';

const left: number[] = [];
afterEach(() => {
  for (const pid of left.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
});

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}/exe`);

/** Starts a program that starts a node with `flags`; once the node listens, that program is killed. Returns the node's pid. */
async function orphan(...flags: string[]): Promise<number> {
  const args = ['bin/corejam.mjs', 'dev', '--tmp', '--port', '0', '--log', 'error', ...flags];
  const script = `
    const { spawn } = require('node:child_process');
    const node = spawn(process.execPath, ${JSON.stringify(args)}, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    node.stdout.on('data', (data) => { if (String(data).includes('listening on')) console.log(node.pid); });`;
  const env = { ...process.env };
  delete env['npm_command']; // npm may be what started this test
  const parent = spawn(process.execPath, ['-e', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(parent, 'exit');
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  left.push(Number(line));
  parent.kill('SIGKILL');
  await ended;
  return Number(line);
}

const maybe = existsSync('/proc/self/exe') ? describe : describe.skip;
maybe('a node whose parent is killed (needs /proc)', () => {
  test('lives on', async () => {
    const pid = await orphan();
    await sleep(2_000); // it would look at its parent twice a second
    expect(isRunning(pid)).toBe(true);
  });

  test('ends with it if it was started with --with-parent', async () => {
    const pid = await orphan('--with-parent');
    await eventually(() => (isRunning(pid) ? undefined : true));
    left.length = 0;
  });
});
