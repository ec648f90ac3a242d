// A dev node as a child process: the demo's chain, which the demo uses over RPC like any other client.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CliError } from './terminal.js';

const bin = fileURLToPath(new URL('../../../../bin/corejam.mjs', import.meta.url));

/** A node in a child process. */
export interface ChildNode {
  /** `ws://127.0.0.1:PORT`. */
  url: string;
  /** Stops the node and waits until it has exited and removed its temporary folder. */
  stop(): Promise<void>;
  /** Resolves when the node has exited, for whatever reason. */
  ended: Promise<void>;
  /** The last lines of its standard error. */
  lastWords(): string;
}

/** Starts `corejam dev` with `flags`. Resolves once it listens. */
export async function startChildNode(flags: string[]): Promise<ChildNode> {
  const child = spawn(process.execPath, [bin, 'dev', ...flags], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const errors: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => {
    errors.push(line);
    if (errors.length > 20) errors.shift();
  });
  const lastWords = (): string => errors.join(' ').replace(/^error: /, '') || 'it printed no error';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const address = /ws:\/\/\S+/.exec(line);
      if (address !== null) resolve(address[0]);
    });
    void ended.then(() => reject(new CliError(`the node did not start: ${lastWords()}`)));
  });
  return {
    url,
    ended,
    lastWords,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await ended;
    },
  };
}
