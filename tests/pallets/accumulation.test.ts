// The Accumulation pallet: which packages are taken, their order and weight, and which changes of a class are kept.
// Spec: RFC-0031 § Accumulate; D16, D25; § Weight of prune and accumulate, 1 and 3 to 6. Host functions of guests are
// in guest-calls.test.ts.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { storedInvocation, storedWeight } from '../../bench/weights/constants.js';
import { busyChain, pokeClasses, pokeReport, pokeTracked } from '../../bench/weights/packages.js';
import { concat, err, toHex, utf8, Writer } from '../../host/bytes/index.js';
import type { WorkReport } from '../../host/contract/index.js';
import { expectEvent, type TestChain } from '../harness/index.js';
import {
  accountOf,
  allAvailable,
  assignCores,
  attest,
  fund,
  progress,
  queued,
  registerClass,
  registerUnchecked,
  report,
  reportOf,
  resultOf,
  startChain,
  validate,
  workStorage,
} from './support/corejam.js';
import { ARGS, fat, GIVEN, guest, ONE, TWO, UNIT } from './support/guests.js';

const GROUPS = [
  [0, 1],
  [2, 3],
  [4, 5],
];
/** 75 % of 2·10¹² over 3 cores. */
const WPP = 500_000_000_000;
/** What the end of a block takes for a package, from its core's surplus. */
const ENDING = 100_000_000;
const PRUNE = 1_000_000_000;
const ACCUMULATE = 2_000_000_000;
/** Of a call, without its arguments and its code. */
const COST_OF_CALL = Number(storedInvocation(0, 0));

let chain: TestChain;

beforeEach(async () => {
  chain = await startChain();
});

/** A class with this `accumulate`, whose account is funded. */
function classOf(accumulate: string, weights: { prune?: number; accumulate?: number; funds?: bigint } = {}): number {
  const { prune = PRUNE, accumulate: promised = ACCUMULATE, funds = 1_000_000_000_000n } = weights;
  const id = registerClass(chain, guest({ accumulate }), BigInt(prune), BigInt(promised));
  if (funds > 0n) fund(chain, id, funds);
  return id;
}

/** Assigns the cores and registers the reports; the next block, in which they may become available, is open. */
function registered(...makers: (() => WorkReport)[]): WorkReport[] {
  assignCores(chain, 0, 1, 2);
  chain.advance();
  const reports = makers.map((make) => make());
  report(
    chain,
    reports.map((each) => attest(each, GROUPS[each.coreIndex]!)),
  );
  chain.advance();
  return reports;
}

/** Makes the reports of these cores available and closes the block. */
function accumulated(...cores: number[]): void {
  allAvailable(chain, cores);
  chain.close();
}

/** The events of the classes that ran, in order. */
function runs(): Record<string, unknown>[] {
  return chain
    .events()
    .filter(({ name }) => name === 'Accumulation.Accumulated')
    .map(({ fields }) => fields);
}

const put = (key: string, value = key): string => `(drop (call $set_work_storage ${key} ${value}))`;
const hash = ({ packageSpec }: WorkReport): string => toHex(packageSpec.hash);

