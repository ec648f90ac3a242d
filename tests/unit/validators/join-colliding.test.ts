// A package that collides at once makes families settle separately in each block of its life (D5a): it is on probation for
// every second block, so that packages in no base are tried.
import { describe, expect, test } from '@jest/globals';
import type { WorkReport } from '../../../host/contract/index.js';
import { Probation } from '../../../host/validators/selection/probation.js';
import { firstOfKey, joinOf, nameOf, report, scripted, withOutputs } from './join-world.js';

const [H, G] = [1, 2];
const W = 100_000_000_000n; // wpp / 3 of a core: two outputs
function scene(evil: string[], fill: number): WorkReport[] {
  const at = (one: WorkReport, coreIndex: number): WorkReport => ({ ...one, coreIndex });
  const list: WorkReport[] = [];
  for (const id of [H, G])
    for (let i = 0; i < fill; i++)
      list.push(withOutputs(report(`f${id}-${i}`, [id, id]), `a${id}-${i}`, `b${id}-${i}`));
  list.push(withOutputs(report('honest', [H, G]), 'honest', 'honest'));
  if (evil.includes('zH')) list.push(withOutputs(report('zH', [H, H]), 'z', 'z'));
  if (evil.includes('zG')) list.push(withOutputs(report('zG', [G, G]), 'z', 'z'));
  return list.map(at);
}

describe.each([
  [[], 100n],
  [['zH'], 50n],
  [['zH'], 85n],
  [['zH'], 100n],
  [['zH', 'zG'], 70n],
  [['zH', 'zG'], 100n],
] as [string[], bigint][])('evil %j, of their weight classes use %d %%', (evil, usedPercent) => {
  test.each([20, 150])(
    'the honest package of both classes is in the first block or the second; %d others of each class',
    (fill) => {
      const reports = scene(evil, fill);
      const probation = new Probation();
      let takenAt = -1;
      for (let block = 1; block <= 16 && takenAt < 0; block++) {
        probation.beginBlock(block);
        const { calls } = scripted(reports, firstOfKey, {
          totalPs: 3n * W * BigInt(reports.length),
          perOutputPs: { [H]: W / 2n, [G]: W / 2n },
          usedPercent,
        });
        const joined = joinOf(reports, calls, { isOnProbation: (one) => probation.has(one) });
        probation.add(joined.unsteady);
        probation.addForOneBlock(joined.colliding);
        if (joined.taken.some((one) => nameOf(one) === 'honest')) takenAt = block;
      }
      expect(takenAt).toBeGreaterThan(0);
      expect(takenAt).toBeLessThanOrEqual(2);
    },
  );
});
