// The chain's prices, written down a second time: the prices of a version must never change on a running chain.
import { expect, test } from '@jest/globals';
import { FUEL_PS, SCHEDULE } from '../../../host/vm/index.js';

test('schedule 2 charges this, and another price is another number', () => {
  expect(FUEL_PS).toBe(500n);
  expect(SCHEDULE).toEqual({
    version: 2,
    operator: 1,
    load: 5,
    store: 7,
    global: 3,
    loopHead: 1,
    call: 10,
    callIndirect: 17,
    local: 1,
    divide32: 12,
    divide64: 24,
    rotate: 9,
    brTable: 4,
    brTableTargetsPerFuel: 8,
    bulk: 64,
    bulkBytesPerFuel: 4,
    grow: 4_000,
    growPage: 24_000,
    setup: {
      fixed: 200_000,
      byte: 20,
      merge: 20,
      page: 24_000,
      tableEntry: 66,
      element: 150,
      export: 3_000,
      function: 6_000,
      freeFunctions: 32,
      bytesPerFunction: 96,
      type: 12_000,
      freeTypes: 32,
    },
  });
});
