// A dev node as a child process: the demo's chain, reached as any other client would reach it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CliError } from './terminal.js';

const bin = fileURLToPath(new URL('../../../../bin/corejam.mjs', import.meta.url));

/** A node that runs beside this process. */
export interface ChildNode {
  /** `ws://127.0.0.1:PORT`. */
  url: string;
  /** Ends the node and waits until it has gone (and with it its temporary folder). */
  stop(): Promise<void>;
  /** Resolves when the node has ended, however it did. */
  ended: Promise<void>;
  /** The end of what it said on standard error. */
  lastWords(): string;
}

/** Starts `corejam dev` with `flags`; resolves once it listens. */
export async function startChildNode(flags: string[]): Promise<ChildNode> {
  const child = spawn(process.execPath, [bin, 'dev', ...flags], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const errors: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => {
    errors.push(line);
    if (errors.length > 20) errors.shift();
  });
  const lastWords = (): string => errors.join(' ').replace(/^error: /, '') || 'it said nothing';
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
