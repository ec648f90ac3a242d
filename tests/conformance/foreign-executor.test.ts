// The runtime blob on an independent host: version, metadata, genesis and a block with a signed transfer are equal to
// those on ours, byte for byte, and a light client accepts our genesis.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blake2_256, concat, fromHex, Reader, text, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { Runtime } from '../../host/executor/index.js';
import { ForeignHost, foreignRoot, foreignVersion, OurHost, signedByAlice } from './foreign-host.js';

const BLOB = fileURLToPath(new URL('../../build/runtime.wasm', import.meta.url));
const LIGHT_CLIENT = fileURLToPath(new URL('foreign-light-client.mjs', import.meta.url));
const NOTHING = new Uint8Array(0);
const CODE_KEY = utf8(':code');
const EMPTY_TRIE_ROOT = fromHex('0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314');

/** The families of host functions that every Substrate host has. */
const SUBSTRATE = /^ext_(storage|default_child_storage|hashing|crypto|trie|allocator|logging|misc)_/;

let code: Uint8Array;
let ours: OurHost;
let theirs: ForeignHost;

beforeAll(() => {
  if (!existsSync(BLOB)) throw new Error('build/runtime.wasm is not there: run `npm run build` first');
  code = new Uint8Array(readFileSync(BLOB));
});

/** Calls both and expects the same result. */
async function both(method: string, args: Uint8Array): Promise<Uint8Array> {
  const [a, b] = [ours.call(method, args), await theirs.call(method, args)];
  expect([method, toHex(a)]).toEqual([method, toHex(b)]);
  return a;
}

/** The development preset on both, without the code, which no call of the runtime writes. */
async function makeGenesis(): Promise<void> {
  [ours, theirs] = [new OurHost(code), new ForeignHost(code)];
  const name = new Writer().option('development', (writer, text) => writer.str(text)).finish();
  const config = new Reader(await both('GenesisBuilder_get_preset', name)).option((reader) => reader.bytes());
  expect(JSON.parse(text(config!))).toHaveProperty('balances');
  expect(toHex(await both('GenesisBuilder_build_state', new Writer().bytes(config!).finish()))).toBe('0x00');
}

/** Header: parent, compact number, state root, extrinsics root, digest. */
function header(parent: Uint8Array, number: number, stateRoot: Uint8Array, digest: readonly Uint8Array[]): Uint8Array {
  return new Writer()
    .raw(parent)
    .compact(number)
    .raw(stateRoot)
    .raw(EMPTY_TRIE_ROOT)
    .vec(digest, (writer, item) => writer.raw(item))
    .finish();
}

const genesisHeader = (): Uint8Array => header(new Uint8Array(32), 0, ours.overlay.root(1), []);

