// Runs guests in a child process: the job of the pool that children.ts keeps.
//
// Spec: as functions.ts. Everything is answered synchronously inside the guest's call: `lookup` by this process's own
// instance of the runtime, on the state of the context block, which it reads from the node's database as the node wrote it.
import { utf8 } from '../bytes/index.js';
import { coreJamApi } from '../contract/index.js';
import { LmdbDatabase } from '../db/index.js';
import { guestModuleFolder, guestModules, Runtime, runGuest } from '../executor/index.js';
import { Overlay, StateStore } from '../state/index.js';
import type { StateView } from '../state/index.js';
import type { ModuleCache } from '../vm/index.js';
import { functionsOf } from './functions.js';
import type { ChildSettings, GuestAnswer, GuestJob } from './job.js';
import type { GuestView } from './runner.js';
import { ScratchReader } from './scratch.js';

const MODULE_BYTES_MAX = 64 * 2 ** 20;
const STATE_CACHE_BYTES = 16 * 2 ** 20;
const LOG_LINES_MAX = 64;
const CODE_KEY = utf8(':code');

/** What a child keeps from one job to the next. */
interface Kept {
  readonly modules: ModuleCache;
  states?: { readonly database: LmdbDatabase; readonly store: StateStore };
}

const kept = new Map<string, Kept>();
const reader = new ScratchReader();

/** One job of the pool. A guest's failure is a result; whatever is thrown here is this machine's. */
export async function run(job: GuestJob): Promise<GuestAnswer> {
  const mine = keptFor(job.settings);
  const lines: (readonly [number, string, string])[] = [];
  const result = runGuest({
    code: job.code,
    codeHash: job.codeHash,
    entry: job.entry,
    weight: job.weight,
    args: 'file' in job.args ? reader.read(job.args) : job.args,
    functions: functionsOf(viewOf(job, mine)),
    modules: mine.modules,
    log: (...line) => {
      lines.push(line);
      if (lines.length > LOG_LINES_MAX) lines.shift();
    },
  });
  return { result, log: lines };
}

function keptFor(settings: ChildSettings): Kept {
  const key = JSON.stringify(settings);
  let found = kept.get(key);
  if (found === undefined) {
    const { modules } = settings;
    const folder = modules === undefined ? undefined : guestModuleFolder(modules.folder, modules.bytesMax);
    kept.set(key, (found = { modules: guestModules(MODULE_BYTES_MAX, folder) }));
  }
  return found;
}

function viewOf({ message, chain, settings }: GuestJob, mine: Kept): GuestView {
  const view: GuestView = { message: () => given(message, 'the package message') };
  if (chain === undefined) return view;
  const { height, stateRoots, stateRoot } = chain;
  let ask: ((hash: Uint8Array) => Uint8Array | undefined) | undefined;
  return {
    ...view,
    chain: {
      height,
      stateRoot: (asked) => given(stateRoots, 'state roots')[height - asked],
      lookup: (hash) =>
        (ask ??= lookupIn(stateOf(mine, settings, given(stateRoot, 'the state of the context block'))))(hash),
    },
  };
}

/** The node sends what the guest's code names; that it lacks some means that the two disagree on what a guest can ask. */
function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the guest asks for ${what}, which was not sent along`);
  return value;
}

function stateOf(mine: Kept, { database }: ChildSettings, root: Uint8Array): StateView {
  if (mine.states === undefined) {
    const opened = new LmdbDatabase(given(database, 'the database'), { readOnly: true });
    mine.states = { database: opened, store: new StateStore(opened, { cacheBytes: STATE_CACHE_BYTES }) };
  }
  mine.states.database.refresh();
  return mine.states.store.at(root);
}

/** `CoreJamApi.lookup` on a state, by the runtime that the state holds. */
function lookupIn(state: StateView): (hash: Uint8Array) => Uint8Array | undefined {
  const runtime = Runtime.load(given(state.get(CODE_KEY), 'the runtime'));
  const call = (method: string, args: Uint8Array): Uint8Array => runtime.call(method, args, new Overlay(state));
  return (hash) => coreJamApi.lookup(call, hash);
}
