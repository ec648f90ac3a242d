// The job module of long-calls.ts: calls a runtime in a child process, on a state that is read from the node's database.
//
// The results, and what the runtime logs, are those of the same call in the node: the runtime has no other input.
import { setPriority } from 'node:os';
import { utf8 } from '../bytes/index.js';
import { LmdbDatabase } from '../db/index.js';
import { Runtime, RuntimeTrap, UnknownEntryPoint } from '../executor/index.js';
import { Overlay, StateStore } from '../state/index.js';

/** A call, copied to the child. */
export interface LongCallJob {
  /** The folder of the node's database. */
  readonly database: string;
  /** The state on which the call works. */
  readonly root: Uint8Array;
  readonly method: string;
  readonly args: Uint8Array;
  /** A longer output is not copied back. */
  readonly outputBytesMax: number;
}

type Line = readonly [level: number, target: string, message: string];

/** How a call ended, copied back. */
export type LongCallOutcome = { readonly lines: readonly Line[] } & (
  | { readonly kind: 'output'; readonly output: Uint8Array }
  | { readonly kind: 'oversized'; readonly bytes: number }
  | { readonly kind: 'trap'; readonly reason: string; readonly log: readonly string[] }
  | { readonly kind: 'unknown' }
);

const CODE_KEY = utf8(':code');
const STATE_CACHE_BYTES = 16 * 2 ** 20;
const LINES_MAX = 64;
/** The node's thread, and with it the chain, goes first where processors are short. */
const PRIORITY = 10;

setPriority(PRIORITY);

let opened: { readonly path: string; readonly database: LmdbDatabase; readonly states: StateStore } | undefined;

/** One job of the pool. An exception is a failure of this machine. */
export function run({ database, root, method, args, outputBytesMax }: LongCallJob): LongCallOutcome {
  const state = statesOf(database).at(root);
  const code = state.get(CODE_KEY);
  if (code === undefined) throw new Error('the state holds no runtime');
  const lines: Line[] = [];
  const log = (...line: Line): void => {
    lines.push(line);
    if (lines.length > LINES_MAX) lines.shift();
  };
  try {
    const output = Runtime.load(code).call(method, args, new Overlay(state), { log });
    if (output.length > outputBytesMax) return { kind: 'oversized', bytes: output.length, lines };
    return { kind: 'output', output, lines };
  } catch (error) {
    if (error instanceof RuntimeTrap) return { kind: 'trap', reason: error.reason, log: error.log, lines };
    if (error instanceof UnknownEntryPoint) return { kind: 'unknown', lines };
    throw error;
  }
}

function statesOf(path: string): StateStore {
  if (opened?.path !== path) {
    const database = new LmdbDatabase(path, { readOnly: true });
    opened = { path, database, states: new StateStore(database, { cacheBytes: STATE_CACHE_BYTES }) };
  }
  opened.database.refresh();
  return opened.states;
}
