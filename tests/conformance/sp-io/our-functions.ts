// Runs lists of host calls on this project's host functions, directly: without a runtime that calls them.
import { fromHex, toHex } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import { Allocator } from '../../../host/executor/allocator.js';
import { trapReason } from '../../../host/executor/errors.js';
import { HOST_FUNCTIONS } from '../../../host/executor/families/index.js';
import { RuntimeHost } from '../../../host/executor/host.js';
import { fatAddress, fatLength, fatPointer, LinearMemory } from '../../../host/executor/memory.js';
import { Overlay, StateStore } from '../../../host/state/index.js';

/** Bytes as a fat pointer, bytes by their address, or an integer. Bytes are hex. */
export type Argument = { readonly fat: string } | { readonly at: string } | number;

/** The result: bytes of a fat pointer, so many bytes at an address, an integer, or nothing. */
type Form = 'fat' | number | 'i32' | 'i64' | 'none';

export type Step = readonly [name: string, form: Form, ...args: Argument[]];

/** Blocks of steps. After each block its changes become the stored state. */
export type Scenario = readonly (readonly Step[])[];

/** Hex, an integer as text, nothing, or the end of the scenario. */
export type Outcome = string | null | { readonly trap: string };

/** What one block of a scenario did. `root`: that of the stored state after it, or 'none'; left out after a trap. */
export interface BlockResult {
  readonly outcomes: readonly Outcome[];
  readonly root?: string;
}

const MEMORY_PAGES = 64;

/** Runs one scenario. The message of a trap is `''`, because messages differ between implementations. */
export function runOurs(scenario: Scenario): BlockResult[] {
  const store = new StateStore(new MemoryDatabase());
  let view = store.empty;
  const results: BlockResult[] = [];
  for (const steps of scenario) {
    const overlay = new Overlay(view);
    const host = new RuntimeHost(overlay, {}, () => {
      throw new Error('no scenario has a runtime');
    });
    const memory = new LinearMemory(new WebAssembly.Memory({ initial: MEMORY_PAGES }));
    host.attach(memory, new Allocator(8), {});
    const outcomes: Outcome[] = [];
    for (const step of steps) {
      const outcome = runStep(host, step);
      outcomes.push(outcome);
      if (isTrap(outcome)) return [...results, { outcomes }];
    }
    while (host.openTransactions > 0) overlay.rollback();
    const root = committed(store, overlay);
    if (root === undefined) return [...results, { outcomes, root: 'none' }];
    view = store.at(root);
    results.push({ outcomes, root: toHex(root) });
  }
  return results;
}

/** The root of the state, which is stored; undefined if the runtime made a state that has none. */
function committed(store: StateStore, overlay: Overlay): Uint8Array | undefined {
  try {
    return store.commit(overlay, 1).root;
  } catch (error) {
    if (trapReason(error) === undefined) throw error;
    return undefined;
  }
}

export function isTrap(outcome: Outcome): outcome is { trap: string } {
  return typeof outcome === 'object' && outcome !== null;
}

function runStep(host: RuntimeHost, [name, form, ...args]: Step): Outcome {
  const { params, run } = HOST_FUNCTIONS.get(name)!;
  const values = args.map((arg, i) => {
    if (typeof arg === 'number') return params[i] === 'i64' ? BigInt(arg) : arg;
    if ('at' in arg) return host.giveAt(fromHex(arg.at));
    const bytes = fromHex(arg.fat);
    return fatPointer(host.giveAt(bytes), bytes.length);
  });
  try {
    return outcomeOf(host, form, run(host, ...values));
  } catch (error) {
    if (trapReason(error) === undefined) throw error;
    return { trap: '' };
  }
}

function outcomeOf(host: RuntimeHost, form: Form, value: number | bigint | void): Outcome {
  if (value === undefined) return null;
  if (form === 'fat') {
    const fat = value as bigint;
    return toHex(host.memory.at(fatAddress(fat), fatLength(fat), 'result'));
  }
  if (typeof form === 'number') return toHex(host.viewAt(value as number, form, 'result'));
  return String(form === 'i64' ? BigInt.asIntN(64, value as bigint) : (value as number) | 0);
}
