// The validators of a dev chain, on a fake node: the stages of a package, and who hears of them.
import { describe, expect, test } from '@jest/globals';
import { toHex, utf8 } from '../../../host/bytes/index.js';
import type { JoinAnswer } from '../../../host/contract/index.js';
import { attestationMessage, buildPackage, packageHash, withEvidence } from '../../../host/incore/index.js';
import type { StageEvent } from '../../../host/validators/index.js';
import { verifySignature } from '../../../host/executor/index.js';
import { errorOf } from '../results.js';
import { obliging, packageOf, SIGNERS, world, type World } from './world.js';

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
      verifySignature('sr25519', SIGNERS[index]!.publicKey, attestationMessage(report), attestations[slot]!),
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
