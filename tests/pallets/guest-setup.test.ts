// What a call of a class costs before its guest's first instruction: it is in the least requirements of a class, it is
// charged whatever comes of the call, and it grows with the code. Spec: D38; docs/decisions/0002-metering.md.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedInvocation, storedPruneInvocation, storedWeight } from '../../bench/weights/constants.js';
import { blake2_256, ok, toHex, utf8 } from '../../host/bytes/index.js';
import { coreJamApi, type WorkItemWeightBounds } from '../../host/contract/index.js';
import { LIMITS } from '../../host/vm/index.js';
import { expectNoop, expectOk, root, signed, BOB } from '../harness/index.js';
import { joinRuns, registerClass, registerUnchecked, startChain, storeCode } from './support/corejam.js';
import { Crowd, LONGEST_AUTHORIZATION, resultOfBytes } from './support/crowd.js';
import { assemble, guest, padded } from './support/guests.js';
import { orderingCode } from './support/ordering.js';

const KIB = 1_024;
const LONGEST_OUTPUT = new Uint8Array(4_096);

let crowd: Crowd;
beforeEach(async () => {
  crowd = await Crowd.start(2);
});

function boundsOf(code: Uint8Array): WorkItemWeightBounds {
  const hash = storeCode(crowd.chain, code);
  return coreJamApi.requirementBounds((method, args) => crowd.chain.call(method, args), hash)!;
}

const registers = (code: Uint8Array, prune: bigint, accumulate: bigint) =>
  crowd.chain.dispatch(root, 'WorkClasses.register', storeCode(crowd.chain, code), { prune, accumulate });

/** The run of `accumulate` with one of the longest results, as its event has it. */
function accumulated(classId: number): Record<string, unknown> {
  const { chain } = crowd;
  const results = [resultOfBytes(classId, ok(LONGEST_OUTPUT))];
  crowd.register([crowd.reportOf(0, results, { authorization: LONGEST_AUTHORIZATION })]);
  chain.advance();
  crowd.makeAvailableNow([0]);
  chain.close();
  const { fields } = chain.events().find(({ name }) => name === 'Accumulation.Accumulated')!;
  chain.open();
  return fields;
}

/** The weight that a call of `prune` with one output of 4 KiB uses. */
function pruneWeight(code: Uint8Array): number {
  const classId = registerClass(crowd.chain, code, 20_000_000_000n, 40_000_000_000n);
  const [run] = joinRuns(crowd.chain, [crowd.reportOf(0, [resultOfBytes(classId, ok(LONGEST_OUTPUT))])]);
  return Number(run!.weightUsed);
}

describe('a class that may be registered can answer a call', () => {
  const MODULES = {
    'a small module': guest({}),
    '16 KiB': padded(guest({}), 16 * KIB),
    '500 KiB': padded(guest({}), 500 * KIB),
    'a memory of 64 pages': guest({ pages: 64 }),
  };

  test.each(Object.entries(MODULES))('the least requirements leave room for an answer: %s', (_, code) => {
    const { pruneMin, accumulateMin } = boundsOf(code);
    expectNoop(registers(code, pruneMin - 1n, accumulateMin), 'WorkClasses.PruneTooLow');
    expectNoop(registers(code, pruneMin, accumulateMin - 1n), 'WorkClasses.AccumulateTooLow');
    const classId = registerClass(crowd.chain, code, pruneMin, accumulateMin);
    crowd.chain.advance();
    const [run] = joinRuns(crowd.chain, [crowd.reportOf(0, [resultOfBytes(classId, ok(LONGEST_OUTPUT))])]);
    expect(run!.answer).toEqual({ kind: 'indices', indices: [] });
    // What is left is less than the 10⁷ that are for the guest's own instructions.
    expect(run!.weightUsed).toBeLessThanOrEqual(pruneMin);
    expect(run!.weightUsed).toBeGreaterThan(pruneMin - 10_000_000n);
    const { outcome, weight_used: used } = accumulated(classId);
    expect(outcome).toBe('Returned');
    expect(used).toBeLessThanOrEqual(Number(accumulateMin));
  });
});

