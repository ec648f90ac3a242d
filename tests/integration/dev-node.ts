// `corejam dev` as a process, for tests of what only a whole node shows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { root } from './command.js';

export interface DevNode {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts `corejam dev --tmp --port 0` with `flags`. Resolves once it listens. */
export async function startDevNode(...flags: string[]): Promise<DevNode> {
  const args = [
    join(root, 'bin/corejam.mjs'),
    'dev',
    '--tmp',
    '--port',
    '0',
    '--log',
    'error',
    '--with-parent',
    ...flags,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /ws:\/\/\S+/.exec(line);
      if (address !== null) resolve(address[0]);
    });
    void ended.then(() => reject(new Error('the node ended before it listened')));
  });
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid!,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}