describe("on smoldot's executor", () => {
  test('all imports of the blob exist, except the machine', () => {
    const module = new WebAssembly.Module(code as Uint8Array<ArrayBuffer>);
    const own = WebAssembly.Module.imports(module)
      .map(({ name }) => name)
      .filter((name) => !SUBSTRATE.test(name));
    expect(own.sort()).toEqual([
      'ext_corejam_machine_invoke_version_1',
      'ext_corejam_machine_reserve_version_1',
      'ext_corejam_machine_setup_version_1',
    ]);
  });

  test('both read the same version, each in its own way', async () => {
    const version = Runtime.load(code).version();
    const foreign = await foreignVersion(code);
    const shown = (value: unknown): string => text(fromHex(value as string));
    expect(shown(foreign['specName'])).toBe(version.specName);
    expect(shown(foreign['implName'])).toBe(version.implName);
    expect(foreign).toMatchObject({
      specVersion: version.specVersion,
      implVersion: version.implVersion,
      authoringVersion: version.authoringVersion,
      transactionVersion: version.transactionVersion,
      stateVersion: version.stateVersion,
    });
    expect(foreign['apis']).toEqual(version.apis.map(({ id, version: api }) => [toHex(id), api]));
  });

  test('metadata is the same', async () => {
    [ours, theirs] = [new OurHost(code), new ForeignHost(code)];
    const versions = new Reader(await both('Metadata_metadata_versions', NOTHING)).vec((reader) => reader.u32());
    expect(versions).toEqual(expect.arrayContaining([14, 15]));
    for (const version of versions) {
      expect((await both('Metadata_metadata_at_version', new Writer().u32(version).finish())).length).toBeGreaterThan(
        1_000,
      );
    }
    await both('Metadata_metadata', NOTHING);
  });

  test('genesis is the same, state root included', async () => {
    await makeGenesis();
    expect(ours.entries()).toEqual(theirs.entries());
    expect(toHex(ours.overlay.root(1))).toBe(await theirs.root(1));
  });

  test('a block with a timestamp and a signed transfer has the same header', async () => {
    await makeGenesis();
    const genesisHash = blake2_256(genesisHeader());

    const slotMs = new Reader(await both('AuraApi_slot_duration', NOTHING)).u64();
    const slot = 1_700_000_000_000n / slotMs;
    const preRuntime = new Writer().u8(6).raw(utf8('aura')).bytes(new Writer().u64(slot).finish()).finish();
    await both('Core_initialize_block', header(genesisHash, 1, new Uint8Array(32), [preRuntime]));

    const timestamp = new Writer().u64(slot * slotMs).finish();
    const inherentData = new Writer().compact(1).raw(utf8('timstap0')).bytes(timestamp).finish();
    const inherents = await both('BlockBuilder_inherent_extrinsics', inherentData);
    expect(inherents[0]).toBe(1 << 2); // one
    const inherent = inherents.slice(1);
    expect(toHex(await both('BlockBuilder_apply_extrinsic', inherent))).toBe('0x0000');

    const recipient = new Uint8Array(32).fill(0xab);
    const to = [{ Id: recipient }, TRANSFERRED];
    const extrinsic = await signedByAlice(code, 'transferKeepAlive', to, toHex(genesisHash) as `0x${string}`);
    expect(toHex(await both('BlockBuilder_apply_extrinsic', extrinsic))).toBe('0x0000');

    const sealed = await both('BlockBuilder_finalize_block', NOTHING);
    const reader = new Reader(sealed);
    reader.raw(32);
    reader.compact();
    const stateRoot = toHex(reader.raw(32));
    expect(stateRoot).toBe(toHex(ours.overlay.root(1)));
    expect(stateRoot).toBe(await theirs.root(1));
    expect(ours.entries()).toEqual(theirs.entries());
    // Both of the block's extrinsics by compact index, in a trie that smoldot makes. Their length is part of them.
    const body = [inherent, extrinsic].map((bytes, index): [string, string] => [
      toHex(new Writer().compact(index).finish()),
      toHex(bytes),
    ]);
    expect(toHex(reader.raw(32))).toBe(await foreignRoot(body, 1));

    // On both, the recipient's account exists and has the amount of the transfer.
    const account = ours.entries().find(([key]) => key.endsWith(toHex(recipient).slice(2)));
    expect(account?.[1]).toContain(toHex(new Writer().u128(TRANSFERRED).finish()).slice(2));

    // The block can be executed again on a fresh state of each.
    await makeGenesis();
    await both('Core_execute_block', concat(sealed, Uint8Array.of(2 << 2), inherent, extrinsic));
    expect(toHex(ours.overlay.root(1))).toBe(stateRoot);
    expect(await theirs.root(1)).toBe(stateRoot);
  });
});

const TRANSFERRED = 123_456_789_012_345n;

describe('the light client smoldot', () => {
  test('accepts the raw chain spec and computes our genesis hash', async () => {
    await makeGenesis();
    ours.overlay.set(CODE_KEY, code);
    const spec = {
      name: 'CoreJam',
      id: 'corejam',
      chainType: 'Live',
      bootNodes: [],
      properties: {},
      codeSubstitutes: {},
      genesis: { raw: { top: Object.fromEntries(ours.entries()), childrenDefault: {} } },
    };
    const input = JSON.stringify(spec);
    const printed = execFileSync(process.execPath, [LIGHT_CLIENT], { input, encoding: 'utf8', timeout: 60_000 });
    expect(printed.trim()).toBe(toHex(blake2_256(genesisHeader())));
  });
});
