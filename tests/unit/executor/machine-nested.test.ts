// Inside a guest's host call: traps, memory growth, exhausted weight or stack, failures. A failure of the guest is a
// result for the runtime; a failure of the runtime or of the host ends the whole call, and so the block.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { guestRow, ON_CHAIN_SCHEDULE } from '../../../host/executor/index.js';
import { FUEL_PS, prepare, SCHEDULE } from '../../../host/vm/index.js';
import { emptyOverlay, wat } from './fixtures.js';
import { BULK_BYTES, FAT, guest, head, invoke, trapOf, type Options } from './machine-runtime.js';

const GET = 'ext_corejam_get_work_storage_version_1';
const SET = 'ext_corejam_set_work_storage_version_1';
/** A host call with the guest's arguments as the key. */
const GET_ARGS = '(call $get (call $fat (local.get $p) (local.get $n)))';
/** A host call with "keyA" as the key, and one that stores "1234" under it. */
const GET_A = `(call $get (i64.const ${(4n << 32n) | 8n}))`;
const SET_A = `(call $set (i64.const ${(4n << 32n) | 8n}) (i64.const ${(4n << 32n) | 12n}))`;
const NOTHING = '(i64.const 0)';
/** The size of a block's header, which each allocation reads or writes. */
const HEADER_BYTES = 8n;

const keyed = (key: string): Options => ({ args: utf8(key) });

describe('memory growth inside a host call', () => {
  test("the runtime's: its reply is read from the grown memory, and later accesses use it too", () => {
    // The reply is in pages that the runtime has just added; then the result of the machine is written to memory that
    // moved.
    const { outcome, output } = invoke(guest(GET_ARGS), keyed('bulk'));
    expect(outcome).toBe(0);
    expect(output).toBe(toHex(new Uint8Array(BULK_BYTES).fill(0x5a)));
  });

  test("the runtime's, several times", () => {
    const again = `(local.set $i (i32.const 10)) (loop $again (drop ${GET_ARGS})
      (br_if $again (local.tee $i (i32.sub (local.get $i) (i32.const 1))))) ${GET_ARGS}`;
    const { outcome, output } = invoke(guest(again), keyed('bulk'));
    expect([outcome, output]).toEqual([0, toHex(new Uint8Array(BULK_BYTES).fill(0x5a))]);
  });

  test("the guest's: its data is kept, the reply is in the new pages, and they are charged", () => {
    // Its earlier writes, its number of pages, the last bytes of the reply, its arguments.
    const body = `(i64.store (i32.const 64) (i64.const 0x1122334455667788))
      (local.set $w ${GET_ARGS})
      (i32.store (i32.const 72) (memory.size))
      (i32.store (i32.const 76) (i32.load (i32.add (i32.wrap_i64 (local.get $w)) (i32.const ${BULK_BYTES - 4}))))
      (i32.store (i32.const 80) (i32.load (local.get $p)))
      (call $fat (i32.const 64) (i32.const 20))`;
    const { outcome, output } = invoke(guest(body), keyed('bulk'));
    expect(outcome).toBe(0);
    // 4,096 + 16 for the block of the arguments + 262,144 + 8 for that of the reply: 5 pages of 65,536.
    const expected = new Writer().u64(0x1122_3344_5566_7788n).u32(5).u32(0x5a5a_5a5a).raw(utf8('bulk')).finish();
    expect(output).toBe(toHex(expected));
    const used = (key: string): bigint =>
      invoke(guest(`(drop ${GET_ARGS}) ${NOTHING}`), keyed(key)).weightUsed / FUEL_PS;
    const growing = 4_000n + 4n * 800_000n; // on-chain, a page costs 800,000
    expect(used('bulk') - used('none')).toBe(
      growing + guestRow(GET).price.perByte * (HEADER_BYTES + BigInt(BULK_BYTES)),
    );
  });

  test("a reply that does not fit in the guest's memory traps only the guest", () => {
    // Each reply takes a block of 262,144 + 8 bytes, of which 15 fit into 64 pages of 65,536.
    const times = (count: number): string => `(local.set $i (i32.const ${count})) (loop $again (drop ${GET_ARGS})
      (br_if $again (local.tee $i (i32.sub (local.get $i) (i32.const 1))))) (call $fat (i32.const 8) (i32.const 4))`;
    expect(invoke(guest(times(15)), keyed('bulk'))).toMatchObject({ outcome: 0, output: toHex(utf8('keyA')) });
    expect(invoke(guest(times(16)), keyed('bulk'))).toMatchObject({ outcome: 1, output: '0x' });
  });
});

