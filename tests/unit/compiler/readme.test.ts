// The pallet in compiler/README.md compiles, as it stands there.
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFiles, root } from './fixture.js';

test('the pallet of the README compiles, with its call, storage, event, error and constant', async () => {
  const pallet = /```ts\n([^]*?)```/.exec(readFileSync(join(root, 'compiler/README.md'), 'utf8'))![1]!;
  const { wasm, generated } = await compileFiles({
    'build/test/greeter.ts': `
      import { decode } from '../../assembly/scale';
      import { DispatchResult, OK, RuntimeCall, Signed, StorageMap } from '../../assembly/frame';
      import { AccountId } from '../../assembly/primitives';
      import { Bytes } from '../../assembly/scale';
      @pallet("System", 0) export class System { static deposit(event: Bytes): void {} }
      @api("Drive", 1) export class Drive {
        static dispatch(call: RuntimeCall, who: AccountId): DispatchResult { return call.dispatch(new Signed(who)); }
        static decodes(call: Bytes): bool { return decode<RuntimeCall>(call) !== null; }
      }
      ${pallet}`,
  });
  expect(WebAssembly.validate(wasm as Uint8Array<ArrayBuffer>)).toBe(true);
  expect(Object.values(generated).join()).toContain('greet');
});
