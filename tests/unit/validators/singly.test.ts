// Candidates of classes that are taken singly (D34): one that waits for its class's turn does not delay another behind it.
import { describe, expect, test } from '@jest/globals';
import type { JoinAnswer } from '../../../host/contract/index.js';
import { world } from './world.js';

describe('behind a package of a class whose turn is on other cores', () => {
  /** Class `failing` is an adversary's and traps in each call; class 3 failed once, because of one. */
  async function scene(evilCores: readonly number[]) {
    const { node, submit, stages } = world();
    for (const id of [2, 3]) node.classes.set(id, node.classes.get(1)!);
    const template = node.assigned.get(0)!;
    node.groups = [[0], [1], [2], [3], [4], [5]];
    for (const core of [3, 4, 5]) node.assigned.set(core, { ...template, id: 10_000 + core });
    const content: JoinAnswer = { kind: 'indices', indices: [] };
    node.joinAnswer = (_reports, id) => (id > 1 ? { kind: 'trapped' } : content);
    await submit('class 2 fails', 1, undefined, 2);
    await submit('class 3 fails', 2, undefined, 3);
    node.author();
    node.joinAnswer = (_reports, id) => (id === 2 ? { kind: 'trapped' } : content);
    node.author();
    for (const core of evilCores) await submit(`claims ${core}`, core, undefined, 2);
    return { node, submit, stages };
  }

  test('one of another such class has its turn in the next block', async () => {
    const { node, submit, stages } = await scene([2, 3, 4, 5]);
    const waiting = await submit('waits', 0, undefined, 2);
    const behind = await submit('behind', 0, undefined, 3);
    node.author();
    expect(stages(behind)).toContain('reported');
    expect(stages(waiting)).not.toContain('reported');
  });

  test('so has one of a core whose own turn came to nothing', async () => {
    const { node, submit, stages } = await scene([]);
    const fails = await submit('fails', 0, undefined, 2);
    const behind = await submit('behind', 0, undefined, 3);
    node.author();
    expect(stages(behind)).toContain('reported');
    // That of the first package comes by lot, as core 1 has one, too.
    for (let block = 0; block < 40 && !stages(fails).includes('postponed'); block++) node.author();
    expect(stages(fails)).toContain('postponed');
  });
});
