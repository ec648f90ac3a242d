// Prepared modules on disk, for other processes and later ones.
//
// A file is one module. Its name has the hash of the code and a fingerprint of what made the module: another schedule,
// other limits, other imports or another version of this program look for other names. It is written under a temporary
// name and renamed, so that no reader finds half of one:
//
//   32 bytes   BLAKE2b-256 of the rest
//   u32 LE     length of the facts
//   …          ModuleFacts as JSON, then the instrumented bytes
//
// A file that is not as it should be counts as absent and is written again. The folder is trusted as much as the
// program: the hash detects damage, not malice. If the folder can't be created, read or written, or the disk is full,
// modules are prepared again; nothing fails.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { blake2_256, concat, equal, text, toHex, utf8 } from '../../bytes/index.js';
import { FileRefused, readRegularFile } from '../../files/index.js';
import { compile } from './compile.js';
import type { ModuleFacts } from './facts.js';
import { signatureText } from './host-functions.js';
import { LIMITS } from '../format/limits.js';
import { PreparedModule } from './prepare.js';
import type { PrepareOptions } from './prepare.js';
import { SCHEDULE } from '../metering/schedule.js';

const HASH_BYTES = 32;
const HEAD_BYTES = HASH_BYTES + 4;
const SUFFIX = '.module';
/** The names of files of this folder, of whatever version, and of those being written. */
const OURS = /^[0-9a-f]{64}-[0-9a-f]{32}\.module(\.\d+)?$/;
/** Several times what the largest module takes that is accepted. */
const FILE_BYTES_MAX = 2 ** 28;

/** Keeps prepared modules between processes. */
export interface ModuleStore {
  /** The kept module; `undefined` if there is none, or it is damaged. */
  read(codeHash: Uint8Array): PreparedModule | undefined;
  write(codeHash: Uint8Array, module: PreparedModule): void;
}

/** A folder of prepared modules, bounded in bytes; those written first are removed first. */
export class ModuleFolder implements ModuleStore {
  readonly #fingerprint: string;

  readonly #bytesMax: number;
  readonly #options: PrepareOptions;

  /** Creates the folder if it can. `options` are those with which the modules are prepared. */
  constructor(
    readonly path: string,
    bytesMax: number,
    options: PrepareOptions = {},
  ) {
    this.#bytesMax = bytesMax;
    this.#options = options;
    this.#fingerprint = fingerprint(options);
    orNot(() => {
      if (!existsSync(path)) mkdirSync(path);
    });
  }

  read(codeHash: Uint8Array): PreparedModule | undefined {
    const content = readIfThere(this.#file(codeHash));
    if (content === undefined || content.length < HEAD_BYTES) return undefined;
    if (!equal(blake2_256(content.subarray(HASH_BYTES)), content.subarray(0, HASH_BYTES))) return undefined;
    const instrumentedAt = HEAD_BYTES + new DataView(content.buffer, content.byteOffset).getUint32(HASH_BYTES, true);
    const facts = JSON.parse(text(content.subarray(HEAD_BYTES, instrumentedAt))) as ModuleFacts;
    const { schedule = SCHEDULE, limits = LIMITS, compiler = 'tiers', memories } = this.#options;
    const instrumented = content.slice(instrumentedAt);
    return new PreparedModule(facts, schedule, limits, instrumented, compile(instrumented, compiler), memories);
  }

  write(codeHash: Uint8Array, module: PreparedModule): void {
    const facts = utf8(JSON.stringify(module.facts));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, facts.length, true);
    const rest = concat(length, facts, module.instrumented);
    const file = this.#file(codeHash);
    const aside = `${file}.${process.pid}`;
    orNot(
      () => {
        writeFileSync(aside, concat(blake2_256(rest), rest));
        renameSync(aside, file);
        this.#makeRoom();
      },
      () => rmSync(aside, { force: true }),
    );
  }

  #file(codeHash: Uint8Array): string {
    return join(this.path, `${toHex(codeHash).slice(2)}-${this.#fingerprint}${SUFFIX}`);
  }

  /**
   * Removes the oldest files until the rest is in bounds, also those of other versions and of writers that were killed.
   * Files of other names are another program's: they don't count, and stay.
   */
  #makeRoom(): void {
    const files = readdirSync(this.path)
      .filter((name) => OURS.test(name))
      .flatMap((name) => {
        const stat = lstatSync(join(this.path, name), { throwIfNoEntry: false });
        return stat?.isFile() === true ? [{ name, bytes: stat.size, written: stat.mtimeMs }] : [];
      })
      .sort((left, right) => left.written - right.written);
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { name, bytes } of files) {
      if (total <= this.#bytesMax) return;
      rmSync(join(this.path, name), { force: true });
      total -= bytes;
    }
  }
}

/** Does `work`, or `instead` if the system refuses it (no space, no permission, no folder). */
function orNot(work: () => void, instead?: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error; // not an error of the system
    if (instead !== undefined) orNot(instead);
  }
}

/** Identifies what made the modules: the options with which they were prepared, and the version of the program. */
function fingerprint({
  schedule = SCHEDULE,
  limits = LIMITS,
  imports = {},
  trace = false,
  memories,
}: PrepareOptions): string {
  // Only the type of each function: the policy may be the host functions themselves, with prices and closures.
  const functions = Object.entries(imports.functions ?? {}).map(([name, signature]) => [
    name,
    signatureText(signature),
  ]);
  const known =
    imports.functions === undefined ? undefined : functions.sort(([left], [right]) => (left! < right! ? -1 : 1));
  const rules = utf8(
    JSON.stringify({
      schedule,
      limits,
      module: imports.module,
      functions: known,
      trace,
      pooled: memories !== undefined,
    }),
  );
  return toHex(blake2_256(concat(rules, program())).subarray(0, 16)).slice(2);
}

let programHash: Uint8Array | undefined;

/** What turns a module into an instrumented one, beside this folder. In a bundle all of it is in this very file. */
const PASSES = ['./', '../format/', '../metering/'];

/** The hash of the program's files that decide what a prepared module is. */
function program(): Uint8Array {
  programHash ??= blake2_256(concat(...PASSES.flatMap((folder) => hashesOf(new URL(folder, import.meta.url)))));
  return programHash;
}

function hashesOf(folder: URL): Uint8Array[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.[mc]?[jt]s$/.test(name))
    .sort()
    .map((name) => blake2_256(new Uint8Array(readFileSync(new URL(name, folder)))));
}

function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readRegularFile(file, FILE_BYTES_MAX);
  } catch (error) {
    if (error instanceof FileRefused) return undefined; // absent or unreadable: the module is prepared again
    throw error;
  }
}
