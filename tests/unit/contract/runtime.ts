// The runtime of assembly/, compiled in memory: build/ and the checked-in contract are not changed.
import { fileURLToPath } from 'node:url';
import { compile, type Compiled } from '../../../compiler/compile.js';
import { readTarget } from '../../../compiler/target.js';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Compiled without optimization, which takes a few seconds; metadata and contract are the same. */
export function compileRuntime(): Promise<Compiled> {
  return compile({ root, entry: 'assembly/runtime.ts', target: readTarget(root, 'debug') });
}
