// System: its calls, its data of a block, and the runtime's code.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedWeight } from '../../bench/weights/constants.js';
import { ALICE, BOB, expectEvent, expectNoop, expectOk, none, root, signed, TestChain } from '../harness/index.js';
import { blake2_256, concat, fromHex, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { testBlob, testRuntime } from '../harness/blob.js';

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

describe('remark', () => {
  test('any origin may send any bytes, without effect', () => {
    for (const origin of [root, none, signed(ALICE)]) {
      const outcome = expectOk(chain.dispatch(origin, 'System.remark', '0x1234'));
      expect(outcome.after).toBe(outcome.before);
    }
  });

  test('weighs more when it is longer', () => {
    const short = chain.dispatch(root, 'System.remark', '0x');
    const long = chain.dispatch(root, 'System.remark', `0x${'00'.repeat(1000)}`);
    expect(short.weight).toBe(storedWeight('System', 'remark', { remark: 0 }));
    expect(long.weight).toBe(storedWeight('System', 'remark', { remark: 1000 }));
    expect(long.weight).toBeGreaterThan(short.weight);
  });
});

describe('remark_with_event', () => {
  test('has the hash of the remark', () => {
    const outcome = expectOk(chain.dispatch(signed(BOB), 'System.remark_with_event', '0x1234'));
    expectEvent(outcome, 'System.Remarked', { hash: toHex(blake2_256(Uint8Array.of(0x12, 0x34))) });
    expectNoop(chain.dispatch(root, 'System.remark_with_event', '0x1234'), 'BadOrigin');
    expectNoop(chain.dispatch(none, 'System.remark_with_event', '0x1234'), 'BadOrigin');
  });
});

describe('storage by key', () => {
  const key = utf8('a:key');
  const get = (): string | undefined => {
    const value = chain.overlay.get(key);
    return value && toHex(value);
  };

  test('set_storage writes, kill_storage removes', () => {
    expectOk(
      chain.dispatch(root, 'System.set_storage', [
        [toHex(key), '0x0102'],
        ['0x99', '0x'],
      ]),
    );
    expect(get()).toBe('0x0102');
    expectOk(chain.dispatch(root, 'System.kill_storage', [toHex(key)]));
    expect(get()).toBeUndefined();
    expect(chain.overlay.get(fromHex('0x99'))).toEqual(new Uint8Array(0));
  });

  test('set_storage and kill_storage take at most 1,024 items: more do not decode', () => {
    const keys = Array.from({ length: 1_024 }, (_, index) => toHex(Uint8Array.of(0x99, index & 0xff, index >> 8)));
    const items = keys.map((each) => [each, '0x01']);
    expectOk(chain.dispatch(root, 'System.set_storage', items));
    expect(chain.overlay.get(fromHex(keys[1_023]!))).toEqual(Uint8Array.of(1));
    const before = chain.root();
    // A compact number of 1,025 is 0x0510, with the mode 01 in its lowest bits: 1,025 · 4 + 1 = 4,101 = 0x1005.
    const longer = (name: string, one: string[]): Uint8Array =>
      concat(
        chain.names.call(name, []).subarray(0, 2),
        Uint8Array.of(0x05, 0x10),
        ...Array.from({ length: 1_025 }, () =>
          concat(...one.map((part) => new Writer().bytes(fromHex(part)).finish())),
        ),
      );
    for (const call of [longer('System.set_storage', ['0x99', '0x02']), longer('System.kill_storage', ['0x99'])])
      expect(() => chain.dispatchEncoded(root, call)).toThrow('the bytes are no call');
    expect(chain.root()).toBe(before);
    expectOk(chain.dispatch(root, 'System.kill_storage', keys));
    expect(chain.overlay.get(fromHex(keys[1_023]!))).toBeUndefined();
  });

  test('kill_prefix removes all keys with the prefix', () => {
    expectOk(
      chain.dispatch(root, 'System.set_storage', [
        ['0xaabb01', '0x01'],
        ['0xaabb02', '0x01'],
        ['0xaabc', '0x01'],
      ]),
    );
    expectOk(chain.dispatch(root, 'System.kill_prefix', '0xaabb', 2));
    expect(chain.overlay.get(fromHex('0xaabb01'))).toBeUndefined();
    expect(chain.overlay.get(fromHex('0xaabb02'))).toBeUndefined();
    expect(chain.overlay.get(fromHex('0xaabc'))).toEqual(Uint8Array.of(1));
  });

  test('kill_prefix removes no more items of earlier blocks than its weight pays for', () => {
    const key = (index: number): string => `0xaabb0${index}`;
    const left = (): number => [1, 2, 3].filter((index) => chain.overlay.get(fromHex(key(index))) !== undefined).length;
    expectOk(
      chain.dispatch(
        root,
        'System.set_storage',
        [1, 2, 3].map((index) => [key(index), '0x01']),
      ),
    );
    chain.advance();
    expectOk(chain.dispatch(root, 'System.kill_prefix', '0xaabb', 2));
    expect(left()).toBe(1);
    chain.advance();
    expectOk(chain.dispatch(root, 'System.kill_prefix', '0xaabb', 1));
    expect(left()).toBe(0);
  });

  test.each([
    ['System.set_storage', [[['0x01', '0x02']]]],
    ['System.kill_storage', [['0x01']]],
    ['System.kill_prefix', ['0x01', 1]],
    ['System.set_code', ['0x01']],
    ['System.set_code_without_checks', ['0x01']],
  ])('only root may call %s', (name, args) => {
    expectNoop(chain.dispatch(signed(ALICE), name, ...args), 'BadOrigin');
    expectNoop(chain.dispatch(none, name, ...args), 'BadOrigin');
  });
});

describe('set_code', () => {
  /** The test runtime with another name and version in its `runtime_version` section. */
  async function codeOf(specName: string, specVersion: number): Promise<Uint8Array> {
    const version = (await testRuntime()).version();
    const changed = await testBlob();
    const encode = (name: string, spec: number): Uint8Array =>
      new Writer().str(name).str(version.implName).u32(1).u32(spec).finish();
    const at = Buffer.from(changed).lastIndexOf(encode(version.specName, version.specVersion));
    const other = encode(specName, specVersion);
    expect(at).toBeGreaterThan(0);
    changed.set(other, at);
    return changed;
  }

  test('accepts a later version of this runtime, adds a digest item, and blocks continue', async () => {
    const code = await codeOf('corejam', 2);
    const outcome = expectOk(chain.dispatch(root, 'System.set_code', toHex(code)));
    expectEvent(outcome, 'System.CodeUpdated');
    expect(toHex(blake2_256(chain.overlay.get(utf8(':code'))!))).toBe(toHex(blake2_256(code)));
    expect(JSON.stringify(chain.json('System.Digest'))).toContain('runtimeEnvironmentUpdated');
  });

  test("refuses another chain's runtime, an older version, and bytes that are not a runtime", async () => {
    expectNoop(chain.dispatch(root, 'System.set_code', toHex(await codeOf('corejim', 2))), 'System.InvalidSpecName');
    expectNoop(
      chain.dispatch(root, 'System.set_code', toHex(await codeOf('corejam', 1))),
      'System.SpecVersionNeedsToIncrease',
    );
    expectNoop(chain.dispatch(root, 'System.set_code', '0x'), 'System.FailedToExtractRuntimeVersion');
    expectNoop(chain.dispatch(root, 'System.set_code', '0x0061736d01000000'), 'System.FailedToExtractRuntimeVersion');
  });

  test('set_code_without_checks accepts any bytes', () => {
    expectOk(chain.dispatch(root, 'System.set_code_without_checks', '0x0102'));
    expect(chain.overlay.get(utf8(':code'))).toEqual(Uint8Array.of(1, 2));
  });
});

describe('a block', () => {
  test('has number, parent, slot and phase', () => {
    expect(chain.json('System.Number')).toBe(1);
    expect(chain.json('System.ParentHash')).toBe(toHex(chain.genesisHash));
    expect(chain.json('System.BlockHash', 0)).toBe(toHex(chain.genesisHash));
    expect(chain.json('System.ExecutionPhase')).toEqual({ applyExtrinsic: 1 });
    expect(chain.overlay.get(utf8(':extrinsic_index'))).toEqual(Uint8Array.of(1, 0, 0, 0));
  });

  test('keeps its events until the next one begins', () => {
    expectOk(chain.dispatch(signed(ALICE), 'System.remark_with_event', '0x01'));
    expect(chain.json('System.EventCount')).toBe(chain.events().length);
    chain.advance();
    expect(chain.events().map(({ name }) => name)).not.toContain('System.Remarked');
    expect(chain.events()).not.toHaveLength(0);
    expect(chain.json('System.EventCount')).toBe(chain.events().length);
  });

  test('removes temporary items at its end', () => {
    chain.close();
    for (const item of [
      'System.ExecutionPhase',
      'System.ExtrinsicsLen',
      'System.InherentsApplied',
      'System.InherentPlace',
      'System.ExtrinsicCount',
      'Timestamp.DidUpdate',
    ]) {
      expect([item, chain.overlay.get(chain.names.key(item))]).toEqual([item, undefined]);
    }
    expect(chain.overlay.get(utf8(':extrinsic_index'))).toBeUndefined();
    expect(chain.overlay.get(chain.names.key('System.ExtrinsicData', 0))).toBeUndefined();
  });

  test('keeps the hashes of the last 2,400 blocks and of the genesis block', () => {
    // Block 2,402 is the first that removes a hash.
    chain.close();
    chain.overlay.set(chain.names.key('System.Number'), Uint8Array.of(...new Writer().u32(2_401).finish()));
    chain.overlay.set(chain.names.key('System.BlockHash', 1), ALICE);
    chain.overlay.set(chain.names.key('System.BlockHash', 2), BOB);
    chain.call('Core_initialize_block', chain.blankHeader(2_402));
    const inherent = chain.call('BlockBuilder_inherent_extrinsics', chain.timestampData(2_402));
    chain.call('BlockBuilder_apply_extrinsic', inherent.subarray(1));
    chain.call('BlockBuilder_finalize_block', new Uint8Array());
    expect(chain.overlay.get(chain.names.key('System.BlockHash', 0))).toBeDefined();
    expect(chain.overlay.get(chain.names.key('System.BlockHash', 1))).toBeUndefined();
    expect(chain.overlay.get(chain.names.key('System.BlockHash', 2))).toEqual(BOB);
  });

  test('takes no pre-runtime item from its header but a slot: megabytes would stay in the state', () => {
    const item = (engine: string, length: number): Uint8Array =>
      concat(Uint8Array.of(6), utf8(engine), new Writer().bytes(new Uint8Array(length)).finish());
    const initialize = (...items: Uint8Array[]): Uint8Array => {
      const fields = new Writer().raw(chain.parentHash).compact(chain.number).raw(new Uint8Array(64)).finish();
      const digest = concat(new Writer().compact(items.length).finish(), ...items);
      return chain.call('Core_initialize_block', concat(fields, digest), chain.onParent());
    };
    expect(initialize(item('aura', 8))).toEqual(Uint8Array.of(0)); // ExtrinsicInclusionMode::AllExtrinsics
    for (const items of [
      [item('aura', 8), item('junk', 8 << 20)],
      [item('aura', 8), item('aura', 8)],
      [item('aura', 9)],
    ]) {
      expect(() => initialize(...items)).toThrow(/the digest has a pre-runtime item that claims no slot/);
    }
  });

  test('has a number above zero', () => {
    const header = concat(new Uint8Array(32), Uint8Array.of(0), new Uint8Array(64), Uint8Array.of(0));
    expect(() => chain.call('Core_initialize_block', header, chain.onParent())).toThrow(
      /genesis block is not executed/,
    );
  });
});