describe('arguments of accumulate', () => {
  test('per package: authorization, then item hash and result of each item of the class', () => {
    const classId = classOf(`${put(ARGS, GIVEN)} ${UNIT}`);
    const other = classOf(UNIT);
    const [work] = registered(() =>
      reportOf(chain, {
        results: [
          resultOf(classId, 'x', 5n),
          resultOf(other, 'not yours'),
          { ...resultOf(classId, 'y', 6n), result: err('timeout') },
        ],
        authorization: { kind: 'bulk', evidence: Uint8Array.of(7, 8) },
      }),
    );
    accumulated(0);
    const [x, , y] = work!.results;
    // One package; Bulk(2 bytes); two results: hash, (class, hash, Ok("x"), 5), hash, (class, hash, Err(Timeout), 6).
    const expected = new Writer()
      .raw(Uint8Array.of(4, 1, 8, 7, 8, 8))
      .raw(x!.itemHash)
      .u32(classId)
      .raw(x!.itemHash)
      .raw(Uint8Array.of(0, 4, 0x78))
      .u64(5n)
      .raw(y!.itemHash)
      .u32(classId)
      .raw(y!.itemHash)
      .raw(Uint8Array.of(1, 0))
      .u64(6n)
      .finish();
    expect(workStorage(chain, classId, 'args')).toBe(toHex(expected));
  });

  test('the event belongs to the end of the block, after all extrinsics', () => {
    const classId = classOf(UNIT);
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    const phases = chain.events().map(({ name, phase }) => [name, phase]);
    expect(phases).toContainEqual(['Accumulation.Accumulated', 'Finalization']);
    expect(phases).toContainEqual(['Availability.Available', 'ApplyExtrinsic 1']); // after the timestamp
  });

  test('packages are in Registered order, not in core order', () => {
    const classId = classOf(UNIT);
    const [second, first] = registered(
      () => reportOf(chain, { coreIndex: 2, classId }),
      () => reportOf(chain, { coreIndex: 0, classId }),
    );
    accumulated(0, 2);
    expect(runs().map(({ packages }) => packages)).toEqual([[hash(second!), hash(first!)]]);
    expect(progress(chain).stages.slice(2)).toMatchObject([
      { packageHash: second!.packageSpec.hash, stage: 'accumulated' },
      { packageHash: first!.packageSpec.hash, stage: 'accumulated' },
    ]);
  });

  test('classes run in ascending order', () => {
    const [one, two, three] = [classOf(UNIT), classOf(UNIT), classOf(UNIT)];
    registered(
      () => reportOf(chain, { coreIndex: 0, results: [resultOf(three, 'a'), resultOf(one, 'b')] }),
      () => reportOf(chain, { coreIndex: 1, classId: two }),
    );
    accumulated(0, 1);
    expect(progress(chain).runs).toMatchObject([
      { classId: one, outcome: 'returned' },
      { classId: two, outcome: 'returned' },
      { classId: three, outcome: 'returned' },
    ]);
    expect(runs().map((each) => each.class_id)).toEqual([one, two, three]);
  });

  test('only available packages: the others wait', () => {
    const classId = classOf(UNIT);
    const [, second] = registered(
      () => reportOf(chain, { classId }),
      () => reportOf(chain, { coreIndex: 1, classId }),
    );
    accumulated(0);
    expect(runs()).toHaveLength(1);
    chain.open();
    accumulated(1);
    expect(runs().map(({ packages }) => packages)).toEqual([[hash(second!)]]);
  });

  test('once: in the next block, nothing runs', () => {
    const classId = classOf(UNIT);
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    chain.open();
    chain.close();
    expect(runs()).toEqual([]);
    expect(progress(chain)).toEqual({ stages: [], runs: [] });
  });

  test('a package without items is taken, and no class runs', () => {
    const [work] = registered(() => reportOf(chain, { results: [] }));
    accumulated(0);
    const { hash: packageHash } = work!.packageSpec;
    expect(progress(chain)).toEqual({
      stages: [
        { packageHash, core: 0, stage: 'available' },
        { packageHash, core: 0, stage: 'accumulated' },
      ],
      runs: [],
    });
  });
});

