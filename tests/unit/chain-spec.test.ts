// chain-spec/: the specs and genesis documents that come with the package, and the schema that editors check specs by.
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUNTIME } from '../../compiler/build.js';
import { parse } from '../../compiler/compile.js';
import { readTarget } from '../../compiler/target.js';
import { fromHex, Reader, Writer } from '../../host/bytes/index.js';
import { MemoryDatabase } from '../../host/db/index.js';
import { checkChainSpec, InvalidChainSpec, KeyRing, rawChainSpec, readChainSpec } from '../../host/node/index.js';
import { jsonLoss } from '../../host/node/json-loss.js';
import type { Json, JsonObject } from '../../host/node/json.js';
import { loadChainRuntime } from '../../host/node/runtimes.js';
import { Overlay, StateStore } from '../../host/state/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'chain-spec');
const json = (...path: string[]): JsonObject => JSON.parse(readFileSync(join(folder, ...path), 'utf8')) as JsonObject;

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
ajv.addSchema(json('schema.json'));
/** What is wrong with `value` by the schema, or by one of its definitions. */
function faults(value: unknown, definition = ''): unknown[] {
  const validate = ajv.getSchema(`corejam:chain-spec${definition}`)!;
  return validate(value) === true ? [] : validate.errors!;
}

const SPECS = ['dev', 'local'];
const PRESETS = readdirSync(join(folder, 'presets')).map((file) => file.replace('.json', ''));
const spec = readChainSpec(join(folder, 'dev.json'));
const code = spec.genesis.kind === 'runtime' ? spec.genesis.code : new Uint8Array();

// The compiler embeds presets by way of JSON.parse.
test.each(PRESETS)('the preset %s has each key once, and no number that is too large', (name) => {
  expect(jsonLoss(readFileSync(join(folder, 'presets', `${name}.json`), 'utf8'))).toBeUndefined();
});

describe('the specs', () => {
  test.each(SPECS)('%s and what is built of it follow the schema', (name) => {
    for (const file of [name, `${name}.plain`, `${name}.raw`])
      expect([file, faults(json(`${file}.json`))]).toEqual([file, []]);
  });

  test.each(SPECS)('%s is built in the forms that `corejam build-spec` prints', (name) => {
    for (const [form, flags] of Object.entries({ plain: [], raw: ['--raw'] })) {
      const args = ['bin/corejam.mjs', 'build-spec', '--chain', name, ...flags];
      const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 24 });
      expect(readFileSync(join(folder, `${name}.${form}.json`), 'utf8') === stdout).toBe(true);
    }
  });
});

test('scale follows the schema; its runtime is built by a switch, with the preset', async () => {
  expect(faults(json('scale.json'))).toEqual([]);
  expect(json('scale.json').genesis).toEqual({
    runtimeGenesis: { code: '../build/runtime.scale.wasm', preset: 'scale' },
  });
  const presets = async (target: 'debug' | 'scale'): Promise<string[]> => {
    const { runtime } = await parse({ root, entry: RUNTIME, target: readTarget(root, target) });
    return [...runtime!.presets.keys()];
  };
  expect(await presets('scale')).toEqual(['development', 'local_testnet', 'scale']);
  expect(await presets('debug')).toEqual(['development', 'local_testnet']);
});

test('the preset of scale has 512 cores, and 1,023 validators whose keys a development chain has', () => {
  const { validators, coretime } = json('presets', 'scale.json') as {
    validators: { keys: string[] };
    coretime: object;
  };
  expect(coretime).toEqual({ cores: 512 });
  expect(validators.keys).toHaveLength(1_023);
  const ring = KeyRing.development();
  expect(validators.keys.filter((key) => ring.find(fromHex(key)) === undefined)).toEqual([]);
});

describe('the genesis documents', () => {
  test.each(PRESETS)('%s follows the schema', (name) => {
    expect(faults(json('presets', `${name}.json`), '#/$defs/config')).toEqual([]);
  });

  test('are those of the runtime, member by member, for each preset that it has', () => {
    const runtime = loadChainRuntime(code);
    const call = (method: string, args: Uint8Array = new Uint8Array()): Reader =>
      new Reader(
        runtime.call(`GenesisBuilder_${method}`, args, new Overlay(new StateStore(new MemoryDatabase()).empty)),
      );
    const names = call('preset_names').vec((reader) => reader.str());
    expect(names).toContain('development');
    for (const name of names) {
      const args = new Writer().option(name, (writer, value) => writer.str(value)).finish();
      expect(existsSync(join(folder, 'presets', `${name}.json`))).toBe(true);
      expect(call('get_preset', args).option((reader) => reader.str())).toBe(
        JSON.stringify(json('presets', `${name}.json`)),
      );
    }
  });

  test.each([
    ['dev', 'development'],
    ['local', 'local_testnet'],
  ])('the first state of %s is that of %s', (name, preset) => {
    const config = json('presets', `${preset}.json`);
    const { genesis } = rawChainSpec(readChainSpec(join(folder, `${name}.json`)));
    expect(genesis).toEqual(rawChainSpec({ ...spec, genesis: { kind: 'runtime', code, config } }).genesis);
  });
});