describe('weight across host calls', () => {
  test('each is charged exactly its instructions, its price, and its bytes', () => {
    const times = (count: number): bigint => {
      const code = guest(`${`(drop ${GET_A})`.repeat(count)} ${NOTHING}`);
      return invoke(code).weightUsed / FUEL_PS - prepare(code, { schedule: ON_CHAIN_SCHEDULE }).setupFuel;
    };
    const { fixed, perByte } = guestRow(GET).price;
    // i64.const and call, with a drop that is free; the key of 4 bytes; the header of the reply's block; the key and
    // its length.
    const instructions = BigInt(SCHEDULE.operator + SCHEDULE.call);
    const each = instructions + fixed + perByte * (4n + HEADER_BYTES + 5n);
    const figures = [1, 2, 3, 4, 5].map(times);
    for (let index = 1; index < figures.length; index++) expect(figures[index]! - figures[index - 1]!).toBe(each);
  });

  test('the exact weight is enough; with a unit less, the guest runs out and has used all', () => {
    const code = guest(
      `(drop ${GET_A}) (drop ${SET_A}) (drop (call $checkpoint)) (call $fat (i32.const 8) (i32.const 4))`,
    );
    const { weightUsed } = invoke(code);
    expect(weightUsed % FUEL_PS).toBe(0n);
    expect(invoke(code, { weight: weightUsed })).toEqual({ outcome: 0, weightUsed, output: toHex(utf8('keyA')) });
    expect(invoke(code, { weight: weightUsed - 1n })).toEqual({
      outcome: 2,
      weightUsed: weightUsed - 1n,
      output: '0x',
    });
  });

  test('a guest that runs out inside a call has used all its weight; the runtime is called only after the charge', () => {
    const code = guest(`(drop ${SET_A}) ${NOTHING}`);
    const { weightUsed } = invoke(code);
    const at = (weight: bigint): { outcome: number; stored: boolean } => {
      const overlay = emptyOverlay();
      const { outcome, weightUsed: used } = invoke(code, { weight, overlay });
      if (outcome === 2) expect(used).toBe(weight);
      return { outcome, stored: overlay.has(utf8('keyA')) };
    };
    // Key and value of 4 bytes each are read before the runtime is called; nothing is charged afterwards.
    const { fixed, perByte } = guestRow(SET).price;
    const priced = (fixed + 8n * perByte) * FUEL_PS;
    expect(at(weightUsed)).toEqual({ outcome: 0, stored: true });
    for (const short of [1n, FUEL_PS, priced / 2n, priced])
      expect(at(weightUsed - short)).toEqual({ outcome: 2, stored: false });
  });

  test('a guest that can pay for the arguments but not for the reply runs out after the call of the runtime', () => {
    const code = guest(`(drop ${SET_A}) (drop ${GET_ARGS}) ${NOTHING}`);
    const { weightUsed } = invoke(code, keyed('bulk'));
    const overlay = emptyOverlay();
    const weight = weightUsed - FUEL_PS;
    expect(invoke(code, { ...keyed('bulk'), weight, overlay })).toEqual({
      outcome: 2,
      weightUsed: weight,
      output: '0x',
    });
    expect(overlay.get(utf8('keyA'))).toEqual(utf8('1234')); // the runtime decides whether to keep that
  });
});

describe('a failure of the guest inside or after a host call is only its own', () => {
  test.each<[string, number, string]>([
    ['a trap after it', 1, `(drop ${GET_A}) unreachable`],
    ['a bad pointer', 1, '(drop (call $get (i64.const 0x10_0000fffa))) (i64.const 0)'],
    ['a division by zero after it', 1, `(drop (i64.div_u (i64.const 1) (i64.and ${GET_A} (i64.const 0)))) ${NOTHING}`],
    ['an endless loop around it', 2, `(loop $again (drop ${GET_A}) (br $again)) ${NOTHING}`],
  ])('%s: %i', (_, outcome, body) => {
    const first = invoke(guest(body));
    expect(first).toMatchObject({ outcome, output: '0x' });
    expect(invoke(guest(body))).toEqual(first);
  });

  test.each([0, 1, 20, 200])(
    'calls from as deep as the guest can go never exhaust the host (%i locals each)',
    (locals) => {
      const code = wat(`(module ${head()} ${FAT}
      (func $deep (param $left i32) (result i32) (local ${'i64 '.repeat(locals)})
        (if (result i32) (local.get $left)
          (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $left) (i32.const 1)))))
          (else (drop ${GET_A}) (i32.const 0))))
      (func (export "accumula") (param $p i32) (param $n i32) (result i64)
        (i64.extend_i32_u (call $deep (i32.load (local.get $p))))))`);
      const at = (depth: number): number => invoke(code, { args: new Writer().u32(depth).finish() }).outcome;
      let [returns, exhausts] = [0, 1 << 20];
      while (exhausts - returns > 1) {
        const middle = (returns + exhausts) >> 1;
        const outcome = at(middle);
        expect([0, 3]).toContain(outcome);
        if (outcome === 0) returns = middle;
        else exhausts = middle;
      }
      expect(returns).toBeGreaterThan(50);
    },
  );
});

