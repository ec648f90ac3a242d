// Chain specs: the JSON file with a chain's name, properties and genesis.
//
// The layout is Substrate's. `genesis` has one of these forms:
//   { "runtimeGenesis": { "code": "0x…" | "path.wasm", "preset"?: "name", "patch"?: {…} } }   built by the runtime
//   { "runtimeGenesis": { "code": …, "config": {…} } }   the same, from a complete configuration
//   { "raw": { "top": { "0x…": "0x…" }, "childrenDefault": { "0x…": { "0x…": "0x…" } } } }   the storage itself
// Each mistake is an InvalidChainSpec with one sentence that names the field. genesis.ts builds the storage.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fromHex, toHex } from '../bytes/index.js';
import { InvalidChainSpec } from './errors.js';
import { jsonLoss } from './json-loss.js';
import { isObject, type Json, type JsonObject } from './json.js';

const CHAIN_TYPES = ['Development', 'Local', 'Live'] as const;
type ChainType = (typeof CHAIN_TYPES)[number];

/** Keys and values of storage, as the raw form lists them. */
type Entries = [Uint8Array, Uint8Array][];

/** The source of the genesis state. */
export type Genesis =
  | { kind: 'runtime'; code: Uint8Array; preset?: string; patch?: JsonObject; config?: JsonObject }
  | { kind: 'raw'; top: Entries; children: [storageKey: Uint8Array, entries: Entries][] };

/** A valid chain spec. */
export interface ChainSpec {
  name: string;
  /** Identifies the chain to its node: letters, digits, `_`, `-`. */
  id: string;
  chainType: ChainType;
  /** For clients: `ss58Format`, `tokenDecimals`, `tokenSymbol`. */
  properties: JsonObject;
  genesis: Genesis;
}

/** Fields that editors or other nodes read and this one does not use. */
const IGNORED = [
  '$schema',
  'bootNodes',
  'telemetryEndpoints',
  'protocolId',
  'forkId',
  'forkBlocks',
  'badBlocks',
  'codeSubstitutes',
  'consensusEngine',
  'lightSyncState',
];
const FIELDS = ['name', 'id', 'chainType', 'properties', 'genesis', ...IGNORED];
const SPEC_BYTES_MAX = 64 << 20;

const fail = (sentence: string): never => {
  throw new InvalidChainSpec(sentence);
};

function object(value: Json | undefined, where: string): JsonObject {
  if (value === undefined) return fail(`the chain spec has no \`${where}\``);
  return isObject(value) ? value : fail(`\`${where}\` in the chain spec must be an object`);
}

function onlyFields(value: JsonObject, allowed: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((key) => !allowed.includes(key));
  if (unknown !== undefined) {
    fail(`${where} has a field \`${unknown}\`, which is not known here; the known fields are ${allowed.join(', ')}`);
  }
}

function nonEmptyString(value: Json | undefined, where: string): string {
  if (value === undefined) return fail(`the chain spec has no \`${where}\``);
  return typeof value === 'string' && value !== '' && value.length <= 128
    ? value
    : fail(`\`${where}\` in the chain spec must be a string of 1 to 128 characters`);
}

function hex(value: Json | undefined, where: string): Uint8Array {
  if (typeof value !== 'string')
    return fail(`${where} in the chain spec must be a string of hex digits that starts with 0x`);
  try {
    return fromHex(value);
  } catch (error) {
    return fail(`${where} in the chain spec is not hex: ${(error as Error).message}`);
  }
}

function properties(value: Json | undefined): JsonObject {
  if (value === undefined || value === null) return {};
  const found = object(value, 'properties');
  const { ss58Format, tokenDecimals } = found;
  const whole =
    (max: number) =>
    (value: Json): boolean =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
  if (ss58Format !== undefined && ss58Format !== null && !whole(16383)(ss58Format)) {
    fail('`properties.ss58Format` in the chain spec must be a whole number from 0 to 16383');
  }
  if (tokenDecimals !== undefined && ![tokenDecimals].flat().every(whole(255))) {
    fail('`properties.tokenDecimals` in the chain spec must be a whole number from 0 to 255, or a list of such');
  }
  return found;
}

/** The runtime's code: hex in the spec, or a file named relative to the spec's folder. */
function code(value: Json | undefined, folder: string | undefined): Uint8Array {
  const where = '`genesis.runtimeGenesis.code`';
  if (typeof value !== 'string') {
    return fail(`${where} in the chain spec must be the runtime's code in hex, or the path of a Wasm file`);
  }
  if (value.startsWith('0x')) return hex(value, where);
  if (folder === undefined) return fail(`${where} in the chain spec must be hex that starts with 0x`);
  const path = resolve(folder, value);
  try {
    return readFileSync(path);
  } catch (error) {
    const { code: reason } = error as NodeJS.ErrnoException;
    const problem = reason === 'ENOENT' ? 'does not exist' : `can't be read (${reason})`;
    return fail(`${where} in the chain spec names the file ${path}, which ${problem}`);
  }
}

function runtimeGenesis(value: JsonObject, folder: string | undefined): Genesis {
  onlyFields(value, ['code', 'preset', 'patch', 'config'], '`genesis.runtimeGenesis` in the chain spec');
  const genesis: Genesis = { kind: 'runtime', code: code(value.code, folder) };
  if (value.preset !== undefined) genesis.preset = nonEmptyString(value.preset, 'genesis.runtimeGenesis.preset');
  if (value.patch !== undefined) genesis.patch = object(value.patch, 'genesis.runtimeGenesis.patch');
  if (value.config !== undefined) genesis.config = object(value.config, 'genesis.runtimeGenesis.config');
  if (genesis.config !== undefined && (genesis.preset !== undefined || genesis.patch !== undefined)) {
    fail(
      '`genesis.runtimeGenesis` in the chain spec has `config`, a whole configuration, beside a `preset` or a `patch`; ' +
        'keep one of the two',
    );
  }
  return genesis;
}

