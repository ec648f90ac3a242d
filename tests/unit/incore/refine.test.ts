// Refining an authorized package: arguments, limits, and the error for each failure (D17).
import { describe, expect, test } from '@jest/globals';
import { err, ok, toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { REFINE_WEIGHT_PS, type WorkError } from '../../../host/contract/index.js';
import { encode } from '../../../host/erasure/index.js';
import { itemHash, refine } from '../../../host/incore/index.js';
import type { GuestResult, Refined } from '../../../host/incore/index.js';
import { errorOf, valueOf } from '../results.js';
import { authorizedPackage, blockHash, FakeChain, FakeRunner, returned } from './fixtures.js';

const items = [
  { class: 1, payload: utf8('one') },
  { class: 2, payload: utf8('two') },
];
const output = (bytes: Uint8Array): Uint8Array => new Writer().bytes(bytes).finish();

function setUp(): { chain: FakeChain; runner: FakeRunner } {
  const chain = new FakeChain();
  chain.classes.set(1, chain.provide(utf8('code of 1')));
  chain.classes.set(2, chain.provide(utf8('code of 2')));
  return { chain, runner: new FakeRunner() };
}

async function refined(chain: FakeChain, runner: FakeRunner, of = items): Promise<Refined> {
  return valueOf(await refine(chain, runner.run, authorizedPackage(of)));
}

describe('refine', () => {
  test("runs each item with its class's code, in order, the second with the weight that the first has left", async () => {
    const { chain, runner } = setUp();
    runner.results = [returned(output(utf8('a')), 600n), returned(output(utf8('b')), 5n)];
    const { report, group } = await refined(chain, runner);
    expect(runner.runs.map(({ entry }) => entry)).toEqual(['refine', 'refine']);
    expect(runner.runs.map(({ weight }) => weight)).toEqual([REFINE_WEIGHT_PS, REFINE_WEIGHT_PS - 600n]);
    expect(REFINE_WEIGHT_PS).toBe(2n * 10n ** 12n);
    expect(runner.runs.map(({ code }) => toHex(code))).toEqual(
      ['code of 1', 'code of 2'].map((code) => toHex(utf8(code))),
    );
    expect(report.results).toEqual([
      { class: 1, itemHash: itemHash(items[0]!), result: ok(utf8('a')), weight: 600n },
      { class: 2, itemHash: itemHash(items[1]!), result: ok(utf8('b')), weight: 5n },
    ]);
    expect(group).toEqual([0, 1]);
  });

  test('the arguments are payload, authorization, auth id, context and package hash', async () => {
    const { chain, runner } = setUp();
    runner.results = [returned(output(utf8('a')))];
    const authorized = authorizedPackage([items[0]!]);
    await refine(chain, runner.run, authorized);
    const expected = new Writer()
      .bytes(utf8('one'))
      .u8(1)
      .bytes(utf8('evidence'))
      .u8(1)
      .u32(10_000)
      .raw(blockHash(5))
      .u8(0)
      .raw(authorized.hash);
    expect(toHex(runner.runs[0]!.args)).toBe(toHex(expected.finish()));
    expect(Object.keys(runner.runs[0]!.functions).sort()).toEqual([
      'ext_corejam_lookup_version_1',
      'ext_corejam_package_message_version_1',
      'ext_corejam_state_root_version_1',
    ]);
  });

  test('the report names the package, its length and the root of its shards', async () => {
    const { chain, runner } = setUp();
    runner.results = [returned(output(utf8('a'))), returned(output(utf8('b')))];
    const { encoded, hash } = authorizedPackage(items);
    const { report, shards } = await refined(chain, runner);
    expect(report.packageSpec).toEqual({ hash, root: encode(encoded, 6).root, len: encoded.length });
    expect(shards.shards).toHaveLength(6);
    expect(report).toMatchObject({
      coreIndex: 0,
      authId: 10_000,
      authorization: { kind: 'bulk', evidence: utf8('evidence') },
    });
  });

  test.each<[string, GuestResult, WorkError]>([
    ['weight used up', { outcome: 'outOfWeight', reason: 'x', weightUsed: 9n }, 'timeout'],
    ['trap', { outcome: 'trapped', reason: 'x', weightUsed: 9n }, 'panic'],
    ['stack exhausted', { outcome: 'stackExhausted', reason: 'x', weightUsed: 9n }, 'panic'],
    ['invalid code or entry point', { outcome: 'invalid', reason: 'x', weightUsed: 9n }, 'panic'],
    ['undecodable output', returned(Uint8Array.of(8, 1), 9n), 'panic'],
    ['output with bytes behind it', returned(Uint8Array.of(4, 1, 1), 9n), 'panic'],
    ['output of 4,097 bytes', returned(output(new Uint8Array(4_097)), 9n), 'panic'],
  ])('%s: the item fails, with its weight, and the others go on', async (_name, result, error) => {
    const { chain, runner } = setUp();
    runner.results = [result, returned(output(utf8('b')), 3n)];
    const { report, failures } = await refined(chain, runner);
    expect(report.results[0]).toMatchObject({ result: err(error), weight: 9n });
    expect(report.results[1]).toMatchObject({ result: ok(utf8('b')), weight: 3n });
    expect(failures).toEqual([expect.any(String), undefined]);
  });

  test('an output of 4,096 bytes is accepted', async () => {
    const { chain, runner } = setUp();
    runner.results = [returned(output(new Uint8Array(4_096)))];
    expect((await refined(chain, runner, [items[0]!])).report.results[0]).toMatchObject({
      result: ok(new Uint8Array(4_096)),
    });
  });

  test('code that is not in Storage is a panic; a package with a class that is not registered is refused', async () => {
    const { chain, runner } = setUp();
    chain.preimages.clear();
    expect((await refined(chain, runner)).report.results.map(({ result }) => result)).toEqual([
      err('panic'),
      err('panic'),
    ]);
    chain.classes.delete(2);
    expect(errorOf(await refine(chain, runner.run, authorizedPackage(items)))).toMatchObject({
      reason: 'unknownClass',
    });
    expect(runner.runs).toEqual([]);
  });

  test('a package for a core without validators is refused', async () => {
    const { chain, runner } = setUp();
    chain.groups[0] = [];
    expect(errorOf(await refine(chain, runner.run, authorizedPackage(items)))).toMatchObject({ reason: 'emptyGroup' });
  });
});
