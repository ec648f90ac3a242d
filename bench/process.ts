// A node in a process of its own, and a bare JSON-RPC client, for all scenarios of the bench.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { ROOT } from './root.js';

/** Linux's `sysconf(_SC_CLK_TCK)`. */
const TICKS_PER_SECOND = 100;

const bin = join(ROOT, 'bin/corejam.mjs');

/** A running `corejam dev`. */
export interface NodeProcess {
  url: string;
  pid: number;
  /** The highest resident set so far, in MiB, by the kernel's account. */
  peakMemoryMib(): number;
  /** Processor time so far, of all its threads, by the kernel's account: other processes hardly change it. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** Starts `corejam dev --tmp --port 0` with `flags` and waits for its address. */
export async function startNode(flags: string[], env: NodeJS.ProcessEnv = {}): Promise<NodeProcess> {
  const child: ChildProcess = spawn(process.execPath, [bin, 'dev', '--tmp', '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the node ended before it listened (exit code ${code})`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /ws:\/\/\S+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
  });
  return {
    url,
    pid: child.pid!,
    peakMemoryMib: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
    cpuSeconds: () => {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      // The command's name, in parentheses, may contain spaces; user and system time are fields 14 and 15.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGINT');
      }),
  };
}

/** JSON-RPC over one WebSocket, without a client library in the way of the clock. */
export class Rpc {
  #next = 1;
  #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #notified: ((result: unknown) => void) | undefined;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as {
        id?: number;
        result?: unknown;
        error?: { message: string; data?: unknown };
        params?: { result: unknown };
      };
      if (message.id === undefined) return this.#notified?.(message.params?.result);
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(`${message.error.message}: ${JSON.stringify(message.error.data)}`));
    });
  }

  /** Connects, trying again while the node starts. */
  static async connect(url: string): Promise<Rpc> {
    for (;;) {
      const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 64 << 20 });
      const opened = await new Promise<boolean>((resolve) => {
        socket.once('open', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      if (opened) return new Rpc(socket);
    }
  }

  call<T>(method: string, params: unknown[] = []): Promise<T> {
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** Where the results of subscriptions go. */
  onNotification(listener: (result: unknown) => void): void {
    this.#notified = listener;
  }

  close(): void {
    this.socket.close();
  }
}
