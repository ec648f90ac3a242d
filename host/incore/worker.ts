// Runs guests in a child process: the job module of the pool in children.ts.
//
// Spec: as functions.ts. Host functions return synchronously: `lookup` calls the runtime in this process, on the state
// of the context block, read from the node's database.
import { utf8 } from '../bytes/index.js';
import { coreJamApi } from '../contract/index.js';
import { LmdbDatabase } from '../db/index.js';
import { guestModuleFolder, guestModules, Runtime, runGuest } from '../executor/index.js';
import { Overlay, StateStore } from '../state/index.js';
import type { StateView } from '../state/index.js';
import type { ModuleCache } from '../vm/index.js';
import { functionsOf, given, preimages } from './functions.js';
import type { ChildSettings, GuestAnswer, GuestJob } from './job.js';
import type { GuestView } from './runner.js';
import { ScratchReader } from './scratch.js';

const MODULE_BYTES_MAX = 64 * 2 ** 20;
const STATE_CACHE_BYTES = 16 * 2 ** 20;
const LOG_LINES_MAX = 64;
const CODE_KEY = utf8(':code');

/** What a child keeps between jobs. */
interface Kept {
  readonly modules: ModuleCache;
  states?: { readonly database: LmdbDatabase; readonly store: StateStore };
}

const kept = new Map<string, Kept>();
const reader = new ScratchReader();

/** One job of the pool. A guest's failure is a result; an exception is a failure of this machine. */
export async function run(job: GuestJob): Promise<GuestAnswer> {
  const mine = keptFor(job.settings);
  const lines: (readonly [number, string, string])[] = [];
  const result = runGuest({
    code: job.code,
    codeHash: job.codeHash,
    entry: job.entry,
    weight: job.weight,
    ...(job.outputBytesMax !== undefined && { outputBytesMax: job.outputBytesMax }),
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
  let ask: Lookup | undefined;
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

function stateOf(mine: Kept, { database }: ChildSettings, root: Uint8Array): StateView {
  if (mine.states === undefined) {
    const opened = new LmdbDatabase(given(database, 'the database'), { readOnly: true });
    mine.states = { database: opened, store: new StateStore(opened, { cacheBytes: STATE_CACHE_BYTES }) };
  }
  mine.states.database.refresh();
  return mine.states.store.at(root);
}

type Lookup = NonNullable<GuestView['chain']>['lookup'];

/** `CoreJamApi.lookup` on a state, called on the runtime in that state. */
function lookupIn(state: StateView): Lookup {
  const runtime = Runtime.load(given(state.get(CODE_KEY), 'the runtime'));
  const call = (method: string, args: Uint8Array): Uint8Array => runtime.call(method, args, new Overlay(state));
  return preimages(
    (hash) => coreJamApi.lookupLength(call, hash),
    (hash) => coreJamApi.lookup(call, hash),
  );
}
