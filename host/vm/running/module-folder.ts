// Prepared modules on disk: what instrumentation made, for processes that start later and for those beside this one.
//
// A file is one module. Its name says of which code and made by what (the key of `fingerprint`): another schedule, other
// limits, other imports or another version of this very program look for other names. It is written aside and renamed, so
// that nobody reads half of one, and begins with the hash of all that follows:
//
//   32 bytes   BLAKE2b-256 of the rest
//   u32 LE     length of the facts
//   …          ModuleFacts as JSON, then the instrumented bytes
//
// Whatever does not read as it should counts as absent and is written anew. The folder is as trusted as the program: the
// hash finds damage, not malice. A folder that can't be made, read or written, or a full disk, costs the next process some
// milliseconds, and nobody an answer.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blake2_256, concat, equal, text, toHex, utf8 } from '../../bytes/index.js';
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

/** Where prepared modules are kept between processes. */
export interface ModuleStore {
  /** `undefined` where the module is not kept, or not as it was written. */
  read(codeHash: Uint8Array): PreparedModule | undefined;
  write(codeHash: Uint8Array, module: PreparedModule): void;
}

/** A folder of prepared modules, bounded in bytes: what was written first goes first. */
export class ModuleFolder implements ModuleStore {
  readonly #fingerprint: string;

  readonly #bytesMax: number;
  readonly #options: PrepareOptions;

  /** Makes the folder where it is missing and can be made. `options` are those that the modules are prepared with. */
  constructor(
    readonly path: string,
    bytesMax: number,
    options: PrepareOptions = {},
  ) {
    this.#bytesMax = bytesMax;
    this.#options = options;
    this.#fingerprint = fingerprint(options);
    orNot(() => mkdirSync(path, { recursive: true }));
  }

  read(codeHash: Uint8Array): PreparedModule | undefined {
    const content = readIfThere(this.#file(codeHash));
    if (content === undefined || content.length < HEAD_BYTES) return undefined;
    if (!equal(blake2_256(content.subarray(HASH_BYTES)), content.subarray(0, HASH_BYTES))) return undefined;
    const instrumentedAt = HEAD_BYTES + new DataView(content.buffer, content.byteOffset).getUint32(HASH_BYTES, true);
    const facts = JSON.parse(text(content.subarray(HEAD_BYTES, instrumentedAt))) as ModuleFacts;
    const { schedule = SCHEDULE, limits = LIMITS, compiler = 'tiers' } = this.#options;
    const instrumented = content.slice(instrumentedAt);
    return new PreparedModule(facts, schedule, limits, instrumented, compile(instrumented, compiler));
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

  /** Removes the oldest files, also those of other versions and of writers that were killed, until the rest is in bounds. */
  #makeRoom(): void {
    const files = readdirSync(this.path)
      .flatMap((name) => {
        const stat = statSync(join(this.path, name), { throwIfNoEntry: false });
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

/** Does what the system may refuse: no space, no permission, no folder. Then it is not done, and `instead` is tried. */
function orNot(work: () => void, instead?: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error; // nothing of the system's
    if (instead !== undefined) orNot(instead);
  }
}

/** What made the modules: the rules they were prepared under, and the program itself, since it may change without them. */
function fingerprint({ schedule = SCHEDULE, limits = LIMITS, imports = {}, trace = false }: PrepareOptions): string {
  // Of a function, its type alone: whoever passes the host functions themselves has prices and closures in there.
  const functions = Object.entries(imports.functions ?? {}).map(([name, signature]) => [
    name,
    signatureText(signature),
  ]);
  const known =
    imports.functions === undefined ? undefined : functions.sort(([left], [right]) => (left! < right! ? -1 : 1));
  const rules = utf8(JSON.stringify({ schedule, limits, module: imports.module, functions: known, trace }));
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
    const content = readFileSync(file);
    return new Uint8Array(content.buffer, content.byteOffset, content.length);
  } catch {
    return undefined; // absent, or not to be read: prepared anew
  }
}
