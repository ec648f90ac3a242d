// What a class can't make the chain read or copy: values that it can't take, values of which it asks only the length, and
// results that are longer than the chain accepts. By count of the values that are loaded from the database, and by weight.
// Spec: D12; D17; docs/decisions/0002-metering.md.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { blake2_256, concat, ok, toHex, twox128, utf8 } from '../../host/bytes/index.js';
import { StoredNodes } from '../../host/state/nodes.js';
import { expectOk, root } from '../harness/index.js';
import { fund, joinRuns, registerClass } from './support/corejam.js';
import { Crowd, resultOfBytes } from './support/crowd.js';
import { fat, guest, ONE, UNIT } from './support/guests.js';

const LONG = 1_000_000;
/** How often a block is executed that is closed here: by its author, and on import. */
const EXECUTIONS = 2;
/** Where guests have a hash, and a key of the chain's state. */
const [HASH, KEY] = [1_024, 1_056];
const preimage = new Uint8Array(LONG).fill(7);
const hash = blake2_256(preimage);
const key = concat(twox128(utf8('Storage')), twox128(utf8('Preimages')), hash);
const DATA = `(data (i32.const ${HASH}) "${[...hash, ...key].map((b) => `\\${b.toString(16).padStart(2, '0')}`).join('')}")`;

let crowd: Crowd;
let loads: jest.SpiedFunction<StoredNodes['value']>;
beforeEach(async () => {
  crowd = await Crowd.start(1);
  loads = jest.spyOn(StoredNodes.prototype, 'value');
});
afterEach(() => {
  loads.mockRestore();
});

function classOf(accumulate: string): number {
  const id = registerClass(
    crowd.chain,
    guest({ accumulate: `${accumulate} ${UNIT}`, data: DATA, pages: 20 }),
    0n,
    10n ** 9n,
  );
  fund(crowd.chain, id, 10n ** 16n);
  crowd.chain.advance();
  return id;
}

/** Runs `accumulate` of a class, with an output of this length. The loads are those of long values, while the block is closed. */
function run(classId: number, length = 1): { outcome: unknown; weight: unknown; loads: number } {
  const { chain } = crowd;
  crowd.register([crowd.reportOf(0, [resultOfBytes(classId, ok(new Uint8Array(length)))])]);
  chain.advance();
  crowd.makeAvailableNow([0]);
  loads.mockClear();
  chain.close();
  const { fields } = chain.events().find(({ name }) => name === 'Accumulation.Accumulated')!;
  const long = loads.mock.results.filter(({ value }) => (value as Uint8Array).length >= LONG).length;
  chain.open();
  return { outcome: fields['outcome'], weight: fields['weight_used'], loads: long };
}

const length = `(call $get_work_storage_len ${ONE})`;
const write = `(drop (call $set_work_storage ${ONE} ${fat(8_192, LONG)}))`;
/** In a guest's first run writes a long value at `one`, afterwards does `then`. */
const afterWriting = (then: string): string => `(if (i64.eq ${length} (i64.const -1)) (then ${write}) (else ${then}))`;

describe('a value that the guest has no memory for is not read', () => {
  // 64 pages have room for three blocks of 1 MiB, with 8 bytes before each, above the heap base of 4,096 (3 x 1,048,584 +
  // 4,096 = 3,149,848 of 4,194,304; a fourth would need 4,198,432): the fourth call traps.
  test.each([
    ["the class's own", `(call $get_work_storage ${ONE})`],
    ["another class's", `(call $get_class_storage (i32.const OWNER) ${ONE})`],
    ["the chain's", `(call $get_storage ${fat(KEY, key.length)})`],
    ['a preimage', `(call $storage_lookup ${fat(HASH, 32)})`],
  ])('%s', (_whose, call) => {
    expectOk(crowd.chain.dispatch(root, 'Storage.store', toHex(preimage)));
    const owner = classOf(afterWriting(''));
    expect(run(owner)).toMatchObject({ outcome: 'Returned', loads: 0 });
    const reader = classOf(afterWriting(`(loop $again (drop ${call.replace('OWNER', String(owner))}) (br $again))`));
    expect(run(reader)).toMatchObject({ outcome: 'Returned', loads: 0 });
    expect(run(reader)).toMatchObject({ outcome: 'Trapped', loads: 3 * EXECUTIONS });
  });
});

test('the length of a value is known without reading it: for the guest, and for the deposit of a value replaced or removed', () => {
  const owner = classOf(
    afterWriting(`(if (i64.ne ${length} (i64.const ${LONG})) (then unreachable))
      (drop (call $set_work_storage ${ONE} ${fat(HASH, 32)}))`),
  );
  const remover = classOf(afterWriting(`(call $remove_work_storage ${ONE})`));
  for (const classId of [owner, remover]) {
    expect(run(classId)).toMatchObject({ outcome: 'Returned', loads: 0 });
    expect(run(classId)).toMatchObject({ outcome: 'Returned', loads: 0 });
  }
  const footprint = (classId: number) => crowd.chain.json('Accumulation.Footprints', classId);
  expect(footprint(owner)).toMatchObject({ items: 1, bytes: 3 + 32 });
  expect(footprint(remover)).toMatchObject({ items: 0, bytes: 0 });
});

describe('a result that is longer than its type is refused by its length', () => {
  const MIB = 1_048_576;
  const RESULT = 2_000;
  /** A result of this length, at 64; every module has the same length, and so the same price. */
  const returning = (bytes: number) => ({
    result: `(i64.load (i32.const ${RESULT}))`,
    data: `(data (i32.const ${RESULT}) "\\40\\00\\00\\00${[0, 8, 16, 24].map((bit) => `\\${((bytes >>> bit) & 255).toString(16).padStart(2, '0')}`).join('')}")`,
  });

  test('of accumulate: anything', () => {
    const [unit, byte, long] = [0, 1, MIB].map((bytes) => {
      const { result, data } = returning(bytes);
      return registerClass(crowd.chain, guest({ accumulate: result, data, pages: 20 }), 0n, 10n ** 9n);
    }) as [number, number, number];
    crowd.chain.advance();
    const { outcome, weight } = run(unit);
    expect(outcome).toBe('Returned');
    // The bytes are neither charged nor copied.
    expect(run(byte)).toMatchObject({ outcome: 'Malformed', weight });
    expect(run(long)).toMatchObject({ outcome: 'Malformed', weight });
  });

  test('of prune: more than four bytes, and four for each output', () => {
    const answerOf = (bytes: number) => {
      const { result, data } = returning(bytes);
      const code = guest({ prune: result, data, pages: 20 });
      const classId = registerClass(crowd.chain, code, 10n ** 9n, 10n ** 9n);
      const results = [1, 2].map((output) => resultOfBytes(classId, ok(Uint8Array.of(output))));
      const [pruned] = joinRuns(crowd.chain, [crowd.reportOf(0, results)]);
      return { kind: pruned!.answer.kind, weight: pruned!.weightUsed };
    };
    const byte = answerOf(1); // no indices
    expect(byte.kind).toBe('indices');
    const most = answerOf(12);
    expect(most.kind).toBe('malformed'); // it begins with an empty list
    expect(most.weight).toBe(byte.weight + 11n * 500n); // a unit of fuel for each byte
    for (const bytes of [13, MIB]) expect(answerOf(bytes)).toEqual({ kind: 'malformed', weight: byte.weight - 500n });
  });
});
