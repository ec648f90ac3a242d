// Programs that don't compile, and asc's output. A caret comment (`// ^`) on the next line marks a program's wrong
// line.
import { CompileError } from '../../../compiler/compile.js';
import { compileFiles } from './fixture.js';

/** Imports of all wrong programs. */
export const HEAD = `import {
  DispatchResult, None, OK, OptionMap, Origin, Root, Signed, StorageMap, StorageValue,
} from '../../assembly/frame';
import { AccountId, H256, U128 } from '../../assembly/primitives';
import { BoundedVec, BTreeMap, Bytes, Compact, decode, encode, FixedBytes, Tuple2, Unit } from '../../assembly/scale';
`;
export const FOLDER = 'build/test';

/** asc's output for a program; empty if it compiles. */
export async function complaint(files: Record<string, string>): Promise<string> {
  try {
    await compileFiles(files);
    return '';
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
}

/** Number of the program's line that the caret points at. */
export const lineOf = (body: string): number => (HEAD + body).split('\n').findIndex((line) => /^\s*\/\/ \^/.test(line));
