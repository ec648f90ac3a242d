// An ordinary FRAME runtime (Asset Hub of the Rococo test network, from its chain spec in
// @substrate/connect-known-chains) on our host and on smoldot's executor: the same results and the same writes.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { blake2_256, fromHex, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { plainCode, Runtime, RuntimeTrap } from '../../host/executor/index.js';
import { ForeignHost, foreignVersion, OurHost, signedByAlice } from './foreign-host.js';

const NOTHING = new Uint8Array(0);
const EMPTY_TRIE_ROOT = fromHex('0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314');
/** The genesis hash of the network, as its explorers show it. */
const GENESIS_HASH = '0x7c34d42fc815d392057c78b49f2755c753440ccd38bcb0405b3bcfb601d08734';

interface Spec {
  genesis: { raw: { top: Record<string, string> } };
}

/** The entries of genesis; undefined if the package that has them is not installed. */
async function genesisEntries(): Promise<[Uint8Array, Uint8Array][] | undefined> {
  const specifier = '@substrate/connect-known-chains/rococo_v2_2_asset_hub';
  const module = (await import(specifier).catch(() => undefined)) as { chainSpec: string } | undefined;
  if (module === undefined) return undefined;
  const spec = JSON.parse(module.chainSpec) as Spec;
  return Object.entries(spec.genesis.raw.top).map(([key, value]) => [fromHex(key), fromHex(value)]);
}

const entries = await genesisEntries();
const compressed = entries?.find(([key]) => toHex(key) === toHex(utf8(':code')))?.[1];
const code = compressed && plainCode(compressed);
const maybe = code === undefined ? describe.skip : describe;

maybe('an ordinary FRAME runtime (needs its chain spec)', () => {
  let ours: OurHost;
  let theirs: ForeignHost;

  beforeAll(() => {
    [ours, theirs] = [new OurHost(code!), new ForeignHost(code!, entries)];
    for (const [key, value] of entries!) ours.overlay.set(key, value);
  });

  const both = async (method: string, args: Uint8Array): Promise<Uint8Array> => {
    const [a, b] = [ours.call(method, args), await theirs.call(method, args)];
    expect([method, toHex(a)]).toEqual([method, toHex(b)]);
    return a;
  };

  test('is accepted: all its imports exist', () => {
    expect(Runtime.load(code!).entryPoints).toContain('Core_execute_block');
  });

  test('its genesis has the hash of the network', () => {
    const stateRoot = ours.overlay.root(0);
    const header = new Writer()
      .raw(new Uint8Array(32))
      .compact(0)
      .raw(stateRoot)
      .raw(EMPTY_TRIE_ROOT)
      .compact(0)
      .finish();
    expect(toHex(blake2_256(header))).toBe(GENESIS_HASH);
  });

  test('has the same version, from its custom sections and from Core_version', async () => {
    const version = Runtime.load(code!).version();
    const { specVersion, transactionVersion } = version;
    expect(await foreignVersion(compressed!)).toMatchObject({ specVersion, transactionVersion });
    expect(version).toMatchObject({ specName: 'statemine', stateVersion: 0 });
    await both('Core_version', NOTHING);
  });

  test('has the same metadata, 140 KB made with many allocations', async () => {
    expect((await both('Metadata_metadata', NOTHING)).length).toBeGreaterThan(140_000);
  });

  test('returns the same on its state', async () => {
    await both('AccountNonceApi_account_nonce', new Uint8Array(32));
    await both('AuraApi_authorities', NOTHING);
    await both('AuraApi_slot_duration', NOTHING);
    const session = await both('SessionKeys_decode_session_keys', new Writer().bytes(new Uint8Array(32)).finish());
    expect(session[0]).toBe(1);
  });

  test('begins a block with the same writes', async () => {
    const slot = new Writer().u8(6).raw(utf8('aura')).bytes(new Writer().u64(140_000_000n).finish()).finish();
    const header = new Writer()
      .raw(fromHex(GENESIS_HASH))
      .compact(1)
      .raw(new Uint8Array(32))
      .raw(EMPTY_TRIE_ROOT)
      .vec([slot], (writer, item) => writer.raw(item))
      .finish();
    await both('Core_initialize_block', header);
    // Timestamp.set, unsigned: pallet 3, call 0, compact milliseconds.
    const set = new Writer()
      .raw(Uint8Array.of(4, 3, 0))
      .compact(1_680_000_000_000n)
      .finish();
    expect(toHex(await both('BlockBuilder_apply_extrinsic', new Writer().bytes(set).finish()))).toBe('0x0000');
    // A signed transfer of an account without funds: its signature is valid, its fee can't be paid (InvalidTransaction
    // 1).
    const transfer = await signedByAlice(code!, 'transfer', [{ Id: new Uint8Array(32) }, 1], GENESIS_HASH);
    expect(toHex(await both('BlockBuilder_apply_extrinsic', transfer))).toBe('0x010001');

    const written = new Map(theirs.entries());
    const before = new Map(entries!.map(([key, value]) => [toHex(key), toHex(value)]));
    const changed = ours.overlay
      .changes()
      .map(([key, value]): [string, string | undefined] => [toHex(key), value && toHex(value)])
      .filter(([key, value]) => before.get(key) !== value);
    expect(changed.length).toBeGreaterThan(5);
    for (const [key, value] of changed) expect([key, written.get(key)]).toEqual([key, value]);
    for (const [key, value] of written) expect([key, toHex(ours.overlay.get(fromHex(key))!)]).toEqual([key, value]);
  });

  test('refuses malformed input with its own panic message', () => {
    expect(() => ours.call('Core_execute_block', Uint8Array.of(1, 2, 3))).toThrow(RuntimeTrap);
    expect(() => ours.call('Core_execute_block', Uint8Array.of(1, 2, 3))).toThrow(
      'Bad input data provided to execute_block',
    );
  });
});