function entries(value: JsonObject, where: string): Entries {
  const keys = hexKeys(value, where);
  return Object.entries(value).map(([key, item], index) => [
    keys[index]!,
    hex(item, `the value at ${key} of ${where}`),
  ]);
}

/** The keys of an object in hex. The same bytes may be written in upper and in lower case: once only. */
function hexKeys(value: JsonObject, where: string): Uint8Array[] {
  const seen = new Set<string>();
  return Object.keys(value).map((key) => {
    const bytes = hex(key, `the key ${JSON.stringify(key)} of ${where}`);
    if (seen.has(toHex(bytes))) fail(`${where} in the chain spec has the key ${toHex(bytes)} twice`);
    seen.add(toHex(bytes));
    return bytes;
  });
}

function rawGenesis(value: JsonObject): Genesis {
  onlyFields(value, ['top', 'childrenDefault'], '`genesis.raw` in the chain spec');
  const top = entries(object(value.top, 'genesis.raw.top'), '`genesis.raw.top`');
  const tries = value.childrenDefault === undefined ? {} : object(value.childrenDefault, 'genesis.raw.childrenDefault');
  const storageKeys = hexKeys(tries, '`genesis.raw.childrenDefault`');
  const children = Object.entries(tries).map(([key, child], index): [Uint8Array, Entries] => {
    const where = `genesis.raw.childrenDefault.${key}`;
    return [storageKeys[index]!, entries(object(child, where), `\`${where}\``)];
  });
  if (!top.some(([key]) => Buffer.from(key).toString() === ':code')) {
    fail('`genesis.raw.top` in the chain spec has no `:code` (0x3a636f6465), so the chain would have no runtime');
  }
  return { kind: 'raw', top, children };
}

/**
 * Checks a chain spec's JSON. A relative path of the code starts at `folder`; without one, code must be hex. Throws
 * InvalidChainSpec.
 */
export function checkChainSpec(value: Json, folder?: string): ChainSpec {
  if (!isObject(value)) return fail('a chain spec must be a JSON object');
  onlyFields(value, FIELDS, 'the chain spec');
  const id = nonEmptyString(value.id, 'id');
  if (!/^[\w-]+$/.test(id))
    fail(`\`id\` in the chain spec must hold letters, digits, _ and - only, not ${JSON.stringify(id)}`);
  const chainType =
    CHAIN_TYPES.find((type) => type === value.chainType) ??
    fail(
      `\`chainType\` in the chain spec must be one of ${CHAIN_TYPES.join(', ')}, ` +
        `not ${JSON.stringify(value.chainType) ?? 'absent'}`,
    );
  const genesis = object(value.genesis, 'genesis');
  onlyFields(genesis, ['runtimeGenesis', 'raw'], '`genesis` in the chain spec');
  if ((genesis.runtimeGenesis === undefined) === (genesis.raw === undefined)) {
    fail('`genesis` in the chain spec must have either `runtimeGenesis` or `raw`');
  }
  return {
    name: nonEmptyString(value.name, 'name'),
    id,
    chainType,
    properties: properties(value.properties),
    genesis:
      genesis.raw === undefined
        ? runtimeGenesis(object(genesis.runtimeGenesis, 'genesis.runtimeGenesis'), folder)
        : rawGenesis(object(genesis.raw, 'genesis.raw')),
  };
}

/** Reads and checks a chain spec file. Throws InvalidChainSpec. */
export function readChainSpec(path: string): ChainSpec {
  let text: string;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > SPEC_BYTES_MAX) return fail(`the chain spec ${path} is larger than ${SPEC_BYTES_MAX >> 20} MiB`);
    text = bytes.toString('utf8');
  } catch (error) {
    if (error instanceof InvalidChainSpec) throw error;
    const { code: reason } = error as NodeJS.ErrnoException;
    return fail(
      reason === 'ENOENT' ? `there is no chain spec at ${path}` : `the chain spec ${path} can't be read (${reason})`,
    );
  }
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    return fail(`the chain spec ${path} is not JSON: ${(error as Error).message}`);
  }
  const loss = jsonLoss(text);
  if (loss !== undefined) fail(`the chain spec ${path} ${loss}`);
  return checkChainSpec(json, dirname(path));
}

const storageJson = (items: Entries): JsonObject =>
  Object.fromEntries(items.map(([key, value]) => [toHex(key), toHex(value)]));

function genesisJson(genesis: Genesis): JsonObject {
  if (genesis.kind === 'raw') {
    return {
      raw: {
        top: storageJson(genesis.top),
        childrenDefault: Object.fromEntries(genesis.children.map(([key, items]) => [toHex(key), storageJson(items)])),
      },
    };
  }
  const { code: wasm, preset, patch, config } = genesis;
  return {
    runtimeGenesis: {
      code: toHex(wasm),
      ...(preset === undefined ? {} : { preset }),
      ...(patch === undefined ? {} : { patch }),
      ...(config === undefined ? {} : { config }),
    },
  };
}

/** The spec as JSON, in the layout that Substrate's tools and light clients read. */
export function chainSpecJson(spec: ChainSpec): JsonObject {
  return {
    name: spec.name,
    id: spec.id,
    chainType: spec.chainType,
    bootNodes: [],
    telemetryEndpoints: null,
    protocolId: null,
    properties: spec.properties,
    codeSubstitutes: {},
    genesis: genesisJson(spec.genesis),
  };
}
