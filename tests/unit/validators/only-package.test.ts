// D40: every core may have one package of the greatest size, and every queue, which the total does not bound. So it is not taken for
// another core's second one either.
import { expect, test } from '@jest/globals';
import { MAX_ENCODED_PACKAGE_SIZE } from '../../../host/contract/index.js';
import { BOUNDS } from '../../../host/validators/queues/bounds.js';
import { placeOf, Shares } from '../../../host/validators/queues/shares.js';
import { Waiting } from '../../../host/validators/queues/waiting.js';

test('the only packages of other cores made room for a second one of 100 bytes', () => {
  const standing = { mayLeave: () => true, isStuck: () => false };
  const shares = new Shares<{ bytes: number }>(BOUNDS, standing);
  const full = new Set<ReturnType<typeof placeOf<{ bytes: number }>>>();
  for (let core = 1; core < 512; core++) {
    const place = placeOf({ bytes: MAX_ENCODED_PACKAGE_SIZE }, core, 1, { address: `a${core}`, connection: 'c' });
    expect(shares.leavingFor(place)).toEqual([]);
    shares.add(place);
    full.add(place);
  }
  const attacker = { address: 'attacker', connection: 'attacker' };
  shares.add(placeOf({ bytes: 100 }, 0, 2, attacker));
  const leaving = shares.leavingFor(placeOf({ bytes: 100 }, 0, 2, attacker));
  expect(leaving).toBeUndefined();
  // Of a core with two, beside fifty with one of 5 MiB, the second one leaves.
  const [one, two] = [1, 1].map((id) =>
    placeOf({ bytes: MAX_ENCODED_PACKAGE_SIZE }, 600, id, { address: 'two', connection: 'c' }),
  );
  shares.add(one!);
  shares.add(two!);
  for (const place of [...full].slice(0, 461)) shares.remove(place);
  expect(shares.leavingFor(placeOf({ bytes: 100 }, 0, 2, attacker))).toEqual([two]);
});

test('the only packages that wait in other queues made room for the second one of another', () => {
  const waiting = new Waiting<{ bytes: number }>(BOUNDS);
  for (let core = 1; core < 512; core++) {
    waiting.push(core, { address: `a${core}`, connection: 'c' }, { bytes: MAX_ENCODED_PACKAGE_SIZE });
  }
  const attacker = { address: 'attacker', connection: 'attacker' };
  waiting.push(0, attacker, { bytes: 100 });
  expect(waiting.push(0, attacker, { bytes: 100 })).toBeUndefined();
});
