// What is drawn by lot, and the turns of a core (D5a, D34): ways that were found to keep a package out for ever where turns went by
// rules that other parties could foresee.
import { describe, expect, test } from '@jest/globals';
import { drawn, shuffled } from '../../../host/validators/lots.js';
import { Random, seedOf } from '../../random.js';
import { firstOfKey, indices, report, type Script, trapped, withOutputs } from './join-world.js';
import { Scene } from './scene.js';

/** Honest classes with a fault: they trap for outputs that begin with 'evil'. */
const faulty: Script = (outputs) => (outputs.some((one) => one.startsWith('evil')) ? trapped : undefined);

/** In which block, from the next one on, the package is; `most` + 1 if in none of so many. */
function blocksUntil(scene: Scene, name: string, most: number, refill: () => void): number {
  for (let block = 1; block <= most; block++) {
    refill();
    if (scene.block().includes(name)) return block;
  }
  return most + 1;
}

describe('a package in no base is in a block', () => {
  const [H, G, LIGHT, E] = [1, 2, 3, 100];
  const W = 100_000_000_000n;
  const FILL = 20;
  const CORES = 1 + 2 * FILL + 3;
  const [Z0, Z1, OTHER] = [1 + 2 * FILL, 2 + 2 * FILL, 3 + 2 * FILL];

  /** Many of [H] and of [G], two cores whose packages of [H] collide in turn, and one of [H, G] on core 0. */
  function start(): {
    scene: Scene;
    put: (kind: string, core: number, by: string, classes: number[], ...outputs: string[]) => void;
    fill: () => void;
  } {
    const scene = new Scene(
      {
        cores: CORES,
        script: (outputs, id) => (id === E ? indices(...outputs.keys()) : firstOfKey(outputs, id)),
        totalPs: 3n * W * BigInt(CORES),
        perOutputPs: (id) => (id === LIGHT ? 0n : id === E ? W / 1000n : W / 2n),
      },
      new Random(seedOf('lots: a package in no base')),
    );
    let serial = 0;
    const put = (kind: string, core: number, by: string, classes: number[], ...outputs: string[]): void => {
      if (scene.hasOn(core, kind)) return;
      scene.add(withOutputs(report(`${kind}-${serial++}`, classes), ...outputs), core, by);
    };
    let block = 0;
    const fill = (): void => {
      block++;
      for (let i = 0; i < 2 * FILL; i++)
        put('f', 1 + i, 'filler', i < FILL ? [H, H] : [G, G], `a${i}.${block}`, `b${i}.${block}`);
      put('z', Z0, 'evil', [H, H], 'z0', 'z0');
      if (block > 1) put('z', Z1, 'evil', [H, H], 'z1', 'z1');
    };
    return { scene, put, fill };
  }

  test('though its core has light packages of another party in each block', () => {
    const { scene, put, fill } = start();
    scene.add(report('both', [H, G]), 0, 'honest');
    const refill = (): void => (fill(), put('light', 0, 'others', [LIGHT], 'l'));
    expect(blocksUntil(scene, 'both', 60, refill)).toBeLessThanOrEqual(60);
  });

  test('though it is only offered again each time, after one that is rejected', () => {
    const { scene, put, fill } = start();
    put('rejected', 0, 'evil', [E], 'e');
    scene.add(report('both', [H, G]), 0, 'honest');
    const refill = (): void => {
      fill();
      put('other', OTHER, 'filler', [H, G], 'o', 'o');
      put('rejected', 0, 'evil', [E], 'e');
    };
    expect(blocksUntil(scene, 'both', 60, refill)).toBeLessThanOrEqual(60);
  });
});

describe('a package of a class that is taken singly is in a block', () => {
  const [X, Y, LIGHT, E1, E2] = [1, 2, 3, 10, 11];
  const start = (script: Script, errorOf?: (name: string) => 'ShareExhausted' | undefined): Scene =>
    new Scene(
      {
        cores: 8,
        script,
        totalPs: 10n ** 15n,
        perOutputPs: (id) => (id === LIGHT ? 0n : 10n ** 9n),
        ...(errorOf && { errorOf }),
      },
      new Random(seedOf('lots: classes taken singly')),
    );

  test('though it has two such classes, and others claim each of them on their cores and behind it', () => {
    const scene = start(faulty);
    const refill = (): void => {
      for (const core of [1, 2, 3])
        if (!scene.has(`evilX${core}`)) scene.add(report(`evilX${core}`, [X]), core, 'evil');
      if (!scene.has('evilY')) scene.add(report('evilY', [Y]), 0, 'evil');
    };
    refill();
    for (let block = 0; block < 6; block++) scene.block();
    scene.add(report('honest', [X, Y]), 0, 'honest');
    expect(blocksUntil(scene, 'honest', 60, refill)).toBeLessThanOrEqual(60);
  });

  test('though ones before it wait, of which one claims its turn and can never be Registered', () => {
    const script: Script = (outputs, id) => (id >= E1 ? trapped : faulty(outputs, id));
    const scene = start(script, (name) => (name === 'L' ? 'ShareExhausted' : undefined));
    const put = (name: string, classes: number[], core: number): void => {
      if (!scene.has(name)) scene.add(report(name, classes), core, 'evil');
    };
    const refill = (): void => {
      put('evilY', [Y], 1);
      put('evilE1', [E1], 2);
      put('evilE2', [E2], 4);
      put('K', [E1, E2], 0);
      put('L', [E2], 0);
    };
    for (let block = 0; block < 16; block++) {
      refill();
      scene.block();
    }
    scene.add(report('honest', [Y]), 0, 'honest');
    expect(blocksUntil(scene, 'honest', 60, refill)).toBeLessThanOrEqual(60);
  });

  test('though its party also has light packages, and another one has such a package on its core', () => {
    const scene = start(faulty);
    let serial = 0;
    const put = (kind: string, classes: number[], core: number, by: string): void => {
      if (!scene.hasOn(core, kind)) scene.add(report(`${kind}-${serial++}`, classes), core, by);
    };
    const refill = (): void => {
      put('evil', [Y], 1, 'P');
      put('evil', [Y], 0, 'P');
      put('light', [LIGHT], 0, 'Q');
    };
    refill();
    for (let block = 0; block < 3; block++) scene.block();
    scene.add(report('honest', [Y]), 0, 'Q');
    expect(blocksUntil(scene, 'honest', 60, refill)).toBeLessThanOrEqual(60);
  });
});

test('one of a list, and an order, are drawn evenly', () => {
  const random = new Random(seedOf('lots'));
  const below = (limit: number): number => random.below(limit);
  const [firsts, orders] = [new Map<string, number>(), new Map<string, number>()];
  const count = (of: Map<string, number>, key: string): void => void of.set(key, (of.get(key) ?? 0) + 1);
  for (let i = 0; i < 6_000; i++) {
    count(firsts, drawn(['a', 'b', 'c'], below)!);
    count(orders, shuffled(['a', 'b', 'c'], below).join(''));
  }
  // Each within six standard deviations of 2,000 and of 1,000.
  expect([...firsts.keys()].sort()).toEqual(['a', 'b', 'c']);
  for (const times of firsts.values()) expect(Math.abs(times - 2_000)).toBeLessThan(6 * 37);
  expect([...orders.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  for (const times of orders.values()) expect(Math.abs(times - 1_000)).toBeLessThan(6 * 29);
  expect(drawn([], below)).toBeUndefined();
});
