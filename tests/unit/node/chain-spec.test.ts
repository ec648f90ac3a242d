// Chain specs: which are accepted, the sentence for each mistake, genesis by preset and patch, and the raw form.
import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reader, text, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { MemoryDatabase } from '../../../host/db/index.js';
import {
  buildGenesis,
  chainSpecJson,
  checkChainSpec,
  devKey,
  InvalidChainSpec,
  plainChainSpec,
  rawChainSpec,
  readChainSpec,
  type ChainSpec,
} from '../../../host/node/index.js';
import { mergePatch } from '../../../host/node/genesis.js';
import { StateStore, type Overlay } from '../../../host/state/index.js';
import { FakeRuntime } from './fake-runtime.js';

const folder = mkdtempSync(join(tmpdir(), 'corejam-spec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = {
  name: 'Chain',
  id: 'chain',
  chainType: 'Local',
  properties: { tokenSymbol: 'X' },
  genesis: { runtimeGenesis: { code: '0x0102', preset: 'development' } },
};
const check = (value: unknown): ChainSpec => checkChainSpec(value as never);
const load = () => new FakeRuntime();
const build = (runtimeGenesis: unknown) =>
  buildGenesis(check({ ...good, genesis: { runtimeGenesis } }), new StateStore(new MemoryDatabase()), load);

describe('checking', () => {
  test('a valid spec, and one with fields that other nodes write', () => {
    expect(check(good)).toEqual({
      ...good,
      genesis: { kind: 'runtime', code: Uint8Array.of(1, 2), preset: 'development' },
    });
    expect(check({ ...good, bootNodes: [], telemetryEndpoints: null, protocolId: null, codeSubstitutes: {} }).id).toBe(
      'chain',
    );
  });

  test.each<[unknown, string]>([
    [[], 'a chain spec must be a JSON object'],
    [{ ...good, name: undefined }, 'the chain spec has no `name`'],
    [{ ...good, name: '' }, '`name` in the chain spec must be a string of 1 to 128 characters'],
    [{ ...good, id: 'a/b' }, '`id` in the chain spec must have no control characters, / and \\, not "a/b"'],
    [
      { ...good, chainType: 'Test' },
      '`chainType` in the chain spec must be one of Development, Local, Live or {"Custom": "…"}, not "Test"',
    ],
    [{ ...good, chainType: { Custom: 1 } }, 'or {"Custom": "…"}, not {"Custom":1}'],
    [{ ...good, chainType: null }, 'or {"Custom": "…"}, not null'],
    [{ ...good, genesis: { raw: [{}] } }, '`genesis.raw` in the chain spec, as a list, must have two elements'],
    [{ ...good, genesis: { raw: [{}, 1] } }, '`genesis.raw[1]` in the chain spec must be an object'],
    [
      { ...good, properties: { ss58Format: 'x' } },
      '`properties.ss58Format` in the chain spec must be a whole number from 0 to 16383',
    ],
    [
      { ...good, properties: { tokenDecimals: 1.5 } },
      '`properties.tokenDecimals` in the chain spec must be a whole number from 0 to 255, or a list of such',
    ],
    [{ ...good, genesis: undefined }, 'the chain spec has no `genesis`'],
    [
      { ...good, genesis: { stateRootHash: '0x00' } },
      '`genesis` in the chain spec has only the root hash of the state, which is enough for a light client: take the spec with',
    ],
    [{ ...good, genesis: {} }, '`genesis` in the chain spec must have either `runtimeGenesis` or `raw`'],
    [
      { ...good, genesis: { runtimeGenesis: {} } },
      "`genesis.runtimeGenesis.code` in the chain spec must be the runtime's code in hex, or the path of a Wasm file",
    ],
    [
      { ...good, genesis: { runtimeGenesis: { code: '0x0' } } },
      '`genesis.runtimeGenesis.code` in the chain spec is not hex: hex text must have an even number of digits, but "0x0" has an odd number',
    ],
    [
      { ...good, genesis: { runtimeGenesis: { code: '0x00', patches: {} } } },
      '`genesis.runtimeGenesis` in the chain spec has a field `patches`',
    ],
    [
      { ...good, genesis: { runtimeGenesis: { code: '0x00', config: {}, patch: {} } } },
      '`genesis.runtimeGenesis` in the chain spec has `config`, a whole configuration, beside a `preset` or a `patch`; keep one of the two',
    ],
    [
      { ...good, genesis: { raw: { top: {} } } },
      '`genesis.raw.top` in the chain spec has no `:code` (0x3a636f6465), so the chain would have no runtime',
    ],
    [
      { ...good, genesis: { raw: { top: { abc: '0x' } } } },
      'the key "abc" of `genesis.raw.top` in the chain spec is not hex: hex text must start with 0x, but this is "abc"',
    ],
  ])('%#', (value, sentence) => {
    expect(() => check(value)).toThrow(InvalidChainSpec);
    expect(() => check(value)).toThrow(sentence);
  });

  describe('chain specs of others', () => {
    const others = {
      bootNodes: ['/dns/example.org/tcp/30333/p2p/12D3KooW'],
      telemetryEndpoints: [['/dns/telemetry.example.org/tcp/443', 1]],
      lightSyncState: { babeEpochChanges: '0x00' },
      // Of parachains, in both spellings.
      relay_chain: 'rococo-local',
      para_id: 1_000,
      relayChain: 'rococo-local',
      paraId: 1_000,
      evmSince: 1,
      bootnodes: [],
    };

    test('unknown fields are kept and ignored', () => {
      const spec = check({ ...good, $schema: './schema.json', ...others });
      expect(spec.others).toEqual(others);
      const printed = chainSpecJson(spec);
      expect(printed).toMatchObject({ ...others, protocolId: null, codeSubstitutes: {} });
      expect(printed).not.toHaveProperty('$schema');
      expect(check(printed)).toEqual({ ...spec, others: { ...others, protocolId: null, codeSubstitutes: {} } });
    });

    test('chainType defaults to Live, and may be Custom', () => {
      expect(check({ ...good, chainType: undefined }).chainType).toBe('Live');
      const custom = check({ ...good, chainType: { Custom: 'shared' } });
      expect(custom.chainType).toEqual({ Custom: 'shared' });
      expect(chainSpecJson(custom).chainType).toEqual({ Custom: 'shared' });
    });

    test('genesis.raw may have the two-element form', () => {
      const top = { '0x3a636f6465': '0x00', '0x01': '0x02' };
      const children = { '0x03': { '0x04': '0x05' } };
      const genesis = check({ ...good, genesis: { raw: [top, children] } }).genesis;
      expect(genesis).toEqual(check({ ...good, genesis: { raw: { top, childrenDefault: children } } }).genesis);
      expect(genesis).toMatchObject({ kind: 'raw', top: { length: 2 }, children: { length: 1 } });
    });

    test.each(['asset-hub-1.0', 'my chain', 'ksmcc3'])('the id %j', (id) => {
      expect(check({ ...good, id }).id).toBe(id);
    });

    test('amounts as other tools write them, in digits that JSON.parse keeps', () => {
      const path = join(folder, 'amounts.json');
      const amounts = [1_000_000_000_000_000_000, 9_007_199_254_740_992];
      const genesis = { runtimeGenesis: { code: '0x01', patch: { amounts } } };
      writeFileSync(path, JSON.stringify({ ...good, genesis }));
      expect(readChainSpec(path).genesis).toMatchObject({ patch: { amounts } });
    });
  });

  describe('build-spec without --raw prints what the tools of Substrate read', () => {
    // They know `code` with either `patch` or `config`.
    const printed = (runtimeGenesis: object): unknown =>
      chainSpecJson(plainChainSpec(check({ ...good, genesis: { runtimeGenesis } }), load)).genesis;
    const names = (runtimeGenesis: object): string[] =>
      Object.keys((printed(runtimeGenesis) as { runtimeGenesis: object }).runtimeGenesis);

    test.each([
      [{ code: '0x01' }, ['code', 'patch']],
      [{ code: '0x01', preset: 'development' }, ['code', 'patch']],
      [{ code: '0x01', patch: { a: 1 } }, ['code', 'patch']],
      [{ code: '0x01', config: { greeting: 'x' } }, ['code', 'config']],
    ])('%j', (given, expected) => {
      expect(names(given)).toEqual(expected);
      expect(build((printed(given) as { runtimeGenesis: object }).runtimeGenesis).overlay.get(utf8('config'))).toEqual(
        build(given).overlay.get(utf8('config')),
      );
    });

    test('a member that the patch removes stays removed', () => {
      const given = { code: '0x01', preset: 'development', patch: { alice: null, more: { a: null, b: 1 } } };
      expect(printed(given)).toMatchObject({ runtimeGenesis: { patch: given.patch } });
      expect(build((printed(given) as { runtimeGenesis: object }).runtimeGenesis).overlay.get(utf8('config'))).toEqual(
        build(given).overlay.get(utf8('config')),
      );
    });
  });

  describe('what JSON.parse would lose of a file is refused, with a sentence', () => {
    const read = (content: string): unknown => {
      const path = join(folder, 'lossy.json');
      writeFileSync(path, content);
      try {
        return readChainSpec(path).id;
      } catch (error) {
        if (!(error instanceof InvalidChainSpec)) throw error;
        return error.message.replace(path, 'FILE');
      }
    };
    const head = '{"name": "Chain", "chainType": "Local", "id": "chain",';
    const patched = (patch: string): string =>
      `${head}\n"genesis": {"runtimeGenesis": {"code": "0x01",\n"patch": ${patch}}}}`;

    test.each<[string, string, string]>([
      ['a key of the spec', `${head} "id": "other"}`, 'the chain spec FILE has the key "id" twice (line 1)'],
      [
        'a key of the patch',
        patched('{"coretime": {"cores": 3}, "sudo": {},\n"coretime": {"cores": 4}}'),
        'the chain spec FILE has the key "coretime" twice in `genesis.runtimeGenesis.patch` (line 4)',
      ],
      [
        'a key that is written in two ways, in an object of a list',
        patched('{"a": [1, [], {"k\\"": 1, "b": {"k": 2}, "\\u006b\\u0022": 3}]}'),
        'the chain spec FILE has the key "k\\"" twice in `genesis.runtimeGenesis.patch.a[2]` (line 3)',
      ],
      [
        'digits of a large integer',
        patched('{"balances": {"balances": [["0x01", 9007199254740991], ["0x02", 9007199254740993]]}}'),
        'the chain spec FILE has the number 9007199254740993 in `genesis.runtimeGenesis.patch.balances.balances[1][1]` ' +
          '(line 3), which is too large to be exact: write it in quotes',
      ],
    ])('%s', (_what, content, sentence) => {
      expect(read(content)).toBe(sentence);
    });

    test('not what only looks like it: one key in two objects, keys in strings, the largest exact integer', () => {
      const fine =
        '{"k": {"k": [{"k": -9007199254740991}, {"k": 9007199254740991}]}, "s": "{\\"k\\": 1, \\"k\\": 1}\\\\", "t": ","}';
      expect(JSON.parse(patched(fine))).toMatchObject({ id: 'chain' });
      expect(read(patched(fine))).toBe('chain');
    });

    test('one storage key in upper and in lower case', () => {
      const raw = (top: string, children: string): string =>
        `${head} "genesis": {"raw": {"top": {"0x3a636f6465": "0x00", ${top}}, "childrenDefault": {${children}}}}}`;
      expect(read(raw('"0xAB": "0x01", "0xab": "0x02"', ''))).toBe(
        '`genesis.raw.top` in the chain spec has the key 0xab twice',
      );
      expect(read(raw('"0xab": "0x01"', '"0xCD": {}, "0xcd": {}'))).toBe(
        '`genesis.raw.childrenDefault` in the chain spec has the key 0xcd twice',
      );
      expect(read(raw('"0xab": "0x01", "0xac": "0x01"', '"0xCD": {"0xab": "0x"}'))).toBe('chain');
    });
  });

  test('files: absent, not JSON, with the code in a file in the same folder', () => {
    const path = join(folder, 'spec.json');
    expect(() => readChainSpec(path)).toThrow(`there is no chain spec at ${path}`);
    expect(() => readChainSpec(folder)).toThrow(`the chain spec ${folder} can't be read: it is a folder`);
    writeFileSync(path, '{"name": ');
    expect(() => readChainSpec(path)).toThrow(`the chain spec ${path} is not JSON: `);
    writeFileSync(path, JSON.stringify({ ...good, genesis: { runtimeGenesis: { code: 'blob.wasm' } } }));
    expect(() => readChainSpec(path)).toThrow(`names the file ${join(folder, 'blob.wasm')}, which does not exist`);
    mkdirSync(join(folder, 'blob.wasm'));
    expect(() => readChainSpec(path)).toThrow(
      `names the file ${join(folder, 'blob.wasm')}, which can't be read: it is a folder`,
    );
    rmdirSync(join(folder, 'blob.wasm'));
    writeFileSync(join(folder, 'blob.wasm'), Uint8Array.of(7, 8));
    expect(readChainSpec(path).genesis).toMatchObject({
      kind: 'runtime',
      code: expect.objectContaining({ 0: 7, 1: 8, length: 2 }),
    });
  });
});

describe('genesis', () => {
  const config = (runtimeGenesis: unknown): unknown =>
    JSON.parse(text(build(runtimeGenesis).overlay.get(utf8('config'))!));

  /** The sentence that refuses a runtime which has this as its default preset, or only as the one called `development`. */
  function refusalOf(preset: string, named: boolean): string {
    class Wrong extends FakeRuntime {
      override call(method: string, args: Uint8Array, overlay: Overlay): Uint8Array {
        if (method !== 'GenesisBuilder_get_preset') return super.call(method, args, overlay);
        const name = new Reader(args).option((reader) => reader.str());
        const answer = named && name === undefined ? '{}' : preset;
        return new Writer().option(answer, (w, json) => w.str(json)).finish();
      }
    }
    const spec = check({ ...good, genesis: { runtimeGenesis: { code: '0x01', preset: 'development' } } });
    try {
      buildGenesis(spec, new StateStore(new MemoryDatabase()), () => new Wrong());
    } catch (error) {
      return (error as InvalidChainSpec).message;
    }
    return 'taken';
  }

  test.each([
    ['a key twice', '{"a": {"b": 1, "b": 2}}', / of the runtime has the key "b" twice in `a` \(line 1\)$/],
    ['no JSON', '{"a": ', / of the runtime is not JSON: .+/],
  ])('a preset of the runtime with %s is refused, by its name', (_what, preset, rest) => {
    expect(refusalOf(preset, false)).toMatch(new RegExp(`^the default genesis preset${rest.source}`));
    expect(refusalOf(preset, true)).toMatch(new RegExp(`^the genesis preset "development"${rest.source}`));
  });

  test('the default preset, patched by a named one and by a patch; or a complete configuration', () => {
    expect(config({ code: '0x01' })).toEqual({ greeting: 'hello', extra: { a: 1 } });
    expect(config({ code: '0x01', preset: 'development' })).toEqual({ greeting: 'dev', extra: { a: 1 } });
    expect(config({ code: '0x01', preset: 'development', patch: { extra: { a: null, b: [2] } } })).toEqual({
      greeting: 'dev',
      extra: { b: [2] },
    });
    expect(config({ code: '0x01', config: { greeting: 'mine' } })).toEqual({ greeting: 'mine' });
  });

  test('a refusal of the runtime is reported with its message', () => {
    expect(() => build({ code: '0x01', preset: 'nope' })).toThrow(
      'the runtime in the chain spec has no genesis preset "nope"; it has development',
    );
    expect(() => build({ code: '0x01', config: {} })).toThrow(
      'the runtime refused the genesis configuration: `greeting` must be a string',
    );
  });

  test('code that is not a runtime is refused with a sentence', () => {
    const spec = check({ ...good, genesis: { runtimeGenesis: { code: '0x0061736d01000000' } } });
    const start = (): unknown => buildGenesis(spec, new StateStore(new MemoryDatabase()));
    expect(start).toThrow(InvalidChainSpec);
    expect(start).toThrow(/^the runtime in the chain spec can't be used: .*it does not export Core_version/);
  });

  // RFC 7396, appendix A.
  test.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('merge %s with %s', (target, patch, merged) => {
    expect(mergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(JSON.parse(merged));
  });

  test('the raw form makes the same genesis state, also after a round trip through JSON', () => {
    const store = new StateStore(new MemoryDatabase());
    const spec = check(good);
    const raw = rawChainSpec(spec, load);
    const again = check(JSON.parse(JSON.stringify(chainSpecJson(raw))));
    expect({ ...again, others: undefined }).toEqual(raw); // the printed fields of other nodes are kept
    expect(raw.genesis).toMatchObject({ kind: 'raw', children: [[utf8('kid'), [[utf8('k'), utf8('v')]]]] });
    const roots = [spec, again].map((one) => toHex(buildGenesis(one, store, load).overlay.root(1)));
    expect(roots[0]).toBe(roots[1]);
  });

  test.each(['runtime', 'raw'])('a key that authors twice is refused by name, with a %s genesis', (form) => {
    const twice = (): FakeRuntime => {
      const runtime = new FakeRuntime();
      runtime.authors = ['Alice', 'Bob', 'Alice'];
      return runtime;
    };
    const spec = check(good);
    const given = form === 'raw' ? rawChainSpec(spec, load) : spec;
    expect(() => buildGenesis(given, new StateStore(new MemoryDatabase()), twice)).toThrow(
      `the validator key ${toHex(devKey('Alice').publicKey)} occurs twice in the genesis of the chain spec, at positions 0 and 2`,
    );
  });
});
