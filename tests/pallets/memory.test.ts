// What calls of the runtime allocate. An instance whose memory has grown can't serve another call, and each of its pages is made,
// and collected again by V8 (host/executor/instance.ts): that may take as long as the call itself.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { REPORTING } from '../../bench/weights/pallets/reporting.js';
import { busyChain, FIRST_CLASS, pokeClasses, pokeTracked } from '../../bench/weights/packages.js';
import { Runtime } from '../../host/executor/index.js';
import { Instances, type RuntimeInstance } from '../../host/executor/instance.js';
import { bobPair, signExtrinsic, TestChain } from '../harness/index.js';

const PAGE_BYTES = 65_536;
/** With what an instance begins: asconfig.json. */
const INITIAL_BYTES = 16 * PAGE_BYTES;

/** Bytes of memory that the last call of each entry point had at its end. */
const memoryBytes = new Map<string, number>();

beforeEach(() => {
  let last = 0;
  const { giveBack } = Instances.prototype;
  jest.spyOn(Instances.prototype, 'giveBack').mockImplementation(function (this: Instances, instance: RuntimeInstance) {
    last = instance.memory.size;
    giveBack.call(this, instance);
  });
  const { call } = Runtime.prototype;
  jest.spyOn(Runtime.prototype, 'call').mockImplementation(function (this: Runtime, method, ...rest) {
    const answer = call.call(this, method, ...rest);
    memoryBytes.set(method, last);
    return answer;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

test('512 pending reports at the end of a block need no memory beyond what an instance begins with', async () => {
  const chain = await busyChain(512);
  pokeClasses(chain, FIRST_CLASS, 4);
  const pending = Array.from({ length: 512 }, (_, core) => ({
    core,
    registeredAt: chain.number - 1,
    order: core,
    classes: [1, 2, 3, 4],
  }));
  pokeTracked(chain, 'Pending', pending);
  chain.close();
  expect(memoryBytes.get('BlockBuilder_finalize_block')).toBe(INITIAL_BYTES);
});

test('the end of a block copies its extrinsics once, for their root', async () => {
  const chain = await TestChain.start();
  const remark = chain.names.call('System.remark', `0x${'00'.repeat(400 * 1_024)}`);
  expect(chain.submit(signExtrinsic(chain, bobPair, remark)).invalid).toBeUndefined();
  chain.close();
  // Less than 192 KiB of static data, and one block of 512 KiB.
  expect(memoryBytes.get('BlockBuilder_finalize_block')).toBe(INITIAL_BYTES);
});

test('checking a report leaves no copy of it in memory', async () => {
  const report = REPORTING.find(({ name }) => name === 'report')!;
  const chain = await report.scene();
  const most = Object.fromEntries(Object.entries(report.components).map(([name, { max }]) => [name, max]));
  const subject = report.subject(chain, most);
  if (!('call' in subject)) throw new Error('the benchmark of reports is of a call');
  expect(chain.repeat(subject.origin, subject.call, 1)).toBeUndefined();
  // 384 KiB of reports in the arguments and as decoded, in blocks of powers of two, with what the chain keeps of 512 packages
  // and 3,840 hashes: within 4 MiB, to which the allocator grows from 2 MiB. With a copy for each check it was 16 MiB.
  expect(memoryBytes.get('TestApi_repeat')).toBe(64 * PAGE_BYTES);
});
