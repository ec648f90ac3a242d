// The runtime's constants of weight, `assembly/primitives/base-weights.ts`: written from what base.ts measures, and read
// again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../root.js';
import type { BaseWeights } from './base.js';
import { weightAt, type StorageConstants, type Values } from './benchmark.js';
import { storedRows, writeFormatted } from './files.js';
import { roundUp } from './samples.js';
import { grouped } from './table.js';

const PATH = 'assembly/primitives/base-weights.ts';

/** The runtime's constants of `PATH`. */
export type BaseConstants = Record<
  'BASE_BLOCK_PS' | 'BASE_EXTRINSIC_PS' | 'ED25519_PS' | 'ECDSA_PS' | 'EXTRINSIC_BYTE_PS' | keyof StorageConstants,
  number
>;

export const constantsOf = ({
  block,
  extrinsic,
  ed25519,
  ecdsa,
  extrinsicByte,
  read,
  write,
}: BaseWeights): BaseConstants => ({
  BASE_BLOCK_PS: roundUp(block),
  BASE_EXTRINSIC_PS: roundUp(extrinsic),
  ED25519_PS: roundUp(ed25519),
  ECDSA_PS: roundUp(ecdsa),
  EXTRINSIC_BYTE_PS: roundUp(extrinsicByte),
  READ_PS: roundUp(read),
  WRITE_PS: roundUp(write),
});

/** The constants in the working tree. */
export function storedConstants(): BaseConstants {
  const text = readFileSync(join(ROOT, PATH), 'utf8');
  const value = (name: string): number => {
    const match = new RegExp(`const ${name}: u64 = ([\\d_]+);`).exec(text);
    if (!match) throw new Error(`${PATH} has no ${name}`);
    return Number(match[1]!.replaceAll('_', ''));
  };
  return {
    BASE_BLOCK_PS: value('BASE_BLOCK_PS'),
    BASE_EXTRINSIC_PS: value('BASE_EXTRINSIC_PS'),
    ED25519_PS: value('ED25519_PS'),
    ECDSA_PS: value('ECDSA_PS'),
    EXTRINSIC_BYTE_PS: value('EXTRINSIC_BYTE_PS'),
    READ_PS: value('READ_PS'),
    WRITE_PS: value('WRITE_PS'),
  };
}

/** Writes the constants. `made`: how and where they were measured. */
export async function writeConstants(made: string, constants: BaseConstants): Promise<void> {
  const ps = (name: keyof BaseConstants): string => `${name}: u64 = ${grouped(constants[name])}`;
  await writeFormatted(
    PATH,
    `// Weights that belong to no call, measured. Written by \`npm run bench:weights\`: change bench/weights and run it.
// ${made}

/** An empty block: its start, its end, and the hooks, of which those with work to do also have weights of their own. */
export const ${ps('BASE_BLOCK_PS')};

/** An extrinsic without its call: decoding, an sr25519 signature that is in no cache, nonce, fee, events. */
export const ${ps('BASE_EXTRINSIC_PS')};

/** What an Ed25519 signature takes beyond one of sr25519, if its key is of mixed order. */
export const ${ps('ED25519_PS')};

/** What an ECDSA signature takes beyond one of sr25519. */
export const ${ps('ECDSA_PS')};

/** Each byte of an extrinsic: copies, the hash that is signed, the extrinsics root. What its call does comes in addition. */
export const ${ps('EXTRINSIC_BYTE_PS')};

/** Reading an item of storage from disk. */
export const ${ps('READ_PS')};

/** Writing an item of storage to disk, its part of the new state root included. */
export const ${ps('WRITE_PS')};
`,
  );
}

/** The weight that a pallet's table in the working tree gives, storage included, in picoseconds. */
export function storedWeight(pallet: string, name: string, values: Values = {}): bigint {
  const row = storedRows(pallet).get(name);
  if (row === undefined) throw new RangeError(`the table of ${pallet} has no ${name}`);
  return BigInt(weightAt(row, values, storedConstants()));
}

/** The weight of an extrinsic's length in the working tree, in picoseconds. */
export const storedLengthWeight = (length: number): bigint =>
  BigInt(storedConstants().EXTRINSIC_BYTE_PS) * BigInt(length);

/** The weight of calling `accumulate` of a class with so many bytes of arguments and of code in the working tree. */
export const storedInvocation = (bytes: number, code: number): bigint =>
  storedWeight('WorkClasses', 'invoke', { bytes, code });

/** The same of `prune`. */
export const storedPruneInvocation = (bytes: number, code: number): bigint =>
  storedWeight('WorkClasses', 'invokePrune', { bytes, code });
