// The validators of a dev chain, on a fake node: stages of a package, shards, bitfields, recovery.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8, Writer } from '../../../host/bytes/index.js';
import { decode, type JoinAnswer } from '../../../host/contract/index.js';
import {
  attestationMessage,
  bitfieldMessage,
  buildPackage,
  packageHash,
  withEvidence,
} from '../../../host/incore/index.js';
import type { GuestResult, GuestRun } from '../../../host/incore/index.js';
import { Validators, SHARDS_COLUMN, ShardStore } from '../../../host/validators/index.js';
import type { ValidatorsOptions, StageEvent } from '../../../host/validators/index.js';
import { verifySignature } from '../../../host/executor/index.js';
import { signerOf } from '../incore/fixtures.js';
import { errorOf, valueOf } from '../results.js';
import { FakeNode } from './fake-node.js';

const NAMES = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie'];
const signers = NAMES.map(signerOf);

/** Authorizes every package, and returns an item's payload as its output. */
function obliging({ entry, args }: GuestRun): GuestResult {
  if (entry === 'is_authorized') return { outcome: 'returned', output: Uint8Array.of(1), weightUsed: 10n };
  const length = args[0]! >> 2; // payloads here are short
  return { outcome: 'returned', output: new Writer().bytes(args.subarray(1, 1 + length)).finish(), weightUsed: 20n };
}

interface World {
  node: FakeNode;
  validators: Validators;
  warnings: string[];
  submit(name: string, core?: number, prerequisite?: Uint8Array, classId?: number): Promise<Uint8Array>;
  stages(hash: Uint8Array): string;
}

function world(change: Partial<ValidatorsOptions> = {}): World {
  const node = new FakeNode();
  node.validatorKeys = signers.map((signer) => signer.publicKey);
  const codeHash = node.provide(utf8('code'));
  for (const core of [0, 1, 2]) node.assigned.set(core, { id: 10_000 + core, codeHash, param: utf8('param') });
  node.classes.set(1, codeHash);
  const warnings: string[] = [];
  let time = 1_000;
  const validators = new Validators({
    chain: node,
    signers,
    runGuest: obliging,
    nowMs: () => time++,
    warn: (message) => void warnings.push(message),
    verify: (key, message, signature) => verifySignature('sr25519', key, message, signature),
    ...change,
  });
  return {
    node,
    validators,
    warnings,
    submit: async (name, core, prerequisite, classId) => {
      const hash = valueOf(validators.submit(packageOf(node, name, prerequisite, classId), core));
      await validators.settled();
      return hash;
    },
    stages: (hash) => (validators.tracker.story(hash) ?? []).map(({ stage }) => stage).join(' '),
  };
}

function packageOf(node: Pick<FakeNode, 'best'>, name: string, prerequisite?: Uint8Array, classId = 1): Uint8Array {
  return withEvidence(
    buildPackage([{ class: classId, payload: utf8(name) }], node.best().hash, prerequisite),
    utf8(name),
  ).encoded;
}