describe('a call is charged for its code', () => {
  test('each byte costs its reading, and beyond 16 KiB its preparing', () => {
    const small = pruneWeight(padded(guest({}), 20 * KIB));
    const large = pruneWeight(padded(guest({}), 120 * KIB));
    // For a byte: what the table says for reading it, 20,000 for preparing it, and the VM's 20 of fuel, of 500 ps.
    const reading = Number(storedPruneInvocation(0, 1) - storedPruneInvocation(0, 0));
    expect(large - small).toBe(100 * KIB * (reading + 20_000 + 20 * 500));
    const [short, shorter] = [16 * KIB, 12 * KIB].map((bytes) => pruneWeight(padded(guest({}), bytes))) as [
      number,
      number,
    ];
    expect(small - short).toBe(4 * KIB * (reading + 20_000 + 20 * 500));
    expect(short - shorter).toBe(4 * KIB * (reading + 20 * 500));
  });

  const HEAP = '(memory (export "memory") 1) (global (export "__heap_base") i32 (i32.const 64))';
  const USELESS = {
    'a module without the entry point': padded(assemble(`(module ${HEAP})`), 100 * KIB),
    'no module': utf8('x'.repeat(100 * KIB)),
    'more memory than on-chain': padded(guest({ pages: 65 }), 100 * KIB),
  };

  test.each(Object.entries(USELESS))('also if it can not run: %s', (_, code) => {
    const classId = registerUnchecked(crowd.chain, code, 0n, 40_000_000_000n);
    crowd.chain.advance();
    const { outcome, weight_used: used } = accumulated(classId);
    expect(outcome).toBe('Invalid');
    // What the table says of 8,273 bytes of arguments and of the code; 20,000 for each of the 84 KiB beyond 16; and of the
    // VM's fuel, of 500 ps, 40,000 and 20 for each byte.
    const runtime = Number(storedInvocation(8_273, 100 * KIB)) + 84 * KIB * 20_000;
    expect(used).toBe(runtime + (40_000 + 100 * KIB * 20) * 500);
  });
});

describe('registration', () => {
  test("code that is longer than the VM accepts can't be registered", () => {
    expect(LIMITS.moduleBytes).toBe(1_048_576);
    expectNoop(registers(padded(guest({}), 1_048_577), 0n, 200_000_000_000n), 'WorkClasses.CodeTooLong');
    expectOk(registers(padded(guest({}), 1_048_576), 0n, 200_000_000_000n));
  });

  test('weighs the preparing of the slowest code of any length', () => {
    const weight = (code: Uint8Array): bigint => {
      expectOk(crowd.chain.dispatch(signed(BOB), 'Storage.store', toHex(code)));
      const requirements = { prune: 0n, accumulate: 200_000_000_000n };
      return expectOk(crowd.chain.dispatch(root, 'WorkClasses.register', blake2_256(code), requirements)).weight;
    };
    // 7 ms, and 150,000 ps for each byte.
    const table = storedWeight('WorkClasses', 'register', {});
    expect(weight(padded(guest({}), 20 * KIB))).toBe(table + 7_000_000_000n + BigInt(20 * KIB * 150_000));
    expect(weight(padded(guest({}), 120 * KIB))).toBe(table + 7_000_000_000n + BigInt(120 * KIB * 150_000));
  });
});

test('the shipped "ordering" can have a weight of prune with 400 cores in blocks of 2 s', async () => {
  const chain = await startChain({ cores: 400 });
  const code = await orderingCode();
  const bounds = coreJamApi.requirementBounds((method, args) => chain.call(method, args), storeCode(chain, code))!;
  // A core's share is 1.5·10¹² / 400 = 3.75·10⁹, of which a third is for prune.
  expect(bounds.pruneMax).toBe(1_250_000_000n);
  expect(bounds.pruneMin).toBeLessThanOrEqual(bounds.pruneMax);
  expect(bounds.pruneMin + bounds.accumulateMin).toBeLessThanOrEqual(bounds.sumMax);
  const requirements = { prune: bounds.pruneMin, accumulate: bounds.accumulateMin };
  expectOk(chain.dispatch(root, 'WorkClasses.register', storeCode(chain, code), requirements));
});
