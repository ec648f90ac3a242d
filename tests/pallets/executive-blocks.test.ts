// Executive: execution of blocks, their inherents, and the first block of new code.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { xxhashAsU8a } from '@polkadot/util-crypto';
import { bobPair, CHARLIE, signExtrinsic, TestChain } from '../harness/index.js';
import { concat, Reader, text, toHex, utf8, Writer } from '../../host/bytes/index.js';
import { INHERENTS } from '../../host/contract/index.js';
import { byAlice } from './support/executive.js';

let chain: TestChain;
beforeEach(async () => {
  chain = await TestChain.start();
});

describe('executing a block again', () => {
  const block = (): { bytes: Uint8Array; extrinsics: number } => {
    for (let i = 0; i < 3; i++) chain.submit(byAlice(chain));
    chain.submit(signExtrinsic(chain, bobPair, chain.names.call('Balances.transfer_all', CHARLIE, false), {}));
    return { bytes: chain.close().block, extrinsics: 5 };
  };
  let parent: ReturnType<TestChain['onParent']>;
  const execute = (bytes: Uint8Array): void => void chain.call('Core_execute_block', bytes, parent);
  /** As `execute`, on a fresh state. */
  const executeAfresh = (bytes: Uint8Array): void => {
    parent.begin();
    try {
      execute(bytes);
    } finally {
      parent.rollback();
    }
  };
  beforeEach(() => {
    chain.advanceTo(2);
    parent = chain.onParent();
  });

  test('gives the same state', () => {
    const { bytes } = block();
    execute(bytes);
    expect(toHex(parent.root(1))).toBe(toHex(chain.overlay.root(1)));
  });

  test.each<[string, RegExp, (bytes: Uint8Array) => void]>([
    [
      'another state root',
      /the state root is .* as the header claims/,
      (bytes) => {
        bytes[33 + 5]! ^= 1;
      },
    ],
    [
      'another extrinsics root',
      /the extrinsics root is .* as the header claims/,
      (bytes) => {
        bytes[33 + 32 + 5]! ^= 1;
      },
    ],
    [
      'another number',
      /block 3 does not follow block 1/,
      (bytes) => {
        bytes[32] = 12;
      },
    ],
    [
      'another slot',
      /does not lie in slot/,
      (bytes) => {
        bytes[33 + 64 + 1 + 5 + 1]! ^= 1;
      },
    ],
    [
      'a changed extrinsic',
      /may not be in the block \(validity 0x104\)/,
      (bytes) => {
        bytes[bytes.length - 1]! ^= 1;
      },
    ],
  ])('a block with %s is refused', (_name, message, damage) => {
    const { bytes } = block();
    damage(bytes);
    expect(() => execute(bytes)).toThrow(message);
  });

  test('a block with one digest item more is refused', () => {
    const { bytes } = block();
    const at = 32 + 1 + 64;
    expect(bytes[at]).toBe(4);
    // An empty `Other` item at the front.
    const more = concat(bytes.subarray(0, at), Uint8Array.of(8, 0, 0), bytes.subarray(at + 1));
    // The digest is in the state, so the state root differs too; the digest's length is checked first.
    expect(() => execute(more)).toThrow(/executive/);
  });

  test('a block whose inherent does not come first is refused', () => {
    const { bytes } = block();
    const header = bytes.subarray(0, 32 + 1 + 64 + 1 + 5 + 1 + 8);
    const withExtrinsics = (list: Uint8Array[]): Uint8Array =>
      concat(header, new Writer().vec(list, (w, x) => w.bytes(x)).finish());
    const reader = new Reader(bytes, header.length);
    const extrinsics = reader.vec((r) => r.bytes());
    const swapped = [extrinsics[1]!, extrinsics[0]!, ...extrinsics.slice(2)];
    expect(() => executeAfresh(withExtrinsics(swapped))).toThrow(/validity 0x108/);
    const twice = [extrinsics[0]!, ...extrinsics];
    expect(() => executeAfresh(withExtrinsics(twice))).toThrow(/extrinsic 1 .*validity 0x108/);
    const without = extrinsics.slice(1);
    expect(() => executeAfresh(withExtrinsics(without))).toThrow(/the block has no time/);
  });

  test('uses no more memory for many extrinsics than for few', () => {
    for (let i = 0; i < 300; i++) chain.submit(byAlice(chain));
    const { block: bytes } = chain.close();
    // 12 pages are 768 KiB: a block of 300 transfers has 43 KiB, and applying them allocates several MiB.
    expect(chain.runtime.call('Core_execute_block', bytes, parent, { heapPages: 12 })).toEqual(new Uint8Array());
  });

  test('bytes that are not a block are refused', () => {
    const { bytes } = block();
    expect(() => execute(bytes.slice(0, -1))).toThrow(/do not decode/);
    expect(() => execute(concat(bytes, Uint8Array.of(0)))).toThrow(/do not decode/);
  });
});