describe('changes of a class that are kept', () => {
  const checkpoint = '(drop (call $checkpoint))';
  /** Writes "one", makes a checkpoint, writes "two", and then… */
  const twoSteps = (then: string): string => `${put(ONE)} ${checkpoint} ${put(TWO)} ${then}`;

  test.each([
    ['all if it returns', UNIT, 'Returned', [true, true]],
    ['a trap undoes changes after the last checkpoint', 'unreachable', 'Trapped', [true, false]],
    ['so does running out of weight', '(loop $l (br $l)) unreachable', 'OutOfWeight', [true, false]],
    ['so does a malformed result', fat(64, 1), 'Malformed', [true, false]],
    [
      'so does a call of a function that only refine may call',
      `(drop (call $state_root (i32.const 0))) ${UNIT}`,
      'Trapped',
      [true, false],
    ],
  ])('%s', (_what, then, outcome, [one, two]) => {
    const classId = classOf(twoSteps(then));
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    expect(['one', 'two'].map((key) => workStorage(chain, classId, key) !== undefined)).toEqual([one, two]);
    expectEvent(chain, 'Accumulation.Accumulated', { class_id: classId, outcome, checkpoints: 1 });
    // D25: 10⁹ an entry and 10⁷ a byte; an entry here has 3 bytes of key and 3 of value.
    const entries = two ? 2n : 1n;
    expect(chain.account(accountOf(classId)).reserved).toBe(entries * (1_000_000_000n + 6n * 10_000_000n));
    expect(chain.json('Accumulation.Footprints', classId)).toMatchObject({
      items: Number(entries),
      bytes: 6 * Number(entries),
    });
  });

  test('none if it traps without a checkpoint', () => {
    const classId = classOf(`${put(ONE)} unreachable`);
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    expect(workStorage(chain, classId, 'one')).toBeUndefined();
    expect(chain.account(accountOf(classId)).reserved).toBe(0n);
  });

  test('a trap does not affect another class', () => {
    const [bad, good] = [classOf('unreachable'), classOf(`${put(ONE)} ${UNIT}`)];
    registered(() => reportOf(chain, { results: [resultOf(bad, 'a'), resultOf(good, 'b')] }));
    accumulated(0);
    expect(progress(chain).runs).toMatchObject([
      { classId: bad, outcome: 'trapped' },
      { classId: good, outcome: 'returned' },
    ]);
    expect(workStorage(chain, good, 'one')).toBe(toHex(utf8('one')));
  });

  test("infinite recursion exhausts the guest's stack, not the node's", () => {
    const code = guest({ accumulate: `(call $again) ${UNIT}`, data: '(func $again (call $again))' });
    const id = registerClass(chain, code, 0n, BigInt(ACCUMULATE));
    registered(() => reportOf(chain, { classId: id }));
    accumulated(0);
    expectEvent(chain, 'Accumulation.Accumulated', { class_id: id, outcome: 'StackExhausted' });
  });

  test('code that is not a module, or has no accumulate, is Invalid', () => {
    const [text, empty] = [utf8('no module'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)];
    const ids = [text, empty].map((code) => registerUnchecked(chain, code, 0n, BigInt(ACCUMULATE)));
    registered(() => reportOf(chain, { results: ids.map((id) => resultOf(id, 'a')) }));
    accumulated(0);
    expect(progress(chain).runs).toMatchObject(ids.map((id) => ({ classId: id, outcome: 'invalid' })));
  });

  test('removed code is CodeMissing, and pays for the call', () => {
    const classId = classOf(UNIT);
    registered(() => reportOf(chain, { classId }));
    const code = chain.query('WorkClasses.ClassCodeHash', classId)!.toHex();
    chain.poke('Storage.Lengths', [code], undefined);
    accumulated(0);
    // 1 of the list, 2 + 3 of the Authorization, 1 of the list of items, 32 of the item hash, and of the result 4 of the class,
    // 32 of the item hash again, 1 + 1 + 6 of the output, 8 of the weight.
    const argumentsLength = 1 + 2 + 3 + 1 + 32 + (4 + 32 + 1 + 1 + 6 + 8);
    expectEvent(chain, 'Accumulation.Accumulated', {
      class_id: classId,
      outcome: 'CodeMissing',
      weight_used: Number(storedInvocation(argumentsLength, 0)),
    });
  });
});