describe("a failure of the runtime inside a guest's host call", () => {
  const asking = guest(`(drop ${GET_ARGS}) ${NOTHING}`);
  const faultOf = (key: string): ReturnType<typeof trapOf> => trapOf(() => invoke(asking, keyed(key)));

  test("a trap fails the whole call, with the runtime's last log lines", () => {
    expect(faultOf('trap')).toMatchObject({ reason: 'unreachable', log: ['error the: the runtime panicked'] });
  });

  test("endless recursion does too: the exhausted stack is not the guest's", () => {
    expect(faultOf('over').reason).toBe('call stack exhausted');
  });

  test('a malformed reply fails the whole call', () => {
    expect(faultOf('bad!').reason).toContain(`the runtime's reply to ${GET} is malformed`);
  });

  test('so does a second guest inside the first', () => {
    expect(faultOf('deep').reason).toContain('a guest already runs');
  });

  test('a function that the runtime does not export traps the guest, and fails no call', () => {
    expect(invoke(guest('(drop (call $relay (i64.const 0))) (i64.const 0)'))).toMatchObject({
      outcome: 1,
      output: '0x',
    });
  });

  test('also if the guest would have run out of weight right after it', () => {
    const { weightUsed } = invoke(asking, keyed('none'));
    expect(trapOf(() => invoke(asking, { ...keyed('trap'), weight: weightUsed })).reason).toBe('unreachable');
    expect(invoke(asking, { ...keyed('trap'), weight: weightUsed - FUEL_PS }).outcome).toBe(2); // not called
  });

  test('its open transactions are rolled back', () => {
    const overlay = emptyOverlay();
    const before = toHex(overlay.root(1));
    expect(trapOf(() => invoke(asking, { ...keyed('undo'), overlay })).reason).toBe('unreachable');
    expect([overlay.depth, toHex(overlay.root(1))]).toEqual([0, before]);
  });

  test('afterwards the next call works', () => {
    faultOf('trap');
    expect(invoke(asking, keyed('none')).outcome).toBe(0);
  });
});

describe('a fault of the host', () => {
  test('inside a host call is not converted', () => {
    const overlay = emptyOverlay();
    overlay.set = () => {
      throw new TypeError('the database is gone');
    };
    expect(() => invoke(guest(`(drop ${SET_A}) ${NOTHING}`), { overlay })).toThrow(
      new TypeError('the database is gone'),
    );
  });

  test("exhaustion of the host's own stack is a failure of the call, never an outcome", () => {
    const deep = wat(`(module ${head()} ${FAT}
      (func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
      (func (export "accumula") (param i32 i32) (result i64) (i64.extend_i32_u (call $deep (i32.const 0)))))`);
    const expected = invoke(deep);
    expect(expected.outcome).toBe(3);
    /** The same, below that many stack frames of the host. */
    const above = (frames: number): unknown => (frames === 0 ? invoke(deep) : [above(frames - 1)][0]);
    let [ran, failed] = [0, 0];
    for (let frames = 0; frames < 20_000 && failed < 20; frames += 100) {
      try {
        expect(above(frames)).toEqual(expected);
        ran++;
      } catch (error) {
        // By name: V8's error may be of another realm. The call failed, as a failure of the runtime or of the host.
        expect(['HostFault', 'RangeError', 'RuntimeTrap']).toContain((error as Error).name);
        failed++;
      }
    }
    expect(ran).toBeGreaterThan(0);
    expect(failed).toBe(20);
    expect(invoke(deep)).toEqual(expected);
  });
});
