// The genesis block: its state from a chain spec, and its header.
//
// The runtime's GenesisBuilder API builds the state from the spec's complete configuration, or from its default preset,
// patched (RFC 7396, JSON merge patch) by the preset that the spec names and then by the spec's patch.
import { Reader, startsWith, text, toHex, utf8, Writer } from '../bytes/index.js';
import { MemoryDatabase } from '../db/index.js';
import { InvalidRuntime, RuntimeTrap, UnknownEntryPoint } from '../executor/index.js';
import { DEFAULT_CHILD_PREFIX, Overlay, StateStore } from '../state/index.js';
import { orderedTrieRoot } from '../trie/index.js';
import type { ChainSpec, Genesis } from './chain-spec.js';
import { InvalidChainSpec } from './errors.js';
import { jsonLoss } from './json-loss.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { CODE_KEY, loadChainRuntime, stateVersionOf, type ChainRuntime, type LoadRuntime } from './runtimes.js';
import type { Header } from './types.js';

/** The genesis state, not yet committed. */
export interface GenesisState {
  overlay: Overlay;
  stateVersion: 0 | 1;
}

/** RFC 7396: objects merge field by field, null removes, anything else replaces. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = { ...(isObject(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key] ?? null, value);
  }
  return merged;
}

function runtimeOf(code: Uint8Array, load: LoadRuntime): ChainRuntime {
  try {
    return load(code);
  } catch (error) {
    if (error instanceof InvalidRuntime) {
      throw new InvalidChainSpec(`the runtime in the chain spec can't be used: ${error.message}`);
    }
    throw error;
  }
}

/** Calls the GenesisBuilder API. Throws InvalidChainSpec if the runtime lacks it or traps. */
function callBuilder(runtime: ChainRuntime, method: string, args: Uint8Array, overlay: Overlay): Reader {
  try {
    return new Reader(runtime.call(`GenesisBuilder_${method}`, args, overlay));
  } catch (error) {
    if (error instanceof RuntimeTrap || error instanceof UnknownEntryPoint) {
      throw new InvalidChainSpec(`the runtime in the chain spec can't build a genesis: ${error.message}`);
    }
    throw error;
  }
}

function presetNames(runtime: ChainRuntime, scratch: Overlay): string[] {
  return callBuilder(runtime, 'preset_names', new Uint8Array(), scratch).vec((reader) => reader.str());
}

function preset(runtime: ChainRuntime, name: string | undefined, scratch: Overlay): Json {
  const args = new Writer().option(name, (writer, value) => writer.str(value)).finish();
  const found = callBuilder(runtime, 'get_preset', args, scratch).option((reader) => reader.bytes());
  if (found !== undefined) {
    const which = name === undefined ? 'default genesis preset' : `genesis preset ${JSON.stringify(name)}`;
    let json: Json;
    try {
      json = JSON.parse(text(found)) as Json;
    } catch (error) {
      throw new InvalidChainSpec(`the ${which} of the runtime is not JSON: ${(error as Error).message}`);
    }
    const loss = jsonLoss(text(found));
    if (loss !== undefined) throw new InvalidChainSpec(`the ${which} of the runtime ${loss}`);
    return json;
  }
  if (name === undefined) return {};
  const known = presetNames(runtime, scratch).join(', ') || 'none';
  throw new InvalidChainSpec(
    `the runtime in the chain spec has no genesis preset ${JSON.stringify(name)}; it has ${known}`,
  );
}

function buildFromRuntime(
  genesis: Extract<Genesis, { kind: 'runtime' }>,
  overlay: Overlay,
  load: LoadRuntime,
): GenesisState {
  const runtime = runtimeOf(genesis.code, load);
  let config: Json;
  if (genesis.config !== undefined) {
    config = genesis.config;
  } else {
    overlay.begin();
    config = preset(runtime, undefined, overlay);
    if (genesis.preset !== undefined) config = mergePatch(config, preset(runtime, genesis.preset, overlay));
    overlay.rollback();
    if (genesis.patch !== undefined) config = mergePatch(config, genesis.patch);
  }
  const answer = callBuilder(
    runtime,
    'build_state',
    new Writer().bytes(utf8(JSON.stringify(config))).finish(),
    overlay,
  );
  if (answer.u8() !== 0) throw new InvalidChainSpec(`the runtime refused the genesis configuration: ${answer.str()}`);
  overlay.set(CODE_KEY, genesis.code);
  return { overlay, stateVersion: stateVersionOf(runtime) };
}

