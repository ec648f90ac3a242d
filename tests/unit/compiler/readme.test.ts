// The pallet in compiler/README.md compiles.
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFiles, root } from './fixture.js';

test('the pallet of the README compiles, with its call, storage, event, error, constant, genesis value and hook', async () => {
  const pallet = /```ts\n([^]*?)```/.exec(readFileSync(join(root, 'compiler/README.md'), 'utf8'))![1]!;
  const { wasm, generated } = await compileFiles({
    'build/test/greeter.ts': `
      import { decode } from '../../assembly/scale';
      import { DispatchResult, OK, RuntimeCall, Signed, StorageMap, StorageValue } from '../../assembly/frame';
      import { AccountId } from '../../assembly/primitives';
      import { Bytes } from '../../assembly/scale';
      export class Sink { @eventSink() static deposit(event: Bytes): void {} }
      export class Points { @hookPoint() static onInitialize(number: u32): u64 { return unreachable(); } }
      @runtime(Greeter) @order("onInitialize", Greeter) export class Runtime {}
      @api("Drive", 1) export class Drive {
        static dispatch(call: RuntimeCall, who: AccountId): DispatchResult { return call.dispatch(new Signed(who)); }
        static initialize(number: u32): u64 { return Points.onInitialize(number); }
        static decodes(call: Bytes): bool { return decode<RuntimeCall>(call) !== null; }
      }
      ${pallet}`,
  });
  expect(WebAssembly.validate(wasm as Uint8Array<ArrayBuffer>)).toBe(true);
  expect(Object.values(generated).join()).toContain('greet');
});
