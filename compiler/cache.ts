// Whether a blob is up to date: a file beside it records its sources. The compiler's own code counts as a source.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ASC_VERSION } from './asc-version.js';
import type { CompileOptions } from './compile.js';

/** A record: a hash of the build's options, and the hash of each file that was read. */
interface Record_ {
  how: string;
  files: Record<string, string>;
}

const hash = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const recordPath = (path: string): string => `${path}.cache.json`;

let compilerHash: string | undefined;

/** Hash of the compiler's files in this folder, as TypeScript or built. */
function ownHash(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  compilerHash ??= hash(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(js|ts)$/.test(name))
      .sort()
      .map((name) => `${name} ${hash(readFileSync(join(folder, name)))}`)
      .join('\n'),
  );
  return compilerHash;
}

function how(options: CompileOptions): string {
  const { entry, target } = options;
  return hash(JSON.stringify({ asc: ASC_VERSION, compiler: ownHash(), entry, target }));
}

/** Whether the blob at `path` was built from the current sources. */
export function fresh(options: CompileOptions, path: string): boolean {
  if (!existsSync(path) || !existsSync(recordPath(path))) return false;
  const record = JSON.parse(readFileSync(recordPath(path), 'utf8')) as Record_;
  return (
    record.how === how(options) &&
    Object.entries(record.files).every(
      ([name, expected]) =>
        existsSync(join(options.root, name)) && hash(readFileSync(join(options.root, name))) === expected,
    )
  );
}

/** Records the sources of the blob at `path`. */
export function remember(options: CompileOptions, path: string, sources: string[]): void {
  const files = Object.fromEntries(sources.map((name) => [name, hash(readFileSync(join(options.root, name)))]));
  writeFileSync(recordPath(path), `${JSON.stringify({ how: how(options), files } satisfies Record_, null, 1)}\n`);
}
