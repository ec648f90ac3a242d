// What the reporting inherent of a dev chain's validators has, on a fake node: D5a, D34.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import { decode, type JoinAnswer } from '../../../host/contract/index.js';
import { buildPackage, packageHash, withEvidence } from '../../../host/incore/index.js';
import { packageOf, world } from './world.js';

describe('the reporting inherent', () => {
  test('a package that a class prunes is concluded; the others are reported', async () => {
    const { node, validators, submit } = world();
    const [first, second] = [await submit('one', 0), await submit('two', 1)];
    node.joinAnswer = (reports) => {
      const at = reports.findIndex(({ packageSpec }) => toHex(packageSpec.hash) === toHex(second));
      return { kind: 'indices', indices: at < 0 ? [] : [at] };
    };
    node.author();
    expect(validators.tracker.story(second)!.at(-1)).toMatchObject({ stage: 'pruned', class: 1, block: 1 });
    expect(validators.tracker.story(first)!.at(-1)).toMatchObject({ stage: 'reported' });
  });

  test('a temporary error keeps the report and requests a block; a permanent one refuses the package', async () => {
    const { node, validators, submit, stages } = world();
    const [busy, bad] = [await submit('busy', 0), await submit('bad', 1)];
    node.reportError = ({ report }) => (report.coreIndex === 0 ? 'CoreBusy' : 'BadSignature');
    const wakes = node.wakes;
    node.author();
    expect(stages(busy).split(' ').at(-1)).toBe('attested');
    expect(node.wakes).toBe(wakes + 1);
    expect(validators.tracker.story(bad)!.at(-1)).toMatchObject({
      stage: 'refused',
      reason: 'notReportable',
      message: expect.stringContaining('is not that of its validator'),
    });
    node.reportError = () => undefined;
    node.author();
    expect(stages(busy).split(' ').at(-1)).toBe('reported');
  });

  test("surplus signatures are removed if the block's inherents are too heavy", async () => {
    const { node, submit } = world();
    await submit('one', 0);
    node.reportError = ({ attestations }) => (attestations.length > 1 ? 'ReportsTooHeavy' : undefined);
    node.author();
    expect(node.lastInherents.attestations[0]).toMatchObject({
      validators: [true, false],
      attestations: [expect.anything()],
    });
  });

  test('one prune that never answers costs its class a call a block, and other packages of its core nothing', async () => {
    const { node, validators, submit, stages } = world();
    node.classes.set(2, node.classes.get(1)!);
    node.joinAnswer = (_reports, id) => (id === 2 ? { kind: 'overran' } : { kind: 'indices', indices: [] });
    const [first, second] = [await submit('evil one', 0, undefined, 2), await submit('evil two', 1, undefined, 2)];
    const [behind, other] = [await submit('honest one', 0), await submit('honest two', 2)];
    node.author(); // class 2 fails with its two packages, and then with one by itself
    expect(node.prunes.filter(([id]) => id === 2)).toEqual([
      [2, 2],
      [2, 1],
    ]);
    // Core 0 takes the package that was behind, in the same block.
    for (const honest of [behind, other]) expect(stages(honest).split(' ').at(-1)).toBe('reported');
    expect(validators.tracker.story(first)!.at(-1)).toMatchObject({
      stage: 'postponed',
      reason: 'Work Class 2 failed: its prune ran out of weight',
    });
    node.prunes = [];
    node.author(); // the class is called for one package
    expect(node.prunes).toEqual([[2, 1]]);
    expect(stages(second).split(' ').at(-1)).toBe('postponed');
  });

  test('a core takes its next package in the block in which a package of a failed class fails by itself', async () => {
    const { node, submit, stages } = world();
    node.classes.set(2, node.classes.get(1)!);
    node.joinAnswer = (_reports, id) => (id === 2 ? { kind: 'trapped' } : { kind: 'indices', indices: [] });
    const evil = await submit('evil', 1, undefined, 2);
    node.author();
    expect(stages(evil)).toMatch(/ attested postponed$/);
    const honest = await submit('honest', 1);
    node.author(); // the queue has the evil package first
    expect(stages(evil)).toMatch(/ postponed postponed$/);
    expect(stages(honest)).toMatch(/ reported$/);
  });

  test('a class that failed is taken singly in the next 16 blocks', async () => {
    const { node, submit, stages } = world();
    node.classes.set(2, node.classes.get(1)!);
    const fine: JoinAnswer = { kind: 'indices', indices: [] };
    node.joinAnswer = (reports, id) => (id === 2 && reports.length > 1 ? { kind: 'trapped' } : fine);
    await submit('one', 0, undefined, 2);
    await submit('two', 1, undefined, 2);
    const taken = (): number[] => node.lastInherents.attestations.map(({ report }) => report.coreIndex);
    node.author(); // block 1: together they fail; the one of core 1, which is first in odd blocks, is taken by itself
    expect(taken()).toEqual([1]);
    node.author(); // block 2
    expect(taken()).toEqual([0]);
    node.joinAnswer = () => fine;
    while (node.best().number < 15) node.author();
    const hashes = [await submit('three', 0, undefined, 2), await submit('four', 1, undefined, 2)];
    hashes.push(await submit('five', 2, undefined, 2));
    const reported = (): number => hashes.filter((hash) => stages(hash).includes('reported')).length;
    node.author(); // block 16
    expect(reported()).toBe(1);
    node.author(); // block 17, the sixteenth
    expect(reported()).toBe(2);
    node.author();
    expect(reported()).toBe(3);
    const last = [await submit('six', 0, undefined, 2), await submit('seven', 1, undefined, 2)];
    node.author();
    node.author();
    expect(last.every((hash) => stages(hash).includes('reported'))).toBe(true);
  });

  test('a package that the join left out keeps none behind it out of the block', async () => {
    const { node, submit, stages } = world();
    node.classes.set(2, node.classes.get(1)!);
    // Of two outputs the class names both: the first is then taken, and the second rejected together with it.
    node.joinAnswer = (reports) => ({ kind: 'indices', indices: reports.length > 1 ? [0, 1] : [] });
    await submit('taken', 1); // which is first in block 1
    const [left, behind] = [await submit('left out', 0), await submit('behind', 0, undefined, 2)];
    node.author();
    expect(stages(left)).toMatch(/ postponed$/);
    expect(stages(behind)).toMatch(/ reported$/);
  });

  test('a package that fails the whole check keeps none behind it out of the block', async () => {
    const { node, submit, stages } = world();
    const fails = await submit('fails', 0);
    const [behind, other] = [await submit('behind', 0), await submit('other', 1)];
    node.reportError = ({ report }) => (toHex(report.packageSpec.hash) === toHex(fails) ? 'PruneTooLong' : undefined);
    node.author();
    expect(stages(fails)).toMatch(/ attested$/);
    for (const hash of [behind, other]) expect(stages(hash)).toMatch(/ reported$/);
  });

  test('of a core whose report has no room in the block, only a shorter one is tried', async () => {
    const { node, validators, submit, stages } = world();
    const two = buildPackage(
      [1, 2].map((at) => ({ class: 1, payload: utf8(`item ${at}`) })),
      node.best().hash,
    );
    const { encoded, hash: long } = withEvidence(two, utf8('long'));
    validators.submit(encoded, 0);
    await validators.settled();
    const checked: number[] = [];
    node.reportError = ({ report }) => {
      checked.push(report.results.length);
      return report.results.length > 1 ? 'ReportsTooLong' : undefined;
    };
    const asLong = withEvidence(two, utf8('LONG'));
    validators.submit(asLong.encoded, 0);
    await validators.settled();
    const short = await submit('shor', 0);
    node.author();
    // The first is checked again with as few signatures as it needs.
    expect(checked).toEqual([2, 2, 1]);
    expect([long, asLong.hash, short].map((hash) => stages(hash).split(' ').at(-1))).toEqual([
      'attested',
      'attested',
      'reported',
    ]);
  });

  test('the whole check is done four times a block at most, whatever it finds', async () => {
    const { node, submit } = world();
    for (let index = 0; index < 20; index++) await submit(`fails ${index}`, 0);
    const last = await submit('good', 1);
    node.reportError = ({ report }) => (report.coreIndex === 0 ? 'PruneTooLong' : undefined);
    node.calls = [];
    node.author();
    expect(node.calls.filter((method) => method === 'CoreJamApi_validate_reports')).toHaveLength(4);
    const registered = node.lastInherents.attestations.map(({ report }) => toHex(report.packageSpec.hash));
    expect(registered).toEqual([toHex(last)]);
  });

  test('any number of waiting packages of a core keep none behind them out, nor their prerequisite', async () => {
    const { node, validators, submit, stages } = world();
    const prerequisite = packageOf(node, 'prerequisite');
    for (let index = 0; index < 20; index++) await submit(`waiting ${index}`, 0, packageHash(prerequisite));
    const other = await submit('other', 0);
    node.author();
    expect(stages(other).split(' ').at(-1)).toBe('reported');
    validators.submit(prerequisite, 0);
    await validators.settled();
    node.author(); // the core becomes free and takes it
    expect(node.lastInherents.attestations.map(({ report }) => toHex(report.packageSpec.hash))).toEqual([
      toHex(packageHash(prerequisite)),
    ]);
  });

  test("surplus signatures are left out down to the quorum of the report's own group", async () => {
    const { node, submit } = world();
    node.groups = [[0, 1, 2, 3], [4], [5]];
    const asked: number[] = [];
    const call = node.runtimeCall.bind(node);
    node.runtimeCall = (at, method, args) => {
      if (method === 'CoreJamApi_minimum_attestations') asked.push(decode((r) => r.u32(), args));
      return call(at, method, args);
    };
    await submit('one', 0);
    node.groups = [[4], [5], [0, 1, 2, 3]]; // groups rotate before the block
    node.reportError = ({ attestations }) => (attestations.length > 1 ? 'ReportsTooHeavy' : undefined);
    node.author();
    expect(asked).toEqual([4]);
    expect(node.lastInherents.attestations[0]!.validators).toEqual([true, false, false, false]);
  });

  test('an undecodable result of CoreJamApi throws, and the candidates are kept', async () => {
    const { node, submit, stages } = world();
    const hash = await submit('one', 0);
    const call = node.runtimeCall.bind(node);
    node.runtimeCall = (at, method, args) =>
      method === 'CoreJamApi_validate_reports' ? Uint8Array.of(9) : call(at, method, args);
    expect(() => node.author()).toThrow('CoreJamApi_validate_reports of the runtime returned something unexpected');
    node.runtimeCall = call;
    node.author();
    expect(stages(hash).split(' ').at(-1)).toBe('reported');
  });
});