function buildFromStorage(
  genesis: Extract<Genesis, { kind: 'raw' }>,
  overlay: Overlay,
  load: LoadRuntime,
): GenesisState {
  for (const [key, value] of genesis.top) overlay.set(key, value);
  for (const [storageKey, entries] of genesis.children) {
    const child = overlay.child(storageKey);
    for (const [key, value] of entries) child.set(key, value);
  }
  return { overlay, stateVersion: stateVersionOf(runtimeOf(overlay.get(CODE_KEY)!, load)) };
}

/** Builds the genesis state. Throws InvalidChainSpec. */
export function buildGenesis(spec: ChainSpec, store: StateStore, load: LoadRuntime = loadChainRuntime): GenesisState {
  const overlay = new Overlay(store.empty);
  const { genesis } = spec;
  const built =
    genesis.kind === 'runtime' ? buildFromRuntime(genesis, overlay, load) : buildFromStorage(genesis, overlay, load);
  ensureDistinctAuthorities(runtimeOf(overlay.get(CODE_KEY)!, load), overlay);
  return built;
}

/** Refuses a genesis in which a key authors twice, which a chain spec with plain storage may have. */
function ensureDistinctAuthorities(runtime: ChainRuntime, overlay: Overlay): void {
  overlay.begin();
  let keys: string[];
  try {
    keys = new Reader(runtime.call('AuraApi_authorities', new Uint8Array(), overlay)).vec((r) => toHex(r.raw(32)));
  } catch (error) {
    if (error instanceof UnknownEntryPoint) return; // a chain of another consensus
    if (error instanceof RuntimeTrap)
      throw new InvalidChainSpec(`the runtime in the chain spec can't read its authorities: ${error.message}`);
    throw error;
  } finally {
    overlay.rollback();
  }
  const second = keys.findIndex((key, at) => keys.indexOf(key) !== at);
  if (second < 0) return;
  const key = keys[second]!;
  throw new InvalidChainSpec(
    `the validator key ${key} occurs twice in the genesis of the chain spec, at positions ${keys.indexOf(key)} and ${second}`,
  );
}

/** The header of the genesis block. */
export function genesisHeader(stateRoot: Uint8Array): Header {
  return { parentHash: new Uint8Array(32), number: 0, stateRoot, extrinsicsRoot: orderedTrieRoot([], 0), digest: [] };
}

/** The two patches as one: what a later one removes stays removed in what the whole is applied to. */
function patchBoth(first: JsonObject, second: JsonObject): JsonObject {
  const both: Record<string, Json> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = both[key];
    both[key] = isObject(value) && before !== undefined && isObject(before) ? patchBoth(before, value) : value;
  }
  return both;
}

/**
 * The same spec with the preset that it names as part of its patch, because Substrate's tools know `patch` and `config`
 * only.
 */
export function plainChainSpec(spec: ChainSpec, load: LoadRuntime = loadChainRuntime): ChainSpec {
  const { genesis } = spec;
  if (genesis.kind !== 'runtime' || genesis.config !== undefined) return spec;
  const { preset: name, patch = {}, code } = genesis;
  if (name === undefined) return { ...spec, genesis: { kind: 'runtime', code, patch } };
  const named = preset(runtimeOf(code, load), name, new Overlay(new StateStore(new MemoryDatabase()).empty));
  if (!isObject(named))
    throw new InvalidChainSpec(`the genesis preset ${JSON.stringify(name)} of the runtime is no object`);
  return { ...spec, genesis: { kind: 'runtime', code, patch: patchBoth(named, patch) } };
}

/**
 * The same spec with its genesis as plain storage, which light clients and other nodes read without executing a
 * runtime.
 */
export function rawChainSpec(spec: ChainSpec, load: LoadRuntime = loadChainRuntime): ChainSpec {
  const store = new StateStore(new MemoryDatabase());
  const { overlay, stateVersion } = buildGenesis(spec, store, load);
  const state = store.at(store.commit(overlay, stateVersion).root);
  const top = [...state.entries()].filter(([key]) => !startsWith(key, DEFAULT_CHILD_PREFIX));
  const children = [...state.entries(DEFAULT_CHILD_PREFIX)].map(([key]): [Uint8Array, [Uint8Array, Uint8Array][]] => {
    const storageKey = key.slice(DEFAULT_CHILD_PREFIX.length);
    return [storageKey, [...state.child(storageKey)!.entries()]];
  });
  return { ...spec, genesis: { kind: 'raw', top, children } };
}