test('the schema has the members of a genesis document that the pallets declare', async () => {
  const { runtime } = await parse({ root, entry: RUNTIME, target: readTarget(root, 'debug') });
  const declared = runtime!.pallets
    .filter(({ genesis }) => genesis.length > 0)
    .map(({ name, genesis }) => [name[0]!.toLowerCase() + name.slice(1), genesis.map((member) => member.name).sort()]);
  const { properties } = ajv.getSchema('corejam:chain-spec#/$defs/config')!.schema as {
    properties: Record<string, { properties: object }>;
  };
  const written = Object.entries(properties).map(([name, pallet]) => [name, Object.keys(pallet.properties).sort()]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(declared));
});

describe('the schema and the node', () => {
  const good = { name: 'Chain', id: 'chain', chainType: 'Local', genesis: { runtimeGenesis: { code: '0x00' } } };
  const accepted = (value: unknown): boolean => {
    try {
      checkChainSpec(value as Json, folder);
      return true;
    } catch (error) {
      if (error instanceof InvalidChainSpec) return false;
      throw error;
    }
  };
  const genesisOf = (runtimeGenesis: object): object => ({ ...good, genesis: { runtimeGenesis } });

  test.each<[object, boolean]>([
    [good, true],
    [{ ...good, $schema: './schema.json', bootNodes: [], telemetryEndpoints: null, protocolId: null }, true],
    [{ ...good, properties: null }, true],
    [{ ...good, properties: { ss58Format: 42, tokenDecimals: [12, 10], tokenSymbol: ['A', 'B'], other: true } }, true],
    [genesisOf({ code: '../build/runtime.wasm', preset: 'development', patch: { sudo: null } }), true],
    [genesisOf({ code: '0x00', config: { coretime: { cores: 4 } } }), true],
    [{ ...good, genesis: { raw: { top: { '0x3a636f6465': '0x00' }, childrenDefault: { '0x01': {} } } } }, true],
    [[], false],
    [{ ...good, bootnodes: [] }, true],
    [{ ...good, name: undefined }, false],
    [{ ...good, name: '' }, false],
    [{ ...good, id: 'a b' }, true],
    [{ ...good, id: 'a/b' }, false],
    [{ ...good, chainType: 'Test' }, false],
    [{ ...good, chainType: { Custom: 'Test' } }, true],
    [{ ...good, chainType: undefined }, true],
    [{ ...good, para_id: 1_000, unknown: null }, true],
    [{ ...good, properties: { ss58Format: 16_384 } }, false],
    [{ ...good, properties: { tokenDecimals: 1.5 } }, false],
    [{ ...good, genesis: {} }, false],
    [{ ...good, genesis: { ...good.genesis, raw: { top: { '0x3a636f6465': '0x00' } } } }, false],
    [genesisOf({}), false],
    [genesisOf({ code: '0x0' }), false],
    [genesisOf({ code: '0x00', patches: {} }), false],
    [genesisOf({ code: '0x00', preset: '' }), false],
    [genesisOf({ code: '0x00', config: {}, patch: {} }), false],
    [genesisOf({ code: '0x00', config: {}, preset: 'development' }), false],
    [{ ...good, genesis: { raw: { top: {} } } }, false],
    [{ ...good, genesis: { raw: { top: { '0x3a636f6465': '0x00', abc: '0x' } } } }, false],
    [{ ...good, genesis: { raw: [{ '0x3a636f6465': '0x00' }, { '0x01': { '0x02': '0x03' } }] } }, true],
    [{ ...good, genesis: { raw: [{ '0x3a636f6465': '0x00' }] } }, false],
  ])('agree on %j', (value, good) => {
    const text = JSON.parse(JSON.stringify(value)) as unknown;
    expect([accepted(text), faults(text).length === 0]).toEqual([good, good]);
  });
});