describe('check_inherents', () => {
  /** The result for the open block, whose time is `time`, at a node with the time `now`. */
  function check(now: bigint, before?: bigint): { okay: boolean; fatal: boolean; errors: [string, string][] } {
    const { block } = chain.close();
    const overlay = chain.onParent();
    const parentTime = before === undefined ? undefined : new Writer().u64(before).finish();
    overlay.set(chain.names.key('Timestamp.Now'), parentTime);
    const data = new Writer()
      .compact(1)
      .raw(utf8(INHERENTS.Timestamp.set))
      .bytes(new Writer().u64(now).finish())
      .finish();
    const answer = new Reader(chain.call('BlockBuilder_check_inherents', concat(block, data), overlay));
    const result = {
      okay: answer.bool(),
      fatal: answer.bool(),
      errors: answer.vec((r): [string, string] => [text(r.raw(8)), toHex(r.bytes())]),
    };
    answer.end();
    return result;
  }
  const time = 300_001n * 6_000n;
  const FINE = { okay: true, fatal: false, errors: [] };

  test('a block may be at most half a minute ahead of this node', () => {
    expect(check(time - 30_000n)).toEqual(FINE);
  });

  test('further ahead is fatal, and the error is TooFarInFuture of the timestamp', () => {
    // sp_timestamp::InherentError: ValidAtTimestamp(u64) is 0, TooFarInFuture 1.
    expect(check(time - 30_001n)).toEqual({ okay: false, fatal: true, errors: [['timstap0', '0x01']] });
  });

  test('a block of the past is accepted', () => {
    expect(check(time + 1_000_000n)).toEqual(FINE);
  });

  test('half a slot after its parent is early enough', () => {
    expect(check(time, time - 3_000n)).toEqual(FINE);
  });

  test('earlier is an error that may pass: ValidAtTimestamp of the earliest time', () => {
    const earliest = new Writer()
      .u8(0)
      .u64(time + 1n)
      .finish();
    const errors = [['timstap0', toHex(earliest)]];
    expect(check(time, time - 2_999n)).toEqual({ okay: false, fatal: false, errors });
  });
});

describe('inherents', () => {
  test('are in order: time, availability, reports', () => {
    const data = new Writer();
    // In another order, and with an unknown identifier.
    const time = new Writer().u64(300_002n * 6_000n).finish();
    const entries: [string, Uint8Array][] = [
      [INHERENTS.Reporting.report, Uint8Array.of(0)],
      ['nonsense', Uint8Array.of(1, 2)],
      [INHERENTS.Availability.bitfields, Uint8Array.of(0)],
      [INHERENTS.Timestamp.set, time],
    ];
    data.vec(entries, (w, [name, value]) => w.raw(utf8(name)).bytes(value));
    const made = new Reader(chain.call('BlockBuilder_inherent_extrinsics', data.finish())).vec((r) => r.bytes());
    expect(made.map((extrinsic) => toHex(extrinsic.slice(0, 2)))).toEqual(['0x0401', '0x0410', '0x040f']);
  });

  test('data that does not decode is refused by name', () => {
    const data = new Writer().compact(1).raw(utf8(INHERENTS.Timestamp.set)).bytes(Uint8Array.of(1)).finish();
    expect(() => chain.call('BlockBuilder_inherent_extrinsics', data)).toThrow(/the data of timstap0 does not decode/);
  });
});

describe('the first block of new code', () => {
  test('records the version, once', () => {
    chain.close();
    const key = chain.names.key('System.LastRuntimeUpgrade');
    // As stored by an older version of this runtime.
    chain.overlay.set(key, new Writer().compact(0).str('corejam').finish());
    chain.call('Core_initialize_block', chain.blankHeader(2));
    expect(chain.json('System.LastRuntimeUpgrade')).toEqual({ specVersion: 1, specName: 'corejam' });
  });

  test('writes the storage versions of pallets that have no state yet, and of no others', () => {
    chain.close();
    const versionOf = (pallet: string): Uint8Array =>
      concat(xxhashAsU8a(pallet, 128), xxhashAsU8a(':__STORAGE_VERSION__:', 128));
    // Sudo is new: nothing of it is in the state. Balances has total issuance, and no version: it is from a runtime that
    // wrote none, and its migrations have to find 0.
    for (const key of [chain.names.key('Sudo.Key'), versionOf('Sudo')]) chain.overlay.set(key, undefined);
    chain.overlay.set(versionOf('Balances'), undefined);
    chain.overlay.set(versionOf('System'), Uint8Array.of(7, 0));
    chain.overlay.set(chain.names.key('System.LastRuntimeUpgrade'), new Writer().compact(0).str('corejam').finish());
    chain.call('Core_initialize_block', chain.blankHeader(2));
    expect(chain.overlay.get(versionOf('Sudo'))).toEqual(Uint8Array.of(0, 0));
    expect(chain.overlay.get(versionOf('Balances'))).toBeUndefined();
    expect(chain.overlay.get(versionOf('System'))).toEqual(Uint8Array.of(7, 0));
    // The same block without new code writes nothing of the kind.
    for (const key of [chain.names.key('Sudo.Key'), versionOf('Sudo')]) chain.overlay.set(key, undefined);
    chain.call('Core_initialize_block', chain.blankHeader(2));
    expect(chain.overlay.get(versionOf('Sudo'))).toBeUndefined();
  });
});