describe('weight', () => {
  test("a class that is alone on its core has the core's weight minus its prune weight and the end of the block", () => {
    const classId = classOf(UNIT);
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    const [run] = runs();
    expect(run).toMatchObject({ outcome: 'Returned', weight_given: WPP - PRUNE - ENDING });
    expect(run!.weight_used).toBeGreaterThan(COST_OF_CALL);
    expect(run!.weight_used).toBeLessThan(ACCUMULATE);
  });

  test('the surplus is shared by refine weight, the remainder to the lowest class; unused weight goes to the next class', () => {
    const [low, high] = [classOf(UNIT), classOf(UNIT)];
    registered(() => reportOf(chain, { results: [resultOf(high, 'a', 2n), resultOf(low, 'b', 1n)] }));
    accumulated(0);
    // Surplus: 5·10¹¹ − 2 · 10⁹ − 2 · 2·10⁹ − 10⁸ = 493.9·10⁹; thirds of it: 164,633,333,333 and 329,266,666,666, remainder 1.
    const [first, second] = runs();
    expect(first!.weight_given).toBe(ACCUMULATE + 164_633_333_333 + 1);
    const left = (first!.weight_given as number) - (first!.weight_used as number);
    expect(second!.weight_given).toBe(ACCUMULATE + 329_266_666_666 + left);
  });

  test('if refine used no weight, the surplus is shared by the number of items', () => {
    const [low, high] = [classOf(UNIT), classOf(UNIT)];
    registered(() =>
      reportOf(chain, { results: [resultOf(high, 'a', 0n), resultOf(low, 'b', 0n), resultOf(high, 'c', 0n)] }),
    );
    accumulated(0);
    // Surplus: 5·10¹¹ − 3 · 10⁹ − 3 · 2·10⁹ − 10⁸ = 490.9·10⁹; a third: 163,633,333,333; the remainder is 1.
    expect(runs()[0]!.weight_given).toBe(ACCUMULATE + 163_633_333_333 + 1);
  });

  test("a core's surplus goes only to its own classes", () => {
    const [low, high] = [classOf(UNIT), classOf('(loop $l (br $l)) unreachable')];
    registered(
      () => reportOf(chain, { classId: low }),
      () => reportOf(chain, { coreIndex: 1, classId: high }),
    );
    accumulated(0, 1);
    const [first, second] = runs();
    expect(first!.weight_given).toBe(WPP - PRUNE - ENDING);
    expect(second!.weight_given).toBe(
      WPP - PRUNE - ENDING + (first!.weight_given as number) - (first!.weight_used as number),
    );
    expect(second!.weight_used).toBe(second!.weight_given);
  });

  test('prune weight of a new report is deducted first, and may leave no room for waiting packages', () => {
    const heavy = classOf(UNIT, { prune: 0, accumulate: WPP - 5_000_000_000 - ENDING });
    const [fits, tooMuch] = [classOf(UNIT, { prune: 5_000_000_000 }), classOf(UNIT, { prune: 5_000_000_001 })];
    registered(() => reportOf(chain, { classId: heavy }));
    expect(queued(chain)).toBe(0);
    allAvailable(chain, [0]);
    expect(queued(chain)).toBe(1);
    const next = (classId: number) => attest(reportOf(chain, { classId }), GROUPS[0]!);
    expect(validate(chain, [next(tooMuch)])).toEqual(['CoreBusy']);
    expect(validate(chain, [next(fits)])).toEqual([undefined]);
    report(chain, [next(fits)]);
    chain.close();
    // 5·10⁹ for the new prune, the guarantee, the end of the block, and no surplus.
    expect(runs()).toMatchObject([{ class_id: heavy, weight_given: WPP - 5_000_000_000 - ENDING }]);
    expect(queued(chain)).toBe(0);
  });

  test('a package that weighs more than its core has, since an upgrade, is taken by itself', () => {
    const [heavy, light] = [classOf(UNIT, { prune: 0, accumulate: 1_000_000_000 }), classOf(UNIT)];
    assignCores(chain, 0, 1, 2);
    chain.advance();
    const tracked = { core: 0, registeredAt: 0, order: 0, classes: [heavy], accumulate: BigInt(WPP) };
    pokeReport(chain, tracked);
    pokeTracked(chain, 'Ready', [tracked, { ...tracked, order: 1, accumulate: 1n }]);
    // No report of this block, whose prune the core would bear; the second package waits for the next block.
    expect(validate(chain, [attest(reportOf(chain, { classId: light }), GROUPS[0]!)])).toEqual(['CoreBusy']);
    chain.close();
    expect(runs()).toMatchObject([{ class_id: heavy, weight_given: WPP }]);
    expect(queued(chain)).toBe(1);
  });

  test('weight that is too little for the call is used up, and nothing runs', () => {
    // One core and a class with a guarantee of 10⁸, less than the 2·10⁸ of a call; the rest is guaranteed to another
    // class. Registration refuses such a guarantee (D38); the price of a call may have risen since.
    const poor = classOf(`${put(ONE)} ${UNIT}`);
    chain.poke('WorkClasses.WeightRequirements', [poor], new Writer().u64(0n).u64(100_000_000n).finish());
    const rich = classOf(UNIT, { prune: 0, accumulate: WPP - 100_000_000 - ENDING });
    registered(() => reportOf(chain, { results: [resultOf(poor, 'a'), resultOf(rich, 'b')] }));
    accumulated(0);
    expect(runs()).toMatchObject([
      { class_id: poor, outcome: 'OutOfWeight', weight_given: 100_000_000, weight_used: 100_000_000 },
      { class_id: rich, outcome: 'Returned', weight_given: WPP - 100_000_000 - ENDING },
    ]);
    expect(workStorage(chain, poor, 'one')).toBeUndefined();
  });

  describe('is reserved in the block', () => {
    const mandatory = (): number =>
      (chain.json('System.BlockWeight') as { mandatory: { refTime: number } }).mandatory.refTime;

    /** What is reserved after the inherents of the block in which the report becomes available. */
    function reserved(make: () => WorkReport): number {
      registered(make);
      allAvailable(chain, [0]);
      const without = mandatory();
      chain.close();
      return mandatory() - without;
    }

    /** More than the hooks add for one package. */
    const HOOKS = 1_000_000_000;

    test("the core's share, without what the package used in prune, and the weight of the hook itself", () => {
      const classId = classOf(UNIT);
      const weight = reserved(() => reportOf(chain, { classId }));
      expect(weight).toBeGreaterThan(WPP - PRUNE);
      expect(weight).toBeLessThan(WPP - PRUNE + HOOKS);
    });

    test('what the end of a block does for each package within that share: it does not come on top', () => {
      const table = (taken: number): number =>
        Number(storedWeight('Accumulation', 'accumulate', { pending: 0, ready: 1, taken, slices: 0 }));
      // The core pays what the table says, at least.
      expect(table(1) - table(0)).toBeLessThanOrEqual(ENDING);
      const classId = classOf(UNIT);
      expect(reserved(() => reportOf(chain, { classId }))).toBe(WPP - PRUNE + table(0));
    });

    test('the same where requirements leave nothing: the end of a block is within a core of 75 %, and not beside it', () => {
      const full = classOf(UNIT, { prune: 0, accumulate: WPP - ENDING });
      const hook = Number(storedWeight('Accumulation', 'accumulate', { pending: 0, ready: 1, taken: 0, slices: 0 }));
      expect(reserved(() => reportOf(chain, { classId: full }))).toBe(WPP + hook);
      // Of a class that was registered before, with more.
      chain.open();
      const more = new Writer()
        .u64(0n)
        .u64(BigInt(WPP - ENDING + 1))
        .finish();
      chain.poke('WorkClasses.WeightRequirements', [full], more);
      expect(validate(chain, [attest(reportOf(chain, { classId: full }), GROUPS[0]!)])).toEqual(['LiabilityTooHigh']);
    });

    test('at 512 cores that each take a package: 75 % of the block, and the work on the queues', async () => {
      chain = await busyChain(512);
      pokeClasses(chain, 1, 1);
      const close = (): number => {
        const without = mandatory();
        chain.close();
        return mandatory() - without;
      };
      const idle = close();
      chain.open();
      const packages = Array.from({ length: 512 }, (_, core) => ({
        core,
        registeredAt: chain.number - 1,
        order: core,
        classes: [1],
      }));
      pokeTracked(chain, 'Ready', packages);
      for (const each of packages) pokeReport(chain, each);
      const reservedFor = close();
      expect(chain.json('Reporting.Ready')).toEqual([]);
      const queues = (ready: number): number =>
        Number(storedWeight('Accumulation', 'accumulate', { pending: 0, ready, taken: 0, slices: 0 }));
      expect(reservedFor - idle).toBe(1_500_000_000_000 + queues(512) - queues(0));
    }, 60_000);

    test('nothing for calls of classes, which these pay: as much for four classes as for one', async () => {
      const weights: number[] = [];
      for (const different of [1, 4]) {
        chain = await startChain();
        const ids = Array.from({ length: different }, () => classOf(UNIT));
        const results = Array.from({ length: 4 }, (_, item) => resultOf(ids[item % different]!, 'a'));
        weights.push(reserved(() => reportOf(chain, { results })));
        expect(runs()).toHaveLength(different);
        for (const run of runs()) expect(run.weight_used).toBeGreaterThan(COST_OF_CALL);
      }
      expect(weights[1]).toBe(weights[0]);
    });

    test('not the surplus of a core whose packages have no items: no class can use it', () => {
      const weight = reserved(() => reportOf(chain, { results: [] }));
      expect(weight).toBeGreaterThan(0);
      expect(weight).toBeLessThan(HOOKS);
    });
  });
});

