// Chain specs: the JSON file with a chain's name, properties and genesis.
//
// The layout is Substrate's. `genesis` has one of these forms:
//   { "runtimeGenesis": { "code": "0x…" | "path.wasm", "preset"?: "name", "patch"?: {…} } }   built by the runtime
//   { "runtimeGenesis": { "code": …, "config": {…} } }   the same, from a complete configuration
//   { "raw": { "top": { "0x…": "0x…" }, "childrenDefault": { "0x…": { "0x…": "0x…" } } } }   the storage itself
//   { "raw": [{ "0x…": "0x…" }, { "0x…": { "0x…": "0x…" } }] }   the same, as older specs have it
// Fields of the spec that this node does not use are kept: other nodes, light clients and parachains have theirs. Each mistake is an InvalidChainSpec with one sentence that names the field. genesis.ts builds the storage.
import { dirname, resolve } from 'node:path';
import { fromHex, toHex } from '../bytes/index.js';
import { FileRefused, readRegularFile } from '../files/index.js';
import { InvalidChainSpec } from './errors.js';
import { jsonLoss } from './json-loss.js';
import { isObject, type Json, type JsonObject } from './json.js';

const CHAIN_TYPES = ['Development', 'Local', 'Live'] as const;
/** What a chain is for: one of Substrate's types, or one of the spec's own. */
export type ChainType = (typeof CHAIN_TYPES)[number] | { Custom: string };

/** Keys and values of storage, as the raw form lists them. */
type Entries = [Uint8Array, Uint8Array][];

/** The source of the genesis state. */
export type Genesis =
  | { kind: 'runtime'; code: Uint8Array; preset?: string; patch?: JsonObject; config?: JsonObject }
  | { kind: 'raw'; top: Entries; children: [storageKey: Uint8Array, entries: Entries][] };

/** A valid chain spec. */
export interface ChainSpec {
  name: string;
  /** Identifies the chain to its node: no control characters, `/` or `\\`. */
  id: string;
  chainType: ChainType;
  /** For clients: `ss58Format`, `tokenDecimals`, `tokenSymbol`. */
  properties: JsonObject;
  genesis: Genesis;
  /** The fields that this node does not use, as the spec has them. */
  others?: JsonObject;
}

/** Fields with a meaning here. `$schema` names a file relative to the spec, so that it is not kept. */
const USED = ['$schema', 'name', 'id', 'chainType', 'properties', 'genesis'];
const SPEC_BYTES_MAX = 64 << 20;
/** No runtime is accepted that is larger. */
const CODE_BYTES_MAX = 64 << 20;

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
  if (tokenDecimals !== undefined && tokenDecimals !== null && ![tokenDecimals].flat().every(whole(255))) {
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
    return readRegularFile(path, CODE_BYTES_MAX);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const problem = error.code === 'ENOENT' ? 'does not exist' : `can't be read: ${error.reason}`;
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

/** The two parts of a raw genesis, in either form. */
function rawParts(value: Json): { top: JsonObject; tries: JsonObject } {
  if (Array.isArray(value)) {
    if (value.length !== 2) fail('`genesis.raw` in the chain spec, as a list, must have two elements');
    return { top: object(value[0], 'genesis.raw[0]'), tries: object(value[1], 'genesis.raw[1]') };
  }
  const raw = object(value, 'genesis.raw');
  onlyFields(raw, ['top', 'childrenDefault'], '`genesis.raw` in the chain spec');
  return {
    top: object(raw.top, 'genesis.raw.top'),
    tries: raw.childrenDefault === undefined ? {} : object(raw.childrenDefault, 'genesis.raw.childrenDefault'),
  };
}

function rawGenesis(value: Json): Genesis {
  const parts = rawParts(value);
  const top = entries(parts.top, '`genesis.raw.top`');
  const storageKeys = hexKeys(parts.tries, '`genesis.raw.childrenDefault`');
  const children = Object.entries(parts.tries).map(([key, child], index): [Uint8Array, Entries] => {
    const where = `genesis.raw.childrenDefault.${key}`;
    return [storageKeys[index]!, entries(object(child, where), `\`${where}\``)];
  });
  if (!top.some(([key]) => Buffer.from(key).toString() === ':code')) {
    fail('`genesis.raw.top` in the chain spec has no `:code` (0x3a636f6465), so the chain would have no runtime');
  }
  return { kind: 'raw', top, children };
}

/** The type of a chain; Live where a spec names none, as in Substrate. */
function chainType(value: Json | undefined): ChainType {
  if (value === undefined) return 'Live';
  const named = CHAIN_TYPES.find((type) => type === value);
  if (named !== undefined) return named;
  if (isObject(value) && Object.keys(value).join() === 'Custom' && typeof value.Custom === 'string') {
    return { Custom: value.Custom };
  }
  return fail(
    `\`chainType\` in the chain spec must be one of ${CHAIN_TYPES.join(', ')} or {"Custom": "…"}, not ${JSON.stringify(value)}`,
  );
}

/** A chain's type as a word of a sentence. */
export const chainTypeText = (type: ChainType): string => (typeof type === 'string' ? type : type.Custom);

/**
 * Checks a chain spec's JSON. A relative path of the code starts at `folder`; without one, code must be hex. Throws
 * InvalidChainSpec.
 */
export function checkChainSpec(value: Json, folder?: string): ChainSpec {
  if (!isObject(value)) return fail('a chain spec must be a JSON object');
  const id = nonEmptyString(value.id, 'id');
  if (/[\p{Cc}/\\]/u.test(id))
    fail(`\`id\` in the chain spec must have no control characters, / and \\, not ${JSON.stringify(id)}`);
  const genesis = object(value.genesis, 'genesis');
  if (genesis.stateRootHash !== undefined) {
    fail(
      '`genesis` in the chain spec has only the root hash of the state, which is enough for a light client: take the spec ' +
        'with the whole genesis, `runtimeGenesis` or `raw`',
    );
  }
  onlyFields(genesis, ['runtimeGenesis', 'raw'], '`genesis` in the chain spec');
  if ((genesis.runtimeGenesis === undefined) === (genesis.raw === undefined)) {
    fail('`genesis` in the chain spec must have either `runtimeGenesis` or `raw`');
  }
  const others = Object.fromEntries(Object.entries(value).filter(([key]) => !USED.includes(key)));
  return {
    name: nonEmptyString(value.name, 'name'),
    id,
    chainType: chainType(value.chainType),
    properties: properties(value.properties),
    genesis:
      genesis.raw === undefined
        ? runtimeGenesis(object(genesis.runtimeGenesis, 'genesis.runtimeGenesis'), folder)
        : rawGenesis(genesis.raw),
    ...(Object.keys(others).length === 0 ? {} : { others }),
  };
}

/** Reads and checks a chain spec file. Throws InvalidChainSpec. */
export function readChainSpec(path: string): ChainSpec {
  let text: string;
  try {
    text = Buffer.from(readRegularFile(path, SPEC_BYTES_MAX)).toString('utf8');
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return fail(
      error.code === 'ENOENT'
        ? `there is no chain spec at ${path}`
        : `the chain spec ${path} can't be read: ${error.reason}`,
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
    ...spec.others,
    genesis: genesisJson(spec.genesis),
  };
}