describe('a package', () => {
  test('is authorized, refined and attested, reported in one block, and available and accumulated in the next', async () => {
    const { node, validators, submit } = world();
    const hash = await submit('one', 1);
    expect(node.wakes).toBe(1);
    node.author();
    expect(node.wakes).toBe(2);
    node.author();
    const story = validators.tracker.story(hash)!;
    expect(story.map(({ stage, block, core }) => [stage, block, core])).toEqual([
      ['submitted', 0, 1],
      ['authorized', 0, 1],
      ['refined', 0, 1],
      ['attested', 0, 1],
      ['reported', 1, 1],
      ['available', 2, 1],
      ['accumulated', 2, 1],
    ]);
    expect(story[1]).toMatchObject({ authId: 10_001, weightPs: 10n });
    expect(story[2]).toMatchObject({ weightPs: 20n, items: [{ class: 1, weightPs: 20n, result: { outputBytes: 3 } }] });
    expect(story[3]).toMatchObject({ signatures: 2, groupSize: 2 });
    expect(story[6]).toMatchObject({ classes: [{ class: 1, outcome: 'returned', weightPs: 42n }] });
    expect(story.map(({ timeMs }) => timeMs)).toEqual([
      // The clock of this test advances whenever it is read: at the stages, and before and after the refinement.
      1_000, 1_001, 1_003, 1_004, 1_006, 1_007, 1_008,
    ]);
  });

  test('is attested by the group of its core, each member with its own key, in order', async () => {
    const { node, submit } = world();
    await submit('one', 2);
    node.author();
    const { report, validators, attestations } = node.lastInherents.attestations[0]!;
    expect(validators).toEqual([true, true]);
    const good = [4, 5].map((index, slot) =>
      verifySignature('sr25519', signers[index]!.publicKey, attestationMessage(report), attestations[slot]!),
    );
    expect(good).toEqual([true, true]);
  });

  test('without a core goes to the least busy core that has an Authorizer', async () => {
    const { node, validators, submit } = world();
    node.assigned.delete(1);
    const hashes = [await submit('one'), await submit('two')];
    expect(hashes.map((hash) => validators.tracker.story(hash)!.at(-1)!.core)).toEqual([0, 2]);
    node.assigned.clear();
    expect(validators.tracker.story(await submit('three'))!.at(-1)).toMatchObject({
      stage: 'refused',
      reason: 'coreUnassigned',
    });
  });

  test('is reported in the block in which its core becomes free', async () => {
    const { node, stages, submit } = world();
    const [first, second] = [await submit('one', 0), await submit('two', 0)];
    node.author();
    expect([stages(first).split(' ').at(-1), stages(second).split(' ').at(-1)]).toEqual(['reported', 'attested']);
    node.author();
    expect([stages(first).split(' ').at(-1), stages(second).split(' ').at(-1)]).toEqual(['accumulated', 'reported']);
  });

  test('is reported after its prerequisite in the same block, on any core', async () => {
    const { node, submit, validators } = world();
    const first = packageOf(node, 'first');
    // Block 1 starts at core 1: if it had no prerequisite, the dependent would be first.
    const dependent = await submit('dependent', 1, packageHash(first));
    validators.submit(first, 0);
    await validators.settled();
    node.author();
    expect(node.lastInherents.attestations.map(({ report }) => report.coreIndex)).toEqual([0, 1]);
    expect(toHex(node.lastInherents.attestations[1]!.report.packageSpec.hash)).toBe(toHex(dependent));
  });

  test('that is not reported expires with its context, and requests no block as soon as possible', async () => {
    const { node, validators, submit } = world();
    const hash = await submit('one', 0, utf8('x'.repeat(32)));
    const wakes = node.wakes;
    for (let i = 0; i < 15; i++) {
      expect(validators.tracker.concluded(hash)).toBe(false);
      node.author();
    }
    expect(validators.tracker.story(hash)!.at(-1)).toMatchObject({ stage: 'refused', reason: 'expired', block: 15 });
    expect(node.wakes).toBe(wakes);
  });

  describe('with instant sealing', () => {
    /** Makes blocks as long as they are requested. Returns how many of them some time later. */
    async function seal({ node, validators }: World): Promise<number> {
      const before = node.patientWakes;
      for (let seen = 0; node.wakes + node.patientWakes > seen;) {
        expect(node.best().number).toBeLessThan(60);
        seen = node.wakes + node.patientWakes;
        node.author();
        await validators.settled();
      }
      return node.patientWakes - before;
    }

    test('and behind nine that their class prunes has its block', async () => {
      const made = world();
      const { node, submit, stages } = made;
      const evil = new Set<string>();
      node.joinAnswer = (reports) => ({
        kind: 'indices',
        indices: reports.flatMap(({ packageSpec }, at) => (evil.has(toHex(packageSpec.hash)) ? [at] : [])),
      });
      for (let count = 0; count < 9; count++) evil.add(toHex(await submit(`evil ${count}`, 0)));
      const honest = await submit('honest', 0);
      await seal(made);
      expect(stages(honest)).toMatch(/ accumulated$/);
    });

    test('times out if its shards are not enough, and those behind it have their block', async () => {
      const made = world({ deliver: () => undefined });
      const [first, second] = [await made.submit('first', 0), await made.submit('second', 0)];
      // Registered in block 1, timed out ten blocks later; then the other one in the same way. Nothing else is done.
      expect(await seal(made)).toBe(20);
      for (const hash of [first, second]) expect(made.stages(hash)).toMatch(/ reported timedOut$/);
      expect(made.node.best().number).toBe(21);
    });

    test('expires if its prerequisite does not come, in blocks that leave time for it', async () => {
      const made = world();
      const hash = await made.submit('one', 0, new Uint8Array(32).fill(7));
      // Its context is block 0, so that no block after 15 can Register it. The first one was requested for the package.
      expect(await seal(made)).toBe(14);
      expect(made.stages(hash)).toMatch(/ attested refused$/);
    });
  });

  test('that its class prunes is concluded when the block is made, and not before', async () => {
    const { node, submit, stages } = world();
    const fine: JoinAnswer = { kind: 'indices', indices: [] };
    node.joinAnswer = () => ({ kind: 'indices', indices: [0] });
    const hash = await submit('one', 0);
    node.failsAfterInherents = true;
    expect(() => node.author()).toThrow('the block is not made');
    expect(stages(hash)).toMatch(/ attested$/);
    node.failsAfterInherents = false;
    node.joinAnswer = () => fine;
    node.author();
    expect(stages(hash)).toMatch(/ attested reported$/);
  });

  test('is refused at once if it is known or malformed, or if its context is unknown', async () => {
    const { node, validators, submit } = world();
    await submit('one', 0);
    const reasonFor = (encoded: Uint8Array): string => errorOf(validators.submit(encoded)).reason;
    expect(reasonFor(packageOf(node, 'one'))).toBe('alreadyKnown');
    expect(reasonFor(Uint8Array.of(1, 2, 3))).toBe('undecodable');
    const foreign = withEvidence(
      buildPackage([{ class: 1, payload: utf8('x') }], new Uint8Array(32)),
      utf8('x'),
    ).encoded;
    expect(reasonFor(foreign)).toBe('unknownContext');
  });

  test('is refused with hostFault if this machine fails, which processes the next one', async () => {
    let failing = true;
    const { validators, stages, submit } = world({
      runGuest: (run) => {
        if (failing) throw new Error('the child process died');
        return obliging(run);
      },
    });
    const first = await submit('one', 0);
    expect(validators.tracker.story(first)!.at(-1)).toMatchObject({ stage: 'refused', reason: 'hostFault' });
    failing = false;
    expect(
      stages(await submit('two', 0))
        .split(' ')
        .at(-1),
    ).toBe('attested');
  });
});

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

  test('a class that failed is taken singly in the next 16 blocks, the core longest without a report first', async () => {
    const { node, submit, stages } = world();
    node.classes.set(2, node.classes.get(1)!);
    const fine: JoinAnswer = { kind: 'indices', indices: [] };
    node.joinAnswer = (reports, id) => (id === 2 && reports.length > 1 ? { kind: 'trapped' } : fine);
    await submit('one', 0, undefined, 2);
    await submit('two', 1, undefined, 2);
    node.author(); // block 1: together they fail; the one of core 1, which is first in odd blocks, is taken by itself
    expect(node.lastInherents.attestations.map(({ report }) => report.coreIndex)).toEqual([1]);
    node.author(); // block 2: core 0
    expect(node.lastInherents.attestations.map(({ report }) => report.coreIndex)).toEqual([0]);
    node.joinAnswer = () => fine;
    while (node.best().number < 15) node.author();
    const hashes = [await submit('three', 0, undefined, 2), await submit('four', 1, undefined, 2)];
    hashes.push(await submit('five', 2, undefined, 2));
    const reported = (): string => hashes.map((hash) => Number(stages(hash).includes('reported'))).join('');
    node.author(); // block 16: core 2 has never had a report
    expect(reported()).toBe('001');
    node.author(); // block 17, the sixteenth
    expect(reported()).toBe('011');
    node.author();
    expect(reported()).toBe('111');
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

describe('availability', () => {
  test('each validator keeps only its own shard, and signs its bit for the parent', async () => {
    const { node, validators, submit } = world();
    const hash = await submit('one', 1);
    const { hash: parent } = node.author();
    const shards = node.database.column(SHARDS_COLUMN);
    const kept = signers.map((_, index) => new ShardStore(shards, index).get(hash)!.shard);
    const { report } = node.pending()[0]!;
    expect(valueOf(validators.recover(report.packageSpec))).toMatchObject({ used: [0, 1] });
    expect(new Set(kept.map(toHex)).size).toBe(6);
    expect([...shards.entries()]).toHaveLength(2 * 6);
    node.author();
    expect(node.lastInherents.bitfields.map(({ validator, bits }) => [validator, bits])).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => [index, [false, true, false]]),
    );
    for (const { validator, bits, signature } of node.lastInherents.bitfields) {
      expect(verifySignature('sr25519', signers[validator]!.publicKey, bitfieldMessage(parent, bits), signature)).toBe(
        true,
      );
    }
  });

  test.each([0, 3, 5])('a byte flipped in transit makes only validator %i leave its bit unset', async (victim) => {
    const { node, validators, warnings, submit, stages } = world({
      deliver: (validator, parcel) => {
        if (validator !== victim) return parcel;
        const shard = parcel.shard.slice();
        shard[shard.length >> 1]! ^= 0x10;
        return { ...parcel, shard };
      },
    });
    const hash = await submit('one', 0);
    node.author();
    expect(warnings).toEqual([
      `validator ${victim} refused its shard of ${toHex(hash)}: it is not under the reported root`,
    ]);
    const signing = validators.bitfields(node.best()).map(({ validator }) => validator);
    expect(signing).toEqual([0, 1, 2, 3, 4, 5].filter((index) => index !== victim));
    node.author(); // five of six are enough: 6 − ⌊5 / 3⌋ = 5
    expect(stages(hash).split(' ').at(-1)).toBe('accumulated');
  });

  test('a package times out if two validators lack their shards', async () => {
    const { node, submit, stages } = world({ deliver: (validator, parcel) => (validator < 2 ? undefined : parcel) });
    const hash = await submit('one', 0);
    for (let i = 0; i < 10; i++) node.author();
    expect(stages(hash).split(' ').at(-1)).toBe('reported');
    node.author();
    expect(stages(hash).split(' ').at(-1)).toBe('timedOut');
  });

  test('a package is recovered from k shards, and not from k − 1', async () => {
    const { node, validators, submit } = world();
    await submit('a package to be recovered', 0);
    node.author();
    const { packageSpec } = node.pending()[0]!.report;
    const whole = packageOf({ best: () => node.blocks[0]! }, 'a package to be recovered');
    for (const pair of [
      [0, 1],
      [4, 5],
      [1, 3],
    ]) {
      expect(toHex(valueOf(validators.recover(packageSpec, pair)).package)).toBe(toHex(whole));
    }
    expect(errorOf(validators.recover(packageSpec, [3]))).toBe('recovery needs 2 of 6 shards and 1 could be had');
  });

  test("one member's signature with another key is left out of an attestation, which the others' suffice for", async () => {
    const { node, warnings, validators, submit } = world({
      verify: (key) => toHex(key) !== toHex(signers[1]!.publicKey),
    });
    const hash = await submit('one', 0);
    expect(validators.tracker.story(hash)!.at(-1)).toMatchObject({ stage: 'attested', signatures: 1, groupSize: 2 });
    node.author();
    expect(node.lastInherents.attestations.map((one) => [one.validators, one.attestations.length])).toEqual([
      [[true, false], 1],
    ]);
    expect(warnings).toEqual(['validator 1 signed a report with another key: left out']);
  });

  test('a bitfield signed with another key is left out', async () => {
    const { node, warnings, submit } = world({ verify: (key) => toHex(key) !== toHex(signers[4]!.publicKey) });
    await submit('one', 0);
    node.author();
    node.author();
    expect(node.lastInherents.bitfields.map(({ validator }) => validator)).toEqual([0, 1, 2, 3, 5]);
    expect(warnings).toEqual(['validator 4 signed its availability bits with another key: left out']);
  });

  test('after a restart the shards are kept and the bits are signed', async () => {
    const { node, submit } = world();
    await submit('one', 0);
    node.author();
    const wakes = node.wakes;
    const again = new Validators({
      chain: node,
      signers,
      runGuest: obliging,
      nowMs: () => 0,
      warn: () => undefined,
      verify: () => true,
    });
    expect(node.wakes).toBe(wakes + 1);
    expect(again.bitfields(node.best())).toHaveLength(6);
  });

  test.each([
    [62, 0],
    [63, 12],
  ])('after 63 blocks, shards that are kept for %i leave %i entries', async (shardsKeptBlocks, left) => {
    const { node, submit } = world({ shardsKeptBlocks });
    await submit('one', 0);
    const entries = (): number => [...node.database.column(SHARDS_COLUMN).entries()].length;
    while (node.best().number < 63) node.author();
    expect(entries()).toBe(12);
    node.author(); // block 64 removes shards Registered before block 64 − shardsKeptBlocks, these in block 1
    expect(entries()).toBe(left);
  });

  test('validators whose keys this process does not hold do not sign', async () => {
    const { node, validators, submit, stages } = world({ signers: signers.slice(0, 3) });
    const hash = await submit('one', 1); // its group is 2 and 3
    expect(validators.tracker.story(hash)!.find(({ stage }) => stage === 'attested')).toMatchObject({
      signatures: 1,
      groupSize: 2,
    });
    node.author();
    node.author();
    expect(node.lastInherents.bitfields.map(({ validator }) => validator)).toEqual([0, 1, 2]);
    expect(stages(hash).split(' ').at(-1)).toBe('reported');
  });
});

describe('a subscription', () => {
  test('receives the stages so far, then later ones until it unsubscribes', async () => {
    const { node, validators, submit } = world();
    const hash = await submit('one', 0);
    const heard: StageEvent['stage'][] = [];
    const end = validators.tracker.subscribe(hash, ({ stage }) => void heard.push(stage))!;
    expect(heard).toEqual(['submitted', 'authorized', 'refined', 'attested']);
    node.author();
    end();
    node.author();
    expect(heard.slice(4)).toEqual(['reported']);
  });

  test('a listener that throws does not affect others', async () => {
    const { validators, warnings, submit } = world();
    validators.tracker.subscribeAll(({ stage }) => {
      if (stage === 'refined') throw new Error('a broken screen');
    });
    const hash = await submit('one', 0);
    expect(validators.tracker.story(hash)).toHaveLength(4);
    expect(warnings).toEqual([expect.stringContaining('a broken screen')]);
  });
});