describe('the deposit of a class (D25)', () => {
  const cost = 1_000_000_000n + 6n * 10_000_000n;
  /** Traps unless the write was refused (1) or, with `eqz`, accepted (0). */
  const ends = (accepted: boolean): string =>
    `(if (i32.${accepted ? 'ne' : 'eq'} (call $set_work_storage ${ONE} ${ONE}) (i32.const 0)) (then unreachable)) ${UNIT}`;

  test.each([
    [0n, true],
    [1n, false],
  ])('%s planck short of the deposit and the existential deposit', (short, accepted) => {
    const classId = classOf(ends(accepted), { funds: cost + 1_000_000_000n - short });
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    expectEvent(chain, 'Accumulation.Accumulated', { class_id: classId, outcome: 'Returned' });
    expect(workStorage(chain, classId, 'one') !== undefined).toBe(accepted);
    expect(chain.account(accountOf(classId)).reserved).toBe(accepted ? cost : 0n);
  });

  test("a class whose account does not exist can't store values", () => {
    const classId = classOf(ends(false), { funds: 0n });
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    expectEvent(chain, 'Accumulation.Accumulated', { class_id: classId, outcome: 'Returned' });
  });

  test('changes with replaced values, and is returned for removed ones', () => {
    const remove = `(if (result i64) (i64.eq (call $get_work_storage_len ${ONE}) (i64.const -1))
      (then ${put(ONE)} ${put(ONE, ARGS)} ${UNIT})
      (else (call $remove_work_storage ${ONE}) (call $remove_work_storage ${TWO}) ${UNIT}))`;
    const classId = classOf(remove);
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    expect(chain.account(accountOf(classId)).reserved).toBe(cost + 10_000_000n); // "args" is one byte longer than "one"
    chain.open();
    report(chain, [attest(reportOf(chain, { classId }), GROUPS[0]!)]);
    chain.advance();
    accumulated(0);
    expect(workStorage(chain, classId, 'one')).toBeUndefined();
    expect(chain.account(accountOf(classId)).reserved).toBe(0n);
    expect(chain.json('Accumulation.Footprints', classId)).toMatchObject({ items: 0, bytes: 0 });
  });
});

