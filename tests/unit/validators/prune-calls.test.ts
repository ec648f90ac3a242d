// Calls of `prune` for the author's join, and what they are charged: D5a.
import { describe, expect, test } from '@jest/globals';
import { ok } from '../../../host/bytes/index.js';
import type { WorkReport } from '../../../host/contract/index.js';
import { API_CALL_PS, API_CALLS_FREE, API_KIB_PS, PruneCalls } from '../../../host/validators/join/prune-calls.js';
import { report } from './join-world.js';

/** A report with outputs of these classes and lengths. */
const withOutputs = (name: string, outputs: readonly (readonly [id: number, bytes: number])[]): WorkReport => {
  const one = report(
    name,
    outputs.map(([id]) => id),
  );
  return { ...one, results: one.results.map((each, at) => ({ ...each, result: ok(new Uint8Array(outputs[at]![1])) })) };
};

/** Calls of classes 1 and 2, which use nothing. `sent` has the reports of each call. */
function callsOf(total: bigint) {
  const sent: (readonly WorkReport[])[] = [];
  const calls = new PruneCalls(
    (reports, ids) => {
      sent.push(reports);
      return ids.map((classId) => ({
        classId,
        answer: { kind: 'indices', indices: [] },
        weightGiven: 1n,
        weightUsed: 0n,
      }));
    },
    { total, perOutput: [1n, 1n] },
    [1, 2],
  );
  return { calls, sent };
}

describe('a call', () => {
  test('has only the outputs of the classes that are called, and no evidence', () => {
    const { calls, sent } = callsOf(API_CALL_PS);
    const reports = [
      withOutputs('a', [
        [1, 10],
        [2, 4_096],
        [1, 20],
      ]),
      withOutputs('b', [[2, 4_096]]),
    ];
    calls.run(reports, [1]);
    expect(sent[0]).toEqual([
      {
        ...reports[0]!,
        results: [reports[0]!.results[0], reports[0]!.results[2]],
        authorization: { kind: 'bulk', evidence: new Uint8Array() },
      },
    ]);
  });

  test('is charged by number and by the length of what it has, from the fourth on', () => {
    // 3 KiB of outputs of class 1, and 8 KiB of class 2.
    const reports = [1, 2, 3].map((at) => withOutputs(`${at}`, [[1, 1_024]]));
    reports.push(
      withOutputs('other', [
        [2, 4_096],
        [2, 4_096],
      ]),
    );
    const total = 2n * API_CALL_PS + 3n * API_KIB_PS;
    const { calls } = callsOf(total);
    for (let call = 0; call < API_CALLS_FREE; call++) calls.run(reports, [1]);
    expect(calls.affords(total - API_CALL_PS)).toBe(true);
    expect(calls.affords(total - API_CALL_PS + 1n)).toBe(false);
    calls.run(reports, [1]);
    expect(calls.affords(0n)).toBe(true);
    expect(calls.affords(1n)).toBe(false);
  });
});
