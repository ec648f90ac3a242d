// The share of an assignment: as many reports as it had of the last 16 blocks, at both edges of that window. Spec: D7.
import { beforeEach, expect, test } from '@jest/globals';
import { expectOk, root, type TestChain } from '../harness/index.js';
import {
  allAvailable,
  assignCores,
  attest,
  registerClass,
  report,
  reportOf,
  sharesLeft,
  startChain,
  validate,
} from './support/corejam.js';
import { guest } from './support/guests.js';

let chain: TestChain;
/** AuthIds. */
let ours: number;
let other: number;
/** The hash of each block that was closed, by number. */
const hashes = new Map<number, Uint8Array>();

beforeEach(async () => {
  chain = await startChain();
  registerClass(chain, guest({}), 1_000_000_000n, 2_000_000_000n);
  [ours, other] = [assignCores(chain), assignCores(chain)];
  hashes.clear();
});

const assign = (id: number): void => void expectOk(chain.dispatch(root, 'Coretime.assign', 0, id));

function advanceTo(number: number): void {
  while (chain.number < number) {
    chain.advance();
    hashes.set(chain.number - 1, chain.parentHash);
  }
}

/** A report under `ours` with block `number` as context. */
const reportWith = (number: number) =>
  attest(
    reportOf(chain, { authId: ours, context: { headerHash: hashes.get(number)!, prerequisite: undefined } }),
    [0, 1],
  );

/** What the runtime says to one more report under `ours`. */
const verdict = (context: number): string | undefined => validate(chain, [reportWith(context)])[0];

/** Registers a report, and makes it available in the next block, so that the core is free. */
function use(context: number): void {
  report(chain, [reportWith(context)]);
  advanceTo(chain.number + 1);
  allAvailable(chain, [0]);
}

test('an assigned block counts in the 15 blocks after it', () => {
  assign(ours); // block 1, and no other
  advanceTo(2);
  assign(other);
  advanceTo(16); // the last 16 blocks are 1 to 16
  expect(verdict(1)).toBeUndefined();
});

test('an assigned block does not count after that', () => {
  assign(ours); // blocks 1 and 2
  advanceTo(3);
  assign(other);
  advanceTo(10);
  use(2); // Registered in block 10
  advanceTo(16); // the last 16 blocks are 1 to 16, of which two were assigned
  expect(verdict(2)).toBeUndefined();
  advanceTo(17); // 2 to 17, of which one was assigned, and that is used
  expect(verdict(2)).toBe('ShareExhausted');
});

test('a report counts in its block and the 15 after it', () => {
  assign(ours); // block 1
  advanceTo(2);
  assign(other);
  use(1); // Registered in block 2
  advanceTo(16);
  assign(ours); // block 16
  advanceTo(17);
  assign(other);
  expect(verdict(16)).toBe('ShareExhausted'); // block 2 is one of the last 16
  advanceTo(18);
  expect(verdict(16)).toBeUndefined(); // it is not
});

test('reports of the same block count, and those of another assignment do not', () => {
  assign(ours); // block 1
  advanceTo(2);
  assign(other); // block 2
  advanceTo(3);
  expect(verdict(1)).toBeUndefined();
  report(chain, [attest({ ...reportWith(2).report, authId: other }, [0, 1])]);
  advanceTo(4);
  allAvailable(chain, [0]);
  expect(verdict(1)).toBeUndefined();
  use(1);
  expect(verdict(1)).toBe('ShareExhausted');
});

test('reports that no longer count are removed with the next one', () => {
  assign(ours);
  advanceTo(2);
  use(1);
  const kept = (): unknown => chain.json('Coretime.Uses', 0);
  expect(kept()).toEqual([{ number: 2, authId: ours }]);
  advanceTo(17);
  use(16);
  expect(kept()).toEqual([
    { number: 2, authId: ours },
    { number: 17, authId: ours },
  ]);
  use(17); // in block 18
  expect(kept()).toEqual([
    { number: 17, authId: ours },
    { number: 18, authId: ours },
  ]);
});

test('a core that stays assigned takes a report in every block, more than 16 in a row', () => {
  assign(ours); // from block 1 on
  advanceTo(2);
  for (let number = 2; number <= 20; number++) {
    expect([number, verdict(number - 1)]).toEqual([number, undefined]);
    use(number - 1); // the next block is open
  }
});

test('CoreJamApi.shares_left returns how many reports of each AuthId the next block could Register on a core', () => {
  const left = (): readonly number[] => sharesLeft(chain, 0, [ours, other]);
  assign(ours); // block 1
  advanceTo(2);
  assign(other); // from block 2 on
  expect(left()).toEqual([1, 2]); // up to block 3: block 1; blocks 2 and 3
  use(1); // Registered in block 2
  expect(left()).toEqual([0, 3]); // in block 3, up to block 4
  report(chain, [attest({ ...reportWith(2).report, authId: other }, [0, 1])]);
  expect(left()).toEqual([0, 2]);
  advanceTo(16);
  expect(left()).toEqual([0, 15]); // blocks 2 to 17: 16 of the other, of which one is used
  advanceTo(17);
  expect(left()).toEqual([0, 15]); // blocks 3 to 18: block 1 and its report count no more
  advanceTo(18);
  expect(left()).toEqual([0, 16]); // blocks 4 to 19: nor does the report of block 3
});