describe("a deposit that doesn't suit the constants of an upgraded runtime", () => {
  const DUE = 1_060_000_000n; // D25: 10⁹ for the item and 10⁷ for each of its 6 bytes
  const EXISTENTIAL = 1_000_000_000n;
  /** The encoded reason: index of the pallet, index of its reason. */
  const WORK_STORAGE = Uint8Array.of(17, 0);
  const toggle = `(if (result i64) (i64.eq (call $get_work_storage_len ${ONE}) (i64.const -1))
    (then ${put(ONE)} ${UNIT}) (else (call $remove_work_storage ${ONE}) ${UNIT}))`;

  /** Runs the class twice, as if only `due` was due and only `held` was held after the first run. */
  function twice(accumulate: string, due: bigint, held: bigint): number {
    const classId = classOf(accumulate, { funds: EXISTENTIAL + DUE });
    registered(() => reportOf(chain, { classId }));
    accumulated(0);
    chain.open();
    const who = accountOf(classId);
    expect(chain.account(who)).toMatchObject({ free: EXISTENTIAL, reserved: DUE });
    chain.poke('Accumulation.Footprints', [classId], new Writer().u32(1).u64(6n).u128(due).finish());
    const [reason] = chain.json('Balances.Holds', who) as [{ id: Record<string, string> }];
    expect(reason.id).toEqual({ accumulation: 'WorkStorage' });
    chain.poke('Balances.Holds', [who], new Writer().compact(1n).raw(WORK_STORAGE).u128(held).finish());
    report(chain, [attest(reportOf(chain, { classId }), GROUPS[0]!)]);
    chain.advance();
    accumulated(0); // does not throw
    expect(runs()).toMatchObject([{ outcome: 'Returned' }]);
    return classId;
  }
  const heldOf = (classId: number): unknown => chain.json('Balances.Holds', accountOf(classId));
  const dueOf = (classId: number): unknown =>
    (chain.json('Accumulation.Footprints', classId) as { deposit: unknown }).deposit;

  test('a raised price is paid for what is added, not for what is stored already', () => {
    const classId = twice(`${put(ONE)} ${UNIT}`, DUE / 2n, DUE / 2n);
    expect(dueOf(classId)).toBe(Number(DUE / 2n));
    expect(heldOf(classId)).toMatchObject([{ amount: Number(DUE / 2n) }]);
  });

  test('an item whose price has risen returns no more than is held, when it is removed', () => {
    const classId = twice(toggle, DUE / 2n, DUE / 2n);
    expect([dueOf(classId), heldOf(classId)]).toEqual([0, []]);
  });

  test('the last item returns all that is held, also if its price has fallen', () => {
    const classId = twice(toggle, DUE + 7n, DUE + 7n);
    expect([dueOf(classId), heldOf(classId)]).toEqual([0, []]);
  });

  test('what is missing is held as far as the account can bear it', () => {
    const classId = twice(`${put(ONE)} ${UNIT}`, DUE, DUE - 5n);
    expect(dueOf(classId)).toBe(Number(DUE));
    expect(heldOf(classId)).toMatchObject([{ amount: Number(DUE - 5n) }]);
  });
});

test("the class's state is a child trie whose root is in the block's state", () => {
  const classId = classOf(`${put(ONE)} ${UNIT}`);
  registered(() => reportOf(chain, { classId }));
  accumulated(0);
  const key = concat(utf8(':child_storage:default:corejam/class/'), Uint8Array.of(classId, 0, 0, 0));
  expect(chain.onParent().get(key)).toHaveLength(32);
});
