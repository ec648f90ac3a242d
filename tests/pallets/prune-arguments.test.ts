// The arguments of `prune` are at most 1 MiB a class and block (D37): one call must see all outputs together.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { err, ok } from '../../host/bytes/index.js';
import type { WorkReport } from '../../host/contract/index.js';
import { indices, join, registerClass, trapOf, validate } from './support/corejam.js';
import { Crowd, resultOfBytes } from './support/crowd.js';
import { guest, NOTHING } from './support/guests.js';

const CORES = 65;
const OUTPUT_BYTES = 4_096;
/** Less than a third of a core's share (D5a): 75 % of 2·10¹² over 65 cores is 23·10⁹, for up to four items. */
const PRUNE = 500_000_000n;
const ACCUMULATE = 2_000_000_000n;

let crowd: Crowd;

beforeEach(async () => {
  crowd = await Crowd.start(CORES);
});

const classOf = (prune: bigint, code = NOTHING): number =>
  registerClass(crowd.chain, guest({ prune: code }), prune, ACCUMULATE);

/** A report with outputs of these lengths. */
const reportOf = (core: number, classId: number, lengths: number[]): WorkReport =>
  crowd.reportOf(
    core,
    lengths.map((length) => resultOfBytes(classId, ok(new Uint8Array(length)))),
  );

/** 63 reports with four outputs of 4,096 bytes, and 2 bytes of compact length each: 63 · 4 · 4,098 = 1,032,696. */
const full = (classId: number): WorkReport[] =>
  Array.from({ length: 63 }, (_, core) =>
    reportOf(
      core,
      classId,
      Array.from({ length: 4 }, () => OUTPUT_BYTES),
    ),
  );

/** Three outputs of 4,098 with their lengths and one of `last` bytes. */
const lastOf = (classId: number, last: number): WorkReport =>
  reportOf(63, classId, [OUTPUT_BYTES, OUTPUT_BYTES, OUTPUT_BYTES, last]);

/** 1,048,576 − 1,032,696 − 2 (length of the list) − 3 · 4,098 − 2 (length of the last). */
const FITS = 3_582;

const errorsOf = (works: WorkReport[]): (string | undefined)[] =>
  validate(
    crowd.chain,
    works.map((work) => crowd.attest(work)),
  );

describe('PruneTooLong', () => {
  test('exactly 1 MiB is Registered; with a byte more, the last report waits and the block would be invalid', () => {
    const classId = classOf(PRUNE);
    const works = full(classId);
    const tooLong = lastOf(classId, FITS + 1);
    const errors = errorsOf([...works, tooLong]);
    expect(errors.slice(0, 63).every((error) => error === undefined)).toBe(true);
    expect(errors[63]).toBe('PruneTooLong');
    const before = crowd.chain.root();
    expect(trapOf(crowd.chain, () => crowd.register([...works, tooLong]))).toContain('attestation 63 fails with error');
    expect(crowd.chain.root()).toBe(before);
    crowd.register([...works, lastOf(classId, FITS)]);
    expect(crowd.chain.json('Reporting.Count')).toBe(64);
  });

  test('the call has all 1 MiB, in one instance of 4 MiB', () => {
    // Complains about the first output unless the arguments are 1 MiB long.
    const classId = classOf(
      PRUNE,
      `(select ${NOTHING} (i64.const 0x500000048) (i32.eq (local.get 1) (i32.const 1048576)))`,
    );
    expect(join(crowd.chain, [...full(classId), lastOf(classId, FITS)])).toEqual([[classId, indices()]]);
    expect(join(crowd.chain, [...full(classId), lastOf(classId, FITS - 1)])).toEqual([[classId, indices(0)]]);
  });

  test('of each class for itself', () => {
    const [one, two] = [classOf(PRUNE), classOf(PRUNE)];
    expect(errorsOf([...full(one), lastOf(one, FITS), reportOf(64, two, [OUTPUT_BYTES])]).at(-1)).toBeUndefined();
    expect(errorsOf([...full(one), lastOf(one, FITS), reportOf(64, one, [1])]).at(-1)).toBe('PruneTooLong');
  });

  test('errors of refine do not count: prune is not given them (D5)', () => {
    const classId = classOf(PRUNE);
    const failed = crowd.reportOf(64, [resultOfBytes(classId, err('panic'))]);
    expect(errorsOf([...full(classId), lastOf(classId, FITS), failed]).at(-1)).toBeUndefined();
  });

  test('a class with prune weight 0 is exempt: it is not called', () => {
    const classId = classOf(0n);
    expect(errorsOf([...full(classId), lastOf(classId, OUTPUT_BYTES)]).at(-1)).toBeUndefined();
  });
});
