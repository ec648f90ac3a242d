// Decoding comes before every check, so it must be cheap for whatever bytes: counted in fuel, by running the runtime in the
// metered VM. Spec: § Weight of prune and accumulate, 6.
import { beforeAll, expect, test } from '@jest/globals';
import { concat, toHex, Writer } from '../../host/bytes/index.js';
import { Allocator, type HeapMemory } from '../../host/executor/index.js';
import { type GuestContext, type HostFunction, LIMITS, prepare, type PreparedModule } from '../../host/vm/index.js';
import { TestChain } from '../harness/index.js';
import { testBlob } from '../harness/blob.js';

/** Limits that the runtime, which is no guest, may exceed. */
const ROOMY = {
  ...LIMITS,
  moduleBytes: 1 << 22,
  codeBytes: 1 << 21,
  bodyBytes: 1 << 20,
  types: 1 << 12,
  functions: 1 << 15,
  exports: 1 << 12,
  mergesOfFunction: 2 ** 40,
  mergesOfModule: 2 ** 44,
  memoryPages: 2_048,
  stackUnits: 1 << 20,
};
const LENGTH = 1 << 17;
const VALIDATE = 'TaggedTransactionQueue_validate_transaction';

let chain: TestChain;
let runtime: PreparedModule;
beforeAll(async () => {
  chain = await TestChain.start();
  runtime = prepare(await testBlob(), { limits: ROOMY, compiler: 'baseline' });
});

/** Fuel of validating an unsigned extrinsic with this call. It is refused before anything of the state is read. */
function fuelOf(call: Uint8Array): number {
  let heap: Allocator | undefined;
  const memoryOf = (context: GuestContext): HeapMemory => ({
    get size() {
      return context.memoryBytes();
    },
    grow: (pages) => context.grow(pages) !== 0xffff_ffff,
    readU32: (pointer) => context.readU32(pointer),
    writeU32: (pointer, value) => context.writeU32(pointer, value),
  });
  const allocate = (context: GuestContext, size: number): number => {
    heap ??= new Allocator(Number(context.global('__heap_base')));
    return heap.allocate(memoryOf(context), size);
  };
  const free = { fixed: 0n, perByte: 0n };
  const imports = runtime.imports.map(({ name, signature }): [string, HostFunction] => [
    name,
    {
      ...signature,
      price: free,
      call: (context, size) =>
        name === 'ext_allocator_malloc_version_1' ? allocate(context, Number(size)) : context.trap(`${name} is called`),
    },
  ]);
  const guest = runtime.instantiate({ imports: Object.fromEntries(imports) });
  const extrinsic = new Writer().bytes(concat(Uint8Array.of(4), call)).finish();
  // The source of the extrinsic, the extrinsic, the hash of the block.
  const args = concat(Uint8Array.of(2), extrinsic, new Uint8Array(32));
  const place = (context: GuestContext): number[] => {
    const at = allocate(context, args.length);
    context.write(at, args);
    return [at, args.length];
  };
  const { outcome, fuelUsed } = guest.call(VALIDATE, place, { fuel: 1n << 50n });
  expect(outcome).toBe('returned');
  return Number(fuelUsed);
}

test('decoding a call of a hundred thousand tiny elements costs no more than copying its bytes a few times', () => {
  const zeros = new Uint8Array(LENGTH);
  const list = (prefix: Uint8Array, count: number): Uint8Array =>
    concat(prefix, new Writer().compact(count).finish(), zeros);
  const remark = chain.names.call('System.remark', '0x').subarray(0, 2);
  const nothing = fuelOf(list(remark, 0).subarray(0, 3));
  /** What the bytes of a remark cost, which are only copied. */
  const copying = fuelOf(list(remark, LENGTH)) - nothing;
  expect(copying).toBeGreaterThan(LENGTH);
  const sudo = chain.names.call('Sudo.sudo', chain.names.call('System.remark', '0x')).subarray(0, 2);
  const calls = chain.names.calls().map(({ index }) => index);
  expect(calls.length).toBeGreaterThan(30);
  const dear: string[] = [];
  for (const call of [...calls, ...calls.map((each) => concat(sudo, each))])
    // The most elements that a list in System may have, and as many as the bytes hold if each has at least so many.
    for (const count of [1_024, ...[1, 2, 4, 32, 64, 69, 200].map((least) => Math.floor(LENGTH / least))]) {
      const ratio = (fuelOf(list(call, count)) - nothing) / copying;
      if (ratio >= 4) dear.push(`${toHex(call)} with ${count} elements: ${ratio.toFixed(1)} times`);
    }
  // A batch of a thousand calls, each with a list.
  const batch = chain.names.call('Utility.batch', []).subarray(0, 2);
  for (const call of calls) {
    const each = list(call, 100).subarray(0, 104);
    const count = Math.floor(LENGTH / each.length);
    const batched = concat(batch, new Writer().compact(count).finish(), ...Array.from({ length: count }, () => each));
    const ratio = (fuelOf(batched) - nothing) / copying;
    if (ratio >= 4) dear.push(`${toHex(call)} in a batch: ${ratio.toFixed(1)} times`);
  }
  expect(dear).toEqual([]);
});
