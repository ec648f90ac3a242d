// Cores on probation: D5a.
import { describe, expect, test } from '@jest/globals';
import { Probation } from '../../../host/validators/selection/probation.js';
import { report } from './join-world.js';

describe('a core is on probation', () => {
  const one = { ...report('a', [1]), coreIndex: 3, authId: 10_000 };

  test('in this block and the next 16 of this author, however often each is begun', () => {
    const probation = new Probation();
    probation.beginBlock(100);
    probation.add([one]);
    for (let block = 0; block <= 16; block++) {
      expect(probation.has(one)).toBe(true);
      // Blocks of other authors don't count.
      for (let again = 0; again < 3; again++) probation.beginBlock(100 + 7 * (block + 1));
    }
    expect(probation.has(one)).toBe(false);
  });

  test('again from a later objection on', () => {
    const probation = new Probation();
    probation.add([one]);
    for (let block = 0; block < 10; block++) probation.beginBlock(block);
    probation.add([one]);
    for (let block = 10; block < 26; block++) probation.beginBlock(block);
    expect(probation.has(one)).toBe(true);
    probation.beginBlock(26);
    expect(probation.has(one)).toBe(false);
  });

  test('for packages of the AuthId that it was for, and no other core', () => {
    const probation = new Probation();
    probation.add([one]);
    expect(probation.has({ ...report('b', [2]), coreIndex: 3, authId: 10_000 })).toBe(true);
    expect(probation.has({ ...one, authId: 10_001 })).toBe(false);
    expect(probation.has({ ...one, coreIndex: 4 })).toBe(false);
  });
});
